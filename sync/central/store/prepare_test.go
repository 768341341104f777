package store_test

import (
	"database/sql"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// nothing imports nothing: the values of constants need no other package.
type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	p := types.NewPackage(path, filepath.Base(path))
	p.MarkComplete()
	return p, nil
}

var isStatement = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)

// written are the files of the package whose statements are for all kinds of databases: what is
// told of files is SQLite's, and what is asked of servers PostgreSQL's.
func written(t *testing.T, fset *token.FileSet) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "sqlite") || strings.HasPrefix(name, "postgres") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// statements are all constant texts of the package that are one, and those that it makes when it starts.
func statements(t *testing.T) (all []string) {
	t.Helper()
	fset := token.NewFileSet()
	files := written(t, fset)
	values := map[ast.Expr]types.TypeAndValue{}
	checks := types.Config{Importer: nothing{}, Error: func(error) {}} // what is imported lacks
	_, _ = checks.Check("store", fset, files, &types.Info{Types: values})
	all = store.MadeStatements()
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, is := n.(ast.Expr)
			if !is {
				return true
			}
			v := values[e].Value
			if v == nil || v.Kind() != constant.String {
				_, sum := e.(*ast.BinaryExpr) // a text that goes on with what is no constant
				if sum && strings.Contains(constantStart(e, values), "SELECT") {
					t.Errorf("%s: a statement is put together when it runs", fset.Position(e.Pos()))
				}
				return true
			}
			if text := constant.StringVal(v); isStatement.MatchString(text) && !slices.Contains(store.Beginnings(), text) {
				all = append(all, text)
			}
			return false
		})
	}
	return all
}

// constantStart is the constant text that a sum begins with.
func constantStart(e ast.Expr, values map[ast.Expr]types.TypeAndValue) string {
	for {
		sum, is := e.(*ast.BinaryExpr)
		if !is {
			break
		}
		e = sum.X
	}
	if v := values[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	return ""
}

// prepared wants a database to take all statements.
func prepared(t *testing.T, b storetest.Base, driver, where string, text func(string) string) {
	s, err := b.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := sql.Open(driver, where)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := statements(t)
	for _, q := range all {
		p, err := db.PrepareContext(t.Context(), text(q))
		if err != nil {
			t.Errorf("%v\n%s", err, q)
			continue
		}
		p.Close()
	}
	if len(all) < 150 {
		t.Errorf("only %d statements are found", len(all))
	}
	if p, err := db.PrepareContext(t.Context(), text(`SELECT nothing FROM people WHERE number = ?`)); err == nil {
		p.Close()
		t.Error("a planted mistake is not seen")
	}
}
