package rules

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every line of a log has an event whose name stays: operators' alarms look for it. The
// manual of each program has a table of all of them.

// manuals are the tables, by what a package belongs to.
var manuals = map[string]string{"kiosk": "../../app/README.md", "central": "../../sync/central/README.md"}

// programOf is the program that a package of the module logs in.
func programOf(pkg string) string {
	if within(pkg, "sync/central") {
		return "central"
	}
	return "kiosk"
}

// logged is a call that logs.
type logged struct{ at, event, fault string }

var events = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)

// logs finds the calls of a file that log. A logger is called log or Log, or is slog's
// own. An event is written out, or is one of a table of troubles.
func logs(s source) (all []logged) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if typ, is := n.Type.(*ast.Ident); is && typ.Name == "trouble" && len(n.Elts) > 1 {
				all = append(all, logged{event: literal(n.Elts[1])})
			}
		case *ast.CallExpr:
			if before, is := logging(n); is {
				l := eventOf(n.Args, before)
				l.at = s.fset.Position(n.Pos()).String()
				all = append(all, l)
			}
		}
		return true
	})
	return all
}

// logging tells that a call logs, and how many arguments come before its pairs.
func logging(call *ast.CallExpr) (before int, is bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !isLogger(method.X) {
		return 0, false
	}
	before, is = map[string]int{
		"Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "DebugContext": 2, "InfoContext": 2, "WarnContext": 2, "ErrorContext": 2, "Log": 3, "With": 0,
	}[method.Sel.Name]
	if method.Sel.Name == "With" && (len(call.Args) == 0 || literal(call.Args[0]) != "event") {
		return 0, false
	}
	return before, is
}

func eventOf(args []ast.Expr, before int) logged {
	if len(args) < before+2 || literal(args[before]) != "event" {
		return logged{fault: `has no "event" right behind its words`}
	}
	event := literal(args[before+1])
	if event == "" && !fromTable(args[before+1]) || event != "" && !events.MatchString(event) {
		return logged{event: event, fault: fmt.Sprintf("has the event %q, want subject.what-happened", event)}
	}
	return logged{event: event}
}

func isLogger(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "log" || x.Name == "slog"
	case *ast.SelectorExpr:
		return x.Sel.Name == "log" || x.Sel.Name == "Log"
	}
	return false
}

// fromTable tells that an event is that of a trouble.
func fromTable(x ast.Expr) bool {
	field, is := x.(*ast.SelectorExpr)
	return is && field.Sel.Name == "event"
}

func literal(x ast.Expr) string {
	if lit, ok := x.(*ast.BasicLit); ok {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

func TestEveryLogLineHasAnEventAndTheManualHasAllOfThem(t *testing.T) {
	used := map[string]map[string]bool{"kiosk": {}, "central": {}}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		program := programOf(s.pkg)
		for _, l := range logs(s) {
			if l.fault != "" {
				t.Errorf("%s %s", l.at, l.fault)
			}
			if l.event != "" {
				used[program][l.event] = true
			}
		}
	}
	for program, file := range manuals {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{}
		for _, row := range regexp.MustCompile("(?m)^\\| `([a-z.-]+)` \\| (?:INFO|WARN|ERROR|DEBUG)").FindAllStringSubmatch(string(text), -1) {
			if listed[row[1]] {
				t.Errorf("%s lists %s twice", file, row[1])
			}
			listed[row[1]] = true
		}
		for _, event := range slices.Sorted(maps.Keys(used[program])) {
			if !listed[event] {
				t.Errorf("%s does not list %s", file, event)
			}
		}
		for _, event := range slices.Sorted(maps.Keys(listed)) {
			if !used[program][event] {
				t.Errorf("%s lists %s, which nothing logs", file, event)
			}
		}
	}
}

func TestALogLineWithoutAnEventIsFound(t *testing.T) {
	for text, want := range map[string]string{
		`log.Info("x", "event", "a.b")`:                   "",
		`k.Log.Log(ctx, level, "x", "event", "a.b-c")`:    "",
		`k.log.With("event", "a.b").Handler()`:            "",
		`k.log.With("kiosk", name)`:                       "",
		`log.Log(ctx, t.level, t.text, "event", t.event)`: "",
		`errs.Error("x")`:                                 "",
		`log.Info("x", "event", name)`:                    "want subject.what-happened",
		`log.Info("x")`:                                   "no \"event\"",
		`c.o.Log.Warn("x", "why", err)`:                   "no \"event\"",
		`slog.Error("x", "why", err, "event", "a.b")`:     "no \"event\"",
		`log.WarnContext(ctx, "x")`:                       "no \"event\"",
		`log.Log(ctx, level, "x", "code", 1)`:             "no \"event\"",
		`log.Info("x", "event", "Something happened")`:    "want subject.what-happened",
	} {
		got := ""
		for _, l := range logs(planted(t, "app/x/x.go", "package x\nfunc f() { "+text+" }\n")) {
			got = l.fault
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want one with %q", text, got, want)
		}
	}
}
