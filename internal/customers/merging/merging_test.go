package merging_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/customers/merging"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/journal"
)

// office is a customer file in which customers are merged.
type office struct {
	*testing.T
	ctx     context.Context
	db      *db.DB
	file    *customers.Service
	fields  *fields.Service
	merging *merging.Service
}

func each(t *testing.T, test func(o *office)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(open(t, d)) })
}

func open(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{T: t, ctx: customerstest.System(), db: d, fields: fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}, Records: anyone{}})}
	for _, slug := range []string{"colour", "shape"} {
		q := fields.Question{Slug: slug, Words: fields.Words{Label: slug}, Type: fields.Text}
		_, err := o.fields.CreateField(o.ctx, fields.NewField{RecordType: customers.RecordType, Question: q})
		o.must(err)
	}
	o.file = customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: o.fields, Sheets: o.fields})
	o.merging = merging.New(merging.Deps{DB: d, Customers: o.file, Company: customerstest.Company{}, Fields: o.fields})
	return o
}

type anyone struct{}

func (anyone) CustomerOf(_ context.Context, _ *db.Tx, _ string, id int64) (int64, error) {
	return id, nil
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) create(in customers.NewCustomer) customers.Customer {
	o.Helper()
	if in.Kind == "" {
		in.Kind = customers.Organisation
	}
	in.SourceName = "Unknown"
	c, err := o.file.Create(o.ctx, in)
	o.must(err)
	return c
}

func named(name string) customers.NewCustomer {
	return customers.NewCustomer{Customer: customers.Customer{Name: name}}
}

func (o *office) merge(from, into customers.Customer, choices map[string]merging.Side) merging.Merge {
	o.Helper()
	m, err := o.merging.Merge(o.ctx, merging.Order{From: from.ID, Into: into.ID, Choices: choices})
	o.must(err)
	return m
}

func (o *office) card(id int64) customers.Card {
	o.Helper()
	c, err := o.file.FindCard(o.ctx, id)
	o.must(err)
	return c
}

// sound is what doctor looks at: words and quality equal a recount, the chain of
// the journal holds.
func (o *office) sound() {
	o.Helper()
	v, err := o.file.CheckWords(o.ctx)
	o.must(err)
	if v.Wrong > 0 {
		o.Errorf("words: %+v", v)
	}
	_, err = journal.Seal(o.ctx, o.db)
	o.must(err)
	chain, err := journal.Verify(o.ctx, o.db)
	o.must(err)
	if len(chain.Broken) > 0 {
		o.Errorf("journal: %v", chain.Broken)
	}
}

// rows are all rows of the file as text, without what every change moves on:
// versions, moments, the journal, and the rows of the merges themselves.
func (o *office) rows() map[string][]string {
	o.Helper()
	tables := map[string]string{
		"customers": `SELECT id, number, kind, state, name, legal_name, COALESCE(parent_id, 0), country, tax_id, website,
  source_id, COALESCE(recommended_by_id, 0), terms, birthday, external_source, external_id, quality, last_contact_at, COALESCE(merged_into, 0)
  FROM customers_customers ORDER BY id`,
		"contacts":  `SELECT id, customer_id, name, main, removed FROM customers_contacts ORDER BY id`,
		"points":    `SELECT id, customer_id, COALESCE(contact_id, 0), kind, value, main FROM customers_points ORDER BY id`,
		"addresses": `SELECT id, customer_id, street, city, main FROM customers_addresses ORDER BY id`,
		"dates":     `SELECT id, customer_id, COALESCE(contact_id, 0), label, day FROM customers_dates ORDER BY id`,
		"taggings":  `SELECT customer_id, tag_id FROM customers_taggings ORDER BY customer_id, tag_id`,
		"consents":  `SELECT id, customer_id, COALESCE(contact_id, 0), purpose, given FROM customers_consents ORDER BY id`,
		"notes":     `SELECT id, customer_id, COALESCE(contact_id, 0), kind, body, removed FROM customers_notes ORDER BY id`,
		"values":    `SELECT record_id, field_id, text FROM fields_values ORDER BY record_id, field_id`,
		"forms":     `SELECT id, record_id FROM fields_filled ORDER BY id`,
		"words":     `SELECT customer_id, word, kind FROM customers_words ORDER BY customer_id, word, kind`,
	}
	all := map[string][]string{}
	o.must(o.db.Read(o.ctx, func(tx *db.Tx) error {
		for name, statement := range tables {
			rows, err := tx.Query(o.ctx, statement)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				values, into := make([]any, len(columns)), make([]any, len(columns))
				for i := range values {
					into[i] = &values[i]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				all[name] = append(all[name], fmt.Sprint(values...))
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

func (o *office) same(before, after map[string][]string) {
	o.Helper()
	for name, rows := range before {
		if !slices.Equal(rows, after[name]) {
			o.Errorf("%s differ:\n%s\nwere\n%s", name, strings.Join(after[name], "\n"), strings.Join(rows, "\n"))
		}
	}
}

// twins are one company twice, each with something of everything.
func twins(o *office) (a, b customers.Customer) {
	o.Helper()
	in := named("Rila Trade")
	in.TaxID, in.Country = "BG123456789", "BG"
	in.Phones, in.Emails = []string{"+359 88 123 4567"}, []string{"office@rila.example"}
	in.Addresses = []customers.Address{{City: "Sofia", Street: "1 Vitosha Blvd", Main: true}}
	in.Contacts = []customers.Contact{{Name: "Maria Ivanova", Main: true, Points: []customers.Point{{Kind: customers.Phone, Value: "+359 88 765 4321"}}}}
	in.Tags, in.Custom = []string{"vip", "tea"}, map[string]any{"colour": "green"}
	in.Dates = []customers.ImportantDate{{Label: "founded", Day: 19940301}}
	a = o.create(in)
	in = named("Рила Трейд")
	in.LegalName, in.Website = "Рила Трейд ООД", "https://rila.example"
	in.ExternalSource, in.ExternalID = "shop", "A-1"
	in.Phones, in.Emails = []string{"+359 88 123 4567", "+359 2 980 1234"}, []string{"sales@rila.example"}
	in.Addresses = []customers.Address{{City: "Sofia", Street: "1 Vitosha Blvd", Main: true}, {City: "Plovdiv", Street: "2 Main St"}}
	in.Contacts = []customers.Contact{{Name: "Мария Иванова", Main: true, Points: []customers.Point{{Kind: customers.Email, Value: "maria@rila.example"}}}}
	in.Tags, in.Custom = []string{"vip", "coffee"}, map[string]any{"colour": "red", "shape": "round"}
	in.Dates = []customers.ImportantDate{{Label: "founded", Day: 19940301}, {Label: "contract ends", Day: 20271231}}
	b = o.create(in)
	unit := named("Rila Varna")
	unit.ParentID = b.ID
	o.create(unit)
	friend := named("Friend")
	friend.RecommendedByID = b.ID
	o.create(friend)
	_, err := o.file.AddNote(o.ctx, customers.NewNote{CustomerID: b.ID, Kind: customers.CallNote, Body: "asked for prices"})
	o.must(err)
	_, err = o.file.RecordConsent(o.ctx, b.ID, customers.Consent{Purpose: "newsletter", Given: false})
	o.must(err)
	_, err = o.file.RecordConsent(o.ctx, a.ID, customers.Consent{Purpose: "Newsletter", Given: true})
	o.must(err)
	form, err := o.fields.CreateForm(o.ctx, fields.FormInput{Name: "Visit", Questions: []fields.Question{{Slug: "q", Words: fields.Words{Label: "Q"}, Type: fields.Text}}})
	o.must(err)
	_, err = o.fields.Fill(o.ctx, fields.NewFilled{FormID: form.ID, RecordType: customers.RecordType, RecordID: b.ID, Answers: map[string]any{"q": "yes"}})
	o.must(err)
	return o.card(a.ID).Customer, o.card(b.ID).Customer
}

func TestMergedCustomersAreOne(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		m := o.merge(b, a, map[string]merging.Side{"name": merging.From, "custom.colour": merging.From})
		c := o.card(a.ID)
		if c.Name != "Рила Трейд" || c.LegalName != "Рила Трейд ООД" || c.TaxID != "BG123456789" || c.Website != "https://rila.example" || c.ExternalID != "" {
			o.Errorf("fields: %+v", c.Customer)
		}
		if len(c.Points) != 4 || len(c.Contacts) != 2 || len(c.Addresses) != 2 || len(c.Tags) != 3 || len(c.Dates) != 2 {
			o.Errorf("what hangs: %+v", c)
		}
		for what, mains := range map[string]int{
			"contacts":  count(c.Contacts, func(p customers.Contact) bool { return p.Main }),
			"phones":    count(c.Points, func(p customers.Point) bool { return p.Main && p.Kind == customers.Phone }),
			"addresses": count(c.Addresses, func(p customers.Address) bool { return p.Main }),
		} {
			if mains > 1 {
				o.Errorf("%d main %s", mains, what)
			}
		}
		if c.Custom["colour"] != "red" || c.Custom["shape"] != "round" {
			o.Errorf("custom: %v", c.Custom)
		}
		if c.Consents[0].Given || !strings.EqualFold(c.Consents[0].Purpose, "newsletter") {
			o.Errorf("the stricter consent does not count: %+v", c.Consents)
		}
		gone := o.card(b.ID)
		if gone.State != customers.Merged || gone.MergedIntoID != a.ID || gone.Name != "Рила Трейд" {
			o.Errorf("the merged one: %+v", gone.Customer)
		}
		if c.LastContactAt == 0 || c.LastContactAt != gone.LastContactAt {
			o.Errorf("last contact %d, the other's %d", c.LastContactAt, gone.LastContactAt)
		}
		family, err := o.file.FindFamily(o.ctx, a.ID)
		o.must(err)
		if len(family.Units) != 1 || len(family.Recommended) != 1 {
			o.Errorf("family: %+v", family)
		}
		for _, find := range []func() (customers.Customer, error){
			func() (customers.Customer, error) {
				return o.file.FindByNumber(o.ctx, customers.FormatNumber("K-", b.Number))
			},
			func() (customers.Customer, error) { return o.file.FindByExternalID(o.ctx, "shop", "A-1") },
		} {
			if found, err := find(); err != nil || found.ID != a.ID {
				o.Errorf("found %d, %v", found.ID, err)
			}
		}
		hits, err := o.file.Search(o.ctx, customers.FormatNumber("K-", b.Number), 5)
		if err != nil || len(hits) != 1 || hits[0].ID != a.ID {
			o.Errorf("by its number: %+v, %v", hits, err)
		}
		page, err := o.file.List(o.ctx, customers.ListQuery{})
		o.must(err)
		if len(page.Items) != 3 {
			o.Errorf("%d are listed", len(page.Items))
		}
		d, err := o.file.Dossier(o.ctx, a.ID)
		o.must(err)
		told := map[string]string{}
		for _, item := range d.Timeline.Items {
			told[item.Title] = item.Text
		}
		if !has(told, "Merged with Рила Трейд") || !has(told, "Call") || len(d.Forms) != 1 {
			o.Errorf("timeline: %v, %d forms", told, len(d.Forms))
		}
		if m.FromName != "Рила Трейд" || m.EntryID == 0 {
			o.Errorf("merge: %+v", m)
		}
		o.sound()
	})
}

func has(m map[string]string, key string) bool {
	_, ok := m[key]
	return ok
}

func count[T any](all []T, is func(T) bool) (n int) {
	for _, v := range all {
		if is(v) {
			n++
		}
	}
	return n
}

func TestPartedCustomersAreAsBefore(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		for _, both := range [][2]customers.Customer{{b, a}, {a, b}} {
			before := o.rows()
			m := o.merge(both[0], both[1], map[string]merging.Side{"name": merging.From, "custom.colour": merging.From, "source_id": merging.From})
			parted, err := o.merging.Unmerge(o.ctx, m.ID)
			o.must(err)
			if len(parted.Kept) > 0 {
				o.Errorf("kept %v", parted.Kept)
			}
			o.same(before, o.rows())
			o.sound()
			if _, err := o.merging.Unmerge(o.ctx, m.ID); text(err) != "customers.merge.error-undone" {
				o.Errorf("undone twice: %v", err)
			}
		}
	})
}

func text(err error) string {
	t, _ := errs.TextOf(err)
	return t.ID
}

func TestWhatCameAfterwardsStaysUnlessItHangsOnWhatGoesBack(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		m := o.merge(b, a, nil)
		theirs := o.card(a.ID).Contacts[1]
		if theirs.Name != "Мария Иванова" {
			o.Fatalf("contacts: %+v", theirs)
		}
		with, err := o.file.AddNote(o.ctx, customers.NewNote{CustomerID: a.ID, ContactID: theirs.ID, Kind: customers.CallNote, Body: "with Maria"})
		o.must(err)
		without, err := o.file.AddNote(o.ctx, customers.NewNote{CustomerID: a.ID, Body: "after"})
		o.must(err)
		phone, err := o.file.AddPoint(o.ctx, a.ID, 0, customers.Point{ContactID: theirs.ID, Kind: customers.Phone, Value: "+359 88 999 8877"})
		o.must(err)
		legal, shape := "Rila Trade Holding", "square"
		_, err = o.file.Change(o.ctx, a.ID, 0, customers.Patch{LegalName: &legal, Custom: map[string]any{"shape": shape}})
		o.must(err)
		parted, err := o.merging.Unmerge(o.ctx, m.ID)
		o.must(err)
		if !slices.Equal(parted.Kept, []string{"custom.shape", "legal_name"}) {
			o.Errorf("kept %v", parted.Kept)
		}
		left, back := o.card(a.ID), o.card(b.ID)
		if left.LegalName != legal || left.Custom["shape"] != shape || left.Website != "" || back.LegalName != "Рила Трейд ООД" || back.Custom["shape"] != "round" {
			o.Errorf("fields: %+v and %+v", left, back)
		}
		if n, err := o.file.FindNote(o.ctx, b.ID, with.ID); err != nil || n.Body != "with Maria" {
			o.Errorf("the note with the contact: %v", err)
		}
		if _, err := o.file.FindNote(o.ctx, a.ID, without.ID); err != nil {
			o.Errorf("the other note: %v", err)
		}
		if points := back.Contacts[0].Points; len(points) != 2 || points[1].ID != phone.ID {
			o.Errorf("points of the contact: %+v", points)
		}
		if back.LastContactAt != with.HappenedAt || left.LastContactAt != 0 {
			o.Errorf("last contacts %d and %d", back.LastContactAt, left.LastContactAt)
		}
		o.sound()
	})
}

func TestChainsAreUndoneBackwards(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		c := o.create(named("Rila"))
		start := o.rows()
		first := o.merge(b, a, nil)
		between := o.rows()
		second := o.merge(a, c, nil)
		if found, err := o.file.FindByNumber(o.ctx, fmt.Sprint(b.Number)); err != nil || found.ID != c.ID {
			o.Errorf("the first of the chain leads to %d, %v", found.ID, err)
		}
		_, err := o.merging.Unmerge(o.ctx, first.ID)
		if tx, _ := errs.TextOf(err); tx.ID != "customers.merge.error-later" || tx.Args[1] != "Rila Trade" {
			o.Errorf("the first before the second: %v", err)
		}
		o.sound()
		_, err = o.merging.Unmerge(o.ctx, second.ID)
		o.must(err)
		o.same(between, o.rows())
		_, err = o.merging.Unmerge(o.ctx, first.ID)
		o.must(err)
		o.same(start, o.rows())
		o.sound()
	})
}

func TestUndoFromTheJournal(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		before := o.rows()
		m := o.merge(b, a, nil)
		o.must(o.file.Undo(o.ctx, m.EntryID))
		o.same(before, o.rows())
		if err := o.file.Undo(o.ctx, m.EntryID); text(err) != "customers.merge.error-undone" {
			o.Errorf("twice: %v", err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		head := o.create(named("Head"))
		unit := named("Unit")
		unit.ParentID = head.ID
		middle := o.create(unit)
		unit = named("Lower")
		unit.ParentID = middle.ID
		lower := o.create(unit)
		person := named("Person")
		person.Kind = customers.Person
		somebody := o.create(person)
		before := o.rows()
		for want, order := range map[string]merging.Order{
			"customers.merge.error-same":         {From: a.ID, Into: a.ID},
			"customers.merge.error-below":        {From: head.ID, Into: lower.ID},
			"customers.merge.error-person-units": {From: head.ID, Into: somebody.ID},
			"customers.error.changed-by":         {From: b.ID, Into: a.ID, FromVersion: 99},
			"customers.error.not-found":          {From: 999, Into: a.ID},
		} {
			if _, err := o.merging.Merge(o.ctx, order); text(err) != want && fieldText(err) != want {
				o.Errorf("%s: %v", want, err)
			}
		}
		bad := merging.Order{From: b.ID, Into: a.ID, Choices: map[string]merging.Side{"number": merging.From}}
		if _, err := o.merging.Merge(o.ctx, bad); !errs.Is(err, errs.Invalid) {
			o.Errorf("a field that is not chosen: %v", err)
		}
		o.same(before, o.rows())
		stranger := authz.With(context.Background(), authz.Actor{Kind: authz.Person, UserID: 7, Grants: map[string]authz.Level{"customers.view": authz.All, merging.Right: authz.Own}})
		if _, err := o.merging.Merge(stranger, merging.Order{From: b.ID, Into: a.ID}); !errs.Is(err, errs.Forbidden) {
			o.Errorf("beyond the reach: %v", err)
		}
		o.same(before, o.rows())

		m := o.merge(b, a, nil)
		merged := o.rows()
		name := "Other"
		for what, err := range map[string]error{
			"archive": o.file.Archive(o.ctx, b.ID, 0),
			"change":  second(o.file.Change(o.ctx, b.ID, 0, customers.Patch{Name: &name})),
			"note":    second(o.file.AddNote(o.ctx, customers.NewNote{CustomerID: b.ID, Body: "x"})),
			"merge":   second(o.merging.Merge(o.ctx, merging.Order{From: b.ID, Into: head.ID})),
		} {
			if text(err) != "customers.error.merged" {
				o.Errorf("%s of a merged one: %v", what, err)
			}
		}
		if _, err := o.merging.Unmerge(stranger, m.ID); !errs.Is(err, errs.Forbidden) {
			o.Errorf("parted by a stranger: %v", err)
		}
		o.same(merged, o.rows())
	})
}

func second[T any](_ T, err error) error { return err }

func fieldText(err error) string {
	for _, f := range errs.FieldsOf(err) {
		return f.Text.ID
	}
	return ""
}

func TestErasingTheSurvivorErasesTheMerged(t *testing.T) {
	each(t, func(o *office) {
		a, b := named("Nino Maisuradze"), named("Нино Майсурадзе")
		a.Kind, b.Kind = customers.Person, customers.Person
		b.Phones, b.TaxID = []string{"+995 555 12 34 56"}, "SECRET-7"
		one, two := o.create(a), o.create(b)
		m := o.merge(two, one, nil)
		o.must(o.file.Erase(o.ctx, one.ID, 0))
		for _, id := range []int64{one.ID, two.ID} {
			if c := o.card(id); c.State != customers.Erased || c.MergedIntoID != 0 || strings.Contains(fmt.Sprintf("%+v", c), "SECRET-7") {
				o.Errorf("left: %+v", c)
			}
		}
		if _, err := o.merging.Unmerge(o.ctx, m.ID); text(err) != "customers.error.erased" {
			o.Errorf("parted after erasing: %v", err)
		}
		var chosen string
		o.must(o.db.Read(o.ctx, func(tx *db.Tx) error {
			return tx.QueryRow(o.ctx, "SELECT chosen FROM customers_merges").Scan(&chosen)
		}))
		if strings.Contains(chosen, "SECRET-7") {
			o.Errorf("the merge keeps %s", chosen)
		}
		o.sound()
	})
}

func TestAfterNinetyDaysItStands(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		m := o.merge(b, a, nil)
		old := m.At - 91*24*3600*1_000_000
		o.must(o.db.Write(o.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(o.ctx, "UPDATE customers_merges SET merged_at = $1", old)
			return err
		}))
		if _, err := o.merging.Unmerge(o.ctx, m.ID); text(err) != "customers.error.undo-expired" {
			o.Errorf("too late: %v", err)
		}
	})
}

func TestOthersAreToldInTheSameTransaction(t *testing.T) {
	each(t, func(o *office) {
		a, b := twins(o)
		var told []string
		o.merging.OnMerged(func(_ context.Context, _ *db.Tx, m merging.Merge) error {
			told = append(told, fmt.Sprint("merged ", m.FromID, " ", m.IntoID))
			return nil
		})
		refuse := false
		o.merging.OnUnmerged(func(context.Context, *db.Tx, merging.Merge) error {
			if refuse {
				return errs.New(errs.Conflict, "test", "customers.error.erased")
			}
			told = append(told, "unmerged")
			return nil
		})
		m := o.merge(b, a, nil)
		refuse = true
		merged := o.rows()
		if _, err := o.merging.Unmerge(o.ctx, m.ID); !errs.Is(err, errs.Conflict) {
			o.Errorf("refused by another: %v", err)
		}
		o.same(merged, o.rows())
		refuse = false
		_, err := o.merging.Unmerge(o.ctx, m.ID)
		o.must(err)
		if want := []string{fmt.Sprint("merged ", b.ID, " ", a.ID), "unmerged"}; !slices.Equal(told, want) {
			o.Errorf("told %v", told)
		}
	})
}
