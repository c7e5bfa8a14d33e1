package customers_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/journal"
	"kartoteka.dev/internal/team/teamtest"
)

// lastEntry is the newest entry of the journal about a customer.
func lastEntry(t *testing.T, d *db.DB, id int64) journal.Record {
	t.Helper()
	var all []journal.Record
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = journal.List(t.Context(), tx, journal.Query{CustomerID: id, Limit: 1})
		return err
	})
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	return all[0]
}

func wantIndex(t *testing.T, s *customers.Service) {
	t.Helper()
	if v, err := s.CheckWords(customerstest.System()); err != nil || v.Wrong != 0 || v.Lexicon != 0 || v.Writings {
		t.Errorf("index: %+v, %v", v, err)
	}
}

// TestUndoTakesBackEveryChange makes each change, undoes it, and wants the card
// of before; then undoes a change that was overtaken, and wants a refusal.
func TestUndoTakesBackEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		c, err := s.Create(ctx, full())
		if err != nil {
			t.Fatal(err)
		}
		card, err := s.FindCard(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, change := range map[string]func() error{
			"changed": func() error {
				_, err := s.Change(ctx, c.ID, 0, customers.Patch{Name: ptr("Other"), TaxID: ptr(""), Birthday: nil})
				return err
			},
			"tags": func() error { return s.ChangeTags(ctx, c.ID, 0, []string{"new"}, []string{"vip"}) },
			"point changed": func() error {
				p := card.Points[1]
				p.Value = "new@example.com"
				_, err := s.ChangePoint(ctx, c.ID, 0, p)
				return err
			},
			"point removed": func() error { return s.RemovePoint(ctx, c.ID, 0, current(t, s, c.ID).Points[0].ID) },
			"point added": func() error {
				_, err := s.AddPoint(ctx, c.ID, 0, customers.Point{Kind: customers.Email, Value: "more@example.com"})
				return err
			},
			"address changed": func() error {
				a := current(t, s, c.ID).Addresses[0]
				a.City = "Пловдив"
				_, err := s.ChangeAddress(ctx, c.ID, 0, a)
				return err
			},
			"address removed": func() error { return s.RemoveAddress(ctx, c.ID, 0, current(t, s, c.ID).Addresses[0].ID) },
			"contact changed": func() error {
				k := current(t, s, c.ID).Contacts[0]
				k.Name, k.Position = "Anna Clarke", ""
				_, err := s.ChangeContact(ctx, c.ID, 0, k)
				return err
			},
			"contact removed": func() error { return s.RemoveContact(ctx, c.ID, 0, current(t, s, c.ID).Contacts[0].ID) },
			"date removed":    func() error { return s.RemoveDate(ctx, c.ID, 0, current(t, s, c.ID).Dates[0].ID) },
			"archived":        func() error { return s.Archive(ctx, c.ID, 0) },
		} {
			before := plain(current(t, s, c.ID))
			if err := change(); err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got := plain(current(t, s, c.ID)); got == before {
				t.Errorf("%s changed nothing", name)
			}
			entry := lastEntry(t, d, c.ID)
			if !customers.Undoable(entry.Kind) {
				t.Errorf("%s: %s cannot be undone", name, entry.Kind)
			}
			if err := s.Undo(ctx, entry.ID); err != nil {
				t.Errorf("undo %s: %v", name, err)
			}
			if got := plain(current(t, s, c.ID)); got != before {
				t.Errorf("undo %s:\n%s\nnot\n%s", name, got, before)
			}
			if err := s.Undo(ctx, entry.ID); !errs.Is(err, errs.Conflict) {
				t.Errorf("undo %s twice: %v", name, err)
			}
		}
		wantIndex(t, s)
		if err := s.Undo(ctx, lastEntry(t, d, c.ID).ID+1000); !errs.Is(err, errs.NotFound) {
			t.Errorf("undo of nothing: %v", err)
		}
	})
}

func TestUndoEndsAfterNinetyDays(t *testing.T) {
	now := &movable{time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
	d, err := db.Open(t.Context(), db.Options{URL: dbtest.PostgresURL(t), Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	s, ctx := customerstest.Service(t, d), customerstest.System()
	c := customerstest.Create(t, d, nil)
	if _, err := s.Change(ctx, c.ID, 0, customers.Patch{Name: ptr("Other")}); err != nil {
		t.Fatal(err)
	}
	entry := lastEntry(t, d, c.ID)
	now.t = now.t.Add(91 * 24 * time.Hour)
	if err := s.Undo(ctx, entry.ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("after 91 days: %v", err)
	}
	now.t = now.t.Add(-2 * 24 * time.Hour)
	if err := s.Undo(ctx, entry.ID); err != nil {
		t.Errorf("after 89 days: %v", err)
	}
}

type movable struct{ t time.Time }

func (m *movable) Now() time.Time { return m.t }

func current(t *testing.T, s *customers.Service, id int64) customers.Card {
	t.Helper()
	card, err := s.FindCard(customerstest.System(), id)
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// plain is what a person sees of a card, without ids and versions.
func plain(c customers.Card) string {
	out := string(c.State) + "|" + c.Name + "|" + c.TaxID
	var all []string
	points := func(of string, points []customers.Point) {
		for _, p := range points {
			all = append(all, of+string(p.Kind)+p.Value+p.Extension)
		}
	}
	points("", c.Points)
	for _, k := range c.Contacts {
		all = append(all, "contact "+k.Name+k.Position)
		points(k.Name, k.Points)
	}
	for _, a := range c.Addresses {
		all = append(all, "address "+a.City+a.Street)
	}
	for _, tag := range c.Tags {
		all = append(all, "tag "+tag.Name)
	}
	for _, day := range c.Dates {
		all = append(all, "day "+day.Label+day.Day.String())
	}
	slices.Sort(all)
	for _, one := range all {
		out += "\n" + one
	}
	return out
}

func TestUnitsStayATree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		var chain []int64
		for i := range customers.MaxDepth {
			chain = append(chain, customerstest.Create(t, d, func(in *customers.NewCustomer) {
				if i > 0 {
					in.ParentID = chain[i-1]
				}
			}).ID)
		}
		tooDeep := customerstest.New()
		tooDeep.ParentID = chain[len(chain)-1]
		if _, err := s.Create(ctx, tooDeep); !errs.Is(err, errs.Invalid) {
			t.Errorf("a unit too deep: %v", err)
		}
		person := customerstest.Create(t, d, func(in *customers.NewCustomer) { in.Kind = customers.Person })
		other := customerstest.Create(t, d, nil)
		for name, change := range map[string]struct {
			id, parent int64
		}{
			"itself": {chain[0], chain[0]}, "a cycle": {chain[0], chain[4]}, "a short cycle": {chain[0], chain[1]},
			"a person": {other.ID, person.ID}, "nobody": {other.ID, 9999}, "too deep": {other.ID, chain[4]},
		} {
			if _, err := s.Change(ctx, change.id, 0, customers.Patch{ParentID: &change.parent}); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s as parent: %v", name, err)
			}
		}
		if _, err := s.Change(ctx, chain[0], 0, customers.Patch{Kind: ptr(customers.Person)}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a person with units: %v", err)
		}
		if _, err := s.Change(ctx, other.ID, 0, customers.Patch{RecommendedByID: &other.ID}); !errs.Is(err, errs.Invalid) {
			t.Errorf("recommended by itself: %v", err)
		}
		if _, err := s.Change(ctx, other.ID, 0, customers.Patch{ParentID: &chain[3], RecommendedByID: &person.ID}); err != nil {
			t.Error(err)
		}
		f, err := s.FindFamily(ctx, chain[3])
		if err != nil || len(f.Above) != 3 || f.Above[0].ID != chain[0] || len(f.Units) != 2 {
			t.Errorf("family: %+v, %v", f, err)
		}
		if f, err := s.FindFamily(ctx, person.ID); err != nil || len(f.Recommended) != 1 {
			t.Errorf("recommended: %+v, %v", f, err)
		}
	})
}

func TestEraseLeavesNothingOfThePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := customerstest.Service(t, d), customerstest.System()
		in := full()
		in.Kind, in.Name = customers.Person, "Secretova Tajna"
		c, err := s.Create(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.RecordConsent(ctx, c.ID, customers.Consent{Purpose: "newsletter", Given: true, How: "Secretova said so"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Erase(ctx, customerstest.Create(t, d, nil).ID, 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("an organisation: %v", err)
		}
		if err := s.Erase(ctx, c.ID, 0); err != nil {
			t.Fatal(err)
		}
		card := current(t, s, c.ID)
		if card.State != customers.Erased || card.Number != c.Number || card.TaxID != "" || card.Website != "" || len(card.Points)+len(card.Contacts)+len(card.Addresses)+len(card.Tags)+len(card.Dates) != 0 {
			t.Errorf("card: %+v", card)
		}
		for _, q := range []string{"secretova", "0881234567", "nino", "K-1"} {
			if hits, err := s.Search(ctx, q, 5); err != nil || len(hits) != 0 {
				t.Errorf("still found by %q: %v, %v", q, hits, err)
			}
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			all, err := journal.List(ctx, tx, journal.Query{CustomerID: c.ID})
			for _, e := range all {
				if e.Before != nil || e.After != nil {
					t.Errorf("the journal still tells %s of %s", e.After, e.Kind)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := s.Change(ctx, c.ID, 0, customers.Patch{Name: ptr("Back")}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a change of an erased person: %v", err)
		}
		if v, err := journal.Verify(ctx, d); err != nil || len(v.Broken) > 0 {
			t.Errorf("the chain: %+v, %v", v, err)
		}
		wantIndex(t, s)
	})
}

// TestScopes holds every method to the reach of its permission.
func TestScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := customerstest.Service(t, d)
		me, colleague, stranger := teamtest.Person(t, d), teamtest.Person(t, d), teamtest.Person(t, d)
		ours := teamtest.Team(t, d, "Ours", me, colleague)
		of := func(owner, team int64) int64 {
			return customerstest.Create(t, d, func(in *customers.NewCustomer) {
				in.Name, in.Kind, in.OwnerID, in.TeamID = "Scoped Trade", customers.Person, owner, team
				in.Phones = []string{"0881234567"}
			}).ID
		}
		ids := map[string]int64{"own": of(me.ID, 0), "team": of(colleague.ID, ours.ID), "all": of(stranger.ID, 0)}
		as := func(level authz.Level) context.Context {
			grants := map[string]authz.Level{}
			for _, p := range customers.Permissions {
				grants[p.ID] = level
			}
			return authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: me.ID, TeamIDs: []int64{ours.ID}, Grants: grants})
		}
		reaches := map[authz.Level][]string{authz.Own: {"own"}, authz.Team: {"own", "team"}, authz.All: {"own", "team", "all"}}
		for level, reached := range reaches {
			ctx := as(level)
			page, err := s.List(ctx, customers.ListQuery{})
			hits, err2 := s.Search(ctx, "scoped", 10)
			counted, err3 := s.Count(ctx, nil)
			similar, err4 := s.Similar(ctx, customers.NewCustomer{Phones: []string{"0881234567"}})
			if err != nil || err2 != nil || err3 != nil || err4 != nil {
				t.Fatal(err, err2, err3, err4)
			}
			if n := len(reached); len(page.Items) != n || len(hits) != n || counted.N != n || len(similar) != n {
				t.Errorf("%s reaches %d listed, %d found, %d counted, %d similar", level, len(page.Items), len(hits), counted.N, len(similar))
			}
			for whose, id := range ids {
				for name, method := range single(s) {
					err := method(ctx, id)
					switch in := slices.Contains(reached, whose); {
					case !in && !errs.Is(err, errs.NotFound):
						t.Errorf("%s with %s at %s: %v", name, level, whose, err)
					case in && errs.Is(err, errs.NotFound):
						t.Errorf("%s with %s at %s is refused: %v", name, level, whose, err)
					}
				}
			}
			result, err := s.Bulk(ctx, customers.Selection{IDs: []int64{ids["own"], ids["team"], ids["all"]}}, customers.BulkChange{AddTags: []string{level.String()}}, nil)
			if err != nil || result.Changed != len(reached) || result.Refused != 3-len(reached) {
				t.Errorf("bulk with %s: %+v, %v", level, result, err)
			}
		}
		for name, method := range single(s) {
			if err := method(as(authz.None), ids["own"]); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s without the right: %v", name, err)
			}
			if err := method(t.Context(), ids["own"]); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s of nobody: %v", name, err)
			}
		}
		viewer := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: me.ID, Grants: map[string]authz.Level{
			"customers.view": authz.All, "customers.edit": authz.Own,
		}})
		if _, err := s.Change(viewer, ids["all"], 0, customers.Patch{Name: ptr("Mine")}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a change of what is only seen: %v", err)
		}
	})
}

// single are the methods about one customer; none of them succeeds in changing
// anything, so that they can be tried at will.
func single(s *customers.Service) map[string]func(context.Context, int64) error {
	const wrong = 987654321 // a version nobody has
	return map[string]func(context.Context, int64) error{
		"Find":       func(ctx context.Context, id int64) error { _, err := s.Find(ctx, id); return err },
		"FindCard":   func(ctx context.Context, id int64) error { _, err := s.FindCard(ctx, id); return err },
		"FindFamily": func(ctx context.Context, id int64) error { _, err := s.FindFamily(ctx, id); return err },
		"Change": func(ctx context.Context, id int64) error {
			_, err := s.Change(ctx, id, wrong, customers.Patch{})
			return err
		},
		"Archive": func(ctx context.Context, id int64) error { return s.Archive(ctx, id, wrong) },
		"Restore": func(ctx context.Context, id int64) error { return s.Restore(ctx, id, wrong) },
		"Erase":   func(ctx context.Context, id int64) error { return s.Erase(ctx, id, wrong) },
		"AddPoint": func(ctx context.Context, id int64) error {
			_, err := s.AddPoint(ctx, id, wrong, customers.Point{})
			return err
		},
		"ChangePoint": func(ctx context.Context, id int64) error {
			_, err := s.ChangePoint(ctx, id, wrong, customers.Point{})
			return err
		},
		"RemovePoint": func(ctx context.Context, id int64) error { return s.RemovePoint(ctx, id, wrong, 1) },
		"AddAddress": func(ctx context.Context, id int64) error {
			_, err := s.AddAddress(ctx, id, wrong, customers.Address{})
			return err
		},
		"ChangeAddress": func(ctx context.Context, id int64) error {
			_, err := s.ChangeAddress(ctx, id, wrong, customers.Address{})
			return err
		},
		"RemoveAddress": func(ctx context.Context, id int64) error { return s.RemoveAddress(ctx, id, wrong, 1) },
		"AddContact": func(ctx context.Context, id int64) error {
			_, err := s.AddContact(ctx, id, wrong, customers.Contact{})
			return err
		},
		"ChangeContact": func(ctx context.Context, id int64) error {
			_, err := s.ChangeContact(ctx, id, wrong, customers.Contact{})
			return err
		},
		"RemoveContact": func(ctx context.Context, id int64) error { return s.RemoveContact(ctx, id, wrong, 1) },
		"AddDate": func(ctx context.Context, id int64) error {
			_, err := s.AddDate(ctx, id, wrong, customers.ImportantDate{})
			return err
		},
		"ChangeDate": func(ctx context.Context, id int64) error {
			_, err := s.ChangeDate(ctx, id, wrong, customers.ImportantDate{})
			return err
		},
		"RemoveDate": func(ctx context.Context, id int64) error { return s.RemoveDate(ctx, id, wrong, 1) },
		"ChangeTags": func(ctx context.Context, id int64) error { return s.ChangeTags(ctx, id, wrong, nil, nil) },
		"RecordConsent": func(ctx context.Context, id int64) error {
			_, err := s.RecordConsent(ctx, id, customers.Consent{Purpose: "x", ContactID: wrong})
			return err
		},
	}
}

func TestFieldRights(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := customerstest.Service(t, d)
		c, err := s.Create(customerstest.System(), full())
		if err != nil {
			t.Fatal(err)
		}
		grants := map[string]authz.Level{}
		hidden := map[string]authz.FieldRight{}
		for _, p := range customers.Permissions {
			grants[p.ID] = authz.All
		}
		for _, f := range customers.Fields {
			hidden[f.ID] = authz.FieldHidden
		}
		ctx := authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: 1, Grants: grants, Fields: hidden})
		card, err := s.FindCard(ctx, c.ID)
		if err != nil || card.TaxID != "" || card.VATID != "" || card.Points != nil || card.Addresses != nil || card.Contacts[0].Points != nil {
			t.Errorf("hidden fields are told: %+v, %v", card, err)
		}
		page, err := s.List(ctx, customers.ListQuery{})
		if err != nil || page.Items[0].Phone != "" || page.Items[0].TaxID != "" || page.Items[0].City != "" {
			t.Errorf("hidden fields are listed: %+v, %v", page, err)
		}
		for _, q := range []string{"0881234567", "office@ivanov", "BG123456789"} {
			if hits, err := s.Search(ctx, q, 5); err != nil || len(hits) != 0 {
				t.Errorf("found by the hidden %q: %v, %v", q, hits, err)
			}
		}
		if _, err := s.List(ctx, customers.ListQuery{Filter: filter.Where("tax_id", filter.Filled)}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a filter by a hidden field: %v", err)
		}
		if _, err := s.Change(ctx, c.ID, 0, customers.Patch{TaxID: ptr("1")}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a change of a hidden field: %v", err)
		}
		if _, err := s.AddPoint(ctx, c.ID, 0, customers.Point{Kind: customers.Email, Value: "a@example.com"}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a hidden point: %v", err)
		}
	})
}
