package kartoteka_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
)

const module = "kartoteka.dev/"

// tiers are the modules by height: a module imports platform and modules of
// lower tiers only. Changing a tier is an ADR.
var tiers = map[string]int{
	"demo": 0, // data made from nothing: knows no module
	"team": 1, "fields": 1, "views": 1, "imports": 1, "webhooks": 1,
	"customers":  2,
	"duplicates": 3, // compares customers
}

// Sizes that keep a file to one story. The allow-list may only shrink.
const (
	maxGoLines    = 400
	maxTemplLines = 250
	maxFuncLines  = 70
	maxParams     = 5
	maxMethods    = 7
	maxFiles      = 30
)

// allowed are the known exceptions to the sizes, each with its reason.
var allowed = map[string]string{}

type source struct {
	path  string // from the root, with slashes
	dir   string
	text  string
	file  *ast.File
	fset  *token.FileSet
	tests bool
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if name := e.Name(); name == "node_modules" || name == "testdata" || strings.HasPrefix(name, ".") && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		all = append(all, source{path, filepath.ToSlash(filepath.Dir(path)), string(text), file, fset, strings.HasSuffix(path, "_test.go")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// moduleOf gives the module a folder belongs to ("customers"), or "" for
// platform, app and the rest.
func moduleOf(dir string) string {
	rest, ok := strings.CutPrefix(dir, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if _, known := tiers[name]; known {
		return name
	}
	return ""
}

// isWeb tells the leaf packages: a module's pages and its part of the API.
func isWeb(dir string) bool {
	return (strings.HasSuffix(dir, "web") || strings.HasSuffix(dir, "api")) && moduleOf(dir) != ""
}

func isTestFactory(dir string) bool { return strings.HasSuffix(dir, "test") }

func TestEveryModuleHasATier(t *testing.T) {
	entries, err := os.ReadDir("internal")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if _, known := tiers[name]; !known && name != "platform" && name != "app" && name != "smoke" {
			t.Errorf("internal/%s has no tier", name)
		}
	}
}

func TestImportsGoDownwards(t *testing.T) {
	for _, s := range sources(t) {
		if s.tests {
			continue
		}
		for _, spec := range s.file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			to, ours := strings.CutPrefix(path, module)
			if !ours {
				continue
			}
			if why := forbidden(s.dir, to); why != "" {
				t.Errorf("%s imports %s: %s", s.path, to, why)
			}
		}
	}
}

// forbidden tells why a folder may not import another; "" if it may.
func forbidden(from, to string) string {
	a, b := moduleOf(from), moduleOf(to)
	inApp := strings.HasPrefix(from, "internal/app") || strings.HasPrefix(from, "cmd/") || strings.HasPrefix(from, "internal/smoke")
	switch {
	case inApp:
		return ""
	case strings.HasPrefix(to, "internal/app"):
		return "only cmd knows app"
	case strings.HasPrefix(from, "internal/platform") && b != "":
		return "platform knows no module"
	case isWeb(to) && a != b:
		return "web packages are leaves"
	case isWeb(to) && !isWeb(from):
		return "a domain package knows no pages"
	case a != "" && b != "" && a != b && tiers[b] >= tiers[a]:
		return "modules import lower tiers only"
	case a != "" && !isWeb(from) && !isTestFactory(from) &&
		(strings.HasPrefix(to, "internal/platform/web") || strings.HasPrefix(to, "internal/platform/ui")):
		return "a domain package knows no web"
	}
	return ""
}

func TestModulesNameTheirOwnTablesOnly(t *testing.T) {
	table := regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z]+)_[a-z_]+`)
	for _, s := range sources(t) {
		own := moduleOf(s.dir)
		if own == "" || s.tests || isTestFactory(s.dir) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			for _, m := range table.FindAllStringSubmatch(lit.Value, -1) {
				if _, isModule := tiers[m[1]]; isModule && m[1] != own {
					t.Errorf("%s names a table of %s: %s", s.path, m[1], m[0])
				}
			}
			return true
		})
	}
}

func TestTimeComesFromTheClock(t *testing.T) {
	for _, s := range sources(t) {
		if s.tests || s.dir == "internal/platform/clock" || isTestFactory(s.dir) {
			continue
		}
		for i, line := range strings.Split(s.text, "\n") {
			if strings.Contains(line, "time.Now()") && !strings.Contains(line, "a duration") {
				t.Errorf("%s:%d calls time.Now: use the clock", s.path, i+1)
			}
		}
	}
}

func TestUseCasesAskForPermissionFirst(t *testing.T) {
	for _, s := range sources(t) {
		if s.tests || moduleOf(s.dir) == "" || isWeb(s.dir) || !strings.Contains(s.path, "_actions.go") && !strings.Contains(s.path, "_queries.go") {
			continue
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || receiver(f) != "Service" || !takesContext(f) || f.Body == nil {
				continue
			}
			body := s.text[s.fset.Position(f.Body.Pos()).Offset:s.fset.Position(f.Body.End()).Offset]
			doc := f.Doc.Text()
			if !strings.Contains(body, "authz.") && !strings.Contains(doc, "right") {
				t.Errorf("%s: %s asks for no permission and its doc does not say why it needs none (say “needs no right”)", s.path, f.Name.Name)
			}
		}
	}
}

func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	x := f.Recv.List[0].Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	if id, ok := x.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func takesContext(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) == 0 {
		return false
	}
	sel, ok := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Context"
}

func TestSizes(t *testing.T) {
	report := func(key, format string, args ...any) {
		t.Helper()
		if _, ok := allowed[key]; !ok {
			t.Errorf(format, args...)
		}
	}
	perDir := map[string]int{}
	for _, s := range sources(t) {
		if s.tests {
			continue
		}
		perDir[s.dir]++
		if n := strings.Count(s.text, "\n"); n > maxGoLines {
			report(s.path, "%s has %d lines, the limit is %d", s.path, n, maxGoLines)
		}
		checkFuncs(s, report)
	}
	for dir, n := range perDir {
		if n > maxFiles {
			report(dir, "%s has %d files, the limit is %d", dir, n, maxFiles)
		}
	}
	templates, err := filepath.Glob("internal/*/*/*.templ")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("internal/*/*/*/*.templ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(templates, more...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), "\n"); n > maxTemplLines {
			report(filepath.ToSlash(path), "%s has %d lines, the limit is %d", path, n, maxTemplLines)
		}
	}
}

func checkFuncs(s source, report func(key, format string, args ...any)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			lines := s.fset.Position(n.End()).Line - s.fset.Position(n.Pos()).Line
			key := s.path + ":" + n.Name.Name
			if lines > maxFuncLines {
				report(key, "%s: %s has %d lines, the limit is %d", s.path, n.Name.Name, lines, maxFuncLines)
			}
			if p := n.Type.Params.NumFields() - contexts(n); p > maxParams {
				report(key, "%s: %s takes %d parameters, the limit is %d", s.path, n.Name.Name, p, maxParams)
			}
		case *ast.TypeSpec:
			if i, ok := n.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > maxMethods {
				report(s.path+":"+n.Name.Name, "%s: interface %s has %d methods, the limit is %d", s.path, n.Name.Name, i.Methods.NumFields(), maxMethods)
			}
		}
		return true
	})
}

// contexts counts what a function is called within rather than with: context,
// transaction, test, request and answer.
func contexts(f *ast.FuncDecl) int {
	n := 0
	for _, p := range f.Type.Params.List {
		for _, name := range p.Names {
			switch name.Name {
			case "ctx", "tx", "t", "w", "r":
				n++
			}
		}
	}
	return n
}

func TestUnfinishedWordsAreNotInTheCode(t *testing.T) {
	words := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X:|HA` + `CK)\b|(?i)coming` + ` soon|not` + ` implemented`)
	for _, s := range sources(t) {
		if m := words.FindString(s.text); m != "" {
			t.Errorf("%s contains %q", s.path, m)
		}
	}
}

func TestNoPackageIsADrawerForEverything(t *testing.T) {
	vague := map[string]bool{"util": true, "utils": true, "common": true, "helpers": true, "models": true, "types": true, "manager": true}
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if vague[s.file.Name.Name] && !seen[s.dir] {
			seen[s.dir] = true
			t.Errorf("%s: package %s says nothing about what is in it", s.dir, s.file.Name.Name)
		}
	}
	if t.Failed() {
		names := make([]string, 0, len(seen))
		for d := range seen {
			names = append(names, d)
		}
		sort.Strings(names)
		t.Log(names)
	}
}
