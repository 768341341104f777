package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/people"
)

// verifyFolder has two verifiers that share no code with this project.
const verifyFolder = "paper/verify"

func TestTwoIndependentVerifiersAcceptEveryPrintedCode(t *testing.T) {
	if _, err := os.Stat(filepath.Join(verifyFolder, "node_modules")); errors.Is(err, os.ErrNotExist) {
		t.Skip("the verifiers are not installed; make test installs them")
	}
	signer, err := card.Open(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	jwks, err := json.Marshal(signer.Keys())
	if err != nil {
		t.Fatal(err)
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(jwks, &keys); err != nil {
		t.Fatal(err)
	}
	maker, err := paper.New(paper.Options{Keys: func() jose.JSONWebKeySet { return keys }})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range shortMiddleLong() {
		t.Run(fmt.Sprintf("%d doses", len(p.Doses)), func(t *testing.T) {
			rec := issued(t, signer, keys, p)
			doc, err := maker.Render(rec, desk.Page{Lang: "es"})
			if err != nil {
				t.Fatal(err)
			}
			out := verified(t, jwks, scan(t, doc.PDF))
			if got := strings.Count(out, ": valid, "); got != len(rec.Cards) || got != strings.Count(out, "\n") {
				t.Errorf("%d of %d codes are valid:\n%s", got, len(rec.Cards), out)
			}
			for _, c := range rec.Cards {
				if !strings.Contains(out, fmt.Sprintf(": valid, %d dose", len(c.Doses))) {
					t.Errorf("no code has the %d doses of its card:\n%s", len(c.Doses), out)
				}
			}
		})
	}
}

// shortMiddleLong picks made-up residents with the fewest, a middling number and
// the most doses.
func shortMiddleLong() []people.Person {
	all := people.Generate(300, 1, request.DateOf(time.Now()))
	all = slices.DeleteFunc(all, func(p people.Person) bool { return len(p.Doses) == 0 })
	slices.SortFunc(all, func(a, b people.Person) int { return len(a.Doses) - len(b.Doses) })
	return []people.Person{all[0], all[len(all)/2], all[len(all)-1]}
}

func issued(t *testing.T, s *card.Signer, keys jose.JSONWebKeySet, p people.Person) record.Record {
	t.Helper()
	by := card.Issuer{URL: "https://central.example.org", Registry: "Registry of Example"}
	answer, err := s.Issue(p, by, "rDqP-4x_9Zs", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := record.Parse(b, keys, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// scan returns what a scanner reads from the pages of a PDF, rendered at 300 dpi.
func scan(t *testing.T, pdf []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	page := filepath.Join(dir, "record.pdf")
	if err := os.WriteFile(page, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "pdftoppm", "-r", "300", "-gray", "-png", page, filepath.Join(dir, "page"))
	images, err := filepath.Glob(filepath.Join(dir, "page*.png"))
	if err != nil || len(images) == 0 {
		t.Fatalf("no page was rendered: %v", err)
	}
	return run(t, "zbarimg", append([]string{"--nodbus", "-q", "--raw", "-Sdisable", "-Sqrcode.enable"}, images...)...)
}

func verified(t *testing.T, jwks, codes []byte) string {
	t.Helper()
	dir := t.TempDir()
	set, list := filepath.Join(dir, "jwks.json"), filepath.Join(dir, "codes.txt")
	if err := errors.Join(os.WriteFile(set, jwks, 0o600), os.WriteFile(list, codes, 0o600)); err != nil {
		t.Fatal(err)
	}
	return string(run(t, "node", filepath.Join(verifyFolder, "verify.mjs"), set, list))
}

// run runs a program and returns what it writes. Status 4 is zbarimg's for a
// page without a code among pages with codes.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	out, err := cmd.Output()
	if err != nil && (name != "zbarimg" || cmd.ProcessState.ExitCode() != 4) {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return out
}
