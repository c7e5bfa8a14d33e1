package db_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/db/dbtest"
)

// pickBudget is how many forks between the engines the whole program may have.
const pickBudget = 15

// statement is one `const sql…` of the program.
type statement struct {
	where, name, text string
}

// banned are the constructs that the engines answer differently.
var banned = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`(?i)\b(CURRENT_TIMESTAMP|now\(\)|datetime\(|strftime\()`), "time comes from the clock"},
	{regexp.MustCompile(`(?i)\bILIKE\b`), "ILIKE exists on one engine only"},
	{regexp.MustCompile(`(?i)\bANY\s*\(`), "ANY(array) exists on one engine only"},
	{regexp.MustCompile(`(?i)\bgroup_concat\b|\bstring_agg\b`), "aggregated text differs"},
	{regexp.MustCompile(`(?i)\bROUND\s*\(`), "rounding differs"},
	{regexp.MustCompile(`(?i)(^|[^T]\s*\(\s*)\b(SUM|AVG)\s*\(`), "SUM and AVG need CAST around them"},
	{regexp.MustCompile(`(?i)\bLOWER\s*\(|\bUPPER\s*\(`), "case folding is done in Go"},
}

func TestEveryStatementIsUnderstoodByBothEngines(t *testing.T) {
	all := findStatements(t)
	if len(all) < 10 {
		t.Fatalf("only %d statements were found: the search is broken", len(all))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, s := range all {
			other := map[db.Engine]string{db.SQLite: "Postgres", db.Postgres: "SQLite"}[d.Engine()]
			if strings.HasSuffix(s.name, other) {
				continue
			}
			if err := prepare(t, d, s.text); err != nil {
				t.Errorf("%s %s: %v", s.where, s.name, err)
			}
		}
	})
}

// prepare has an engine read a statement without running it.
func prepare(t *testing.T, d *db.DB, text string) error {
	t.Helper()
	prepared, err := d.WritePool().PrepareContext(t.Context(), text)
	if err != nil {
		return err
	}
	defer func() { _ = prepared.Close() }()
	return nil
}

func TestStatementsKeepToWhatTheEnginesShare(t *testing.T) {
	for _, s := range findStatements(t) {
		if strings.HasSuffix(s.name, "Postgres") || strings.HasSuffix(s.name, "SQLite") {
			continue
		}
		for _, b := range banned {
			if found := b.pattern.FindString(s.text); found != "" {
				t.Errorf("%s %s has %q: %s", s.where, s.name, found, b.why)
			}
		}
	}
}

func TestForksBetweenTheEnginesStayFew(t *testing.T) {
	n := 0
	eachSource(t, func(path string, file *ast.File) {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "db" && f.Sel.Name == "Pick" {
					n++
				}
			case *ast.Ident:
				if f.Name == "Pick" && file.Name.Name == "db" {
					n++
				}
			}
			return true
		})
	})
	t.Logf("%d of %d forks", n, pickBudget)
	if n > pickBudget {
		t.Errorf("%d uses of db.Pick, the budget is %d", n, pickBudget)
	}
}

// eachSource parses every source file of the program that is not a test.
func eachSource(t *testing.T, visit func(path string, file *ast.File)) {
	t.Helper()
	root := filepath.Join("..", "..")
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, path, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		visit(path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// findStatements evaluates the string constants of each package and gives
// those whose name begins with sql and a capital.
func findStatements(t *testing.T) []statement {
	t.Helper()
	type named struct {
		where string
		expr  ast.Expr
	}
	packages := map[string]map[string]named{}
	eachSource(t, func(path string, file *ast.File) {
		dir := filepath.Dir(path)
		if packages[dir] == nil {
			packages[dir] = map[string]named{}
		}
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						packages[dir][name.Name] = named{path, v.Values[i]}
					}
				}
			}
		}
	})
	isStatement := regexp.MustCompile(`^sql[A-Z]`)
	var all []statement
	for _, consts := range packages {
		var eval func(e ast.Expr) (string, bool)
		eval = func(e ast.Expr) (string, bool) {
			switch e := e.(type) {
			case *ast.BasicLit:
				v := constant.MakeFromLiteral(e.Value, e.Kind, 0)
				if v.Kind() != constant.String {
					return "", false
				}
				return constant.StringVal(v), true
			case *ast.BinaryExpr:
				x, ok1 := eval(e.X)
				y, ok2 := eval(e.Y)
				return x + y, ok1 && ok2
			case *ast.ParenExpr:
				return eval(e.X)
			case *ast.Ident:
				if c, ok := consts[e.Name]; ok {
					return eval(c.expr)
				}
			}
			return "", false
		}
		for name, c := range consts {
			if !isStatement.MatchString(name) {
				continue
			}
			text, ok := eval(c.expr)
			if !ok {
				t.Errorf("%s: %s cannot be read as a constant text", c.where, name)
				continue
			}
			all = append(all, statement{c.where, name, text})
		}
	}
	return all
}
