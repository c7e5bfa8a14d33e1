package customers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/journal"
)

// fieldLabels are the locale ids of what changes.
var fieldLabels = map[string]string{
	"kind": "customers.change.kind", "name": "customers.change.name", "legal_name": "customers.change.legal-name",
	"parent_id": "customers.change.parent", "owner_id": "customers.change.owner", "team_id": "customers.change.team",
	"language": "customers.change.language", "country": "customers.change.country", "time_zone": "customers.change.time-zone",
	"tax_id": "customers.change.tax-id", "vat_id": "customers.change.vat-id", "website": "customers.change.website",
	"source_id": "customers.change.source", "source_note": "customers.change.source-note",
	"recommended_by_id": "customers.change.recommended-by", "terms": "customers.change.terms",
	"preferred_channel": "customers.change.preferred-channel", "address_form": "customers.change.address-form",
	"competitors": "customers.change.competitors", "do_not_contact_before": "customers.change.do-not-contact-before",
	"birthday": "customers.change.birthday", "external_source": "customers.change.external-source",
	"external_id": "customers.change.external-id", "points": "customers.change.points", "contacts": "customers.change.contacts",
	"addresses": "customers.change.addresses", "dates": "customers.change.dates", "tags": "customers.change.tags",
	"position": "customers.change.position", "style": "customers.change.style", "mood": "customers.change.mood",
	"value": "customers.change.value", "extension": "customers.change.extension", "label": "customers.change.label",
	"main": "customers.change.main", "street": "customers.change.street", "city": "customers.change.city",
	"region": "customers.change.region", "postcode": "customers.change.postcode", "day": "customers.change.day",
	"yearly": "customers.change.yearly", "purpose": "customers.change.purpose", "given": "customers.change.given",
	"how": "customers.change.how", "body": "customers.change.text", "happened_at": "customers.change.happened-at",
	"contact_id": "customers.change.contact", "state": "customers.change.state", "form_name": "customers.change.form",
	"size": "customers.change.size",
}

// valueLabels are the locale ids of values that are words of ours, by field and value.
var valueLabels = map[string]string{
	"kind:organisation": "customers.value.organisation", "kind:person": "customers.value.person",
	"kind:phone": "customers.value.phone", "kind:email": "customers.value.email",
	"kind:messenger": "customers.value.messenger", "kind:web": "customers.value.web",
	"kind:note": "customers.note.kind-note", "kind:call": "customers.note.kind-call",
	"kind:meeting": "customers.note.kind-meeting", "kind:message": "customers.note.kind-message",
	"kind:visit": "customers.note.kind-visit", "state:active": "customers.value.active",
	"state:archived": "customers.value.archived", "state:merged": "customers.value.merged", "state:erased": "customers.value.erased",
	"preferred_channel:phone": "customers.value.phone", "preferred_channel:email": "customers.value.email",
	"preferred_channel:messenger": "customers.value.messenger", "preferred_channel:visit": "customers.value.visit",
	"preferred_channel:post": "customers.value.post",
}

// veiled tells which right hides a field of an entry; "" for none. What is
// said of a point or an address is hidden whole.
func veiled(subject, field string) string {
	switch subject {
	case "point":
		return rightPoints
	case "address":
		return rightAddresses
	}
	switch field {
	case "tax_id", "vat_id":
		return rightTax
	case "terms":
		return rightTerms
	case "competitors":
		return rightCompetitors
	case "birthday":
		return rightBirthday
	case "points":
		return rightPoints
	case "addresses":
		return rightAddresses
	case "style", "mood":
		return rightManner
	}
	return ""
}

// knowing is what is needed to put an entry into words.
type knowing struct {
	sheet   []fields.Definition
	people  map[int64]string
	teams   map[int64]string
	related map[int64]string // names of customers the actor may see
	sources map[int64]Source
}

func (k *knowing) note(ctx context.Context, n Note) Touch {
	return Touch{
		Key: "n" + strconv.FormatInt(n.ID, 10), At: n.HappenedAt, Kind: TouchKind(n.Kind), Who: n.AuthorName, WhoID: n.AuthorID,
		Title: i18n.T(ctx, n.Kind.Label()), Text: NoteText(n.Body, k.people), Note: &n,
	}
}

func (k *knowing) file(ctx context.Context, f File) Touch {
	return Touch{
		Key: "f" + strconv.FormatInt(f.ID, 10), At: f.AddedAt, Kind: FileTouch, Who: k.people[f.AddedByID], WhoID: f.AddedByID,
		Title: i18n.T(ctx, "customers.timeline.file-added", "Name", f.Name), File: &f,
	}
}

func (k *knowing) entry(ctx context.Context, r journal.Record, now clock.Instant) Touch {
	t := Touch{Key: "e" + strconv.FormatInt(r.ID, 10), At: r.At, Kind: ChangeTouch, Who: r.ActorName, EntryID: r.ID}
	if r.ActorKind == authz.Person {
		t.WhoID = r.ActorID
	}
	was, is := unfold(sideOf(r.Before)), unfold(sideOf(r.After))
	t.Title = k.title(ctx, r, was, is)
	t.Changes = k.changes(ctx, r, was, is)
	t.Undoable = (was != nil || is != nil) && r.At.Add(UndoTime) > now && slices.Contains(UndoableKinds, r.Kind)
	return t
}

// unfold gives what is told of one contact, point, address, date or consent as
// fields of its own.
func unfold(side map[string]any) map[string]any {
	if len(side) != 1 {
		return side
	}
	for _, name := range []string{"contact", "point", "address", "date", "consent"} {
		if one, ok := side[name].(map[string]any); ok {
			return one
		}
	}
	return side
}

// title says what happened; "Name" is whose or what it was about, if known.
func (k *knowing) title(ctx context.Context, r journal.Record, was, is map[string]any) string {
	name := ""
	if r.Subject.Type == "person" {
		name = k.people[r.Subject.ID]
	}
	for _, side := range []map[string]any{is, was} {
		for _, field := range []string{"merged_name", "name", "form_name", "file", "value", "label", "purpose"} {
			if s, ok := side[field].(string); ok && name == "" && !strings.HasPrefix(r.Kind, "customers.point") && !strings.HasPrefix(r.Kind, "customers.address") {
				name = s
			}
		}
	}
	id := chronicle.Title(r.Kind)
	if id == "" {
		id = "customers.timeline.something"
	}
	return strings.TrimRight(strings.TrimSpace(i18n.T(ctx, id, "Name", name)), ": ")
}

// unsaid is told in titles or of no use to people.
var unsaid = []string{"id", "number", "hash", "mime", "version", "form_id", "edition", "customer_id", "quality", "entry_id", "undone", "merged_name", "merge_id"}

// changes lists what differs, as far as the actor may see it.
func (k *knowing) changes(ctx context.Context, r journal.Record, was, is map[string]any) []TouchChange {
	if r.Kind == "customers.created" || strings.HasPrefix(r.Kind, "customers.file_") {
		return nil // the title says it
	}
	subject, _, _ := strings.Cut(strings.TrimPrefix(r.Kind, "customers."), "_")
	names := slices.Sorted(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	order := k.order()
	slices.SortFunc(names, func(a, b string) int {
		if d := order[a] - order[b]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var all []TouchChange
	for _, name := range names {
		label := k.label(ctx, name)
		if right := veiled(subject, name); label == "" || right != "" && !Readable(ctx, right) {
			continue
		}
		c := TouchChange{Field: name, Label: label, Before: k.value(ctx, name, was[name]), After: k.value(ctx, name, is[name])}
		if c.Before != c.After {
			all = append(all, c)
		}
	}
	return all
}

// InWords gives the plain fields of customers as texts for people, by name, in
// the order of the customers; with the right to see the customers, and only
// what the actor may see of them.
func (s *Service) InWords(ctx context.Context, all ...Customer) ([]map[string]string, error) {
	const op = "customers.InWords"
	scope, err := authz.Require(ctx, op, "customers.view")
	if err != nil {
		return nil, err
	}
	var told recent
	for _, c := range all {
		c = c.blank(ctx)
		told.entries = append(told.entries, journal.Record{After: asJSON(c.facts())})
	}
	known := &knowing{}
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return known.look(ctx, tx, scope, told.entries) }); err != nil {
		return nil, errs.Wrap(op, err)
	}
	if err := s.learnNames(ctx, known, &told); err != nil {
		return nil, errs.Wrap(op, err)
	}
	texts := make([]map[string]string, len(all))
	for i, e := range told.entries {
		texts[i] = map[string]string{}
		for name, v := range sideOf(e.After) {
			texts[i][name] = known.value(ctx, name, v)
		}
	}
	return texts, nil
}

// order is the place of fields in a list of changes: plain ones first, as
// pages show them, then the company's own.
func (k *knowing) order() map[string]int {
	order := make(map[string]int, len(attributes)+len(k.sheet))
	for i, a := range attributes {
		order[a.name] = i - len(attributes) - len(k.sheet)
	}
	for i, d := range k.sheet {
		order[d.Name()] = i - len(k.sheet)
	}
	return order
}

// label names a field; "" for what people need not see.
func (k *knowing) label(ctx context.Context, name string) string {
	if id, ok := fieldLabels[name]; ok {
		return i18n.T(ctx, id)
	}
	if d, ok := k.custom(name); ok {
		return d.In(ctx)
	}
	if slices.Contains(unsaid, name) {
		return ""
	}
	if slug, ok := strings.CutPrefix(name, "custom."); ok {
		return slug
	}
	return ""
}

func (k *knowing) custom(name string) (fields.Definition, bool) {
	for _, d := range k.sheet {
		if d.Name() == name {
			return d, true
		}
	}
	return fields.Definition{}, false
}

// value writes one side of a change.
func (k *knowing) value(ctx context.Context, name string, v any) string {
	if d, ok := k.custom(name); ok && v != nil {
		return fields.Display(ctx, d.Question, shaped(v))
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return k.text(ctx, name, v)
	case bool:
		if v {
			return i18n.T(ctx, "common.yes")
		}
		return i18n.T(ctx, "common.no")
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			return v.String()
		}
		return k.figure(ctx, name, n)
	case []any:
		return k.several(v)
	case map[string]any:
		return k.several([]any{v})
	}
	return fmt.Sprint(v)
}

func (k *knowing) text(ctx context.Context, name, v string) string {
	switch name {
	case "birthday", "day", "do_not_contact_before":
		if day, err := clock.ParseDay(v); err == nil {
			return i18n.Date(ctx, day)
		}
		return v // a day without a year
	case "body":
		return NoteText(v, k.people)
	}
	if id, ok := valueLabels[name+":"+v]; ok {
		return i18n.T(ctx, id)
	}
	return v
}

func (k *knowing) figure(ctx context.Context, name string, n int64) string {
	if n == 0 {
		return ""
	}
	known := ""
	switch name {
	case "owner_id":
		known = k.people[n]
	case "team_id":
		known = k.teams[n]
	case "parent_id", "recommended_by_id":
		known = k.related[n]
	case "source_id":
		if src, ok := k.sources[n]; ok {
			known = src.Label(ctx)
		}
	case "contact_id":
		return ""
	case "size":
		return i18n.Bytes(ctx, n)
	default:
		return i18n.Number(ctx, n)
	}
	if known == "" {
		return i18n.T(ctx, "customers.timeline.someone")
	}
	return known
}

// several tells of things by what people call them, as far as the actor may
// see.
func (k *knowing) several(list []any) string {
	var all []string
	for _, item := range list {
		switch item := item.(type) {
		case string:
			all = append(all, item)
		case map[string]any:
			for _, name := range []string{"value", "name", "label", "city", "street", "amount"} {
				if s, ok := item[name].(string); ok && s != "" {
					all = append(all, s)
					break
				}
			}
		}
	}
	return strings.Join(all, ", ")
}

// shaped brings a decoded value of a custom field to the shape of the API.
func shaped(v any) any {
	switch v := v.(type) {
	case []any:
		slugs := make([]string, 0, len(v))
		for _, item := range v {
			slugs = append(slugs, fmt.Sprint(item))
		}
		return slugs
	case map[string]any:
		amount, _ := v["amount"].(string)
		currency, _ := v["currency"].(string)
		return fields.Amount{Amount: amount, Currency: currency}
	case json.Number:
		return v.String()
	}
	return v
}
