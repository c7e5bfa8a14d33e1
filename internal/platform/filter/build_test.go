package filter

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
)

var sofia = mustZone("Europe/Sofia")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

// things is the schema of the tests: one field of each kind.
var things = MustSchema("t.id",
	Field{Name: "name", Type: Text, Label: Label{Words: "Name"}, SQL: Source{Expr: "t.name_key", Sort: "t.name_key"}, Folded: true, NotNull: true},
	Field{Name: "code", Type: Text, Label: Label{Words: "Code"}, SQL: Source{Expr: "t.code", Sort: "t.code"}},
	Field{Name: "country", Type: Country, Label: Label{Words: "Country"}, SQL: Source{Expr: "t.country", Sort: "t.country"}},
	Field{Name: "stage", Type: Choice, Label: Label{Words: "Stage"}, SQL: Source{Expr: "t.stage"}, Codes: []string{"new", "won", "lost"}},
	Field{Name: "owner", Type: Ref, To: "person", Label: Label{Words: "Owner"}, SQL: Source{Expr: "t.owner_id", Sort: "t.owner_id"}},
	Field{Name: "team", Type: Ref, To: "team", Label: Label{Words: "Team"}, SQL: Source{Expr: "t.owner_id"}},
	Field{Name: "score", Type: Number, Scale: 1, Label: Label{Words: "Score"}, SQL: Source{Expr: "t.score", Sort: "t.score"}},
	Field{Name: "revenue", Type: Money, Label: Label{Words: "Revenue"}, SQL: Source{Expr: "t.revenue", Sort: "t.revenue"}, NotNull: true},
	Field{Name: "born", Type: Day, Label: Label{Words: "Born"}, SQL: Source{Expr: "t.born", Sort: "t.born"}},
	Field{Name: "created", Type: Instant, Label: Label{Words: "Created"}, SQL: Source{Expr: "t.created", Sort: "t.created"}, NotNull: true},
	Field{Name: "seen", Type: Instant, Label: Label{Words: "Last seen"}, SQL: Source{Expr: "t.seen", Sort: "t.seen"}},
	Field{Name: "vip", Type: Bool, Label: Label{Words: "VIP"}, SQL: Source{Expr: "t.vip", Sort: "t.vip"}},
	Field{Name: "called", Type: Bool, Label: Label{Words: "Called"}, SQL: Source{Expr: "w.starred", Rows: "FROM words w WHERE w.thing_id = t.id"}},
	Field{Name: "tags", Type: Tags, Label: Label{Words: "Tags"}, SQL: Source{Expr: "w.word", Rows: "FROM words w WHERE w.thing_id = t.id"}},
	Field{Name: "words", Type: Tags, Label: Label{Words: "Words"}, SQL: Source{Expr: "w.word", Rows: "FROM words w WHERE TRUE", Link: Link{Of: "t.id", In: "w.thing_id"}}},
	Field{Name: "phone", Type: Text, Label: Label{Words: "Phone"}, SQL: Source{Expr: "w.word", Rows: "FROM words w WHERE w.thing_id = t.id"}},
	Field{
		Name: "custom.kind", Type: Choice, Label: Label{Words: "Kind $1"},
		SQL:      Source{Expr: "json_extract(t.custom, '$.kind')"},
		Postgres: &Source{Expr: "t.custom::jsonb ->> 'kind'"},
	},
)

func env(engine db.Engine) Env {
	return Env{Engine: engine, UserID: 2, Today: 20261122, Zone: sofia}
}

func parse(t testing.TB, text string) Node {
	t.Helper()
	n, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestBuild(t *testing.T) {
	tests := []struct {
		text, want string
		args       []any
	}{
		{"", "TRUE", nil},
		{"country in (bg, GE)", "t.country IN ($1, $2)", []any{"BG", "GE"}},
		{"country != BG", "(t.country = $1) IS NOT TRUE", []any{"BG"}},
		{"country is empty", "(t.country IS NULL OR t.country = '')", nil},
		{"owner = me or owner not in (5, 6)", "(t.owner_id = $1 OR (t.owner_id IN ($2, $3)) IS NOT TRUE)", []any{int64(2), int64(5), int64(6)}},
		{"owner is not empty", "t.owner_id IS NOT NULL", nil},
		{`name ~ "Иван_Петров 100%"`, "t.name_key LIKE $1 ESCAPE '!'", []any{"%ivan petrov 100%"}},
		{`name starts "Иван"`, "(t.name_key >= $1 AND t.name_key < $2)", []any{"ivan", "ivan\U0010ffff"}},
		{`code ~ "a%"`, "replace(t.code, $1, '') <> t.code", []any{"a%"}},
		{`code starts "a'; --"`, "substr(t.code, 1, length($1)) = $2", []any{"a'; --", "a'; --"}},
		{"score between -1 and 2.5", "(t.score >= $1 AND t.score <= $2)", []any{int64(-10), int64(25)}},
		{"revenue > 1200.5", "t.revenue > $1", []any{int64(120050)}},
		{"born < 2000-01-31", "(t.born >= $1 AND t.born < $2)", []any{int64(1), int64(20000131)}},
		{"born = 2000-01-31", "(t.born >= $1 AND t.born < $2)", []any{int64(20000131), int64(20000201)}},
		{"born > today", "t.born >= $1", []any{int64(20261123)}},
		{"born during this-week", "(t.born >= $1 AND t.born < $2)", []any{int64(20261116), int64(20261123)}},
		{"created >= 2026-11-22", "t.created >= $1", []any{int64(1795298400000000)}},
		{"created < 2026-11-22T10:00:00+02:00", "(t.created >= $1 AND t.created < $2)", []any{int64(1), int64(1795334400000000)}},
		{"seen older 30d", "(t.seen >= $1 AND t.seen < $2)", []any{int64(1), int64(1792702800000000)}},
		{"vip = yes and vip = no", "(t.vip = TRUE AND t.vip IS NOT TRUE)", nil},
		{"called = no", "NOT EXISTS (SELECT 1 FROM words w WHERE w.thing_id = t.id AND w.starred = TRUE)", nil},
		{"tags has (VIP, big)", "(EXISTS (SELECT 1 FROM words w WHERE w.thing_id = t.id AND w.word = $1) AND EXISTS (SELECT 1 FROM words w WHERE w.thing_id = t.id AND w.word = $2))", []any{"vip", "big"}},
		{"tags not in (vip)", "NOT EXISTS (SELECT 1 FROM words w WHERE w.thing_id = t.id AND w.word IN ($1))", []any{"vip"}},
		{"tags is empty", "NOT EXISTS (SELECT 1 FROM words w WHERE w.thing_id = t.id AND (w.word IS NOT NULL AND w.word <> ''))", nil},
		{"not (country = BG or stage = won)", "((t.country = $1 OR t.stage = $2)) IS NOT TRUE", []any{"BG", "won"}},
		{"custom.kind = x", "json_extract(t.custom, '$.kind') = $1", []any{"x"}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			where, args, err := Build(things, parse(t, tt.text), env(db.SQLite))
			if err != nil {
				t.Fatal(err)
			}
			if where != tt.want {
				t.Errorf("SQL = %s\nwant  %s", where, tt.want)
			}
			if diff := cmp.Diff(tt.args, args); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEscapeLike(t *testing.T) {
	if got := escapeLike("50%_off!"); got != "50!%!_off!!" {
		t.Errorf("escapeLike = %s", got)
	}
}

func TestBuildNumbersBehindEarlierArguments(t *testing.T) {
	e := env(db.Postgres)
	e.Args = append(make([]any, 0, 8), "x", int64(7))
	where, args, err := Build(things, parse(t, "country = BG and custom.kind = a"), e)
	if err != nil {
		t.Fatal(err)
	}
	if want := "(t.country = $3 AND t.custom::jsonb ->> 'kind' = $4)"; where != want {
		t.Errorf("SQL = %s", where)
	}
	if diff := cmp.Diff([]any{"x", int64(7), "BG", "a"}, args); diff != "" {
		t.Error(diff)
	}
	if shared := e.Args[:3]; shared[2] != nil {
		t.Error("the caller's slice was written to")
	}
}

func TestCheck(t *testing.T) {
	tests := []struct{ text, id, arg string }{
		{"  countri = BG", "filter.error.field-unknown-near", "country"},
		{"kind = BG", "filter.error.field-unknown-near", "custom.kind"},
		{"zzzzzz = BG", "filter.error.field-unknown", "name, code, country, stage, owner, team, score, revenue, born, created, seen, vip, …"},
		{"name > 1", "filter.error.operator-unfit", "~, =, starts, !=, !~, is empty, is not empty, in, not in"},
		{"vip is empty", "filter.error.operator-unfit", "="},
		{"vip = maybe", "filter.error.value-bool", "maybe"},
		{"score = 1.25", "filter.error.value-number", "1.25"},
		{"revenue = 1k", "filter.error.value-number", "1k"},
		{"born = 2026-02-30", "filter.error.value-day", "2026-02-30"},
		{"born = 2026-02-01T00:00:00Z", "filter.error.value-day", "2026-02-01T00:00:00Z"},
		{"seen = soon", "filter.error.value-instant", "soon"},
		{"seen during soon", "filter.error.value-period", "soon"},
		{"seen last week", "filter.error.value-span", "week"},
		{"owner = 0", "filter.error.value-ref", "0"},
		{"team = me", "filter.error.value-ref", "me"},
		{"country = Bulgaria", "filter.error.value-country", "Bulgaria"},
		{"stage in (new, old)", "filter.error.value-choice", "new, won, lost"},
		{`name ~ "…"`, "filter.error.value-empty", "…"},
		{`stage = ""`, "filter.error.value-empty", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			n := parse(t, tt.text)
			err := Check(things, n)
			text, _ := errs.TextOf(err)
			if errs.KindOf(err) != errs.Invalid || text.ID != tt.id || !i18n.Known(tt.id) {
				t.Fatalf("Check = %v, want %s", err, tt.id)
			}
			found := false
			for _, a := range text.Args {
				found = found || a == any(tt.arg)
			}
			if !found {
				t.Errorf("the text's values %v lack %q", text.Args, tt.arg)
			}
			if want := 1 + strings.Index(tt.text, strings.TrimSpace(tt.text)); Column(err) != want {
				t.Errorf("column %d, want %d", Column(err), want)
			}
			if _, _, err := Build(things, n, env(db.SQLite)); errs.KindOf(err) != errs.Invalid {
				t.Errorf("Build = %v", err)
			}
		})
	}
}

func TestCheckOfTreesMadeByHand(t *testing.T) {
	deep := Where("vip", Is, "yes")
	for range MaxDepth {
		deep = Not{Node: All(deep, Where("score", Is, "1"))}
	}
	var many []Node
	for range MaxConditions + 1 {
		many = append(many, Where("score", Is, "1"))
	}
	tests := []struct {
		id string
		n  Node
	}{
		{"filter.error.value-count", Where("score", Between, "1")},
		{"filter.error.value-count", Where("country", In)},
		{"filter.error.value-count", Where("country", Empty, "BG")},
		{"filter.error.operator-unfit", Where("country", "like", "BG")},
		{"filter.error.value-unclean", Where("name", Is, "a\x00b")},
		{"filter.error.value-unclean", Where("name", Is, "\xff")},
		{"filter.error.value-unclean", Where("name", Is, strings.Repeat("x", MaxValue+1))},
		{"filter.error.too-deep-tree", deep},
		{"filter.error.too-many", Any(many...)},
	}
	for _, tt := range tests {
		err := Check(things, tt.n)
		if text, _ := errs.TextOf(err); text.ID != tt.id || Column(err) != 0 || !i18n.Known(tt.id) {
			t.Errorf("Check = %v, want %s", err, tt.id)
		}
	}
	if err := Check(things, Group{Any: true, Nodes: []Node{Group{}, nil, Not{}}}); err != nil {
		t.Errorf("empty groups ask for nothing, but: %v", err)
	}
}

func TestNewSchemaRefuses(t *testing.T) {
	good := Field{Name: "a", Type: Text, SQL: Source{Expr: "a"}}
	bad := map[string]Field{
		"no name":       {Type: Text, SQL: Source{Expr: "a"}},
		"reserved name": {Name: "Empty", Type: Text, SQL: Source{Expr: "a"}},
		"strange name":  {Name: "a b", Type: Text, SQL: Source{Expr: "a"}},
		"dangling dot":  {Name: "a.", Type: Text, SQL: Source{Expr: "a"}},
		"no type":       {Name: "b", SQL: Source{Expr: "a"}},
		"no expression": {Name: "b", Type: Text},
		"no rows":       {Name: "b", Type: Tags, SQL: Source{Expr: "a"}},
		"scale":         {Name: "b", Type: Number, SQL: Source{Expr: "a"}, Scale: 10},
		"half sortable": {Name: "b", Type: Text, SQL: Source{Expr: "a", Sort: "a"}, Postgres: &Source{Expr: "a"}},
		"twice":         good,
	}
	for name, f := range bad {
		if _, err := NewSchema("id", good, f); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := NewSchema("", good); err == nil {
		t.Error("a schema without the unique expression was accepted")
	}
}

func TestSchemaOnlyHidesFields(t *testing.T) {
	more, err := things.With(Field{Name: "custom.x", Type: Text, SQL: Source{Expr: "t.x"}, Label: Label{Words: "X"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := more.Field("custom.x"); !ok || len(more.Fields()) != len(things.Fields())+1 {
		t.Error("With did not add the field")
	}
	open := more.Only(func(f Field) bool { return f.Name != "revenue" })
	if err := Check(open, parse(t, "revenue > 1")); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a hidden field can be filtered by: %v", err)
	}
	if _, err := Prepare(open, Request{Sort: "revenue"}, env(db.SQLite)); errs.KindOf(err) != errs.Invalid {
		t.Errorf("a hidden field can be sorted by: %v", err)
	}
	if err := Check(open, parse(t, "custom.x = 1")); err != nil {
		t.Error(err)
	}
}

const benchText = `country in (BG, GE) and created >= 2026-01-01 and (name ~ "ivan" or tags has vip) and not owner = me and score > 100 and seen older 30d`

func BenchmarkParseAndBuild(b *testing.B) {
	e := env(db.SQLite)
	for b.Loop() {
		n, err := Parse(benchText)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := Build(things, n, e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrepare(b *testing.B) {
	e := env(db.SQLite)
	n := parse(b, benchText)
	for b.Loop() {
		if _, err := Prepare(things, Request{Filter: n, Sort: "-created,name"}, e); err != nil {
			b.Fatal(err)
		}
	}
}
