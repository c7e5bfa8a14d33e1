package filter

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/fold"
)

// thing is a row of the tests; pointers are nil for NULL.
type thing struct {
	id      int64
	name    string // folded
	code    *string
	country *string
	stage   *string
	owner   *int64
	score   *int64
	revenue int64
	born    *int64
	created int64
	seen    *int64
	vip     *bool
	words   []string
	starred bool // of all its words
	kind    string
}

const tables = `
CREATE TABLE things (id BIGINT PRIMARY KEY, name_key TEXT NOT NULL, code TEXT, country TEXT, stage TEXT, owner_id BIGINT,
	score BIGINT, revenue BIGINT NOT NULL, born INTEGER, created BIGINT NOT NULL, seen BIGINT, vip BOOLEAN, custom TEXT NOT NULL);
CREATE TABLE words (thing_id BIGINT NOT NULL, word TEXT NOT NULL, starred BOOLEAN NOT NULL)`

// The pools are small so that conditions often hold, and hold what is hard:
// signs of LIKE, other scripts, the edges of days and weeks, absent values.
var (
	names     = []string{"Иван Петров", "Ivan Petrov", "Nino 100%", "a_b", "ABC", "zoë", "ნინო"}
	codes     = []string{"", "C-1", "c-1", "C-10", "50%", "5_0", "Жук", "жук", "!"}
	countries = []string{"", "BG", "GE", "PL"}
	stages    = []string{"new", "won", "lost"}
	words     = []string{"vip", "big", "new", "late"}
	days      = []int64{0, 20000229, 20251231, 20260101, 20261031, 20261115, 20261116, 20261121, 20261122, 20261123, 20261222}
	moments   = []string{
		"2025-12-31T21:59:59.999999Z", "2025-12-31T22:00:00Z", "2026-03-29T00:59:59Z", "2026-10-25T01:30:00Z",
		"2026-11-15T22:00:00Z", "2026-11-21T21:59:59.999999Z", "2026-11-21T22:00:00Z", "2026-11-22T10:00:00Z",
		"2026-11-22T21:59:59.999999Z", "2026-11-22T22:00:00Z", "2026-10-23T10:00:00Z",
	}
)

func maybe[T any](r *rand.Rand, pool []T) *T {
	if r.IntN(4) == 0 {
		return nil
	}
	return &pool[r.IntN(len(pool))]
}

func someThings(n int) []thing {
	r := rand.New(rand.NewPCG(1, 2))
	scores := []int64{-10, 0, 5, 10, 25, 1000}
	owners := []int64{1, 2, 3}
	out := make([]thing, n)
	for i := range out {
		out[i] = thing{
			id: int64(i + 1), name: fold.Key(names[r.IntN(len(names))]), code: maybe(r, codes), country: maybe(r, countries),
			stage: maybe(r, stages), owner: maybe(r, owners), score: maybe(r, scores), revenue: scores[r.IntN(len(scores))] * 10,
			born: maybe(r, days), created: momentOf(moments[r.IntN(len(moments))]), vip: maybe(r, []bool{true, false}),
			starred: r.IntN(2) == 0, kind: stages[r.IntN(len(stages))],
		}
		if m := maybe(r, moments); m != nil {
			at := momentOf(*m)
			out[i].seen = &at
		}
		for _, w := range words {
			if r.IntN(3) == 0 {
				out[i].words = append(out[i].words, w)
			}
		}
	}
	return out
}

func momentOf(text string) int64 {
	f := Field{Type: Instant}
	o, _ := f.operand(Is, text, Env{Zone: sofia})
	return o.from
}

// fill makes the tables and puts the things in.
func fill(t *testing.T, d *db.DB, all []thing) {
	t.Helper()
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for statement := range strings.SplitSeq(tables, ";") {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		for _, x := range all {
			_, err := tx.Exec(ctx, "INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
				x.id, x.name, x.code, x.country, x.stage, x.owner, x.score, x.revenue, x.born, x.created, x.seen, x.vip,
				`{"kind":"`+x.kind+`"}`)
			if err != nil {
				return err
			}
			for _, w := range x.words {
				if _, err := tx.Exec(ctx, "INSERT INTO words VALUES ($1, $2, $3)", x.id, w, x.starred); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// found gives the ids the database finds.
func found(d *db.DB, n Node) ([]int64, error) {
	where, args, err := Build(things, n, env(d.Engine()))
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	var ids []int64
	err = d.Read(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, "SELECT t.id FROM things t WHERE "+where+" ORDER BY t.id", args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	return ids, err
}

func TestDatabasesAgreeWithTheMeaning(t *testing.T) {
	all := someThings(150)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, all)
		for _, c := range everyCondition() {
			agree(t, d, all, c)
		}
		rapid.Check(t, func(t *rapid.T) { agree(t, d, all, fittingNode(2).Draw(t, "filter")) })
	})
}

// agree compares what the database finds with what the filter means.
func agree(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, d *db.DB, all []thing, n Node,
) {
	t.Helper()
	var want []int64
	for _, x := range all {
		if holds(n, x) {
			want = append(want, x.id)
		}
	}
	got, err := found(d, n)
	if err != nil {
		t.Fatalf("%s: %v", Format(n), err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s finds %v, want %v", Format(n), got, want)
	}
}

// everyCondition lists each field with each operator and each fitting value,
// alone or with the value before it.
func everyCondition() []Condition {
	var all []Condition
	for _, f := range things.Fields() {
		for _, op := range Accepted(f.Type) {
			least, most := op.arity()
			values := fitting(f, op)
			for i, v := range values {
				c := Condition{Field: f.Name, Op: op, Values: []string{v}}
				switch {
				case most == 0:
					c.Values = nil
				case least == 2:
					c.Values = []string{values[max(0, i-1)], v}
				}
				all = append(all, c)
			}
		}
	}
	return all
}

// fittingNode draws filters that fit the schema of things.
func fittingNode(level int) *rapid.Generator[Node] {
	return rapid.Custom(func(t *rapid.T) Node {
		shape := rapid.IntRange(0, 5).Draw(t, "shape")
		if level == 0 || shape > 2 {
			return fittingCondition().Draw(t, "condition")
		}
		if shape == 0 {
			return Not{Node: fittingNode(level-1).Draw(t, "inner")}
		}
		return Group{Any: shape == 1, Nodes: rapid.SliceOfN(fittingNode(level-1), 1, 3).Draw(t, "nodes")}
	})
}

func fittingCondition() *rapid.Generator[Condition] {
	return rapid.Custom(func(t *rapid.T) Condition {
		f := rapid.SampledFrom(things.Fields()).Draw(t, "field")
		c := Condition{Field: f.Name, Op: rapid.SampledFrom(Accepted(f.Type)).Draw(t, "op")}
		least, most := c.Op.arity()
		c.Values = rapid.SliceOfN(rapid.SampledFrom(fitting(f, c.Op)), least, min(most, 3)).Draw(t, "values")
		return c
	})
}

// fitting are values the field takes with the operator.
func fitting(f Field, op Op) []string {
	switch op {
	case During:
		return append([]string{"2026", "2026-11", "2024-02"}, Periods...)
	case Last, Next, Older:
		return []string{"1d", "7d", "30d", "1w", "1m", "2y"}
	}
	switch f.Name {
	case "name":
		return append([]string{"ivan", "ИВАН", "a_", "100%", "b"}, names...)
	case "code":
		return []string{"C-1", "c-1", "C", "0", "%", "_", "!", "ж", "Жук", "50%", "no'; DROP TABLE things; --"}
	case "phone":
		return []string{"vip", "v", "i", "e", "IG"}
	case "tags", "words":
		return []string{"vip", "BIG", "new", "absent"}
	}
	switch f.Type {
	case Country:
		return []string{"BG", "ge", "PL", "XX"}
	case Choice:
		return stages
	case Ref:
		if f.To == "person" {
			return []string{"me", "1", "3", "99"}
		}
		return []string{"1", "2", "99"}
	case Number:
		return []string{"-1", "0", "0.5", "2.5", "100"}
	case Money:
		return []string{"-1", "0", "0.50", "2.5", "100", "12.34"}
	case Bool:
		return []string{"yes", "no", "True"}
	}
	dates := []string{"today", "yesterday", "tomorrow", "2000-02-29", "2025-12-31", "2026-01-01", "2026-10-25", "2026-11-16"}
	if f.Type == Instant {
		dates = append(dates, "2026-11-21T22:00:00Z", "2026-11-22T12:00:00+02:00")
	}
	return dates
}
