package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// filesOf are the parsed files of a folder without its tests.
func filesOf(t *testing.T, dir string) (all []*ast.File) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

var (
	inserts = regexp.MustCompile(`INSERT (OR \w+ )?INTO (\w+)`)
	named   = regexp.MustCompile(`INSERT (OR \w+ )?INTO \w+ \(\w+`)
)

// unnamed are the tables that a text puts rows into without naming the columns.
func unnamed(sql string) (tables []string) {
	for _, at := range inserts.FindAllStringSubmatchIndex(sql, -1) {
		if loc := named.FindStringIndex(sql[at[0]:]); loc == nil || loc[0] != 0 {
			tables = append(tables, sql[at[4]:at[5]])
		}
	}
	return tables
}

// A column that a migration adds, or another database has in another place, must not
// shift what goes into the others.
func TestEveryInsertNamesItsColumns(t *testing.T) {
	seen := 0
	for _, f := range append(filesOf(t, "."), filesOf(t, "storetest")...) {
		ast.Inspect(f, func(n ast.Node) bool {
			if text, is := n.(*ast.BasicLit); is && text.Kind == token.STRING {
				seen += len(inserts.FindAllString(text.Value, -1))
				for _, table := range unnamed(text.Value) {
					t.Errorf("an INSERT into %s names no columns", table)
				}
			}
			return true
		})
	}
	if seen < 30 {
		t.Errorf("only %d are found", seen)
	}
	if got := unnamed("INSERT INTO a VALUES (1); INSERT OR IGNORE INTO b SELECT 1; INSERT INTO c (n) VALUES (1)"); strings.Join(got, " ") != "a b" {
		t.Errorf("planted ones: %q", got)
	}
}

// What comes out of the store is plain: only the store itself and what works inside a
// transaction know of one.
func TestNoValueKnowsOfATransaction(t *testing.T) {
	for _, f := range filesOf(t, ".") {
		for _, d := range f.Decls {
			m, is := d.(*ast.FuncDecl)
			if !is || m.Recv == nil {
				continue
			}
			of := m.Recv.List[0].Type
			if star, is := of.(*ast.StarExpr); is {
				of = star.X
			}
			name := of.(*ast.Ident).Name
			if !ast.IsExported(name) || name == "Store" {
				continue
			}
			for _, p := range m.Type.Params.List {
				if star, is := p.Type.(*ast.StarExpr); is && isTx(star.X) {
					t.Errorf("%s.%s takes a transaction: make it a function of the store", name, m.Name.Name)
				}
			}
		}
	}
}

func isTx(e ast.Expr) bool {
	of, is := e.(*ast.Ident)
	return is && of.Name == "transaction"
}
