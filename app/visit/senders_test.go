package visit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/visit"
)

// Who sends an action and where it counts, and where an effect is asked for, is said in
// a sentence at each of them. Here the sentences are held against the program: senders
// against the sources, states against a walk.

// manual are the doc comments of the types in a file, on one line each.
func manual(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, is := n.(*ast.TypeSpec); is && spec.Name.Name != "Event" && spec.Name.Name != "Action" && spec.Name.Name != "Effect" {
			docs[spec.Name.Name] = strings.Join(strings.Fields(spec.Doc.Text()), " ")
		}
		return true
	})
	return docs
}

// places are the states that a sentence names, all but those behind "every state".
func places(list string) (states []string, but bool) {
	but = strings.HasPrefix(list, "every state")
	for _, word := range regexp.MustCompile(`\w+`).FindAllString(list, -1) {
		if slices.Contains(stateNames, word) {
			states = append(states, word)
		}
	}
	slices.Sort(states)
	return states, but
}

// took are the states in which an action changed the visit or asked for something, and
// asked those in which an effect was asked for. That a touch or the question whether
// somebody is there makes a visit last longer is no change.
func took(t *testing.T) (took, asked map[string]map[string]bool) {
	t.Helper()
	took, asked = map[string]map[string]bool{}, map[string]map[string]bool{}
	note := func(in map[string]map[string]bool, of any, s visit.State) {
		name := reflect.TypeOf(of).Name()
		if in[name] == nil {
			in[name] = map[string]bool{}
		}
		in[name][stateNames[s]] = true
	}
	bare := func(v visit.Visit) visit.Visit {
		v.Touched, v.Fresh, v.IdleWarning = time.Time{}, time.Time{}, false
		return v
	}
	walk(t, 1_000, func(visit.Visit) {}, func(v visit.Visit, e visit.Event, next visit.Visit, effects []visit.Effect) {
		if len(effects) > 0 || !reflect.DeepEqual(bare(v), bare(next)) {
			note(took, e.Do, v.State)
		}
		for _, f := range effects {
			note(asked, f, v.State)
		}
	})
	return took, asked
}

func holds(t *testing.T, name, list string, seen map[string]bool) {
	t.Helper()
	states, but := places(list)
	found := slices.Sorted(maps.Keys(seen))
	switch {
	case but:
		for _, s := range states {
			if seen[s] {
				t.Errorf("%s is said not to count in %s, and does", name, s)
			}
		}
	case !slices.Equal(states, found):
		t.Errorf("%s is said to count in %s, and does in %s", name, states, found)
	}
}

func TestWhereAnActionCountsIsSaid(t *testing.T) {
	took, asked := took(t)
	where := regexp.MustCompile(`The (screens|desk|kiosk) sends? it; it counts in (.+)\.$`)
	docs := manual(t, "event.go")
	for name, doc := range docs {
		if said := where.FindStringSubmatch(doc); said == nil {
			t.Errorf("%s does not say who sends it and where it counts: %q", name, doc)
		} else {
			holds(t, name, said[2], took[name])
		}
	}
	where = regexp.MustCompile(`Asked for in (.+)\.$`)
	for name, doc := range manual(t, "effect.go") {
		if said := where.FindStringSubmatch(doc); said == nil {
			t.Errorf("%s does not say where it is asked for: %q", name, doc)
		} else {
			holds(t, name, said[1], asked[name])
		}
	}
	if len(docs) < 60 {
		t.Errorf("only %d actions", len(docs))
	}
}

// sent is where in the program an action is made, by the folder below the module.
func sent(t *testing.T) map[string]map[string]bool {
	t.Helper()
	makes, all := regexp.MustCompile(`\bvisit\.(\w+)[{(]`), map[string]map[string]bool{}
	for _, root := range []string{"..", "../../ui"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			who := "kiosk"
			if root != ".." {
				who = "screens"
			} else if dir := filepath.Base(filepath.Dir(path)); dir == "desk" || dir == "first" { // the desk of a machine that is no kiosk yet
				who = "desk"
			}
			for _, m := range makes.FindAllStringSubmatch(string(source), -1) {
				if all[m[1]] == nil {
					all[m[1]] = map[string]bool{}
				}
				all[m[1]][who] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// The kiosk's own program may stand in for a visitor, to try the kiosk out.
func TestAnActionIsSentByWhomItsSentenceNames(t *testing.T) {
	by, sent := regexp.MustCompile(`The (screens|desk|kiosk) sends? it;`), sent(t)
	for name, doc := range manual(t, "event.go") {
		who := by.FindStringSubmatch(doc)
		if who == nil {
			t.Errorf("%s: nobody sends it", name)
			continue
		}
		others := maps.Clone(sent[name])
		delete(others, who[1])
		if who[1] == "screens" {
			delete(others, "kiosk")
		}
		if !sent[name][who[1]] || len(others) > 0 {
			t.Errorf("%s is said to be sent by the %s, and is by %v", name, who[1], sent[name])
		}
	}
}
