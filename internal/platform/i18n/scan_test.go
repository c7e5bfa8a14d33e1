package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	templ "github.com/a-h/templ/parser/v2"
	"github.com/a-h/templ/parser/v2/visitor"
)

// sources is what the texts test learns from the program's Go and templ files.
type sources struct {
	quoted map[string]bool     // every string literal
	wanted map[string][]string // ids given to T, TIn, errs.New, errs.Field, or listed among ids: where
	hard   []string            // text written into a page: where and what
}

// idArgument is the position of the text id among a function's arguments.
var idArgument = map[string]int{"i18n.T": 1, "i18n.TIn": 1, "errs.New": 2, "errs.Field": 1}

func scan(root string, known func(string) bool) (*sources, error) {
	s := &sources{quoted: map[string]bool{}, wanted: map[string][]string{}}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		isTempl := strings.HasSuffix(name, ".templ")
		isGo := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go")
		if !isTempl && !isGo {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		where, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if isTempl {
			return s.templ(where, string(raw))
		}
		return s.golang(where, string(raw), known)
	})
	return s, err
}

// golang reads a Go file; known tells ids, so that a list with one id in it is
// taken for a list of ids.
func (s *sources) golang(where, text string, known func(string) bool) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, where, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	at := func(n ast.Node) string { return fmt.Sprintf("%s:%d", where, fset.Position(n.Pos()).Line) }
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.BasicLit:
			if id, ok := literal(n); ok {
				s.quoted[id] = true
			}
		case *ast.CallExpr:
			position, ok := idArgument[callee(file.Name.Name, n.Fun)]
			if !ok || position >= len(n.Args) {
				break
			}
			if id, ok := literal(n.Args[position]); ok && id != "" {
				s.wanted[id] = append(s.wanted[id], at(n))
			}
		case *ast.CompositeLit:
			s.list(n, at(n), known)
		}
		return true
	})
	return nil
}

// list takes the strings of a slice or map of ids as wanted.
func (s *sources) list(n *ast.CompositeLit, where string, known func(string) bool) {
	var elem ast.Expr
	switch t := n.Type.(type) {
	case *ast.ArrayType:
		elem = t.Elt
	case *ast.MapType:
		elem = t.Value
	}
	if name, ok := elem.(*ast.Ident); !ok || name.Name != "string" {
		return
	}
	var ids []string
	for _, e := range n.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		if id, ok := literal(e); ok && idShape.MatchString(id) {
			ids = append(ids, id)
		}
	}
	if !slices.ContainsFunc(ids, known) {
		return
	}
	for _, id := range ids {
		s.wanted[id] = append(s.wanted[id], where)
	}
}

var idShape = regexp.MustCompile(`^[a-z0-9]+(\.[a-z0-9-]+)+$`)

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// callee is "pkg.Func"; a plain call belongs to the file's own package.
func callee(pkg string, fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return pkg + "." + f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
	}
	return ""
}

var (
	goString   = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)
	templCalls = regexp.MustCompile(`\b(?:i18n\.TI?n?|errs\.Field)\(\s*[^,"]+,\s*"([^"]+)"`)
)

// templ reads a templ file: its strings, its calls of T, and the text written
// into it.
func (s *sources) templ(where, text string) error {
	for _, quoted := range goString.FindAllString(text, -1) {
		if id, err := strconv.Unquote(quoted); err == nil {
			s.quoted[id] = true
		}
	}
	for _, m := range templCalls.FindAllStringSubmatchIndex(text, -1) {
		id := text[m[2]:m[3]]
		s.wanted[id] = append(s.wanted[id], fmt.Sprintf("%s:%d", where, 1+strings.Count(text[:m[2]], "\n")))
	}
	file, err := templ.ParseString(text)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	h := &hardCoded{where: where, found: &s.hard}
	return file.Visit(h.visitor())
}

// hardCoded finds text a person would read that is not from a locale file.
type hardCoded struct {
	where string
	keys  int // how many <kbd> we are inside of
	found *[]string
}

// shown are the attributes a person reads or hears.
var shown = []string{"title", "placeholder", "alt", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext"}

func (h *hardCoded) visitor() *visitor.Visitor {
	v := visitor.New()
	v.Text = func(n *templ.Text) error {
		h.check(n.Value, n.Range.From.Line)
		return nil
	}
	v.StringExpression = func(n *templ.StringExpression) error {
		h.expression(n.Expression)
		return nil
	}
	v.ConstantAttribute = func(n *templ.ConstantAttribute) error {
		if isShown(n.Key) {
			h.check(n.Value, n.Range.From.Line)
		}
		return nil
	}
	v.ExpressionAttribute = func(n *templ.ExpressionAttribute) error {
		if isShown(n.Key) {
			h.expression(n.Expression)
		}
		return nil
	}
	children := v.Element
	v.Element = func(n *templ.Element) error {
		if n.Name != "kbd" {
			return children(n)
		}
		h.keys++
		defer func() { h.keys-- }()
		return children(n)
	}
	return v
}

func isShown(key templ.AttributeKey) bool {
	name, ok := key.(templ.ConstantAttributeKey)
	return ok && slices.Contains(shown, name.Name)
}

// expression looks at an expression that is nothing but a string.
func (h *hardCoded) expression(e templ.Expression) {
	if text, err := strconv.Unquote(strings.TrimSpace(e.Value)); err == nil {
		h.check(text, e.Range.From.Line)
	}
}

// allowed are words that are the same in every language: our name and the
// names on keys.
var allowed = []string{"Kartoteka", "Ctrl", "Enter", "Esc", "Shift", "Alt", "Tab"}

var entity = regexp.MustCompile(`&#?[a-zA-Z0-9]+;`)

func (h *hardCoded) check(text string, line uint32) {
	words := strings.FieldsFunc(entity.ReplaceAllString(text, " "), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, word := range words {
		aKey := h.keys > 0 && len(word) == 1
		if !aKey && !slices.Contains(allowed, word) {
			*h.found = append(*h.found, fmt.Sprintf("%s:%d: %q", h.where, line+1, strings.TrimSpace(text)))
			return
		}
	}
}
