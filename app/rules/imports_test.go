package rules

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
//
// It goes one way only: vaxdemo → demo/tour → demo → window → kiosk → desk → visit → record
// → request, and vaxkiosk's main → window. The kiosk's side of sync and central's know each
// other's API only; both ends are in one program in the demo alone.
var inside = []struct {
	pkg  string
	may  []string // these and what is below them
	note string
}{
	{"app", []string{"app/enrol", "app/exit", "app/first", "app/msi", "app/tpm", "app/window", "app/kiosk", "app/config", "app/paper", "assets", "sync/logs", "sync/version"}, "main turns flags into one of a few functions; whatever is made up is another program"},
	{"app/demo", slices.Concat(kioskParts, []string{"app/demo/demotest", "app/kiosk", "app/window", "app/exit", "ui", "assets", "sync/central"}), "the demo is the stage around a kiosk; it knows no tour"},
	{"app/demo/tour", slices.Concat(kioskParts, []string{"app/demo", "app/kiosk", "app/window", "app/exit", "ui", "assets", "sync/central"}), "a tour drives the kiosk of a demo, and is the last thing above it"},
	{"app/demo/vaxdemo", []string{"app/demo", "app/exit", "app/window", "assets", "sync/version"}, "a main turns flags into one of a few functions"},
	{"app/fhir", nil, "the structs of FHIR stand on their own: what they mean is said by record"},
	{"app/keypad", nil, "what a key is for stands on its own: configuration and screens read it alike"},
	{"app/names", nil, "how names are compared stands on its own: kiosk and central read a name alike"},
	{"app/fault", nil, "what can go wrong is named once, for all who meet it: the names need nobody"},
	{"app/request", []string{"app/names"}, "what a visitor asks for stands on its own: kiosk and central both trust it"},
	{"app/record", []string{"app/request", "app/names", "app/fhir", "assets"}, "a record is checked without anything that could fetch or show it"},
	{"app/visit", []string{"app/fault", "app/request", "app/record", "sync/enrol"}, "the visit is a pure machine: what it needs comes in as events"},
	{"app/usage", []string{"sync/api"}, "what is counted stands on its own, but for the contract's limits, so that nothing but listed names can get into a count"},
	{"app/desk", []string{"app/visit", "app/fault", "app/request", "app/record", "app/usage"}, "the desk owns small interfaces; main gives it what fills them"},
	{"app/paper", append([]string{"app/paper/typeset", "app/fhir"}, portUsers...), "paper fills a port of the desk and knows nothing of screens and networks"},
	{"app/paper/typeset", []string{"assets"}, "letters become strokes without a page or a record, so that what draws and what checks a name share it"},
	{"app/printer", append([]string{"app/printer/printertest"}, portUsers...), "a printer fills a port of the desk and knows nothing of screens and central"},
	{"app/speech", append([]string{"app/speech"}, portUsers...), "speech fills a port of the desk and knows nothing of screens and networks"},
	{"app/audit", portUsers, "audit fills a port of the desk and knows nothing of screens and networks"},
	{"app/health", portUsers, "health is reported by main, it does not look into other parts"},
	{"app/tpm", []string{"app/fault"}, "a key in a TPM is known by nobody's certificate or configuration; what is wrong with it is a fault of the kiosk"},
	{"app/enrol", []string{"app/config", "app/exit", "app/tpm", "sync/client", "sync/enrol", "sync/keyfile"}, "a machine becomes a kiosk before there is anything of one"},
	{"app/first", []string{"app/config", "app/enrol", "app/visit", "assets", "sync/client"}, "a machine that is no kiosk yet shows a visit and enrols itself: there is no desk, no outbox and no printer"},
	{"app/msi", []string{"app/config", "app/enrol", "app/exit", "sync/keyfile", "sync/logs"}, "what an installer asks for is written and enrolled before there is anything of a kiosk"},
	{"app/exit", nil, "everybody may say how a program ends, so it uses nobody"},
	{"app/window", []string{"app/window", "app/kiosk", "app/speech", "app/exit", "app/visit", "app/fault", "app/request", "ui", "assets", "sync/version", "sync/logs"}, "a window shows a kiosk: it knows neither central's service nor the demo"},
	{"app/window/display", []string{"app/exit"}, "the X display is looked at before there is a window, and by tours from outside of one"},
	{"app/kiosk", append([]string{"app/exit"}, kioskParts...), "the kiosk of a clinic knows no screens, no central service and nobody made up"},
	{"app/config", []string{"app/keypad", "app/tpm", "sync/settings"}, "a configuration is read before anything it configures exists; how a file is read is one rule for both ends"},
	{"ui", []string{"ui", "app/keypad", "app/speech", "app/visit", "app/fault", "app/request", "assets"}, "screens draw a visit and send its events; they hold no truth and reach nothing else"},
	{"sync/client", []string{"app/fault", "app/request", "app/record", "sync/api", "sync/seal", "sync/enrol"}, "the way to central knows neither screens nor visits, and of central no more than its API, and what its problems mean at a kiosk"},
	{"sync", []string{"app/request", "app/record", "assets", "sync/api", "sync/seal", "sync/outbox", "sync/client", "sync/courier", "sync/logs", "sync/version", "sync/keyfile"}, "the way to central knows neither screens nor visits, and of central no more than its API"},
	{"sync/settings", []string{"sync/keyfile"}, "files of settings are read alike at both ends: what is in them is for those who ask"},
	{"sync/disk", nil, "how much room there is is asked alike at both ends"},
	{"sync/metrics", nil, "numbers are shown alike at both ends: what they are is for those who have them"},
	{"sync/enrol", nil, "what both ends of an enrolment prove stands on its own"},
	{"sync/central", []string{"sync/central", "sync/api", "sync/seal", "sync/enrol", "sync/logs", "sync/metrics", "sync/version", "sync/keyfile", "sync/disk", "app/request", "app/record", "app/names", "app/fhir", "assets"}, "central knows neither screens nor visits, and of a kiosk no more than the API"},
	{"assets", nil, "assets are read by everybody, so they import nobody"},
	{"assets/install", []string{"sync/version"}, "packages are made of programs that are built already: what makes them knows only which version that is"},
}

// users says who alone may import a package of this module and what is below it, for the packages that
// not everybody may use who may use what is beside them. Test files may import any of them.
var users = []struct {
	path string
	only []string
	note string
}{
	{"sync/central/madeup", []string{"app/demo", "sync/central/bench", "sync/central/vaxcentral", "sync/central/store/storetest"}, "made-up people are for demonstrations, measurements and tests: nothing that serves real ones may hand them out"},
	{"sync/api/apitest", nil, "what helps tests must not end up in the program"},
	{"sync/enrol/linetest", nil, "what helps tests must not end up in the program"},
	{"sync/logs/logstest", nil, "what helps tests must not end up in the program"},
	{"sync/central/door/doortest", nil, "what helps tests must not end up in the program"},
	{"sync/central/clustertest", nil, "what helps tests must not end up in the program"},
	{"sync/central/notice/smtp/relaytest", nil, "what helps tests must not end up in the program"},
	{"sync/central/notice/sms/smstest", nil, "what helps tests must not end up in the program"},
	{"app/speech/speechtest", nil, "what helps tests must not end up in the program"},
	{"app/tpm/tpmtest", nil, "what helps tests must not end up in the program"},
	{"app/demo/demotest", nil, "what helps tests must not end up in the program"},
}

// kioskParts are what a kiosk is made of.
var kioskParts = []string{
	"app/config", "app/desk", "app/visit", "app/fault", "app/record", "app/request", "app/usage", "app/paper", "app/printer", "app/tpm",
	"sync/api", "sync/seal", "sync/outbox", "sync/client", "sync/courier", "sync/metrics", "sync/version", "sync/logs", "sync/keyfile", "sync/disk", "ui/words",
}

var portUsers = []string{"app/desk", "app/visit", "app/fault", "app/request", "app/record", "assets"}

// inTests says what test files may import besides: both ends meet in tests only.
var inTests = []struct {
	pkg  string // and what is below it, but for "app"
	may  []string
	note string
}{
	{"app", []string{"app/demo"}, "a kiosk that is started needs a central to be enrolled at"},
	{"app/tpm", []string{"app/tpm/tpmtest"}, "keys are tried in an emulator of a TPM"},
	{"app/kiosk", []string{"app/tpm/tpmtest"}, "keys are tried in an emulator of a TPM"},
	{"app/first", []string{"sync/central", "sync/enrol", "sync/logs/logstest", "app/fault", "app/kiosk", "app/tpm", "app/window", "ui"}, "who a code makes a kiosk of is shown, and goes on, at the real central"},
	{"app/enrol", []string{"sync/central", "app/fault", "app/tpm/tpmtest"}, "what a kiosk is given is proved by the real central"},
	{"sync/courier", []string{"sync/central"}, "what the courier brings is taken by the real central"},
	{"sync/central", []string{"sync/client", "sync/courier", "sync/outbox"}, "central is called as a kiosk calls it"},
	{"sync/central/store", []string{"sync/central/store/storetest"}, "each kind of database passes the suite"},
}

// outside says where a package from outside may be imported at all.
var outside = []struct {
	path  string // this and what is below it; the longest name counts
	only  []string
	tests bool // allowed in every test file too
	note  string
}{
	{"fyne.io/fyne/v2", []string{"app/window", "app/demo/tour", "ui"}, false, "Fyne stays in the screens, so that everything else builds and tests without a display"},
	{"fyne.io/fyne/v2/app", []string{"app/window"}, false, "only app/window opens the real window: this package needs C and OpenGL"},
	{"fyne.io/fyne/v2/test", nil, true, "the test driver must not end up in the program"},
	{"github.com/chromedp", nil, true, "a browser for tests must not end up in the program"},
	{"github.com/mattn/go-sqlite3", []string{"sync/outbox", "sync/central/store"}, false, "SQL stays behind the outbox and central's store"},
	{"github.com/jackc/pgx/v5", []string{"sync/central/store"}, false, "PostgreSQL stays behind central's store: a kiosk has no server"},
	{"database/sql", []string{"sync/outbox", "sync/central/store"}, false, "SQL stays behind the outbox and central's store"},
	{"github.com/google/go-tpm", []string{"app/tpm"}, false, "what a TPM is asked stays in one package, so that keys in files need none of it"},
	{"github.com/wneessen/go-mail", []string{"sync/central/notice/smtp"}, false, "what speaks SMTP has addresses in its errors: one package takes them out"},
	{"os/exec", []string{"app/printer", "app/tpm/tpmtest", "sync/central/clustertest", "sync/central/notice/smtp/relaytest", "app/speech", "app/kiosk", "assets/install/dist", "sync/central/bench", "sync/central/store/storetest"}, true, "a kiosk starts no programs, but for printing and speaking, and another version of itself to try it"},
}

// pure lists what a package without I/O, goroutines and clock may not import.
var pure = []string{"os", "net", "io/fs", "log", "os/exec", "sync", "syscall", "context", "database/sql"}

// only reports whether pkg is one of the allowed or below it; "app" is main, not
// all below it.
func only(pkg string, allowed []string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool { return pkg == a || a != "app" && within(pkg, a) })
}

// refusal is why pkg may not import path; "" means that it may.
func refusal(pkg, path string, test bool) string {
	if rest, ours := strings.CutPrefix(path, module+"/"); ours {
		if rest == "app/printer/printertest" && !test {
			return "a printer for tests must not end up in the program"
		}
		for _, u := range users {
			if !test && within(rest, u.path) && !within(pkg, u.path) && !only(pkg, u.only) {
				return u.note
			}
		}
		return insideRefusal(pkg, rest, test)
	}
	return outsideRefusal(pkg, path, test)
}

func outsideRefusal(pkg, path string, test bool) string {
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

// meets reports whether test files of pkg may import path besides.
func meets(pkg, path string) bool {
	for _, r := range inTests {
		if (pkg == r.pkg || r.pkg != "app" && within(pkg, r.pkg)) && slices.ContainsFunc(r.may, func(m string) bool { return within(path, m) }) {
			return true
		}
	}
	return false
}

func insideRefusal(pkg, path string, test bool) string {
	if path == pkg || test && meets(pkg, path) {
		return "" // an external test of the package itself, or one of both ends
	}
	longest, note := -1, "no rule in app/rules/imports_test.go names this package: add one, with its reason"
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
	if s.pkg != "app/record" && !s.test {
		all = append(all, records(s)...)
	}
	return all
}

// records finds records that are put together by hand: only app/record makes one, of what it
// has verified. An empty one, beside an error, is none.
func records(s source) []string {
	var all []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		lit, is := n.(*ast.CompositeLit)
		if !is || len(lit.Elts) == 0 {
			return true
		}
		typ, is := lit.Type.(*ast.SelectorExpr)
		if !is || typ.Sel.Name != "Record" {
			return true
		}
		if x, is := typ.X.(*ast.Ident); is && x.Name == "record" {
			all = append(all, fmt.Sprintf("%s builds a record.Record: only app/record makes one, of what it has verified", s.fset.Position(n.Pos())))
		}
		return true
	})
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

// forbidden are imports, each with a word of the breach it is.
var forbidden = []struct{ file, text, want string }{
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
	{"app/x.go", `import "vaxkiosk/app/printer/printertest"`, "for tests"},
	{"app/x.go", `import "vaxkiosk/app/demo"`, "another program"},
	{"app/x.go", `import "vaxkiosk/sync/central"`, "another program"},
	{"app/x.go", `import "vaxkiosk/ui/robot"`, "another program"},
	{"app/x_test.go", `import "vaxkiosk/sync/central"`, "another program"},
	{"app/demo/x.go", `import "vaxkiosk/app/demo/tour"`, "knows no tour"},
	{"app/demo/x.go", `import "vaxkiosk/app/demo/demotest"`, "helps tests"},
	{"app/kiosk/x.go", `import "vaxkiosk/sync/logs/logstest"`, "helps tests"},
	{"app/demo/x.go", `import "fyne.io/fyne/v2"`, "stays in the screens"},
	{"app/demo/tour/x.go", `import "fyne.io/fyne/v2/app"`, "only app/window"},
	{"app/window/x.go", `import "vaxkiosk/app/demo"`, "nor the demo"},
	{"app/kiosk/x.go", `import "vaxkiosk/app/window"`, "no screens"},
	{"app/kiosk/x_test.go", `import "vaxkiosk/app/demo"`, "nobody made up"},
	{"app/config/x.go", `import "vaxkiosk/sync/central/store"`, "before anything it configures"},
	{"sync/settings/x.go", `import "vaxkiosk/app/config"`, "for those who ask"},
	{"app/kiosk/x.go", `import "database/sql"`, "behind the outbox"},
	{"app/kiosk/x.go", `import "vaxkiosk/app/record"; var _ = record.Record{Given: "A"}`, "only app/record"},
	{"app/desk/x.go", `import _ "github.com/mattn/go-sqlite3"`, "behind the outbox"},
	{"sync/outbox/x.go", `import "github.com/jackc/pgx/v5"`, "a kiosk has no server"},
	{"app/desk/x_test.go", `import "vaxkiosk/ui"`, "small interfaces"},
	{"app/config/x.go", `import "vaxkiosk/app/desk"`, "before anything it configures"},
	{"app/fhir/x.go", `import "vaxkiosk/app/record"`, "stand on their own"},
	{"app/names/x.go", `import "vaxkiosk/app/request"`, "read a name alike"},
	{"app/paper/typeset/x.go", `import "vaxkiosk/app/record"`, "without a page or a record"},
	{"app/unheard/x.go", `import "vaxkiosk/assets"`, "no rule"},
	{"app/x.go", `import "fyne.io/fyne/v2/app"`, "only app/window"},
	{"app/kiosk/x.go", `import "fyne.io/fyne/v2"`, "stays in the screens"},
	{"app/kiosk/x.go", `import "vaxkiosk/ui"`, "no screens"},
	{"app/kiosk/x.go", `import "vaxkiosk/sync/central"`, "no central service"},
	{"app/window/x.go", `import "vaxkiosk/sync/central"`, "neither central's service"},
	{"ui/x.go", `import "fyne.io/fyne/v2/app"`, "only app/window"},
	{"ui/x.go", `import "fyne.io/fyne/v2/test"`, "test driver"},
	{"ui/parts/x.go", `import "vaxkiosk/app/desk"`, "hold no truth"},
	{"sync/client/x.go", `import "vaxkiosk/app/visit"`, "neither screens nor visits"},
	{"sync/client/x.go", `import "vaxkiosk/sync/central"`, "no more than its API"},
	{"sync/outbox/x_test.go", `import "vaxkiosk/sync/central/store"`, "no more than its API"},
	{"sync/central/x.go", `import "vaxkiosk/sync/client"`, "no more than the API"},
	{"sync/central/x.go", `import "database/sql"`, "behind the outbox"},
	{"sync/central/x.go", `import "vaxkiosk/app/desk"`, "neither screens nor visits"},
	{"sync/central/vaxcentral/main.go", `import "vaxkiosk/ui"`, "neither screens nor visits"},
	{"sync/central/x.go", `import "vaxkiosk/sync/central/madeup"`, "for demonstrations"},
	{"sync/central/store/x.go", `import "vaxkiosk/sync/central/madeup"`, "for demonstrations"},
	{"sync/central/store/x.go", `import "vaxkiosk/sync/central/store/storetest"`, "past the service"},
	{"assets/x.go", `import "vaxkiosk/app/request"`, "import nobody"},
	{"assets/install/dist/x.go", `import "vaxkiosk/app/config"`, "built already"},
}

func TestAForbiddenImportIsFound(t *testing.T) {
	for _, tt := range forbidden {
		got := breaches(planted(t, tt.file, "package x; "+tt.text))
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s with %s: got %q, want one breach about %q", tt.file, tt.text, got, tt.want)
		}
	}
}

func TestAnAllowedImportIsNotRefused(t *testing.T) {
	for _, tt := range []struct{ file, text string }{
		{"app/main.go", `import ("vaxkiosk/app/window"; "vaxkiosk/app/kiosk")`},
		{"app/main_test.go", `import ("vaxkiosk/app/demo"; "vaxkiosk/app/demo/demotest")`},
		{"app/demo/x.go", `import ("vaxkiosk/app/kiosk"; "vaxkiosk/sync/central/notice")`},
		{"app/demo/tour/x.go", `import ("fyne.io/fyne/v2"; "vaxkiosk/app/demo"; "vaxkiosk/ui/robot")`},
		{"app/kiosk/x.go", `import "vaxkiosk/app/record"; var _ = record.Record{}`},
		{"sync/courier/x_test.go", `import "vaxkiosk/sync/central"`},
		{"sync/central/x_test.go", `import "vaxkiosk/sync/client"`},
		{"app/window/x.go", `import ("fyne.io/fyne/v2/app"; "vaxkiosk/app/kiosk"; "vaxkiosk/app/window/display")`},
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
		{"sync/central/store/x_test.go", `import "vaxkiosk/sync/central/store/storetest"`},
		{"sync/central/store/storetest/x.go", `import "vaxkiosk/sync/central/madeup"`},
	} {
		if got := breaches(planted(t, tt.file, "package x; "+tt.text)); len(got) > 0 {
			t.Errorf("%s: %q", tt.file, got)
		}
	}
}
