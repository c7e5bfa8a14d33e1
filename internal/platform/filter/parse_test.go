package filter

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
)

func TestParseAndFormat(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{"  \n ", ""},
		{"country = BG", "country = BG"},
		{"country in (BG,GE)", "country in (BG, GE)"},
		{"country NOT IN ( BG )", "country not in (BG)"},
		{"owner is me", "owner = me"},
		{"owner is not me", "owner != me"},
		{"owner <> 7", "owner != 7"},
		{"owner is empty or owner is not empty", "owner is empty or owner is not empty"},
		{`name ~ "ivan petrov"`, `name ~ "ivan petrov"`},
		{`name contains иван`, `name ~ иван`},
		{`name not contains "O'Brien"`, `name !~ O'Brien`},
		{`name starts with "a \"b\" \\c"`, `name starts "a \"b\" \\c"`},
		{`name starts "with"`, `name starts "with"`},
		{`name = "and"`, `name = "and"`},
		{`name = ""`, `name = ""`},
		{"created during this week", "created during this-week"},
		{"created during Last Month and created during 2026-03", "created during last-month and created during 2026-03"},
		{"seen last 7d and seen next 2w or seen older 30d", "seen last 7d and seen next 2w or seen older 30d"},
		{"score between -1 and 2.5 and score > 0", "score between -1 and 2.5 and score > 0"},
		{"tags has vip and tags has (vip, big)", "tags has vip and tags has (vip, big)"},
		{"a = 1 and (b = 2 and (c = 3))", "a = 1 and b = 2 and c = 3"},
		{"(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"},
		{"a = 1 or (b = 2 and c = 3)", "a = 1 or b = 2 and c = 3"},
		{"not not a = 1", "a = 1"},
		{"not (a = 1 or b = 2)", "not (a = 1 or b = 2)"},
		{"not (a = 1) and b = 2", "not a = 1 and b = 2"},
		{
			`country in (BG, GE) and created >= 2026-01-01 and (name ~ "ivan" or tags has vip) and not owner = me and custom.employees > 100 and last_contact older 30d`,
			`country in (BG, GE) and created >= 2026-01-01 and (name ~ ivan or tags has vip) and not owner = me and custom.employees > 100 and last_contact older 30d`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			n, err := Parse(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got := Format(n); got != tt.want {
				t.Errorf("Format = %s, want %s", got, tt.want)
			}
			again, err := Parse(tt.want)
			if err != nil || !Equal(n, again) {
				t.Errorf("the canonical text reads as %#v, %v", again, err)
			}
		})
	}
}

func TestParseKeepsShape(t *testing.T) {
	n, err := Parse("a = 1 and not (b in (x, y) or c is empty)")
	if err != nil {
		t.Fatal(err)
	}
	want := Group{Nodes: []Node{
		Condition{Field: "a", Op: Is, Values: []string{"1"}, At: 1},
		Not{Node: Group{Any: true, Nodes: []Node{
			Condition{Field: "b", Op: In, Values: []string{"x", "y"}, At: 16},
			Condition{Field: "c", Op: Empty, At: 31},
		}}},
	}}
	if diff := cmp.Diff(Node(want), n); diff != "" {
		t.Error(diff)
	}
}

func TestParseErrors(t *testing.T) {
	deep := strings.Repeat("(", MaxDepth+1) + "a = 1" + strings.Repeat(")", MaxDepth+1)
	tests := []struct {
		text, id string
		column   int
	}{
		{"= BG", "filter.error.field-expected", 1},
		{"and = 1", "filter.error.field-expected", 1},
		{"1a = 1", "filter.error.field-expected", 1},
		{"name", "filter.error.operator-expected", 5},
		{"name like x", "filter.error.operator-expected", 6},
		{"name not x", "filter.error.operator-expected", 6},
		{"name = ", "filter.error.value-expected", 8},
		{"name = (x)", "filter.error.value-expected", 8},
		{"name = and", "filter.error.value-reserved", 8},
		{"  име ~ \"иван", "filter.error.quote-open", 9},
		{"name ~ \x01", "filter.error.strange-sign", 8},
		{"name ! x", "filter.error.strange-sign", 6},
		{"name ~ \x00", "filter.error.not-text", 1},
		{"name ~ \xff", "filter.error.not-text", 1},
		{"name = x owner = 1", "filter.error.join-expected", 10},
		{"name = x)", "filter.error.join-expected", 9},
		{"(name = x", "filter.error.bracket-expected", 10},
		{"country in BG", "filter.error.list-expected", 12},
		{"country in (BG GE)", "filter.error.bracket-expected", 16},
		{"country in ()", "filter.error.value-expected", 13},
		{"score between 1, 2", "filter.error.and-expected", 16},
		{"created during this", "filter.error.value-expected", 20},
		{deep, "filter.error.too-deep", MaxDepth + 1},
		{strings.Repeat("a = 1 or ", MaxConditions) + "a = 1", "filter.error.too-many-conditions", 9*MaxConditions + 1},
		{"a in (" + strings.Repeat("1,", MaxValues) + "1)", "filter.error.too-many-values", 7 + 2*MaxValues},
		{"a = " + strings.Repeat("x", MaxValue+1), "filter.error.value-long", 5},
		{strings.Repeat(" ", MaxText+1), "filter.error.too-long", 0},
	}
	for _, tt := range tests {
		t.Run(tt.id, func(t *testing.T) {
			n, err := Parse(tt.text)
			text, _ := errs.TextOf(err)
			if n != nil || errs.KindOf(err) != errs.Invalid || text.ID != tt.id {
				t.Fatalf("Parse = %v, %v; want %s", n, err, tt.id)
			}
			if Column(err) != tt.column {
				t.Errorf("column %d, want %d", Column(err), tt.column)
			}
			if !i18n.Known(text.ID) {
				t.Errorf("no text %s", text.ID)
			}
			if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "filter" {
				t.Errorf("the error does not name the filter: %v", f)
			}
		})
	}
}

// anyNode draws filters of every shape, also not canonical ones.
func anyNode(level int) *rapid.Generator[Node] {
	return rapid.Custom(func(t *rapid.T) Node {
		shape := rapid.IntRange(0, 5).Draw(t, "shape")
		if level == 0 || shape > 2 {
			return anyCondition().Draw(t, "condition")
		}
		if shape == 0 {
			return Not{Node: anyNode(level-1).Draw(t, "inner")}
		}
		nodes := rapid.SliceOfN(anyNode(level-1), 0, 3).Draw(t, "nodes")
		return Group{Any: shape == 1, Nodes: nodes}
	})
}

func anyCondition() *rapid.Generator[Condition] {
	return rapid.Custom(func(t *rapid.T) Condition {
		ops := Accepted(Text)
		ops = append(ops, Accepted(Day)...)
		ops = append(ops, Has)
		c := Condition{
			Field: rapid.SampledFrom([]string{"name", "custom.industry", "last_contact", "поле", "x-1"}).Draw(t, "field"),
			Op:    rapid.SampledFrom(ops).Draw(t, "op"),
		}
		least, most := c.Op.arity()
		words := rapid.OneOf(
			rapid.SampledFrom([]string{"me", "not", "AND", "this", "last", "2026-01-01", "30d", "", " ", "a b", `"`, `\`, "-5", "O'Brien"}),
			rapid.StringN(0, 12, 40).Filter(func(s string) bool { return clean(s) }),
		)
		c.Values = rapid.SliceOfN(words, least, min(most, 4)).Draw(t, "values")
		return c
	})
}

func TestRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := anyNode(3).Draw(t, "filter")
		if checkSize(Simplify(n)) != nil || len(Format(n)) > MaxText {
			return
		}
		text := Format(n)
		back, err := Parse(text)
		if err != nil || !Equal(n, back) || Format(back) != text {
			t.Fatalf("text %s: %#v, %v", text, back, err)
		}
		data, err := json.Marshal(JSON{n})
		if err != nil {
			t.Fatal(err)
		}
		var j JSON
		if err := json.Unmarshal(data, &j); err != nil || !Equal(n, j.Node) {
			t.Fatalf("JSON %s: %#v, %v", data, j.Node, err)
		}
		form := Form(n)
		query, err := url.ParseQuery(form.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseForm(query); err != nil || !Equal(n, back) {
			t.Fatalf("form %s: %#v, %v", form.Encode(), back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`country in (BG, GE) and (name ~ "ivan" or not tags has vip)`, `a between 1 and 2`, `a is not empty`,
		`a during this week`, `((`, `a = "\"`, `not not a = 1`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text)
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("not Invalid: %v", err)
			}
			return
		}
		canonical := Format(n)
		if len(canonical) > MaxText { // escapes and synonyms may make it longer
			return
		}
		back, err := Parse(canonical)
		if err != nil || !Equal(n, back) {
			t.Fatalf("%q is canonically %q, which reads as %#v, %v", text, canonical, back, err)
		}
	})
}

func TestJSON(t *testing.T) {
	n, err := Parse("country in (BG, GE) and not (a = 1 or b is empty)")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(struct{ Filter JSON }{JSON{n}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Filter":{"all":[{"field":"country","op":"in","values":["BG","GE"]},{"not":{"any":[{"field":"a","op":"is","values":["1"]},{"field":"b","op":"empty"}]}}]}}`
	if string(data) != want {
		t.Errorf("JSON = %s", data)
	}
	bad := []string{
		`{}`, `[]`, `{"field":"a"}`, `{"field":"a b","op":"is","values":["1"]}`, `{"field":"a","op":"like"}`, `{"op":"is"}`,
		`{"all":[],"any":[]}`, `{"field":"a","op":"is","more":1}`, `{"all":[{}]}`,
		strings.Repeat(`{"not":`, 40) + `{"field":"a","op":"empty"}` + strings.Repeat(`}`, 40),
		`{"all":[` + strings.Repeat(`{"field":"a","op":"empty"},`, MaxConditions) + `{"field":"a","op":"empty"}]}`,
		`{"field":"a","op":"is","values":["` + strings.Repeat("x", maxJSON) + `"]}`,
	}
	for _, data := range bad {
		var j JSON
		if err := json.Unmarshal([]byte(data), &j); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%.60s gives %v", data, err)
		}
	}
}

func TestParseForm(t *testing.T) {
	tests := []struct{ form, want string }{
		{"", ""},
		{"f=country&op=in&v=BG&v=GE", "country in (BG, GE)"},
		{"f0=country&op0=in&v0=BG&f1=owner&op1=in&v1=me", "country in (BG) and owner in (me)"},
		{"join=any&f0=country&op0=in&v0=BG&f3=owner&op3=empty&v3=leftover", "country in (BG) or owner is empty"},
		{"f0=country&op0=in&v0=&f1=&op1=is&v1=x&f2=name", ""},
		{"f0=name&op0=contains&v0=+ivan+", "name ~ ivan"},
		{"f0=score&op0=between&v0=1&v0=2", "score between 1 and 2"},
		{"f0=score&op0=between&v0=&v0=2", "score <= 2"},
		{"f0=score&op0=between&v0=1&v0=", "score >= 1"},
		{"f0=score&op0=between&v0=&v0=", ""},
		{"filter=a+%3D+1+or+b+%3D+2&f=c&op=is&v=3", "(a = 1 or b = 2) and c = 3"},
	}
	for _, tt := range tests {
		values, err := url.ParseQuery(tt.form)
		if err != nil {
			t.Fatal(err)
		}
		n, err := ParseForm(values)
		if err != nil || Format(n) != tt.want {
			t.Errorf("%s gives %s, %v; want %s", tt.form, Format(n), err, tt.want)
		}
	}
	if _, err := ParseForm(url.Values{"filter": {"a ="}}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("broken text gives %v", err)
	}
}
