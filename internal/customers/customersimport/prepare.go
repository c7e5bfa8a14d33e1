package customersimport

import (
	"context"
	"slices"
	"strings"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

// run is one reading of a file.
type run struct {
	*Target

	options  imports.Options
	defaults customers.Defaults
	owners   map[string]int64 // by folded name and by e-mail; -1: two have this name
	names    map[int64]string // of colleagues
	custom   map[string]fields.Definition
	source   string // the system external ids come from
	unknown  string // the source of customers whose source nobody knows
}

// Begin implements imports.Target.
func (t *Target) Begin(ctx context.Context, o imports.Options) (imports.Run, error) {
	r := &run{
		Target: t, options: o, defaults: t.Company.Defaults(ctx), owners: map[string]int64{},
		names: map[int64]string{}, custom: map[string]fields.Definition{}, source: strings.TrimSpace(o.Source), unknown: i18n.TIn(i18n.English, "customers.source.unknown"),
	}
	if r.source == "" {
		r.source = "import"
	}
	people, err := t.people(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		r.names[p.ID] = p.Name
		for _, key := range []string{"name:" + fold.Key(p.Name), "email:" + strings.ToLower(p.Email)} {
			if r.owners[key] != 0 {
				r.owners[key] = -1
			} else {
				r.owners[key] = p.ID
			}
		}
	}
	custom, err := t.definitions(ctx)
	for _, d := range custom {
		r.custom[d.Name()] = d
	}
	return r, err
}

// record is a customer as a row has it.
type record struct {
	customers.NewCustomer

	given   []string // fields of the customer itself that the row has
	first   string
	middle  string
	last    string
	contact customers.Contact
	address customers.Address
	others  []string // further addresses, each in one line
	notes   []string
	number  int64
	parent  *imports.Reference
	by      *imports.Reference
}

// reading is the state of one row being read.
type reading struct {
	*run

	rec      *record
	problems []imports.Problem
}

// Prepare implements imports.Run.
func (r *run) Prepare(_ context.Context, row imports.Row) (imports.Prepared, []imports.Problem) {
	in := &reading{run: r, rec: &record{}}
	// The country comes first: phones without a code are read as of there.
	for _, v := range row.Values {
		if v.Field == "country" {
			in.value(v)
		}
	}
	for _, v := range row.Values {
		if v.Field != "country" {
			in.value(v)
		}
	}
	in.complete()
	if !slices.ContainsFunc(in.problems, func(p imports.Problem) bool { return !p.Note }) {
		in.rec.Prepare(r.defaults)
	}
	return in.prepared(), in.problems
}

// refuse says that a value cannot be read; a lenient import goes without it.
func (in *reading) refuse(v imports.Value, textID string, args ...any) {
	in.add(v, in.options.Lenient, "", textID, args...)
}

func (in *reading) add(v imports.Value, note bool, suggest, textID string, args ...any) {
	in.problems = append(in.problems, imports.Problem{
		Column: v.Column, Field: v.Field, Value: v.Text, Note: note, Suggest: suggest,
		Text: errs.Text{ID: textID, Args: args},
	})
}

// value reads one cell.
func (in *reading) value(v imports.Value) {
	c := &in.rec.Customer
	if line := in.line(v.Field); line != nil {
		*line = v.Text
		in.rec.given = append(in.rec.given, v.Field)
		return
	}
	switch v.Field {
	case "kind":
		if c.Kind = customers.Kind(means(v.Text, kinds...)); c.Kind == "" {
			in.refuse(v, "imports.problem.kind-unknown", "Value", v.Text)
		}
	case "preferred_channel":
		if c.PreferredChannel = customers.Channel(means(v.Text, channels...)); c.PreferredChannel == "" {
			in.refuse(v, "imports.problem.channel-unknown", "Value", v.Text)
		}
	case "country":
		c.Country = in.place(v, parseCountry, "imports.problem.country-unknown")
	case "language":
		c.Language = in.place(v, parseLanguage, "imports.problem.language-unknown")
	case "website":
		if c.Website = v.Text; !looksLikeLink(v.Text) {
			c.Website = ""
			in.refuse(v, "errors.field-not-a-link")
		}
	case "owner":
		in.owner(v)
	case "birthday":
		c.Birthday = in.day(v)
	case "contact_birthday":
		in.rec.contact.Birthday = in.day(v)
		return
	case "do_not_contact_before":
		c.DoNotContactBefore = in.day(v)
	case "number":
		in.rec.number = customers.ParseNumber(in.defaults.NumberPrefix, v.Text)
		return
	case "parent":
		in.rec.parent = in.reference(v)
		return
	case "recommended_by":
		in.rec.by = in.reference(v)
		return
	default:
		in.hanging(v)
		return
	}
	in.rec.given = append(in.rec.given, v.Field)
}

// line is where a field of plain text goes, nil for others.
func (in *reading) line(field string) *string {
	c := &in.rec.Customer
	switch field {
	case "name":
		return &c.Name
	case "first_name":
		return &in.rec.first
	case "middle_name":
		return &in.rec.middle
	case "last_name":
		return &in.rec.last
	case "legal_name":
		return &c.LegalName
	case "external_id":
		return &c.ExternalID
	case "time_zone":
		return &c.TimeZone
	case "tax_id":
		return &c.TaxID
	case "vat_id":
		return &c.VATID
	case "source":
		return &in.rec.SourceName
	case "source_note":
		return &c.SourceNote
	case "terms":
		return &c.Terms
	case "competitors":
		return &c.Competitors
	case "address_form":
		return &c.AddressForm
	case "street":
		return &in.rec.address.Street
	case "city":
		return &in.rec.address.City
	case "region":
		return &in.rec.address.Region
	case "postcode":
		return &in.rec.address.Postcode
	case "contact_name":
		return &in.rec.contact.Name
	case "contact_position":
		return &in.rec.contact.Position
	default:
		return nil
	}
}

// complete puts together what several columns say.
func (in *reading) complete() {
	rec := in.rec
	in.person()
	if rec.Name == "" && rec.contact.Name != "" {
		rec.Name, rec.contact.Name = rec.contact.Name, ""
		if rec.Kind == "" {
			rec.Kind = customers.Person
		}
		rec.Points = append(rec.Points, rec.contact.Points...)
		rec.contact.Points = nil
	}
	if rec.Name == "" {
		in.problems = append(in.problems, imports.Problem{Column: -1, Field: "name", Text: errs.Text{ID: "customers.error.name-missing"}})
	}
	in.limit("name", rec.Name, customers.MaxName)
	if rec.Kind == "" {
		rec.Kind = customers.Organisation
	}
	if rec.Kind == customers.Organisation && rec.Birthday != 0 {
		rec.Birthday = 0
		in.problems = append(in.problems, imports.Problem{
			Column: -1, Field: "birthday", Note: in.options.Lenient, Text: errs.Text{ID: "customers.error.birthday-of-organisation"},
		})
	}
	if rec.ExternalID != "" {
		rec.ExternalSource = in.source
	}
	if rec.SourceName == "" {
		rec.SourceName = in.unknown
	}
	in.hang()
}

// person puts first and last name together. They are the customer's own name
// if the row has no other, and the contact's if the other is a company's.
func (in *reading) person() {
	rec := in.rec
	whole := strings.Join(strings.Fields(rec.first+" "+rec.middle+" "+rec.last), " ")
	switch {
	case whole == "":
		return
	case rec.Name == "":
		rec.Name = whole
	case fold.Key(rec.Name) == fold.Key(whole),
		rec.first != "" && rec.last != "" && contains(rec.Name, rec.first) && contains(rec.Name, rec.last): // once more: Petrov, Ivan
	case rec.Kind == customers.Person:
		return
	default:
		if rec.contact.Name == "" {
			rec.contact.Name = whole
		}
		return
	}
	if rec.Kind == "" {
		rec.Kind = customers.Person
	}
}

// contains tells that all words of a part are words of the name.
func contains(name, part string) bool {
	words := strings.Fields(fold.Key(name))
	for word := range strings.FieldsSeq(fold.Key(part)) {
		if !slices.Contains(words, word) {
			return false
		}
	}
	return true
}

// hang attaches the contact and the addresses the row describes.
func (in *reading) hang() {
	rec := in.rec
	switch {
	case rec.contact.Name != "":
		rec.contact.Main = true
		rec.Contacts = append(rec.Contacts, rec.contact)
	case len(rec.contact.Points) > 0: // nobody's name: the customer's own, then
		rec.Points = append(rec.Points, rec.contact.Points...)
	}
	if a := rec.address; a.Street != "" || a.City != "" || a.Region != "" || a.Postcode != "" {
		a.Country, a.Main = rec.Country, true
		rec.Addresses = append(rec.Addresses, a)
	}
	for _, line := range rec.others {
		rec.Addresses = append(rec.Addresses, customers.Address{Street: line, Main: len(rec.Addresses) == 0})
		in.limit("other_address", line, customers.MaxShort)
	}
	in.limit("note", strings.Join(rec.notes, "\n\n"), customers.MaxNote)
	main := map[customers.PointKind]bool{}
	for i := range rec.Points {
		p := &rec.Points[i]
		p.Main = !main[p.Kind]
		main[p.Kind] = true
	}
	for field, text := range map[string]string{
		"legal_name": rec.LegalName, "tax_id": rec.TaxID, "vat_id": rec.VATID, "external_id": rec.ExternalID,
		"source_note": rec.SourceNote, "address_form": rec.AddressForm, "city": rec.address.City,
		"region": rec.address.Region, "postcode": rec.address.Postcode, "contact_name": rec.contact.Name,
		"contact_position": rec.contact.Position, "source": rec.SourceName,
	} {
		in.limit(field, text, customers.MaxShort)
	}
}

func (in *reading) limit(field, text string, limit int) {
	if len(text) > limit && len([]rune(text)) > limit {
		in.problems = append(in.problems, imports.Problem{
			Column: -1, Field: field, Text: errs.Text{ID: "errors.field-too-long", Args: []any{"Max", limit}},
		})
	}
}

// prepared tells how the record is matched and referred to.
func (in *reading) prepared() imports.Prepared {
	rec := in.rec
	p := imports.Prepared{Record: rec}
	if rec.ExternalID != "" {
		key := externalKey(in.source, rec.ExternalID)
		p.Keys, p.Names = append(p.Keys, imports.Key{Text: key, Identity: true}), append(p.Names, key)
	}
	if rec.number > 0 {
		if in.options.Match == imports.MatchExternal { // our own numbers, if the person says so
			p.Keys = append(p.Keys, imports.Key{Text: numberKey(rec.number)})
		}
		p.Names = append(p.Names, numberKey(rec.number))
	}
	if rec.Name != "" {
		p.Names = append(p.Names, nameKey(rec.Name))
	}
	switch in.options.Match {
	case imports.MatchNameCountry:
		if rec.Name != "" {
			p.Keys = append(p.Keys, imports.Key{Text: nameCountryKey(rec.Name, rec.Country)})
		}
		if rec.Name != "" && rec.Country != "" { // a row that does not say where means this one
			p.Also = append(p.Also, nameCountryKey(rec.Name, ""))
		}
	case imports.MatchEmail, imports.MatchPhone:
		for _, point := range rec.Points {
			switch {
			case in.options.Match == imports.MatchEmail && point.Kind == customers.Email:
				p.Keys = append(p.Keys, imports.Key{Text: emailKey(point.Value)})
			case in.options.Match == imports.MatchPhone && point.Kind == customers.Phone:
				p.Keys = append(p.Keys, imports.Key{Text: phoneKey(point.Value)})
			}
		}
	case imports.MatchExternal, imports.MatchNone:
	}
	var refs []imports.Reference
	for _, ref := range []*imports.Reference{rec.parent, rec.by} {
		if ref != nil {
			refs = append(refs, *ref)
		}
	}
	if refs != nil {
		p.Refs = &imports.References{Refs: refs}
	}
	return p
}
