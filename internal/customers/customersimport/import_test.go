package customersimport_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers"
	"kartoteka.dev/internal/customers/customersimport"
	"kartoteka.dev/internal/customers/customerstest"
	"kartoteka.dev/internal/fields"
	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/i18n"
)

// world is an import service for customers with custom fields.
type world struct {
	*imports.Service

	t         testing.TB
	ctx       context.Context
	d         *db.DB
	customers *customers.Service
	target    *customersimport.Target
}

func newWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	own := fields.New(fields.Deps{DB: d, RecordTypes: []string{customers.RecordType}})
	service := customers.New(customers.Deps{DB: d, Company: customerstest.Company{}, Fields: own})
	store, err := files.OpenFolder(t.TempDir(), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	target := customersimport.New(customersimport.Deps{
		DB: d, Customers: service, Company: customerstest.Company{}, Fields: own,
	})
	s, err := imports.New(imports.Deps{DB: d, Files: store, Targets: []imports.Target{target}, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{s, t, authz.AsSystem(context.Background(), "test"), d, service, target}
}

// bring imports a text as a file.
func (w *world) bring(text string, f imports.FileRun) imports.Import {
	w.t.Helper()
	f.Path = filepath.Join(w.t.TempDir(), "file.csv")
	if err := os.WriteFile(f.Path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	f.Kind = customersimport.Kind
	i, err := w.RunFile(w.ctx, f, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) list() map[string]customers.Row {
	w.t.Helper()
	all := map[string]customers.Row{}
	q := customers.ListQuery{Limit: 100, Columns: []string{"custom"}}
	for {
		page, err := w.customers.List(w.ctx, q)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, row := range page.Items {
			all[row.Name] = row
		}
		if page.Next == "" {
			return all
		}
		q.Cursor = page.Next
	}
}

func (w *world) counts(i imports.Import, rows int64, want imports.Counts) {
	w.t.Helper()
	if i.State != imports.Done || i.Rows != rows || i.Counts != want {
		all, _ := w.ListRows(w.ctx, i.ID, "", 0, 20)
		w.t.Fatalf("%s, %d rows, %+v; want %d rows, %+v\n%+v", i.State, i.Rows, i.Counts, rows, want, all)
	}
}

const small = `company,sector,country,phone,e-mail,parent company,employees
Alfa North,metal,Bulgaria,0881234567,office@alfa.example,Alfa Group,12
Alfa Group,metal; tools,bg,,,,1200
Beta,food,Polnad,+48 601 234 567,"a@beta.example, b@beta.example",,7
,food,Poland,,,,3
Gamma,food,Atlantis,,,,5
Delta,food,საქართველო,12,,,8
Epsilon,food,Грузия,,,Nobody Known,9
`

func TestSmallFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i := w.bring(small, imports.FileRun{NewImport: imports.NewImport{NewFields: true}})
		w.counts(i, 7, imports.Counts{Created: 4, Rejected: 3, Noted: 2})
		all := w.list()
		north, group, beta := all["Alfa North"], all["Alfa Group"], all["Beta"]
		if north.ParentID == 0 || north.ParentID != group.ID {
			t.Errorf("the unit's parent is %d, the group is %d", north.ParentID, group.ID)
		}
		if north.Phone != "+359881234567" || north.Country != "BG" || strings.Join(group.Tags, "|") != "metal|tools" {
			t.Errorf("read wrongly: %+v %+v", north, group)
		}
		if beta.Country != "PL" || beta.Email != "a@beta.example" || beta.Custom["employees"] != "7" {
			t.Errorf("read wrongly: %+v", beta)
		}
		if all["Epsilon"].Country != "GE" || all["Epsilon"].ParentID != 0 {
			t.Errorf("read wrongly: %+v", all["Epsilon"])
		}
		w.rejects(i)
	})
}

// rejects looks at the file of rows that were kept out.
func (w *world) rejects(i imports.Import) {
	w.t.Helper()
	var out strings.Builder
	ctx := i18n.With(w.ctx, i18n.Locale{Lang: i18n.Polish})
	if err := w.WriteRejects(ctx, i.ID, &out, imports.CSV); err != nil {
		w.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\r\n")
	if len(lines) != 4 || !strings.HasSuffix(lines[0], ",Powód") || !strings.HasPrefix(lines[2], "Gamma,food,Atlantis") ||
		!strings.Contains(lines[2], "Nie ma kraju „Atlantis”") {
		w.t.Errorf("rejects: %q", lines)
	}
}

func TestDryRunCountsTheSameAndKeepsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		text := small + "Beta,food,Poland,,,,\nbeta,food,PL,,,,\n"
		o := imports.NewImport{Options: imports.Options{Match: imports.MatchNameCountry, OnMatch: imports.Update}}
		dry := w.bring(text, imports.FileRun{NewImport: o, DryRun: true})
		if n := len(w.list()); n != 0 {
			t.Fatalf("a dry run made %d customers", n)
		}
		real := w.bring(text, imports.FileRun{NewImport: o})
		// Of the two repeated rows nothing new is learnt, which only shows in earnest.
		if dry.Created != real.Created || dry.Rejected != real.Rejected || dry.Noted != real.Noted ||
			dry.Updated+dry.Skipped != real.Updated+real.Skipped {
			t.Errorf("dry %+v, real %+v", dry.Counts, real.Counts)
		}
	})
}

func TestMatching(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options imports.Options
		want    imports.Counts
	}{
		{"none", imports.Options{}, imports.Counts{Created: 2, Skipped: 1}}, // the external id is there
		{"external, update", imports.Options{Match: imports.MatchExternal, OnMatch: imports.Update}, imports.Counts{Created: 2, Updated: 1}},
		{"external, create", imports.Options{Match: imports.MatchExternal, OnMatch: imports.CreateAnyway}, imports.Counts{Created: 2, Rejected: 1}},
		{"e-mail", imports.Options{Match: imports.MatchEmail, OnMatch: imports.Update}, imports.Counts{Created: 1, Updated: 2}},
		{"phone", imports.Options{Match: imports.MatchPhone}, imports.Counts{Created: 1, Skipped: 2}},
		{"name", imports.Options{Match: imports.MatchNameCountry, OnMatch: imports.Update}, imports.Counts{Created: 2, Updated: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newWorld(t, d)
				first := w.bring("id,name,country,phone,email\n7,Rila,BG,0881234567,rila@rila.example\n", imports.FileRun{})
				w.counts(first, 1, imports.Counts{Created: 1})
				again := "id,name,country,phone,email,city,tags\n" +
					"7,RILA,BG,,,Sofia,old\n" +
					"8,Pirin,BG,+359 88 123 4567,Rila@rila.example,Bansko,new\n" +
					"9,Vitosha,BG,,,Sofia,new\n"
				w.counts(w.bring(again, imports.FileRun{NewImport: imports.NewImport{Options: tt.options}}), 3, tt.want)
			})
		})
	}
}

func TestUpdateAddsAndKeeps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring("id,name,country,phone,tags,source\n7,Rila,BG,0881234567,old,Exhibition\n", imports.FileRun{})
		o := imports.NewImport{Options: imports.Options{OnMatch: imports.Update}}
		again := "id,name,country,phone,tags,city,contact person\n7,Rila Trade,,0881234567; 0881234568,new,Sofia,Petar\n"
		w.counts(w.bring(again, imports.FileRun{NewImport: o}), 1, imports.Counts{Updated: 1})
		w.counts(w.bring(again, imports.FileRun{NewImport: o}), 1, imports.Counts{Skipped: 1})
		c, err := w.customers.FindByExternalID(w.ctx, "import", "7")
		if err != nil {
			t.Fatal(err)
		}
		card, err := w.customers.FindCard(w.ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if card.Name != "Rila Trade" || card.Country != "BG" || len(card.Points) != 2 || len(card.Tags) != 2 ||
			len(card.Addresses) != 1 || len(card.Contacts) != 1 {
			t.Errorf("%+v", card)
		}
	})
}

func TestPreviewAndFix(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i, err := w.Upload(w.ctx, imports.NewImport{Kind: "customers", FileName: "small.csv", Content: strings.NewReader(small)})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.FindPreview(w.ctx, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := (imports.Counts{Created: 4, Rejected: 3, Noted: 2}); p.Counts != want || !p.Whole || p.Scanned != 7 || len(p.Rows) != 7 {
			t.Fatalf("%+v", p)
		}
		gamma := p.Rows[4]
		if gamma.Action != imports.Rejected || gamma.Problems[0].Field != "country" || gamma.Problems[0].Column != 2 {
			t.Fatalf("%+v", gamma)
		}
		if err := w.SetFix(w.ctx, i.ID, imports.Fix{Row: gamma.Row, Column: 2, Value: "Greece"}); err != nil {
			t.Fatal(err)
		}
		if p, err = w.FindPreview(w.ctx, i.ID); err != nil || p.Counts.Created != 5 || p.Rows[4].Cells[2] != "Greece" {
			t.Fatalf("%v, %+v", err, p.Counts)
		}
	})
}

// TestMaven brings in the accounts of a computer seller, the way the page does.
func TestMaven(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "maven-crm", "accounts.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the folder of real data, ../shared/data beside the repository, is not here")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		i, err := w.RunFile(w.ctx, imports.FileRun{
			Path: path, NewImport: imports.NewImport{Kind: "customers", NewFields: true},
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i.Rows != 85 || i.Created != 85 || i.Rejected != 0 {
			rejected, _ := w.ListRows(w.ctx, i.ID, imports.Rejected, 0, 10)
			t.Fatalf("%+v %+v", i.Counts, rejected)
		}
		all := w.list()
		units, countries := 0, map[string]int{}
		for _, c := range all {
			countries[c.Country]++
			if c.ParentID != 0 {
				units++
			}
		}
		if units != 15 || all["Codehow"].ParentID != all["Acme Corporation"].ID {
			t.Errorf("%d units", units)
		}
		if countries["US"] != 71 || countries["PH"] != 1 || countries["KE"] != 1 || countries[""] != 0 {
			t.Errorf("countries: %v", countries)
		}
		if c := all["Acme Corporation"]; c.Custom["employees"] != "2822" || c.Custom["revenue"] != "1100.04" || c.Tags[0] != "technolgy" {
			t.Errorf("%+v", c)
		}
	})
}

func TestPermissions(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	as := func(id int64, create authz.Level) context.Context {
		return authz.With(t.Context(), authz.Actor{Kind: authz.Person, UserID: id, Grants: map[string]authz.Level{
			"imports.run": authz.Own, "customers.create": create,
		}})
	}
	upload := func(ctx context.Context) (imports.Import, error) {
		return w.Upload(ctx, imports.NewImport{Kind: "customers", FileName: "a.csv", Content: strings.NewReader("name\nRila\n")})
	}
	if _, err := upload(t.Context()); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := upload(as(1, authz.None)); !errs.Is(err, errs.Forbidden) {
		t.Errorf("without the right to create: %v", err)
	}
	i, err := upload(as(1, authz.All))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Find(as(2, authz.All), i.ID); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	if all, err := w.List(as(2, authz.All), 0, 0); err != nil || len(all) != 0 {
		t.Errorf("somebody else's list: %v %v", all, err)
	}
	if all, err := w.List(as(1, authz.All), 0, 0); err != nil || len(all) != 1 {
		t.Errorf("own list: %v %v", all, err)
	}
}
