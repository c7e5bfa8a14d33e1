package filter

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
	"kartoteka.dev/internal/platform/errs"
	"kartoteka.dev/internal/platform/i18n"
)

func TestParseSort(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "  ": "", "name": "name", "-created, name": "-created,name", "custom.x,-owner": "custom.x,-owner",
	} {
		keys, err := ParseSort(text)
		if err != nil || FormatSort(keys) != want {
			t.Errorf("ParseSort(%q) = %v, %v", text, keys, err)
		}
	}
	for text, id := range map[string]string{
		",": "filter.error.sort-unreadable", "name,": "filter.error.sort-unreadable", "--name": "filter.error.sort-unreadable",
		"name desc": "filter.error.sort-unreadable", "a;b": "filter.error.sort-unreadable", "a,b,c,d,e": "filter.error.sort-long",
		"stage": "filter.error.sort-unknown", "nothing": "filter.error.sort-unknown", "name,-name": "filter.error.sort-twice",
	} {
		_, err := Prepare(things, Request{Sort: text}, env(db.SQLite))
		got, _ := errs.TextOf(err)
		if got.ID != id || errs.KindOf(err) != errs.Invalid || !i18n.Known(id) {
			t.Errorf("%q gives %v, want %s", text, err, id)
		}
		if f := errs.FieldsOf(err); len(f) != 1 || f[0].Name != "sort" {
			t.Errorf("%q: the error does not name the sort: %v", text, f)
		}
	}
}

func TestPrepare(t *testing.T) {
	tests := []struct {
		sort                 string
		keys                 []any
		columns, after, tail string
	}{
		{"", []any{int64(7)}, "t.id", "(t.id) > ($3)", "ORDER BY t.id LIMIT $4"},
		{"-created", []any{int64(5), int64(7)}, "t.created, t.id", "(t.created, t.id) < ($3, $4)", "ORDER BY t.created DESC, t.id DESC LIMIT $5"},
		{
			"-revenue,name",
			[]any{int64(5), "a", int64(7)},
			"t.revenue, t.name_key, t.id",
			"t.revenue <= $3 AND (t.revenue < $4 OR (t.revenue = $5 AND (t.name_key > $6 OR (t.name_key = $7 AND t.id > $8))))",
			"ORDER BY t.revenue DESC, t.name_key, t.id LIMIT $9",
		},
		{
			"owner",
			[]any{int64(5), int64(7)},
			"t.owner_id, t.id",
			"(t.owner_id > $3 OR t.owner_id IS NULL OR (t.owner_id = $4 AND t.id > $5))",
			"ORDER BY t.owner_id NULLS LAST, t.id LIMIT $6",
		},
		{
			"-owner",
			[]any{nil, int64(7)},
			"t.owner_id, t.id",
			"(t.owner_id IS NULL AND t.id < $3)",
			"ORDER BY t.owner_id DESC NULLS LAST, t.id DESC LIMIT $4",
		},
		{"vip", []any{nil, int64(7)}, "CAST(t.vip AS INTEGER), t.id", "(CAST(t.vip AS INTEGER) IS NULL AND t.id > $3)", "ORDER BY CAST(t.vip AS INTEGER) NULLS LAST, t.id LIMIT $4"},
	}
	for _, tt := range tests {
		t.Run(tt.sort, func(t *testing.T) {
			e := env(db.SQLite)
			e.Args = []any{"before"}
			r := Request{Filter: parse(t, "country = BG"), Sort: tt.sort, Limit: 20}
			first, err := Prepare(things, r, e)
			if err != nil {
				t.Fatal(err)
			}
			if first.Where != "t.country = $2" || first.Columns != tt.columns || len(first.Args) != 3 || first.Args[2] != int64(21) {
				t.Errorf("the first page is %+v", first)
			}
			if r.Cursor, err = encodeCursor(first.list, tt.keys); err != nil {
				t.Fatal(err)
			}
			st, err := Prepare(things, r, e)
			if err != nil {
				t.Fatal(err)
			}
			if want := "t.country = $2 AND " + tt.after; st.Where != want {
				t.Errorf("Where = %s\nwant    %s", st.Where, want)
			}
			if st.Tail != tt.tail {
				t.Errorf("Tail = %s, want %s", st.Tail, tt.tail)
			}
		})
	}
}

// page asks the database for one page of ids.
func page(d *db.DB, r Request) (Page[int64], error) {
	st, err := Prepare(things, r, env(d.Engine()))
	if err != nil {
		return Page[int64]{}, err
	}
	ctx := context.Background()
	var p Page[int64]
	err = d.Read(ctx, func(tx *db.Tx) error {
		where := st.Where
		if r.Each {
			where = st.Each + " AND " + st.After + " AND (TRUE OR " + where + ")" // PostgreSQL wants every argument used
		}
		rows, err := tx.Query(ctx, "SELECT t.id, "+st.Columns+" FROM things t WHERE "+where+" "+st.Tail, st.Args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		p, err = Collect(rows, st, func(into func(...any) error) (id int64, err error) {
			return id, into(&id)
		})
		return err
	})
	return p, err
}

func TestPagesFollowEachOther(t *testing.T) {
	all := someThings(120)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d, all)
		rapid.Check(t, func(t *rapid.T) {
			r := Request{Filter: fittingNode(1).Draw(t, "filter"), Limit: rapid.SampledFrom([]int{1, 7, 50, 500}).Draw(t, "limit")}
			r.Each = rapid.Bool().Draw(t, "each")
			keys := rapid.SliceOfNDistinct(anyKey(), 0, 3, func(k Key) string { return k.Field }).Draw(t, "keys")
			r.Sort = FormatSort(keys)
			want := inOrder(all, keys, r.Filter)
			got := []int64{}
			for {
				p, err := page(d, r)
				if err != nil {
					t.Fatalf("%+v: %v", r, err)
				}
				if len(p.Items) > r.Limit || p.Next != "" && len(p.Items) < r.Limit {
					t.Fatalf("a page of %d with limit %d", len(p.Items), r.Limit)
				}
				got = append(got, p.Items...)
				if r.Cursor = p.Next; r.Cursor == "" {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("sort %q, filter %s gives\n%v, want\n%v", r.Sort, Format(r.Filter), got, want)
			}
		})
	})
}

func anyKey() *rapid.Generator[Key] {
	return rapid.Custom(func(t *rapid.T) Key {
		return Key{
			Field: rapid.SampledFrom([]string{"name", "country", "owner", "score", "revenue", "created", "seen", "vip"}).Draw(t, "field"),
			Desc:  rapid.Bool().Draw(t, "desc"),
		}
	})
}

// inOrder gives the ids of the things that meet the filter as the keys order
// them, those without a value last.
func inOrder(all []thing, keys []Key, n Node) []int64 {
	var chosen []thing
	for _, x := range all {
		if holds(n, x) {
			chosen = append(chosen, x)
		}
	}
	slices.SortFunc(chosen, func(a, b thing) int {
		desc := false
		for _, k := range keys {
			desc = k.Desc
			if c := byKey(k, a, b); c != 0 {
				return c
			}
		}
		if desc {
			return cmp.Compare(b.id, a.id)
		}
		return cmp.Compare(a.id, b.id)
	})
	ids := make([]int64, len(chosen))
	for i, x := range chosen {
		ids[i] = x.id
	}
	return ids
}

func byKey(k Key, a, b thing) int {
	x, y := sortValue(k.Field, a), sortValue(k.Field, b)
	c := 0
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return 1
	case y == nil:
		return -1
	default:
		if s, ok := x.(string); ok {
			c = cmp.Compare(s, y.(string))
		} else {
			c = cmp.Compare(x.(int64), y.(int64))
		}
	}
	if k.Desc {
		return -c
	}
	return c
}

func sortValue(field string, x thing) any {
	number := func(n *int64) any {
		if n == nil {
			return nil
		}
		return *n
	}
	switch field {
	case "name":
		return x.name
	case "country":
		if x.country == nil {
			return nil
		}
		return *x.country
	case "owner":
		return number(x.owner)
	case "score":
		return number(x.score)
	case "seen":
		return number(x.seen)
	case "revenue":
		return x.revenue
	case "created":
		return x.created
	}
	switch {
	case x.vip == nil:
		return nil
	case *x.vip:
		return int64(1)
	}
	return int64(0)
}

func TestCursorBelongsToItsList(t *testing.T) {
	st, err := Prepare(things, Request{Filter: parse(t, "country = BG"), Sort: "name"}, env(db.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	cursor, err := encodeCursor(st.list, []any{"ivan \"ж\"", int64(1) << 60})
	if err != nil {
		t.Fatal(err)
	}
	same := Request{Filter: parse(t, "(country is BG)"), Sort: " name", Cursor: cursor, Limit: 7}
	st, err = Prepare(things, same, env(db.SQLite))
	if err != nil {
		t.Fatalf("the same list written otherwise: %v", err)
	}
	if st.Args[1] != "ivan \"ж\"" || st.Args[2] != int64(1)<<60 {
		t.Errorf("the keys come back as %v", st.Args)
	}
	altered := []byte(cursor)
	altered[len(altered)-3] ^= 1
	for name, r := range map[string]Request{
		"another filter":  {Filter: parse(t, "country = GE"), Sort: "name", Cursor: cursor},
		"another order":   {Filter: same.Filter, Sort: "-name", Cursor: cursor},
		"altered":         {Filter: same.Filter, Sort: "name", Cursor: string(altered)},
		"another version": {Filter: same.Filter, Sort: "name", Cursor: "2" + cursor[1:]},
		"cut":             {Filter: same.Filter, Sort: "name", Cursor: cursor[:5]},
		"nothing":         {Filter: same.Filter, Sort: "name", Cursor: "1"},
		"noise":           {Filter: same.Filter, Sort: "name", Cursor: "1!!"},
	} {
		_, err := Prepare(things, r, env(db.SQLite))
		if text, _ := errs.TextOf(err); text.ID != "filter.error.cursor-unfit" || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	good, err := encodeCursor("list", []any{nil, "a", int64(3)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, "[1]")
	f.Add("", `[null,"x",-1]`)
	f.Add("1", `[1.5,{},[],true]`)
	f.Fuzz(func(t *testing.T, cursor, values string) {
		if keys, err := decodeCursor("list", cursor, 3); err == nil && len(keys) != 3 {
			t.Fatalf("%d keys", len(keys))
		}
		forged := cursorVersion + base64.RawURLEncoding.EncodeToString(append(cursorSum("list", []byte(values)), values...))
		keys, err := decodeCursor("list", forged, 2)
		if err != nil {
			return
		}
		if err := plain(keys); err != nil {
			t.Fatalf("decoded %v", err)
		}
		if _, ok := keys[1].(int64); !ok {
			t.Fatalf("the row's number is %T", keys[1])
		}
	})
}

// fixedRows plays rows of one own column and two keys.
type fixedRows struct {
	rows [][]any
	at   int
	err  error
}

func (r *fixedRows) Next() bool { r.at++; return r.at <= len(r.rows) }
func (r *fixedRows) Err() error { return r.err }
func (r *fixedRows) Scan(dest ...any) error {
	if len(dest) != len(r.rows[r.at-1]) {
		return errors.New("another number of columns")
	}
	for i, d := range dest {
		switch d := d.(type) {
		case *any:
			*d = r.rows[r.at-1][i]
		case *string:
			*d = r.rows[r.at-1][i].(string)
		}
	}
	return nil
}

func TestCollect(t *testing.T) {
	st, err := Prepare(things, Request{Sort: "name", Limit: 2}, env(db.SQLite))
	if err != nil {
		t.Fatal(err)
	}
	scan := func(into func(...any) error) (s string, err error) { return s, into(&s) }
	rows := [][]any{{"A", []byte("a"), int64(1)}, {"B", "b", int32(2)}, {"C", "c", int64(3)}}

	p, err := Collect(&fixedRows{rows: rows}, st, scan)
	if err != nil || !slices.Equal(p.Items, []string{"A", "B"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	keys, err := decodeCursor(st.list, p.Next, 2)
	if err != nil || keys[0] != "b" || keys[1] != int64(2) {
		t.Errorf("the next page begins behind %v, %v", keys, err)
	}
	p, err = Collect(&fixedRows{rows: rows[:2]}, st, scan)
	if err != nil || p.Next != "" || len(p.Items) != 2 {
		t.Errorf("a last page that is full: %+v, %v", p, err)
	}
	p, err = Collect(&fixedRows{}, st, scan)
	if data, _ := json.Marshal(p); err != nil || string(data) != `{"items":[]}` {
		t.Errorf("an empty page is %s, %v", data, err)
	}
	broken := errors.New("lost")
	if _, err = Collect(&fixedRows{err: broken}, st, scan); !errors.Is(err, broken) {
		t.Errorf("a lost connection gives %v", err)
	}
	if _, err = Collect(&fixedRows{rows: [][]any{{"A", 1.5, int64(1)}}}, st, scan); err == nil || !strings.Contains(err.Error(), "float64") {
		t.Errorf("a fractional key gives %v", err)
	}
	if _, err = Collect(&fixedRows{rows: [][]any{{"A", "b"}}}, st, scan); err == nil {
		t.Error("a failed scan is not told")
	}
}

func TestLimits(t *testing.T) {
	for asked, want := range map[int]int{-1: DefaultLimit, 0: DefaultLimit, 1: 1, MaxLimit: MaxLimit, MaxLimit + 1: MaxLimit} {
		if got := limitOf(asked); got != want {
			t.Errorf("limitOf(%d) = %d", asked, got)
		}
	}
}
