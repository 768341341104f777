package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/people"
)

func TestEveryTourRunsForEveryChange(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" ;\n", r) })
	for name := range scripts {
		if name != plainScript && !slices.Contains(words, name) {
			t.Errorf(".ci/run has no tour %s", name)
		}
	}
}

func TestToursVisitResidentsWhoFit(t *testing.T) {
	all := demoPeople()
	for name, s := range scripts {
		if s.resident < 1 || s.resident > len(all) {
			t.Errorf("%s: no resident %d", name, s.resident)
		}
	}
	child := all[scripts["child"].resident-1]
	mother := all[scripts["another-record"].resident-1]
	if child.Birth.Age(people.DemoDay) >= request.AdultAge || childOf(mother).Number != child.Number ||
		guardianOf(child) != (request.Name{Given: mother.Given, Family: mother.Family}) {
		t.Errorf("residents %d and %d are no mother and child", mother.Number, child.Number)
	}
	if len(all[scripts["correction"].resident-1].Doses) == 0 {
		t.Error("who corrects a dose has none")
	}
}

func TestHelpIsSearchedInEveryLanguage(t *testing.T) {
	var tags []string
	for _, l := range assets.Languages {
		tags = append(tags, l.Tag)
	}
	if got := slices.Sorted(maps.Keys(helpWords)); !slices.Equal(got, slices.Sorted(slices.Values(tags))) {
		t.Errorf("words to search for in %v, want %v", got, tags)
	}
}
