package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"vaxkiosk/assets"
	"vaxkiosk/ui/words"
)

// asked returns the whole keys that the screens pass to Show and Say, with where;
// keys that are put together at run time are left to the tests of the screens.
func asked(t *testing.T) map[string]string {
	t.Helper()
	keys := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			literal, isText := call.Args[0].(*ast.BasicLit)
			if ok && isText && (method.Sel.Name == "Show" || method.Sel.Name == "Say") {
				if key, err := strconv.Unquote(literal.Value); err == nil {
					keys[key] = fset.Position(call.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestEveryKeyTheScreensAskForHasWords(t *testing.T) {
	keys := asked(t)
	if len(keys) < 10 {
		t.Fatalf("only %d keys found in the screens", len(keys))
	}
	for _, l := range assets.Languages {
		for key, where := range keys {
			if !words.Of(l.Tag).Has(key) {
				t.Errorf("%s: %s asks for %s, which has no words", l.Tag, where, key)
			}
		}
	}
}
