package kartoteka_test

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kartoteka.dev/internal/customers/chronicle"
	"kartoteka.dev/internal/platform/i18n"
)

// happened is how the name of a kind of journal entry looks: a module, and
// what was done, in the past tense.
var happened = regexp.MustCompile(`^(customers|fields|imports|views|team|mail|jobs|duplicates|webhooks)\.([a-z]+_)*([a-z]+ed|set|set_up|signed_in|signed_out)$`)

// noEntries look like kinds of entries, but are not.
var noEntries = map[string]bool{
	"imports.remembered": true, // where an error arose
	"webhooks.feed":      true, // a job
}

// built are the files that make kinds out of parts; the parts stand in chronicle.
var built = map[string]bool{
	"internal/customers/hanging.go":               true, // point, address, contact, date × added, changed, removed
	"internal/customers/vocabulary/vocabulary.go": true, // tag, source × added, changed, joined, parted, removed
}

func TestEveryKindOfJournalEntryHasATitle(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.tests || isWeb(s.dir) || strings.HasPrefix(s.dir, "internal/customers/chronicle") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr: // journal.Entry{Kind: …}
				if key, ok := n.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "kind") {
					if sum, ok := n.Value.(*ast.BinaryExpr); ok && strings.Contains(s.text[sum.Pos()-s.file.FileStart:sum.End()-s.file.FileStart], `"customers."`) && !built[s.path] {
						t.Errorf("%s makes a kind of parts: list it here, and its kinds in package chronicle", s.path)
					}
				}
			case *ast.BasicLit:
				if n.Kind != token.STRING {
					return true
				}
				kind, err := strconv.Unquote(n.Value)
				if err != nil || !happened.MatchString(kind) || noEntries[kind] {
					return true
				}
				seen++
				if chronicle.Title(kind) == "" {
					t.Errorf("%s: package chronicle has no title for the kind %q", s.path, kind)
				}
			}
			return true
		})
	}
	if seen < 80 {
		t.Errorf("only %d kinds were found: the search is broken", seen)
	}
	names := map[string]string{
		"point": "added changed removed", "address": "added changed removed", "contact": "added changed removed", "date": "added changed removed",
		"tag": "added changed joined parted removed", "source": "added changed joined parted removed",
	}
	for name, done := range names {
		for what := range strings.FieldsSeq(done) {
			if kind := "customers." + name + "_" + what; chronicle.Title(kind) == "" {
				t.Errorf("package chronicle has no title for the kind %q", kind)
			}
		}
	}
}

func TestTitlesOfJournalEntriesAreInEveryLanguage(t *testing.T) {
	known := map[string]bool{}
	for _, g := range chronicle.Groups {
		for _, k := range g.Kinds {
			if known[k.Name] || !strings.HasPrefix(k.Name, g.Module+".") {
				t.Errorf("%s stands twice, or in the group of another module", k.Name)
			}
			known[k.Name] = true
			for _, lang := range i18n.Langs {
				if text := i18n.TIn(lang, k.Title, "Name", "X"); text == "" || text == k.Title {
					t.Errorf("%s: no title in %s", k.Name, lang)
				}
			}
		}
	}
}

func TestEveryKindOfJobHasAName(t *testing.T) {
	seen := 0
	for _, s := range sources(t) {
		if s.tests {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			index, ok := call.Fun.(*ast.IndexExpr)
			if !ok {
				return true
			}
			if f, ok := index.X.(*ast.SelectorExpr); !ok || f.Sel.Name != "Define" {
				return true
			}
			seen++
			title := ""
			if options, ok := call.Args[1].(*ast.CompositeLit); ok {
				for _, e := range options.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && kv.Key.(*ast.Ident).Name == "Title" {
						title, _ = strconv.Unquote(kv.Value.(*ast.BasicLit).Value)
					}
				}
			}
			for _, lang := range i18n.Langs {
				if title == "" || i18n.TIn(lang, title) == title {
					t.Errorf("%s:%d defines a kind of job without a name in %s", s.path, s.fset.Position(call.Pos()).Line, lang)
				}
			}
			return true
		})
	}
	if seen < 6 {
		t.Errorf("only %d kinds of jobs were found: the search is broken", seen)
	}
}
