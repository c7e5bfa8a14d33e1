package customersapi

import (
	"context"
	"net/http"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/platform/api"
)

func (o operations) registerDossier(a *api.API) {
	dossier := operation("read-dossier", http.MethodGet, one+"/dossier", "Read everything about a customer in one answer")
	dossier.Text = "What the dossier page shows: the customer, its surroundings, custom fields, forms, notes, files, the beginning of the timeline, and the panels of all modules."
	api.Register(a, dossier, o.dossier)
	timeline := operation("read-timeline", http.MethodGet, one+"/timeline", "Read what happened with a customer, newest first")
	api.Register(a, timeline, o.timeline)
}

// Dossier is everything about one customer.
type Dossier struct {
	Customer      Customer        `json:"customer"`
	Owner         string          `json:"owner,omitempty" doc:"The name of the person responsible."`
	Team          string          `json:"team,omitempty"`
	Source        string          `json:"source,omitempty"`
	Parent        *Relation       `json:"parent,omitempty"`
	Units         []Relation      `json:"units" nullable:"false" doc:"The first ones by name."`
	UnitCount     int             `json:"unit_count" doc:"Counted up to 200."`
	RecommendedBy *Relation       `json:"recommended_by,omitempty"`
	Recommended   int             `json:"recommended_count" doc:"Counted up to 200."`
	Fields        []SheetGroup    `json:"fields" nullable:"false" doc:"Custom fields under their headings, filled or not."`
	Forms         []Form          `json:"forms" nullable:"false"`
	Pinned        []Touch         `json:"pinned" nullable:"false" doc:"Pinned notes."`
	Files         []File          `json:"files" nullable:"false" doc:"The newest; all of them: GET files."`
	MoreFiles     bool            `json:"more_files,omitempty"`
	Timeline      api.List[Touch] `json:"timeline" doc:"The newest; go on with GET timeline."`
	Missing       []string        `json:"missing" nullable:"false" doc:"What the quality lacks, in words."`
	Panels        map[string]any  `json:"panels" doc:"What other modules know, by their names."`
	PanelsFailed  []string        `json:"panels_failed,omitempty" doc:"Modules whose panel could not be loaded now."`
}

// Relation is a customer as others refer to it.
type Relation struct {
	ID      int64  `json:"id"`
	Number  string `json:"number"`
	Kind    string `json:"kind"`
	State   string `json:"state"`
	Name    string `json:"name"`
	Country string `json:"country,omitempty"`
}

// SheetGroup is custom fields under one heading.
type SheetGroup struct {
	Heading string       `json:"heading,omitempty"`
	Values  []SheetValue `json:"values" nullable:"false"`
}

// SheetValue is a custom field with its value.
type SheetValue struct {
	Slug  string `json:"slug"`
	Label string `json:"label"`
	Type  string `json:"type"`
	Value any    `json:"value,omitempty"`
	Text  string `json:"text,omitempty" doc:"The value in words."`
}

// Form is a filled form in short.
type Form struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	At   string `json:"at" format:"date-time"`
	By   string `json:"by"`
}

// Touch is one item of the timeline, in the language of Accept-Language.
type Touch struct {
	Key     string        `json:"key"`
	At      string        `json:"at" format:"date-time"`
	Kind    string        `json:"kind" enum:"note,call,meeting,email,message,visit,file,change"`
	Who     string        `json:"who"`
	WhoID   int64         `json:"who_id,omitempty"`
	Title   string        `json:"title"`
	Text    string        `json:"text,omitempty"`
	Changes []TouchChange `json:"changes,omitempty"`
	Note    *Note         `json:"note,omitempty"`
	File    *File         `json:"file,omitempty"`
	EntryID int64         `json:"entry_id,omitempty" doc:"Of the journal, for a change."`
}

// TouchChange is one thing that changed.
type TouchChange struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

type dossierOutput struct {
	ETag string `header:"ETag"`
	Body Dossier
}

func (o operations) dossier(ctx context.Context, in *ByID) (*dossierOutput, error) {
	d, err := o.Customers.Dossier(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d.Card.Consents = d.Consents
	body := Dossier{
		Customer: o.card(ctx, d.Card), Owner: d.Owner, Team: d.Team, Source: d.Source,
		Parent: o.relation(ctx, d.Parent), Units: []Relation{}, UnitCount: d.UnitCount,
		RecommendedBy: o.relation(ctx, d.RecommendedBy), Recommended: d.Recommended,
		Fields: sheet(d.Sheet), Forms: []Form{}, Pinned: touches(d.Pinned), Files: listOfFiles(d.Files), MoreFiles: d.MoreFiles,
		Timeline: api.ListOf(touches(d.Timeline.Items), d.Timeline.Next), Missing: d.Missing, Panels: map[string]any{},
	}
	if body.Missing == nil {
		body.Missing = []string{}
	}
	for _, u := range d.Units {
		body.Units = append(body.Units, *o.relation(ctx, &u))
	}
	for _, f := range d.Forms {
		body.Forms = append(body.Forms, Form{f.ID, f.Name, api.Moment(f.At), f.By})
	}
	for _, p := range d.Panels {
		if p.Failed {
			body.PanelsFailed = append(body.PanelsFailed, p.Name)
			continue
		}
		body.Panels[p.Name] = p.Data
	}
	return &dossierOutput{ETag: api.ETag(d.Card.Version), Body: body}, nil
}

func (o operations) relation(ctx context.Context, r *customers.Relation) *Relation {
	if r == nil {
		return nil
	}
	number := customers.FormatNumber(o.Company.Defaults(ctx).NumberPrefix, r.Number)
	return &Relation{r.ID, number, string(r.Kind), string(r.State), r.Name, r.Country}
}

func sheet(groups []customers.SheetGroup) []SheetGroup {
	out := make([]SheetGroup, len(groups))
	for i, g := range groups {
		out[i] = SheetGroup{Heading: g.Heading, Values: []SheetValue{}}
		for _, v := range g.Values {
			out[i].Values = append(out[i].Values, SheetValue{v.Slug, v.Label, string(v.Type), v.Value, v.Text})
		}
	}
	return out
}

func touches(all []customers.Touch) []Touch {
	out := make([]Touch, len(all))
	for i, t := range all {
		out[i] = Touch{
			Key: t.Key, At: api.Moment(t.At), Kind: string(t.Kind), Who: t.Who, WhoID: t.WhoID, Title: t.Title, Text: t.Text, EntryID: t.EntryID,
		}
		for _, c := range t.Changes {
			out[i].Changes = append(out[i].Changes, TouchChange{c.Field, c.Label, c.Before, c.After})
		}
		if t.Note != nil {
			n := note(*t.Note)
			out[i].Note = &n
		}
		if t.File != nil {
			f := file(*t.File)
			out[i].File = &f
		}
	}
	return out
}

type timelineInput struct {
	ByID
	Kinds  []string `query:"kind" enum:"note,call,meeting,email,message,visit,file,change" doc:"Only these, separated by commas; all if empty."`
	Limit  int      `query:"limit" minimum:"1" maximum:"200" default:"30"`
	Cursor string   `query:"cursor" doc:"next of the page before."`
}

func (o operations) timeline(ctx context.Context, in *timelineInput) (*struct{ Body api.List[Touch] }, error) {
	q := customers.TimelineQuery{Cursor: in.Cursor, Limit: in.Limit}
	for _, k := range in.Kinds {
		q.Kinds = append(q.Kinds, customers.TouchKind(k))
	}
	t, err := o.Customers.Timeline(ctx, in.ID, q)
	if err != nil {
		return nil, err
	}
	return &struct{ Body api.List[Touch] }{api.ListOf(touches(t.Items), t.Next)}, nil
}
