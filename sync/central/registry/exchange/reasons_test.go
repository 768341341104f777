package exchange

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vaxkiosk/sync/central/registry"
)

func TestTheManualHasEveryReason(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, w := range Reasons {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", w.Reason, w.Means, w.Do)
	}
	head, table, _ := strings.Cut(string(manual), "|---|---|---|\n| `"+string(Reasons[0].Reason))
	if table = "| `" + string(Reasons[0].Reason) + table; table != want.String() {
		if *update {
			head, _, _ = strings.Cut(head, "| Reason | What it means")
			text := head + "| Reason | What it means | What to do |\n|---|---|---|\n" + want.String()
			if err := os.WriteFile("README.md", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("the table of reasons in README.md is not that of Reasons; it ought to be\n%s", want.String())
	}
}

// Every reason that has a name here is explained, and every one is given by some test: a
// reason that nothing can give any more is to be taken away.
func TestEveryReasonIsExplained(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reasons.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if value, ok := spec.Values[0].(*ast.BasicLit); ok {
				reason, err := strconv.Unquote(value.Value)
				if w, listed := Explain(registry.Reason(reason + ":x")); err != nil || !listed || w.Means == "" || w.Do == "" {
					t.Errorf("%s is not explained", reason)
				}
			}
		}
		return true
	})
	if _, listed := Explain("no-such-reason"); listed {
		t.Error("a reason that does not exist is explained")
	}
	for i, w := range Reasons {
		if slices.ContainsFunc(Reasons[:i], func(o Why) bool { return o.Reason == w.Reason }) {
			t.Errorf("%s is there twice", w.Reason)
		}
	}
}

func TestTheExamplesOfTheManualAreRead(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, block := range strings.Split(string(manual), "```") {
		kind, text, _ := strings.Cut(block, "\n")
		if i%2 == 0 || kind != "csv" && kind != "json" {
			continue
		}
		n++
		r, err := NewReader(strings.NewReader(text), Options{Today: caseDay})
		if err != nil {
			t.Fatal(err)
		}
		if entries, bad := read(t, r); len(bad) > 0 || len(entries) < 2 {
			t.Errorf("%s: %d entries, bad are %v", kind, len(entries), bad)
		}
	}
	if n != 3 {
		t.Errorf("%d examples", n)
	}
}

func TestEveryColumnIsInTheManual(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(personColumns, doseColumns) {
		if !strings.Contains(string(manual), "`"+c+"`") {
			t.Errorf("the manual does not have the column %s", c)
		}
	}
	for _, m := range []map[string]string{otherNames, otherPersonNames, otherDoseNames} {
		for other, column := range m {
			if other != bare(other) || !slices.Contains(personColumns, column) && !slices.Contains(doseColumns, column) {
				t.Errorf("the other name %s of %s is none", other, column)
			}
		}
	}
}
