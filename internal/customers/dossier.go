package customers

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

// People gives the names of people and teams.
type People interface {
	Names(ctx context.Context, ids ...int64) (map[int64]string, error)
	TeamNames(ctx context.Context, ids ...int64) (map[int64]string, error)
}

// Sheets gives the company's own fields in order, and the forms filed with a
// record, newest first.
type Sheets interface {
	Fields(ctx context.Context, recordType string) ([]fields.Definition, error)
	FilledIn(ctx context.Context, tx *db.Tx, recordType string, recordID int64) ([]fields.Filled, error)
}

// Dossier is everything on one customer, in the reader's language and as far
// as the reader may see.
type Dossier struct {
	Card          Card         `json:"-"`
	Number        string       `json:"number"` // with the company's prefix
	Owner         string       `json:"owner,omitzero"`
	Team          string       `json:"team,omitzero"`
	Source        string       `json:"source,omitzero"`
	Parent        *Relation    `json:"parent,omitempty"`
	Units         []Relation   `json:"units,omitempty"` // the first ones by name
	UnitCount     int          `json:"unit_count"`      // at most 200 are counted
	RecommendedBy *Relation    `json:"recommended_by,omitempty"`
	Recommended   int          `json:"recommended_count"`  // at most 200 are counted
	Consents      []Consent    `json:"consents,omitempty"` // the ones that count
	Sheet         []SheetGroup `json:"fields,omitempty"`
	Forms         []FormOnFile `json:"forms,omitempty"`
	Pinned        []Touch      `json:"pinned,omitempty"`
	Files         []File       `json:"files,omitempty"` // the newest; see ListFiles
	MoreFiles     bool         `json:"more_files,omitzero"`
	Timeline      Timeline     `json:"timeline"`
	Quality       int          `json:"quality"`
	Missing       []string     `json:"missing,omitempty"` // what the quality lacks, in words
	Panels        []PanelData  `json:"panels,omitempty"`
}

// SheetGroup is custom fields under one heading, "" for none.
type SheetGroup struct {
	Heading string       `json:"heading,omitzero"`
	Values  []SheetValue `json:"values"`
}

// SheetValue is a custom field and its value; Value is nil and Text "" when
// there is none.
type SheetValue struct {
	Slug  string      `json:"slug"`
	Label string      `json:"label"`
	Type  fields.Type `json:"type"`
	Value any         `json:"value"`
	Text  string      `json:"text,omitzero"`
}

// FormOnFile is a filled form in short, and in full under Filled.
type FormOnFile struct {
	ID     int64         `json:"id"`
	Name   string        `json:"name"`
	At     clock.Instant `json:"at"`
	By     string        `json:"by"`
	Filled fields.Filled `json:"-"`
}

// OnFile gives a filled form as dossiers have it.
func OnFile(f fields.Filled) FormOnFile { return FormOnFile{f.ID, f.FormName, f.At, f.ByName, f} }

const (
	unitsShown  = 20
	countedMost = 200
	pinnedMost  = 20
)

// Dossier gives everything on one customer in at most 12 statements, and those
// of the panels.
func (s *Service) Dossier(ctx context.Context, id int64) (Dossier, error) {
	const op = "customers.Dossier"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return Dossier{}, err
	}
	sheet, err := s.sheet(ctx)
	if err != nil {
		return Dossier{}, errs.Wrap(op, err)
	}
	l := &loading{s: s, scope: scope, known: &knowing{sheet: sheet}}
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return l.load(ctx, tx, op, id) }); err != nil {
		return Dossier{}, errs.Wrap(op, err)
	}
	if err := s.learnNames(ctx, l.known, &l.recent, l.d.Card.OwnerID); err != nil {
		return Dossier{}, errs.Wrap(op, err)
	}
	c := l.d.Card.Customer
	if err := l.name(ctx); err != nil {
		return Dossier{}, errs.Wrap(op, err)
	}
	for _, p := range s.panels {
		l.d.Panels = append(l.d.Panels, s.loadPanel(ctx, p, c))
	}
	return l.d, nil
}

// sheet gives the company's own fields of customers that are in use.
func (s *Service) sheet(ctx context.Context) ([]fields.Definition, error) {
	if s.sheets == nil {
		return nil, nil
	}
	all, err := s.sheets.Fields(ctx, RecordType)
	return all, err
}

// loading is a dossier on its way.
type loading struct {
	s      *Service
	scope  authz.Scope
	known  *knowing
	recent recent
	d      Dossier
}

// load reads what is in the database.
func (l *loading) load(ctx context.Context, tx *db.Tx, op string, id int64) error {
	c, err := visible(ctx, tx, op, l.scope, id)
	if err != nil {
		return err
	}
	card := &l.d.Card
	card.Customer = c
	if err := fill(ctx, tx, []*Card{card}); err != nil {
		return err
	}
	r := TimelineQuery{}.reading(newest)
	r.pinned = pinnedMost
	for _, f := range card.Former {
		r.former = append(r.former, f.ID)
	}
	if l.recent, err = readRecent(ctx, tx, id, r); err != nil {
		return err
	}
	if err := l.surround(ctx, tx); err != nil {
		return err
	}
	if l.s.fields != nil && len(l.known.sheet) > 0 {
		values, err := l.s.fields.Values(ctx, tx, RecordType, []int64{id})
		if err != nil {
			return err
		}
		card.Custom = values[id]
	}
	if l.s.sheets != nil {
		filled, err := l.s.sheets.FilledIn(ctx, tx, RecordType, id)
		if err != nil {
			return err
		}
		for _, f := range filled {
			l.d.Forms = append(l.d.Forms, OnFile(f))
		}
	}
	return nil
}

// surround reads the customers around this one, its source and its consents.
func (l *loading) surround(ctx context.Context, tx *db.Tx) error {
	d, c := &l.d, l.d.Card.Customer
	near := around{
		id:        c.ID,
		customers: spokenOf(l.recent.entries, "parent_id", "recommended_by_id"),
		sources:   append(spokenOf(l.recent.entries, "source_id"), c.SourceID),
	}
	for _, id := range []int64{c.ParentID, c.RecommendedByID} {
		if id != 0 {
			near.customers = append(near.customers, id)
		}
	}
	rows, err := readRelated(ctx, tx, near)
	if err != nil {
		return err
	}
	l.known.take(rows, l.scope)
	for _, r := range rows {
		allowed := l.scope.Allows(r.OwnerID, r.TeamID)
		switch {
		case r.what == "consent":
			d.Card.Consents = append(d.Card.Consents, r.consent(c.ID))
		case r.what == "unit" && allowed:
			d.Units = append(d.Units, r.Relation)
		case r.what == "recommended" && allowed:
			d.Recommended++
		case r.what == "named" && allowed && r.ID == c.ParentID:
			d.Parent = &r.Relation
		}
		if r.what == "named" && allowed && r.ID == c.RecommendedByID {
			d.RecommendedBy = &r.Relation
		}
	}
	slices.SortFunc(d.Units, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(fold.Sort(a.Name), fold.Sort(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	d.UnitCount = len(d.Units)
	d.Units = d.Units[:min(len(d.Units), unitsShown)]
	slices.SortFunc(d.Card.Consents, func(a, b Consent) int { return cmp.Compare(b.ID, a.ID) })
	d.Consents = counting(d.Card.Consents)
	return nil
}

// counting gives the newest consent of each purpose and contact; all are
// ordered newest first.
func counting(all []Consent) []Consent {
	type about struct {
		contact int64
		purpose string
	}
	known := map[about]bool{}
	var out []Consent
	for _, c := range all {
		key := about{c.ContactID, fold.Key(c.Purpose)}
		if !known[key] {
			known[key] = true
			out = append(out, c)
		}
	}
	return out
}

// name puts words to what was read, and takes out what the reader may not see.
func (l *loading) name(ctx context.Context) error {
	d, s := &l.d, l.s
	d.Quality = d.Card.Quality
	for _, id := range d.Card.Missing() {
		d.Missing = append(d.Missing, i18n.T(ctx, id))
	}
	d.Card = d.Card.blank(ctx)
	d.Number = FormatNumber(s.defaults(ctx).NumberPrefix, d.Card.Number)
	d.Owner = l.known.people[d.Card.OwnerID]
	if src, ok := l.known.sources[d.Card.SourceID]; ok {
		d.Source = src.Label(ctx)
	}
	if s.people != nil && d.Card.TeamID != 0 {
		teams, err := s.people.TeamNames(ctx, d.Card.TeamID)
		if err != nil {
			return err
		}
		d.Team = teams[d.Card.TeamID]
	}
	d.Sheet = groups(ctx, l.known.sheet, d.Card.Custom)
	for _, n := range l.recent.pinned {
		d.Pinned = append(d.Pinned, l.known.note(ctx, n))
	}
	d.Files = l.recent.files[:min(len(l.recent.files), defaultTouches)]
	d.MoreFiles = len(l.recent.files) > len(d.Files)
	d.Timeline = l.recent.page(ctx, l.known, defaultTouches, s.db.Clock().Now())
	return nil
}

// groups sets custom values under the headings of their fields, in the order
// of the fields.
func groups(ctx context.Context, sheet []fields.Definition, values map[string]any) []SheetGroup {
	var all []SheetGroup
	for _, f := range sheet {
		if f.Archived {
			continue
		}
		i := slices.IndexFunc(all, func(g SheetGroup) bool { return g.Heading == f.Heading })
		if i < 0 {
			i = len(all)
			all = append(all, SheetGroup{Heading: f.Heading})
		}
		v := values[f.Slug]
		all[i].Values = append(all[i].Values, SheetValue{f.Slug, f.In(ctx), f.Type, v, fields.Display(ctx, f.Question, v)})
	}
	return all
}

// around is what readRelated looks for: with an id, the units and consents of
// that customer and whom it recommended; and customers and sources by id.
type around struct {
	id        int64
	customers []int64
	sources   []int64
}

// related is a row of what is around a customer: a "unit", a customer it
// "recommended", one to be "named", a "source", a "consent".
type related struct {
	what string
	Relation
	more  string // a source's text id, how a consent was given
	given bool
	at    clock.Instant
}

const (
	relatedColumns = `c.id, c.number, c.kind, c.state, c.name, c.country, COALESCE(c.owner_id, 0) AS owner_id,
  COALESCE(c.team_id, 0) AS team_id, '' AS more, FALSE AS given, 0 AS at FROM customers_customers c `
	selectUnits = `
SELECT * FROM (SELECT 'unit' AS what, ` + relatedColumns + `
  WHERE c.parent_id = $1 AND c.state NOT IN ('erased', 'merged') ORDER BY c.name_sort, c.id LIMIT $2) AS units
UNION ALL
SELECT * FROM (SELECT 'recommended' AS what, ` + relatedColumns + `
  WHERE c.recommended_by_id = $1 AND c.state NOT IN ('erased', 'merged') ORDER BY c.id LIMIT $2) AS recommended
UNION ALL
SELECT 'consent', id, 0, '', '', purpose, '', COALESCE(by_id, 0), COALESCE(contact_id, 0), how, given, at
FROM customers_consents WHERE customer_id = $1`
	selectNamed   = `SELECT 'named', ` + relatedColumns + ` WHERE c.id`
	selectSources = `SELECT 'source', id, 0, '', '', name, '', 0, 0, text_id, FALSE, 0 FROM customers_sources WHERE id`
)

func scanRelated(s db.Scanner) (r related, err error) {
	err = s.Scan(&r.what, &r.ID, &r.Number, &r.Kind, &r.State, &r.Name, &r.Country, &r.OwnerID, &r.TeamID,
		&r.more, &r.given, &r.at)
	return r, err
}

// consent is the row as what it is.
func (r *related) consent(customerID int64) Consent {
	return Consent{
		ID: r.ID, CustomerID: customerID, ContactID: r.TeamID, Purpose: r.Name, Given: r.given, How: r.more, At: r.at, ByID: r.OwnerID,
	}
}

// readRelated reads all of it in one statement; none if nothing is wanted.
func readRelated(ctx context.Context, tx *db.Tx, want around) ([]related, error) {
	var parts []string
	var args []any
	if want.id != 0 {
		parts, args = append(parts, selectUnits), []any{want.id, countedMost}
	}
	if len(want.customers) > 0 {
		parts = append(parts, selectNamed+in(len(args), len(want.customers)))
		args = append(args, anys(want.customers)...)
	}
	if len(want.sources) > 0 {
		parts = append(parts, selectSources+in(len(args), len(want.sources)))
		args = append(args, anys(want.sources)...)
	}
	return db.All(ctx, tx, scanRelated, strings.Join(parts, "\nUNION ALL\n"), args...)
}
