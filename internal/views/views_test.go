package views_test

import (
	"context"
	"slices"
	"testing"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/team/teamtest"
	"kartoteka.dev/internal/views"
)

var schema = filter.MustSchema("c.id",
	filter.Field{Name: "name", Type: filter.Text, Folded: true, SQL: filter.Source{Expr: "c.name_key", Sort: "c.name_sort"}},
	filter.Field{Name: "country", Type: filter.Country, SQL: filter.Source{Expr: "c.country"}},
	filter.Field{Name: "custom.size", Type: filter.Number, SQL: filter.Source{Expr: "c.size", Sort: "c.size"}},
)

func service(d *db.DB) *views.Service {
	return views.New(views.Deps{DB: d, Lists: []views.List{
		{Key: "customers", BuiltIn: []views.BuiltIn{
			{Key: "all", Label: "common.all"},
			{Key: "ours", Label: "common.name", Filter: "country = BG", Sort: "name"},
		}},
		{Key: "contacts"},
	}})
}

func keys(a views.Arranged) []string {
	var out []string
	for _, v := range a.Views {
		out = append(out, v.Key)
	}
	return out
}

func mustList(t *testing.T, s *views.Service, ctx context.Context) views.Arranged {
	t.Helper()
	a, err := s.List(ctx, "customers")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestWhoSeesAndChangesWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		head := teamtest.Person(t, d, authz.Head)
		mate, stranger := teamtest.Person(t, d), teamtest.Person(t, d)
		ours := teamtest.Team(t, d, "Ours", head, mate)
		asHead := teamtest.As(t, d, head, views.Permissions()...)
		asMate := teamtest.As(t, d, mate, views.Permissions()...)
		asStranger := teamtest.As(t, d, stranger, views.Permissions()...)

		made := map[views.Shared]views.View{}
		for _, shared := range []views.Shared{views.Private, views.Team, views.Everyone} {
			in := views.Input{Name: "View " + string(shared), Shared: shared, Filter: "country in (bg)", Sort: "-name"}
			if shared == views.Team {
				in.TeamID = ours.ID
			}
			v, err := s.Create(asHead, "customers", in, schema)
			if err != nil {
				t.Fatal(err)
			}
			made[shared] = v
		}
		reach := []struct {
			name string
			ctx  context.Context
			sees []views.Shared
		}{
			{"owner", asHead, []views.Shared{views.Private, views.Team, views.Everyone}},
			{"team mate", asMate, []views.Shared{views.Team, views.Everyone}},
			{"stranger", asStranger, []views.Shared{views.Everyone}},
		}
		for _, r := range reach {
			want := []string{"all", "ours"}
			for _, shared := range []views.Shared{views.Private, views.Team, views.Everyone} {
				v, sees := made[shared], slices.Contains(r.sees, shared)
				if sees {
					want = append(want, v.Key)
				}
				if _, err := s.Find(r.ctx, "customers", v.Key); (err == nil) != sees || !sees && !errs.Is(err, errs.NotFound) {
					t.Errorf("%s finds the %s view: %v", r.name, shared, err)
				}
				if r.name == "owner" {
					continue
				}
				kind := errs.NotFound
				if sees {
					kind = errs.Forbidden
				}
				if _, err := s.Change(r.ctx, v.ID, views.Input{Name: "Mine now"}, schema); !errs.Is(err, kind) {
					t.Errorf("%s changes the %s view: %v", r.name, shared, err)
				}
				if err := s.Remove(r.ctx, v.ID); !errs.Is(err, kind) {
					t.Errorf("%s removes the %s view: %v", r.name, shared, err)
				}
			}
			if got := keys(mustList(t, s, r.ctx)); !slices.Equal(got, want) {
				t.Errorf("%s sees %v, want %v", r.name, got, want)
			}
		}
		if _, err := s.Create(asMate, "customers", views.Input{Name: "For all", Shared: views.Everyone}, schema); !errs.Is(err, errs.Forbidden) {
			t.Errorf("shared without the right: %v", err)
		}
		if _, err := s.Create(t.Context(), "customers", views.Input{Name: "x"}, schema); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody saves a view: %v", err)
		}
		if _, err := s.List(t.Context(), "customers"); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("nobody lists views: %v", err)
		}
	})
}

func TestArrangement(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		mine := teamtest.As(t, d, teamtest.Person(t, d), views.Permissions()...)
		other := teamtest.As(t, d, teamtest.Person(t, d), views.Permissions()...)
		if a := mustList(t, s, mine); a.First != "all" || len(a.Columns) != 0 {
			t.Errorf("at first: %+v", a)
		}
		v, err := s.Create(mine, "customers", views.Input{Name: " Big  ones ", Filter: "custom.size > 5"}, schema)
		if err != nil || v.Name != "Big ones" {
			t.Fatalf("%+v, %v", v, err)
		}
		for _, err := range []error{
			s.Reorder(mine, "customers", []string{v.Key, "gone", "ours", v.Key}),
			s.OpenFirst(mine, "customers", v.Key),
			s.ChooseColumns(mine, "customers", []string{"name", "custom.size", "name"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		counted, count := db.WithCounter(mine)
		a := mustList(t, s, counted)
		if !slices.Equal(keys(a), []string{v.Key, "ours", "all"}) || a.First != v.Key || !slices.Equal(a.Columns, []string{"name", "custom.size"}) {
			t.Errorf("arranged: %+v", a)
		}
		if count.Count() != 1 {
			t.Errorf("the list took %d statements", count.Count())
		}
		if a := mustList(t, s, other); a.First != "all" || !slices.Equal(keys(a), []string{"all", "ours"}) {
			t.Errorf("somebody else's: %+v", a)
		}
		if err := s.Remove(mine, v.ID); err != nil {
			t.Fatal(err)
		}
		if a := mustList(t, s, mine); a.First != "all" || !slices.Equal(keys(a), []string{"ours", "all"}) {
			t.Errorf("after the removal: %+v", a)
		}
		if err := s.OpenFirst(mine, "customers", v.Key); !errs.Is(err, errs.NotFound) {
			t.Errorf("a removed view opens first: %v", err)
		}
	})
}

func TestChangeKeepsToTheVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := service(d)
		ctx := teamtest.As(t, d, teamtest.Person(t, d), views.Permissions()...)
		v, err := s.Create(ctx, "customers", views.Input{Name: "A"}, schema)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Change(ctx, v.ID, views.Input{Name: "B", Filter: "country in (bg)", Columns: []string{"name"}, Version: v.Version}, schema)
		if err != nil || b.Version != v.Version+1 {
			t.Fatalf("%+v, %v", b, err)
		}
		found, err := s.Find(ctx, "customers", v.Key)
		if err != nil || found.Name != "B" || found.Version != b.Version || !slices.Equal(found.Columns, b.Columns) || found.Filter != b.Filter {
			t.Errorf("found %+v, want %+v, %v", found, b, err)
		}
		if _, err := s.Change(ctx, v.ID, views.Input{Name: "C", Version: v.Version}, schema); !errs.Is(err, errs.Conflict) {
			t.Errorf("an old version was changed: %v", err)
		}
		if _, err := s.Find(ctx, "contacts", v.Key); !errs.Is(err, errs.NotFound) {
			t.Errorf("found in another list: %v", err)
		}
	})
}

func TestInputIsChecked(t *testing.T) {
	d := dbtest.SQLite(t)
	s := service(d)
	person := teamtest.Person(t, d, authz.Head)
	ctx := teamtest.As(t, d, person, views.Permissions()...)
	tests := []struct {
		in    views.Input
		field string
	}{
		{views.Input{}, "name"},
		{views.Input{Name: "x", Shared: "all"}, "shared"},
		{views.Input{Name: "x", Shared: views.Team}, "team_id"},
		{views.Input{Name: "x", Shared: views.Team, TeamID: 99}, "team_id"},
		{views.Input{Name: "x", Filter: "ghost = 1"}, "filter"},
		{views.Input{Name: "x", Filter: "name ="}, "filter"},
		{views.Input{Name: "x", Sort: "country"}, "sort"},
		{views.Input{Name: "x", Columns: []string{"<b>"}}, "columns"},
	}
	for _, tt := range tests {
		_, err := s.Create(ctx, "customers", tt.in, schema)
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != tt.field {
			t.Errorf("%+v: %v, want %s", tt.in, err, tt.field)
		}
	}
	if _, err := s.Create(ctx, "ghosts", views.Input{Name: "x"}, schema); !errs.Is(err, errs.NotFound) {
		t.Errorf("an unknown list: %v", err)
	}
}

func TestOpenSaysWhatIsGone(t *testing.T) {
	less := schema.Only(func(f filter.Field) bool { return f.Name != "custom.size" })
	v := views.View{Name: "Big", Filter: "country = BG and custom.size > 5", Sort: "-custom.size,name", Columns: []string{"name", "custom.size", "phone"}}
	o, err := v.Open(t.Context(), schema, func(name string) bool { return name == "phone" })
	if err != nil || o.Sort != "-custom.size,name" || len(o.Columns) != 3 || len(o.Dropped) != 0 || filter.Format(o.Filter) != v.Filter {
		t.Errorf("whole: %+v, %v", o, err)
	}
	_, err = v.Open(t.Context(), less, nil)
	if text, _ := errs.TextOf(err); !errs.Is(err, errs.Invalid) || text.ID != "views.error.broken-field" || !slices.Contains(text.Args, any("custom.size")) {
		t.Errorf("broken: %v", err)
	}
	v.Filter = "country = BG"
	o, err = v.Open(t.Context(), less, nil)
	if err != nil || o.Sort != "name" || !slices.Equal(o.Columns, []string{"name"}) || !slices.Equal(o.Dropped, []string{"custom.size", "phone"}) {
		t.Errorf("without its order: %+v, %v", o, err)
	}
}
