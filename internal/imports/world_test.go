package imports_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/imports"
	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/files"
	"kartoteka.dev/internal/platform/jobs"
)

// things is a target of the simplest kind: a name, a number, and the name of
// another thing.
type things struct{}

func (things) Kind() string { return "things" }

func (things) Describe(context.Context) (imports.Description, error) {
	return imports.Description{
		Label: "Things",
		Fields: []imports.Field{
			{Name: "name", Label: "Name", Required: true, Example: "Lamp"},
			{Name: "of", Label: "Part of"},
			{Name: "size", Label: "Size"},
			{Name: "since", Label: "Since", Dates: true},
		},
		Rules: []imports.MatchRule{imports.MatchNone, imports.MatchExternal},
		Types: []imports.FieldType{imports.TypeText},
	}, nil
}

func (things) AddField(context.Context, imports.NewField) (string, error) { return "size", nil }

func (things) Begin(_ context.Context, o imports.Options) (imports.Run, error) {
	return &thingRun{o}, nil
}

type thingRun struct{ options imports.Options }

type thing struct{ name, size string }

func (r *thingRun) Prepare(_ context.Context, row imports.Row) (p imports.Prepared, problems []imports.Problem) {
	var t thing
	for _, v := range row.Values {
		switch v.Field {
		case "name":
			t.name = v.Text
		case "size":
			t.size = v.Text
		case "of":
			p.Refs = &imports.References{Refs: []imports.Reference{{Field: "of", Column: v.Column, Text: v.Text, Keys: []string{v.Text}}}}
		}
	}
	if t.name == "" {
		problems = append(problems, imports.Problem{Column: -1, Text: errs.Text{ID: "errors.field-missing"}})
	}
	p.Record, p.Names = &t, []string{t.name}
	if r.options.Match == imports.MatchExternal {
		p.Keys = []imports.Key{{Text: t.name, Identity: true}}
	}
	return p, problems
}

func (r *thingRun) Show(_ context.Context, p imports.Prepared) []imports.Shown {
	return []imports.Shown{{Field: "name", Label: "Name", Text: p.Record.(*thing).name}}
}

func (r *thingRun) Match(ctx context.Context, tx *db.Tx, keys []string) (map[string]int64, error) {
	found := map[string]int64{}
	for _, k := range keys {
		all, err := db.All(ctx, tx, db.Value[int64], `SELECT id FROM imports_test_things WHERE name = $1 ORDER BY id LIMIT 1`, k)
		if err != nil {
			return nil, err
		}
		if len(all) > 0 {
			found[k] = all[0]
		}
	}
	return found, nil
}

// Apply refuses the whole batch if there is a thing called poison, and has the
// database refuse one called null.
func (r *thingRun) Apply(ctx context.Context, tx *db.Tx, changes []imports.Change) ([]imports.Result, error) {
	results := make([]imports.Result, len(changes))
	for i, c := range changes {
		t := c.Record.(*thing)
		if c.RecordID != 0 {
			if _, err := tx.Exec(ctx, `UPDATE imports_test_things SET size = $2 WHERE id = $1`, c.RecordID, t.size); err != nil {
				return nil, err
			}
			results[i].ID = c.RecordID
			continue
		}
		var name any = t.name
		if t.name == "taken" {
			name = "Lamp 1"
		}
		id, err := db.One(ctx, tx, db.Value[int64], `INSERT INTO imports_test_things (id, name, size, of_id)
SELECT COALESCE(MAX(id), 0) + 1, CAST($1 AS TEXT), CAST($2 AS TEXT), 0 FROM imports_test_things RETURNING id`, name, t.size)
		if err != nil {
			return nil, err
		}
		results[i].ID = id
		if t.name == "poison" {
			return nil, errs.New(errs.Invalid, "things.Apply", "errors.field-taken")
		}
	}
	return results, nil
}

func (r *thingRun) Link(ctx context.Context, tx *db.Tx, links []imports.Link) ([]imports.Result, error) {
	for _, l := range links {
		if _, err := tx.Exec(ctx, `UPDATE imports_test_things SET of_id = of_id + $2 WHERE id = $1`, l.RecordID, l.OtherID); err != nil {
			return nil, err
		}
	}
	return make([]imports.Result, len(links)), nil
}

// world is an import service for things.
type world struct {
	*imports.Service

	t   *testing.T
	ctx context.Context
	d   *db.DB
	dir string
}

func newWorld(t *testing.T, d *db.DB, runner *jobs.Runner) *world {
	t.Helper()
	w := &world{t: t, d: d, dir: t.TempDir(), ctx: authz.AsSystem(t.Context(), "test")}
	err := d.Write(w.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(w.ctx, `CREATE TABLE imports_test_things (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, size TEXT NOT NULL, of_id BIGINT NOT NULL)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Service = w.service(runner)
	return w
}

// service is another process on the same data.
func (w *world) service(runner *jobs.Runner) *imports.Service {
	w.t.Helper()
	store, err := files.OpenFolder(w.dir, clock.System)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := imports.New(imports.Deps{DB: w.d, Files: store, Jobs: runner, Targets: []imports.Target{things{}}, TempDir: w.t.TempDir()})
	if err != nil {
		w.t.Fatal(err)
	}
	s.Small(7)
	return s
}

func (w *world) run(text string, f imports.FileRun) (imports.Import, error) {
	w.t.Helper()
	f.Kind, f.Path = "things", filepath.Join(w.t.TempDir(), "things.csv")
	if err := os.WriteFile(f.Path, []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return w.RunFile(w.ctx, f, nil)
}

func (w *world) upload(text string, n imports.NewImport) imports.Import {
	w.t.Helper()
	n.Kind, n.FileName, n.Content = "things", "things.csv", strings.NewReader(text)
	i, err := w.Upload(w.ctx, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) find(id int64) imports.Import {
	w.t.Helper()
	i, err := w.Find(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func (w *world) await(id int64, state imports.State) imports.Import {
	w.t.Helper()
	for range 600 {
		if i := w.find(id); i.State == state {
			return i
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("import is %+v, not %s", w.find(id), state)
	return imports.Import{}
}

// kept are the things there are, as "name/size/of".
func (w *world) kept() []string {
	w.t.Helper()
	var all []string
	err := w.d.Read(w.ctx, func(tx *db.Tx) (err error) {
		all, err = db.All(w.ctx, tx, func(s db.Scanner) (string, error) {
			var name, size string
			var of int64
			err := s.Scan(&name, &size, &of)
			return fmt.Sprintf("%s/%s/%d", name, size, of), err
		}, `SELECT name, size, of_id FROM imports_test_things ORDER BY id`)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// lamps is a file of n things, each a part of the last one.
func lamps(n int) string {
	var b strings.Builder
	b.WriteString("name,part of,size\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "Lamp %d,Lamp %d,%d\n", i, n, i)
	}
	return b.String()
}

var errCrash = errors.New("crash")
