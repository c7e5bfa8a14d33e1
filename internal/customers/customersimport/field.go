package customersimport

import (
	"context"
	_ "embed" // synonyms.txt
	"errors"
	"slices"
	"strings"
	"sync"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/fold"
	"kartoteka.dev/internal/platform/i18n"
)

//go:embed synonyms.txt
var synonymsFile string

// lexicon is synonyms.txt: names of fields, and folded words with a fixed
// meaning.
type lexicon struct {
	fields map[string][]string
	words  map[string]map[string]bool
}

var synonyms = sync.OnceValue(func() lexicon {
	l := lexicon{map[string][]string{}, map[string]map[string]bool{}}
	for line := range strings.Lines(synonymsFile) {
		name, list, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		word, meaning := strings.CutPrefix(name, "=")
		for one := range strings.SplitSeq(list, ",") {
			one = strings.TrimSpace(one)
			if !meaning {
				l.fields[name] = append(l.fields[name], one)
				continue
			}
			if l.words[word] == nil {
				l.words[word] = map[string]bool{}
			}
			l.words[word][fold.Key(one)] = true
		}
	}
	return l
})

// means finds which of the choices a text stands for, "" if none.
func means(text string, choices ...string) string {
	key := fold.Key(text)
	for _, c := range choices {
		if text == c || synonyms().words[c][key] {
			return c
		}
	}
	return ""
}

// kept is a field of a customer that a column can fill.
type kept struct {
	name    string
	label   string // locale id
	example string // locale id, or "" for none in the sample
	many    bool
	right   string // of the customer file: who may not write it is not offered it
}

// known are the fields, in the order in which they are offered and exported.
var known = []kept{
	{name: "name", label: "imports.customers.name", example: "imports.customers.example-name"},
	{name: "kind", label: "imports.customers.kind", example: "imports.customers.example-kind"},
	{name: "first_name", label: "imports.customers.first-name"},
	{name: "middle_name", label: "imports.customers.middle-name"},
	{name: "last_name", label: "imports.customers.last-name"},
	{name: "legal_name", label: "imports.customers.legal-name", example: "imports.customers.example-legal-name"},
	{name: "number", label: "imports.customers.number"},
	{name: "external_id", label: "imports.customers.external-id"},
	{name: "parent", label: "imports.customers.parent"},
	{name: "phone", label: "imports.customers.phone", example: "imports.customers.example-phone", many: true, right: "customers.points"},
	{name: "email", label: "imports.customers.email", example: "imports.customers.example-email", many: true, right: "customers.points"},
	{name: "messenger", label: "imports.customers.messenger", many: true, right: "customers.points"},
	{name: "website", label: "imports.customers.website", example: "imports.customers.example-website"},
	{name: "country", label: "imports.customers.country", example: "imports.customers.example-country"},
	{name: "region", label: "imports.customers.region", right: "customers.addresses"},
	{name: "city", label: "imports.customers.city", example: "imports.customers.example-city", right: "customers.addresses"},
	{name: "postcode", label: "imports.customers.postcode", example: "imports.customers.example-postcode", right: "customers.addresses"},
	{name: "street", label: "imports.customers.street", example: "imports.customers.example-street", right: "customers.addresses"},
	{name: "other_address", label: "imports.customers.other-address", many: true, right: "customers.addresses"},
	{name: "language", label: "imports.customers.language"},
	{name: "time_zone", label: "imports.customers.time-zone"},
	{name: "tax_id", label: "imports.customers.tax-id", right: "customers.tax_id"},
	{name: "vat_id", label: "imports.customers.vat-id", right: "customers.tax_id"},
	{name: "owner", label: "imports.customers.owner"},
	{name: "source", label: "imports.customers.source", example: "imports.customers.example-source"},
	{name: "source_note", label: "imports.customers.source-note"},
	{name: "recommended_by", label: "imports.customers.recommended-by"},
	{name: "tags", label: "imports.customers.tags", example: "imports.customers.example-tags", many: true},
	{name: "contact_name", label: "imports.customers.contact-name", example: "imports.customers.example-contact"},
	{name: "contact_position", label: "imports.customers.contact-position"},
	{name: "contact_phone", label: "imports.customers.contact-phone", many: true, right: "customers.points"},
	{name: "contact_email", label: "imports.customers.contact-email", many: true, right: "customers.points"},
	{name: "contact_birthday", label: "imports.customers.contact-birthday", right: "customers.birthday"},
	{name: "terms", label: "imports.customers.terms", right: "customers.terms"},
	{name: "competitors", label: "imports.customers.competitors", right: "customers.competitors"},
	{name: "preferred_channel", label: "imports.customers.preferred-channel"},
	{name: "address_form", label: "imports.customers.address-form"},
	{name: "do_not_contact_before", label: "imports.customers.do-not-contact-before"},
	{name: "birthday", label: "imports.customers.birthday", right: "customers.birthday"},
	{name: "note", label: "imports.customers.note", many: true},
}

var (
	kinds    = []string{string(customers.Organisation), string(customers.Person)}
	channels = []string{"phone", "email", "messenger", "visit", "post"}
	rules    = []imports.MatchRule{
		imports.MatchNone, imports.MatchExternal, imports.MatchNameCountry, imports.MatchEmail, imports.MatchPhone,
	}
)

// Describe implements imports.Target.
func (t *Target) Describe(ctx context.Context) (imports.Description, error) {
	d := imports.Description{Label: i18n.T(ctx, "imports.customers.title"), Permission: "customers.create", Rules: rules}
	shapes := t.shapes(ctx)
	// A date alone says neither birthday nor rest, a word neither language nor
	// channel: these need their names as well.
	for _, k := range known {
		if k.right != "" && !customers.Writable(ctx, k.right) || k.name == "note" && !authz.Can(ctx, "customers.note") {
			continue
		}
		f := imports.Field{
			Name: k.name, Label: i18n.T(ctx, k.label), Many: k.many, Synonyms: t.synonyms(k),
			Reads: shapes[k.name].reads, Bears: shapes[k.name].bears,
			ByName: !slices.Contains([]string{"phone", "email", "country", "website"}, k.name),
			Dates:  slices.Contains([]string{"birthday", "contact_birthday", "do_not_contact_before"}, k.name),
		}
		if k.example != "" {
			f.Example = i18n.T(ctx, k.example)
		}
		d.Fields = append(d.Fields, f)
	}
	if err := t.describeChoices(ctx, &d); err != nil {
		return d, err
	}
	custom, err := t.definitions(ctx)
	if err != nil {
		return d, err
	}
	for _, c := range custom {
		d.Fields = append(d.Fields, imports.Field{
			Name: c.Name(), Label: c.In(ctx), Synonyms: customNames(c), Choices: choicesOf(ctx, c), Dates: c.Type == fields.Date,
		})
	}
	if t.Fields != nil && authz.Can(ctx, "fields.manage") {
		d.Types = []imports.FieldType{
			imports.TypeText, imports.TypeLongText, imports.TypeNumber, imports.TypeDate, imports.TypeYesNo, imports.TypeLink,
		}
	}
	return d, nil
}

// synonyms are what others call the field, and its label in every language, so
// that what was exported in one is read in another.
func (t *Target) synonyms(k kept) []string {
	all := slices.Clone(synonyms().fields[k.name])
	for _, lang := range i18n.Langs {
		all = append(all, i18n.TIn(lang, k.label))
	}
	return all
}

func customNames(d fields.Definition) []string {
	names := []string{d.Slug, d.Label}
	for _, l := range d.Labels {
		names = append(names, l)
	}
	return names
}

func choicesOf(ctx context.Context, d fields.Definition) []imports.Choice {
	var all []imports.Choice
	for _, o := range d.Options {
		if !o.Archived {
			all = append(all, imports.Choice{Value: o.Slug, Label: o.In(ctx)})
		}
	}
	return all
}

// describeChoices adds what can be chosen for all rows.
func (t *Target) describeChoices(ctx context.Context, d *imports.Description) error {
	var owners, sources []imports.Choice
	people, err := t.people(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		owners = append(owners, imports.Choice{Value: p.Name, Label: p.Name})
	}
	if authz.Can(ctx, "customers.view") {
		all, err := t.Customers.Sources(ctx)
		if err != nil {
			return errs.Wrap("customersimport.Describe", err)
		}
		for _, s := range all {
			if !s.Archived {
				sources = append(sources, imports.Choice{Value: s.Label(ctx), Label: s.Label(ctx)})
			}
		}
	}
	for i := range d.Fields {
		switch f := &d.Fields[i]; f.Name {
		case "owner":
			f.Choices = owners
		case "source":
			f.Choices = sources
		case "kind":
			f.Choices = []imports.Choice{
				{Value: kinds[0], Label: i18n.T(ctx, "imports.customers.kind-organisation")},
				{Value: kinds[1], Label: i18n.T(ctx, "imports.customers.kind-person")},
			}
		}
	}
	return nil
}

func (t *Target) people(ctx context.Context) ([]Colleague, error) {
	if t.People == nil {
		return nil, nil
	}
	all, err := t.People(ctx)
	return all, errs.Wrap("customersimport.people", err)
}

// custom lists the company's own fields that can be filled.
func (t *Target) definitions(ctx context.Context) ([]fields.Definition, error) {
	if t.Fields == nil {
		return nil, nil
	}
	all, err := t.Fields.Fields(ctx, customers.RecordType)
	if err != nil {
		return nil, errs.Wrap("customersimport.custom", err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(d fields.Definition) bool { return d.Archived }), nil
}

// AddField implements imports.Target.
func (t *Target) AddField(ctx context.Context, f imports.NewField) (string, error) {
	const op = "customersimport.AddField"
	if t.Fields == nil {
		return "", errs.Wrap(op, errors.ErrUnsupported)
	}
	present, err := t.definitions(ctx)
	if err != nil {
		return "", err
	}
	for _, d := range present {
		if strings.EqualFold(d.Label, strings.TrimSpace(f.Label)) {
			return d.Name(), nil
		}
	}
	made, err := t.Fields.CreateField(ctx, fields.NewField{
		RecordType: customers.RecordType,
		Question:   fields.Question{Words: fields.Words{Label: f.Label}, Type: fields.Type(f.Type)},
	})
	return made.Name(), errs.Wrap(op, err)
}
