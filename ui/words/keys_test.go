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

// codes are all codes of package fault, read from its source so that none is forgotten.
func codes(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob("../../app/fault/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			if of, is := spec.Type.(*ast.Ident); is && of.Name == "Code" && len(spec.Values) == 1 {
				code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, code)
			}
			return true
		})
	}
	return all
}

// A visitor reads what it means for them, staff cause and hint: never the same.
func TestEveryFaultHasWordsForTheVisitorAndForStaff(t *testing.T) {
	all := codes(t)
	if len(all) < 50 {
		t.Fatalf("only %d codes found", len(all))
	}
	for _, l := range assets.Languages {
		w := words.Of(l.Tag)
		for _, code := range all {
			visitor, staff := "fault."+code, "fault."+code+"-staff"
			if !w.Has(visitor) || !w.Has(staff) {
				t.Errorf("%s: %s has no words for visitors, or no cause and hint for staff", l.Tag, code)
			} else if w.Show(visitor) == w.Show(staff) {
				t.Errorf("%s: %s says the same to visitors and to staff", l.Tag, code)
			}
		}
	}
}

func TestNoWordsAreLeftOfAFaultThatIsNone(t *testing.T) {
	known := map[string]bool{}
	for _, code := range codes(t) {
		known["fault."+code], known["fault."+code+"-staff"] = true, true
	}
	for _, l := range assets.Languages {
		for key := range assets.Words(l.Tag) {
			if strings.HasPrefix(key, "fault.") && !known[key] {
				t.Errorf("%s: %s is said by nobody", l.Tag, key)
			}
		}
	}
}
