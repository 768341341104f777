package demo

import (
	"bytes"
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
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// visited are how many doses the residents have whose pages are verified, here and by .ci/run.
var visited = []int{0, 1, 14, 25, 60}

// verifyFolder has two verifiers that share no code with this project.
const verifyFolder = "../paper/verify"

func TestTwoIndependentVerifiersAcceptEveryCodeOnPicturesOfThePages(t *testing.T) {
	signer, jwks, keys := openSigner(t)
	dir := t.TempDir()
	var pdfs []string
	var want []string
	for i, n := range visited {
		rec := issued(t, signer, keys, withDoses(t, n))
		maker := openMaker(t, keys, []paper.Size{paper.Letter, paper.A4}[i%2])
		doc, err := maker.Render(rec, desk.Page{Lang: "es", Large: n == 25})
		if err != nil {
			t.Fatal(err)
		}
		pdf := fmt.Sprintf("%d-doses.pdf", n)
		pdfs = append(pdfs, keep(t, dir, pdf, doc.PDF))
		for _, condition := range []string{"at 300 dpi", "at 150 dpi", "blurred and turned by 3 degrees"} {
			want = append(want, fmt.Sprintf("%s %s: %d of %[3]d codes read", pdf, condition, len(rec.Cards)))
		}
		for _, c := range rec.Cards {
			want = append(want, fmt.Sprintf(": valid, %d dose", len(c.Doses)))
		}
	}
	out, ok := verify(t, jwks, pdfs...)
	if !ok || strings.Count(out, "\n") != len(want) {
		t.Errorf("verified %v, %d lines, want %d:\n%s", ok, strings.Count(out, "\n"), len(want), out)
	}
	for _, line := range want {
		if !strings.Contains(out, line) {
			t.Errorf("want %q in:\n%s", line, out)
		}
	}
}

func TestCodesThatAreNotInTheFileOfTheirPDFAreNoticed(t *testing.T) {
	signer, jwks, keys := openSigner(t)
	rec := issued(t, signer, keys, withDoses(t, 25))
	doc, err := openMaker(t, keys, paper.Letter).Render(rec, desk.Page{Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	hidden := bytes.ReplaceAll(doc.PDF, []byte("/EmbeddedFiles"), []byte("/EmbeddedNone2"))
	out, ok := verify(t, jwks, keep(t, t.TempDir(), "hidden.pdf", hidden))
	if ok || !strings.Contains(out, fmt.Sprintf("at 300 dpi: %d codes that are not in its file", len(rec.Cards))) {
		t.Errorf("verified %v:\n%s", ok, out)
	}
}

// openSigner returns a signer of cards, or skips where the verifiers are missing.
func openSigner(t *testing.T) (s *card.Signer, jwks []byte, keys jose.JSONWebKeySet) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(verifyFolder, "node_modules")); errors.Is(err, os.ErrNotExist) {
		t.Skip("the verifiers are not installed; make test installs them")
	}
	s, err := card.Make(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if jwks, err = json.Marshal(s.Keys()); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(jwks, &keys); err != nil {
		t.Fatal(err)
	}
	return s, jwks, keys
}

func openMaker(t *testing.T, keys jose.JSONWebKeySet, size paper.Size) *paper.Maker {
	t.Helper()
	m, err := paper.New(paper.Options{Size: size, Keys: func() jose.JSONWebKeySet { return keys }})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestADemoHasResidentsWithShortAndLongHistories(t *testing.T) {
	for _, n := range visited {
		withDoses(t, n)
	}
}

// withDoses is a made-up resident with so many doses; of 60, some are on no card.
func withDoses(t *testing.T, n int) registry.Person {
	t.Helper()
	for _, p := range madeup.Generate(2000, madeup.DemoSeed, madeup.DemoDay) {
		some := func(is func(record.Dose) bool) bool { return n < 60 || slices.ContainsFunc(p.Doses, is) }
		if len(p.Doses) == n && some(func(d record.Dose) bool { return d.NotValid }) && some(func(d record.Dose) bool { return d.Historical }) {
			return p
		}
	}
	t.Fatalf("nobody has %d doses", n)
	return registry.Person{}
}

func issued(t *testing.T, s *card.Signer, keys jose.JSONWebKeySet, p registry.Person) record.Record {
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

func keep(t *testing.T, dir, name string, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// verify returns what the verifiers say of files, and whether all is well.
func verify(t *testing.T, jwks []byte, files ...string) (out string, ok bool) {
	t.Helper()
	set := keep(t, t.TempDir(), "jwks.json", jwks)
	cmd := exec.Command("node", append([]string{filepath.Join(verifyFolder, "verify.mjs"), set}, files...)...)
	said, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); err != nil && code != 1 {
		t.Fatalf("%v\n%s", err, said)
	}
	return string(said), err == nil
}
