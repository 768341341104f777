package main_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "vaxkiosk"

// inside says which packages of this module a package may import. The entry
// with the longest name counts; a package without an entry fails the test.
var inside = []struct {
	pkg  string
	may  []string // these and what is below them
	note string
}{
	{"app", []string{"app", "ui", "sync", "assets"}, "main wires everything together"},
	{"app/request", nil, "what a visitor asks for stands on its own: kiosk and central both trust it"},
	{"app/record", []string{"app/request"}, "a record is checked without anything that could fetch or show it"},
	{"app/visit", []string{"app/request", "app/record"}, "the visit is a pure machine: what it needs comes in as events"},
	{"app/usage", []string{"sync/api"}, "what is counted stands on its own, but for the contract's limits, so that nothing but listed names can get into a count"},
	{"app/desk", []string{"app/visit", "app/request", "app/record", "app/usage"}, "the desk owns small interfaces; main gives it what fills them"},
	{"app/paper", portUsers, "paper fills a port of the desk and knows nothing of screens and networks"},
	{"app/printer", append([]string{"app/printer/eve"}, portUsers...), "a printer fills a port of the desk and knows nothing of screens and central"},
	{"app/speech", portUsers, "speech fills a port of the desk and knows nothing of screens and networks"},
	{"app/audit", portUsers, "audit fills a port of the desk and knows nothing of screens and networks"},
	{"app/health", portUsers, "health is reported by main, it does not look into other parts"},
	{"app/config", []string{"assets", "sync/central/keyfile"}, "a configuration is read before anything it configures exists; who may read a secret is one rule for both ends"},
	{"ui", []string{"ui", "app/visit", "app/request", "assets"}, "screens draw a visit and send its events; they hold no truth and reach nothing else"},
	{"sync", []string{"sync", "app/request", "app/record", "assets"}, "the way to central, and central itself, know neither screens nor visits"},
	{"assets", nil, "assets are read by everybody, so they import nobody"},
}

// users says who alone may import a package of this module and what is below it, for the packages that
// not everybody may use who may use what is beside them. Test files may import any of them.
var users = []struct {
	path string
	only []string
	note string
}{
	{"sync/central/madeup", []string{"app", "app/demo", "sync/central/bench", "sync/central/vaxcentral"}, "made-up people are for demonstrations, measurements and tests: nothing that serves real ones may hand them out"},
}

var portUsers = []string{"app/desk", "app/visit", "app/request", "app/record", "assets"}

// outside says where a package from outside may be imported at all.
var outside = []struct {
	path  string // this and what is below it; the longest name counts
	only  []string
	tests bool // allowed in every test file too
	note  string
}{
	{"fyne.io/fyne/v2", []string{"app", "ui"}, false, "Fyne stays in the screens, so that everything else builds and tests without a display"},
	{"fyne.io/fyne/v2/app", []string{"app"}, false, "only main opens the real window: this package needs C and OpenGL"},
	{"fyne.io/fyne/v2/test", nil, true, "the test driver must not end up in the program"},
	{"github.com/chromedp", nil, true, "a browser for tests must not end up in the program"},
	{"github.com/mattn/go-sqlite3", []string{"sync/outbox", "sync/central/store"}, false, "SQL stays behind the outbox and central's store"},
	{"os/exec", []string{"app/printer", "app/speech"}, true, "a kiosk starts no programs, but for printing and speaking"},
}

// centralRooms is inside for the rooms of central. Made-up people may be in their tests only: see users.
var centralRooms = []struct {
	pkg  string
	may  []string
	note string
}{
	{"sync/central/calls", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/worker", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/operator", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/folder", below("access", "authority", "card", "keyfile", "sealing", "store"), "a data folder is opened before anybody works on it"},
	{"sync/central/door", below("access", "authority", "notify", "store"), "who gets in is decided before anything is read of what they want"},
	{"sync/central/sealing", below("keyfile", "store", "madeup"), "sealed requests are opened alike for all rooms, so it knows none of them"},
	{"sync/central/store", below("access", "counts", "keyfile", "match", "registry", "madeup"), "the store keeps; it knows nobody who asks it"},
	{"sync/central/store/storetest", below("store", "access"), "what helps tests look into a database knows no room"},
	{"sync/central/notify", below("access"), "all rooms hear of each other here, so it knows none of them"},
	{"sync/central/registry", below("registry", "madeup"), "what is on file of people is the same wherever it comes from and whoever keeps it"},
}

// roomUsers are what calls, worker and operator work with.
var roomUsers = below("access", "authority", "card", "checkpage", "counts", "door", "folder", "keyfile", "match", "notice", "notify", "registry", "sealing", "store", "madeup")

// below is what a room of central may import: some others, and what both ends share.
func below(rooms ...string) []string {
	all := []string{"sync/api", "sync/seal", "sync/keyfile", "app/request", "app/record", "assets"}
	for _, r := range rooms {
		all = append(all, "sync/central/"+r)
	}
	return all
}

func init() {
	inside = append(inside, centralRooms...)
	users = append(users, struct {
		path string
		only []string
		note string
	}{"sync/central/store/storetest", nil, "only tests look into a database past the service"})
}

// pure lists what a package without I/O, goroutines and clock may not import.
var pure = []string{"os", "net", "io/fs", "log", "os/exec", "sync", "syscall", "context", "database/sql"}

// only tells whether pkg is one of the allowed or below it; "app" is main, not
// all below it.
func only(pkg string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return pkg == a || a != "app" && within(pkg, a) })
}

// refusal is why pkg may not import path; "" means that it may.
func refusal(pkg, path string, test bool) string {
	if rest, ours := strings.CutPrefix(path, module+"/"); ours {
		if rest == "app/printer/eve" && !test {
			return "a printer for tests must not end up in the program"
		}
		for _, u := range users {
			if !test && within(rest, u.path) && !within(pkg, u.path) && !only(pkg, u.only) {
				return u.note
			}
		}
		return insideRefusal(pkg, rest)
	}
	longest, note := -1, ""
	for _, r := range outside {
		if !within(path, r.path) || len(r.path) < longest {
			continue
		}
		longest, note = len(r.path), r.note
		if only(pkg, r.only) || test && r.tests {
			note = ""
		}
	}
	if note == "" && (pkg == "app/visit" || pkg == "app/usage") && !test && slices.ContainsFunc(pure, func(p string) bool { return within(path, p) }) {
		note = "this package does no I/O, starts no goroutine and reads no clock"
	}
	return note
}

func insideRefusal(pkg, path string) string {
	if path == pkg {
		return "" // an external test of the package itself
	}
	longest, note := -1, "no rule in app/imports_test.go names this package: add one, with its reason"
	for _, r := range inside {
		if !within(pkg, r.pkg) || len(r.pkg) < longest || r.pkg == "app" && pkg != "app" {
			continue
		}
		longest, note = len(r.pkg), r.note
		if slices.ContainsFunc(r.may, func(m string) bool { return within(path, m) }) {
			note = ""
		}
	}
	return note
}

// breaches names the imports and calls of a file that the rules refuse.
func breaches(s source) []string {
	var all []string
	for _, spec := range s.file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return []string{err.Error()}
		}
		if why := refusal(s.pkg, path, s.test); why != "" {
			all = append(all, fmt.Sprintf("%s imports %s: %s", s.name, path, why))
		}
	}
	if slices.Contains([]string{"app/visit", "app/request", "app/usage"}, s.pkg) {
		all = append(all, clockReads(s)...)
	}
	return all
}

// clockReads finds what makes a pure package impure without an import of its own.
func clockReads(s source) []string {
	if s.test {
		return nil
	}
	var all []string
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
				all = append(all, fmt.Sprintf("%s uses time.%s: time is an argument here", s.fset.Position(n.Pos()), n.Sel.Name))
			}
		case *ast.GoStmt:
			all = append(all, fmt.Sprintf("%s starts a goroutine: this package is pure", s.fset.Position(n.Pos())))
		}
		return true
	})
	return all
}

func TestImportsGoInTheDirectionsOfTheDesign(t *testing.T) {
	for _, s := range sources(t) {
		for _, b := range breaches(s) {
			t.Error(b)
		}
	}
}

func TestAForbiddenImportIsFound(t *testing.T) {
	for _, tt := range []struct{ file, text, want string }{
		{"app/visit/x.go", `import "vaxkiosk/ui"`, "pure machine"},
		{"app/visit/x.go", `import "net/http"`, "no I/O"},
		{"app/visit/x.go", `import "time"; var _ = time.Now()`, "time is an argument"},
		{"app/request/x.go", `func f() { go f() }`, "starts a goroutine"},
		{"app/usage/x.go", `import "vaxkiosk/app/request"`, "stands on its own"},
		{"app/usage/x.go", `import "os"`, "no I/O"},
		{"app/usage/x.go", `import "time"; var _ = time.Now()`, "time is an argument"},
		{"app/desk/x.go", `import "vaxkiosk/sync/client"`, "small interfaces"},
		{"app/desk/x.go", `import "fyne.io/fyne/v2"`, "stays in the screens"},
		{"app/desk/x.go", `import "os/exec"`, "starts no programs"},
		{"app/x.go", `import "vaxkiosk/app/printer/eve"`, "for tests"},
		{"app/desk/x.go", `import _ "github.com/mattn/go-sqlite3"`, "behind the outbox"},
		{"app/desk/x_test.go", `import "vaxkiosk/ui"`, "small interfaces"},
		{"app/config/x.go", `import "vaxkiosk/app/desk"`, "before anything it configures"},
		{"app/unheard/x.go", `import "vaxkiosk/assets"`, "no rule"},
		{"ui/x.go", `import "fyne.io/fyne/v2/app"`, "only main"},
		{"ui/x.go", `import "fyne.io/fyne/v2/test"`, "test driver"},
		{"ui/parts/x.go", `import "vaxkiosk/app/desk"`, "hold no truth"},
		{"sync/client/x.go", `import "vaxkiosk/app/visit"`, "neither screens nor visits"},
		{"sync/central/x.go", `import "vaxkiosk/app/desk"`, "neither screens nor visits"},
		{"sync/central/vaxcentral/main.go", `import "vaxkiosk/ui"`, "neither screens nor visits"},
		{"sync/central/x.go", `import "vaxkiosk/sync/central/madeup"`, "for demonstrations"},
		{"sync/central/store/x.go", `import "vaxkiosk/sync/central/madeup"`, "for demonstrations"},
		{"assets/x.go", `import "vaxkiosk/app/request"`, "import nobody"},
	} {
		got := breaches(planted(t, tt.file, "package x; "+tt.text))
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s with %s: got %q, want one breach about %q", tt.file, tt.text, got, tt.want)
		}
	}
}

func TestAnAllowedImportIsNotRefused(t *testing.T) {
	for _, tt := range []struct{ file, text string }{
		{"app/main.go", `import ("fyne.io/fyne/v2/app"; "vaxkiosk/sync/central"; "vaxkiosk/ui")`},
		{"app/paper/x.go", `import ("vaxkiosk/app/desk"; "vaxkiosk/assets")`},
		{"app/printer/x.go", `import "os/exec"`},
		{"app/desk/x_test.go", `import ("os/exec"; "vaxkiosk/app/desk")`},
		{"app/visit/x.go", `import "time"; var _ time.Time`},
		{"ui/parts/x.go", `import ("fyne.io/fyne/v2/widget"; "vaxkiosk/ui/look"; "vaxkiosk/app/visit")`},
		{"ui/x_test.go", `import "fyne.io/fyne/v2/test"`},
		{"sync/central/store/x.go", `import _ "github.com/mattn/go-sqlite3"`},
		{"sync/central/madeup/x.go", `import ("vaxkiosk/assets"; "vaxkiosk/app/record"; "vaxkiosk/sync/central/registry")`},
		{"sync/central/vaxcentral/x.go", `import "vaxkiosk/sync/central/madeup"`},
		{"sync/central/store/x_test.go", `import "vaxkiosk/sync/central/madeup"`},
	} {
		if got := breaches(planted(t, tt.file, "package x; "+tt.text)); len(got) > 0 {
			t.Errorf("%s: %q", tt.file, got)
		}
	}
}

func TestARoomOfCentralReachesNoneBesideOrAboveIt(t *testing.T) {
	for _, tt := range []struct{ room, other, want string }{
		{"calls", "worker", "replaced alone"},
		{"calls", "operator", "replaced alone"},
		{"worker", "calls", "replaced alone"},
		{"worker", "operator", "replaced alone"},
		{"operator", "calls", "replaced alone"},
		{"operator", "worker", "replaced alone"},
		{"folder", "operator", "before anybody works"},
		{"door", "calls", "before anything is read"},
		{"sealing", "worker", "knows none"},
		{"notify", "store", "knows none"},
		{"store", "folder", "nobody who asks"},
		{"registry", "store", "wherever it comes from"},
		{"registry/exchange", "store", "wherever it comes from"},
	} {
		for _, file := range []string{"x.go", "x_test.go"} {
			got := breaches(planted(t, "sync/central/"+tt.room+"/"+file, `package x; import "vaxkiosk/sync/central/`+tt.other+`"`))
			if len(got) != 1 || !strings.Contains(got[0], tt.want) {
				t.Errorf("%s of %s with %s: %q, want one breach about %q", file, tt.room, tt.other, got, tt.want)
			}
		}
	}
	if got := breaches(planted(t, "sync/central/worker/x.go", `package x; import "vaxkiosk/sync/central/store/storetest"`)); len(got) != 1 || !strings.Contains(got[0], "past the service") {
		t.Errorf("a helper of tests in the program: %q", got)
	}
	for room, others := range map[string][]string{"calls": {"store", "door", "notify"}, "worker": {"match", "notice", "store"}, "operator": {"folder", "registry"}, "store": {"registry", "match"}} {
		for _, other := range others {
			if got := breaches(planted(t, "sync/central/"+room+"/x.go", `package x; import "vaxkiosk/sync/central/`+other+`"`)); len(got) > 0 {
				t.Errorf("%s with %s: %q", room, other, got)
			}
		}
	}
}
