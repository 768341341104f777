package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/enrol"
)

// rollOut is a data folder, and a list of kiosks beside it.
type rollOut struct {
	t         *testing.T
	data, dir string
}

func newRollOut(t *testing.T) *rollOut {
	dir := t.TempDir()
	r := &rollOut{t, filepath.Join(dir, "data"), dir}
	made(t, r.data)
	return r
}

// invites invites the kiosks of a list, and returns what is in the file of codes.
func (r *rollOut) invites(list string, more ...string) (codes [][]string, err error) {
	r.t.Helper()
	sites, out := filepath.Join(r.dir, "sites.csv"), filepath.Join(r.dir, "codes.csv")
	if err := os.WriteFile(sites, []byte(list), 0o600); err != nil {
		r.t.Fatal(err)
	}
	var said bytes.Buffer
	args := []string{"kiosk", "invite", "--data", r.data, "--url", "https://central.example.org", "--csv", sites, "--out", out}
	err = run(r.t.Context(), append(args, more...), &said, &said)
	b, missing := os.ReadFile(out)
	if err != nil {
		if missing == nil {
			r.t.Errorf("codes are written though nobody is invited: %v", err)
		}
		return nil, err
	}
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		r.t.Errorf("%v %v", info.Mode(), err)
	}
	codes, err = csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	for _, line := range codes {
		if strings.Contains(said.String(), line[1]+"-") {
			r.t.Error("a code is printed")
		}
	}
	return codes, os.Remove(out)
}

// listed is the list of kiosks.
func (r *rollOut) listed() string {
	var out bytes.Buffer
	if err := run(r.t.Context(), []string{"kiosk", "list", "--data", r.data}, &out, &out); err != nil {
		r.t.Fatal(err)
	}
	return out.String()
}

func TestThreeHundredKiosksAreInvitedAtOnce(t *testing.T) {
	r := newRollOut(t)
	list := "\ufeffname,printer,paper\r\n"
	for n := range 300 {
		list += fmt.Sprintf("town-hall-%d,ipp://printer-%[1]d/ipp/print,a4\r\n", n+1)
	}
	codes, err := r.invites(list+",,\r\n", "--ttl", "72h")
	if err != nil || len(codes) != 301 || strings.Join(codes[0], ",") != "name,code,until" {
		t.Fatalf("%d %v", len(codes), err)
	}
	seen := r.wellFormed(codes[1:])
	if text := r.listed(); strings.Count(text, " invited ") != 300 || !strings.Contains(text, "300 in all, 300 invited; 0 need a person") || strings.Contains(text, "FINGERPRINT") {
		t.Error(text)
	}
	if codes, err = r.invites(list); err != nil || len(codes) != 301 || seen[codes[1][1]] {
		t.Errorf("codes are not drawn anew: %v", err)
	}
}

// wellFormed wants each line to have its name and a code of its own, and returns the codes.
func (r *rollOut) wellFormed(lines [][]string) map[string]bool {
	r.t.Helper()
	seen := map[string]bool{}
	for n, line := range lines {
		until, err := time.Parse(time.RFC3339, line[2])
		if _, ok := enrol.ParseCode(line[1]); !ok || seen[line[1]] || line[0] != fmt.Sprintf("town-hall-%d", n+1) || err != nil || time.Until(until) < 71*time.Hour {
			r.t.Fatalf("line %d: %v", n+2, err)
		}
		seen[line[1]] = true
	}
	return seen
}

func TestAListWithMistakesInvitesNobodyAndSaysEachByItsLine(t *testing.T) {
	r := newRollOut(t)
	if out, err := program("kiosk", "add", "--data", r.data, "--name", "lobby", "--url", "https://127.0.0.1:8443", "--printer", "ipp://p/ipp/print", "--out", filepath.Join(r.dir, "lobby")).CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	good := "annex,,,\n"
	for list, want := range map[string]string{
		"name,printer,printer_pin,paper\n" + good + ",,,letter\nhall,lpd://x,,a5\nannex,,,\nlong,ipps://p/ipp/print,zz,\n": `line 3: the name of a kiosk has|line 4: paper is "a5"|line 5: "annex" stands in line 2 already|line 6: printer_pin is "zz"`,
		"name,printer,printer_pin,paper\n" + good + "lobby,,,\n":                                                           `line 3: there is, or was, a kiosk named "lobby"`,
		"name,paper,printers\nannex,,\n": `line 1: there is no column "printers"`,
		"name,name\na,b\n":               "line 1: the column name is there twice",
		"paper\na4\n":                    "line 1: the column name is missing",
		"name\nannex,a4\n":               "line 2: it has more fields than the header",
		"name\n\"annex\n":                "the list is no CSV",
		"name\n":                         "no kiosk in it",
		"":                               "no header",
	} {
		_, err := r.invites(list)
		for _, want := range strings.Split(want, "|") {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %s", list, err, want)
			}
		}
	}
	if text := r.listed(); strings.Contains(text, "annex") || strings.Contains(text, "invited") {
		t.Error(text)
	}
	if _, err := r.invites("name\nannex\n", "--ttl", "200h"); err == nil || !strings.Contains(err.Error(), "--ttl is 200h") {
		t.Error(err)
	}
}
