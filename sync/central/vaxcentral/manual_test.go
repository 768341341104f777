package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/store/storetest"
)

// ranAsTheyStand are the chapters whose commands other tests run word by word; "" is what
// stands before the first.
var ranAsTheyStand = []string{"", "Every day", "When something is lost", "A database on a server"}

// call is a command of the program: its words, and the flags that it is given.
type call struct {
	words string
	flags []string
}

var (
	plainWord = regexp.MustCompile(`^[a-z][a-z-]*$`)
	flagName  = regexp.MustCompile(`^--[a-z][a-z-]*`)
)

// callOf reads one line. Words are two at most: what follows is a name of something.
func callOf(line string) call {
	line, _, _ = strings.Cut(line, "  #")
	fields := strings.Fields(line)[1:]
	var c call
	for n, f := range fields {
		if n > 1 || !plainWord.MatchString(f) {
			break
		}
		c.words = strings.TrimSpace(c.words + " " + f)
	}
	for _, f := range fields {
		if name := flagName.FindString(f); name != "" {
			c.flags = append(c.flags, name)
		}
	}
	return c
}

// runs tells whether one who ran c saw all that is in the line of the manual.
func (c call) runs(manual call) bool {
	return c.words == manual.words && !slices.ContainsFunc(manual.flags, func(f string) bool { return !slices.Contains(c.flags, f) })
}

// scripted are the calls of all scripts that end well.
func scripted(t *testing.T) (all []call) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if words, serves := strings.CutPrefix(line, "serving "); serves {
				all = append(all, callOf("vaxcentral serve --data "+words))
			} else if _, words, found := strings.Cut(line, "vaxcentral "); found && strings.HasPrefix(line, "exec ") {
				all = append(all, callOf("vaxcentral "+words))
			}
		}
	}
	return all
}

func TestEveryCommandOfTheManualIsRunByATest(t *testing.T) {
	ran, heading, looked, inside := scripted(t), []string{""}, 0, false
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
		case !inside && strings.HasPrefix(line, "## "):
			heading = []string{line[3:]}
		case !inside && strings.HasPrefix(line, "### "):
			heading = append(heading[:1:1], line[4:])
		case inside && strings.HasPrefix(line, "vaxcentral serve --metrics "): // serve_metrics_test.go
		case inside && strings.HasPrefix(line, "vaxcentral "):
			looked++
			if slices.ContainsFunc(heading, func(h string) bool { return slices.Contains(ranAsTheyStand, h) }) {
				continue
			}
			if c := callOf(line); !slices.ContainsFunc(ran, func(r call) bool { return r.runs(c) }) {
				t.Errorf("%v: no script in testdata runs %q with %v:\n%s", heading, c.words, c.flags, line)
			}
		}
	}
	if looked < 40 {
		t.Errorf("only %d commands found", looked)
	}
}

// TestTheCommandsForADatabaseOnAServerAreGood makes the database, a folder on it, and moves a folder that
// serves to another database; the kiosk of before is answered there.
func TestTheCommandsForADatabaseOnAServerAreGood(t *testing.T) {
	_, text, _ := strings.Cut(chapter(t, "../README.md", "The data folder"), "\n### A database on a server\n")
	text, _, _ = strings.Cut(text, "\n### ")
	blocks := strings.Split(text, "```")
	if len(blocks) != 5 {
		t.Fatalf("%d blocks of commands, not 2", len(blocks)/2)
	}
	at := storetest.OnEmpty(t).DB.Where()
	server, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PGHOST", server.Query().Get("host"))
	t.Setenv("PGUSER", server.User.Username())
	m := newMachine(t, map[string][]string{"Before anything is lost": {"age-keygen -o backup-key.txt"}})

	t.Cleanup(func() { m.does("dropdb central") })
	named := strings.Replace(at, server.Path+"?", "/central?", 1)
	for line := range strings.Lines(strings.Trim(blocks[1], "\n")) {
		m.does(servedBy(named, strings.ReplaceAll(strings.TrimSpace(line), "/srv/vaxcentral", "/srv/fresh")))
	}
	for line := range strings.Lines(strings.Trim(blocks[3], "\n")) {
		m.does(servedBy(at, strings.TrimSpace(line)))
	}
	m.works()
}

// servedBy is a line of the manual with the server of the tests.
func servedBy(at, line string) string {
	before, _, found := strings.Cut(line, `"postgres://`)
	if !found {
		return line
	}
	return before + "'" + at + "'"
}
