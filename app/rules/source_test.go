package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is one parsed Go file of the module.
type source struct {
	pkg  string // import path below the module, "app/visit"
	name string // file name from the module's root
	test bool
	fset *token.FileSet
	file *ast.File
}

// sources parses every Go file of the module. It does not ask the go command,
// whose test cache would hide a file that was added later.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "../.." && (strings.HasPrefix(d.Name(), ".") ||
			slices.Contains([]string{"build", "testdata", "node_modules"}, d.Name())):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		name, err := filepath.Rel("../..", path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, newSource(filepath.ToSlash(name), fset, file))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d Go files found; the walk must have missed some", len(all))
	}
	return all
}

func newSource(name string, fset *token.FileSet, file *ast.File) source {
	return source{
		pkg:  name[:max(0, strings.LastIndexByte(name, '/'))],
		name: name, test: strings.HasSuffix(name, "_test.go"),
		fset: fset, file: file,
	}
}

// planted is a file that exists only in a test.
func planted(t *testing.T, name, text string) source {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return newSource(name, fset, file)
}

// within reports whether path is root or below it.
func within(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }
