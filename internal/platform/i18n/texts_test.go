package i18n

import (
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// repository is the root of the module as seen from this package.
const repository = "../../.."

// TestTexts reads the whole program and its locale files and names what one
// has and the other lacks.
func TestTexts(t *testing.T) {
	all := rawTexts(t)
	known := func(id string) bool { return all[English][id] != nil }
	program, err := scan(repository, known)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("every id the program asks for is a text", func(t *testing.T) {
		for _, id := range slices.Sorted(maps.Keys(program.wanted)) {
			if !known(id) {
				t.Errorf("missing in en: %q, wanted at %s", id, strings.Join(program.wanted[id], ", "))
			}
		}
	})
	t.Run("every text is used", func(t *testing.T) {
		var unused []string
		for id := range all[English] {
			if !program.quoted[id] {
				unused = append(unused, id)
			}
		}
		if slices.Sort(unused); len(unused) > 0 {
			t.Errorf("%d texts are not quoted anywhere in the program; remove them from all languages:\n\t%s", len(unused), strings.Join(unused, "\n\t"))
		}
	})
	t.Run("every text is in every language", func(t *testing.T) { sameIDs(t, all) })
	t.Run("placeholders and plural forms agree", func(t *testing.T) { sameShape(t, all) })
	t.Run("no text is written into a page", func(t *testing.T) {
		for _, found := range program.hard {
			t.Errorf("%s belongs into a locale file", found)
		}
	})
}

// rawTexts are the messages as written, by language and id; a text's file must
// be named after the id's first part.
func rawTexts(t *testing.T) map[Lang]map[string]*i18n.Message {
	t.Helper()
	all := map[Lang]map[string]*i18n.Message{}
	for _, lang := range Langs {
		all[lang] = map[string]*i18n.Message{}
		names, err := fs.Glob(files, path.Join("locales", string(lang), "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			raw, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			messages, err := i18n.ParseMessageBytes(raw, toml.Unmarshal)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			// A module's texts may be parted: customers-file.toml is of customers.
			module, _, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".toml"), "-")
			for _, m := range messages {
				if !idShape.MatchString(m.ID) || !strings.HasPrefix(m.ID, module+".") {
					t.Errorf("%s: id %q should look like %s.screen.thing-detail", name, m.ID, module)
				}
				all[lang][m.ID] = m
			}
		}
	}
	return all
}

func sameIDs(t *testing.T, all map[Lang]map[string]*i18n.Message) {
	t.Helper()
	for _, lang := range Langs[1:] {
		for _, id := range slices.Sorted(maps.Keys(all[English])) {
			if all[lang][id] == nil {
				t.Errorf("missing in %s: %q", lang, id)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(all[lang])) {
			if all[English][id] == nil {
				t.Errorf("missing in en: %q, which %s has", id, lang)
			}
		}
	}
}

// forms are the plural forms a language needs.
var forms = map[Lang][]string{
	English:   {"one", "other"},
	Bulgarian: {"one", "other"},
	Georgian:  {"one", "other"},
	Russian:   {"few", "many", "one", "other"},
	Polish:    {"few", "many", "one", "other"},
}

func sameShape(t *testing.T, all map[Lang]map[string]*i18n.Message) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(all[English])) {
		english := formsOf(all[English][id])
		for _, lang := range Langs {
			m := all[lang][id]
			if m == nil {
				continue // named by sameIDs
			}
			own := formsOf(m)
			if (len(english) > 1) != (len(own) > 1) {
				t.Errorf("%s %q: %v, but en has %v", lang, id, slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(english)))
			} else if have := slices.Sorted(maps.Keys(own)); len(own) > 1 && !slices.Equal(have, forms[lang]) {
				t.Errorf("%s %q: has the forms %v, needs %v", lang, id, have, forms[lang])
			}
			want := placeholders(english["other"])
			for form, text := range own {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s %q: the form %q is empty", lang, id, form)
				}
				have := placeholders(text)
				if form == "one" && lang != Russian {
					have[countName] = true // "a day ago" may go without its figure; a Russian "one" is also 21
				}
				if !maps.Equal(have, want) {
					t.Errorf("%s %q %s: placeholders %v, want %v", lang, id, form, slices.Sorted(maps.Keys(have)), slices.Sorted(maps.Keys(want)))
				}
			}
		}
	}
}

func formsOf(m *i18n.Message) map[string]string {
	out := map[string]string{"other": m.Other}
	for form, text := range map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many} {
		if text != "" {
			out[form] = text
		}
	}
	return out
}

func placeholders(text string) map[string]bool {
	out := map[string]bool{}
	for _, p := range parseTemplate(text).parts {
		if p.name != "" {
			out[p.name] = true
		}
	}
	return out
}

func TestScanFindsWhatItShould(t *testing.T) {
	s := &sources{quoted: map[string]bool{}, wanted: map[string][]string{}}
	known := func(id string) bool { return id == "a.b.known" }
	code := `package x
var names = map[int]string{1: "a.b.known", 2: "a.b.listed"}
var rights = []string{"a.view"}
func f() { i18n.T(ctx, "a.b.called"); errs.New(k, "x.F", "a.b.wrong", "N", 1); errs.Field("name", "a.b.field"); i18n.TIn(l, "a.b.in") }`
	if err := s.golang("x.go", code, known); err != nil {
		t.Fatal(err)
	}
	page := `package x

templ page(lang string) {
	<p title="Hard title" class="soft">{ i18n.T(ctx, "a.c.paged") } &nbsp; · 12</p>
	<kbd>k</kbd><b>Kartoteka</b> <img alt={ "Hard alt" }/>
	if true {
		<p>Hard text</p>
		{ "Hard string" }
	}
	@other(i18n.TIn(lang, "a.c.other"))
	<i>k</i>
}`
	if err := s.templ("x.templ", page); err != nil {
		t.Fatal(err)
	}
	want := []string{"a.b.called", "a.b.field", "a.b.in", "a.b.known", "a.b.listed", "a.b.wrong", "a.c.other", "a.c.paged"}
	if got := slices.Sorted(maps.Keys(s.wanted)); !reflect.DeepEqual(got, want) {
		t.Errorf("wanted: %v, want %v", got, want)
	}
	hard := []string{`x.templ:4: "Hard title"`, `x.templ:5: "Hard alt"`, `x.templ:7: "Hard text"`, `x.templ:8: "Hard string"`, `x.templ:11: "k"`}
	if !slices.Equal(s.hard, hard) {
		t.Errorf("hard-coded: %q, want %q", s.hard, hard)
	}
	if !s.quoted["a.view"] || !s.quoted["a.c.paged"] {
		t.Error("literals are not collected")
	}
}
