package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/sync/central/match"
)

// The selection of labelled pairs that is shipped: what README.md says of the
// whole files holds for it too.
func TestEvaluateReleasesNobodyElseAndMostOfThemselves(t *testing.T) {
	e := evaluation{bad: os.Stderr, counts: map[group]tally{}}
	f, err := os.Open(filepath.Join("..", "match", "testdata", "pairs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := e.all(f); err != nil || e.refused > 0 {
		t.Fatalf("%v, %d lines refused", err, e.refused)
	}
	two, same := e.counts[group{label: "not_a_match"}], e.counts[group{label: "match", shared: true}]
	if two[match.Release] > 0 || two[match.Review]+two[match.None] < 400 {
		t.Errorf("of two people: %s", two)
	}
	// 19 of these 209 have another phone on file: nobody may release them.
	if same[match.Release] < 190 || same[match.None] > 0 {
		t.Errorf("of one with a phone on both sides: %s", same)
	}
}

// Every line that is not empty is counted or refused.
func FuzzEvaluateLosesNoLine(f *testing.F) {
	head := strings.Join(pairColumns, ",")
	good := "match,A,B,1990-01-02,F,1,A,B,1990-01-02,F,1"
	f.Add("\ufeff"+head, good+"\r\n\n"+good)
	f.Add(head+",,,", `match,"A","B`)
	f.Add(strings.ToUpper(head), good+",\nmatch,\"A\n"+good)
	f.Fuzz(func(t *testing.T, head, lines string) {
		if strings.ContainsAny(head, "\n") {
			return
		}
		e := evaluation{bad: io.Discard, each: io.Discard, counts: map[group]tally{}}
		if e.all(strings.NewReader(head+"\n"+lines)) != nil {
			return
		}
		want := 0
		for line := range strings.SplitSeq(lines, "\n") {
			if strings.TrimSpace(line) != "" {
				want++
			}
		}
		got := e.refused
		for _, label := range labels {
			for _, n := range e.counts[group{label: label}] {
				got += n
			}
		}
		if got != want {
			t.Errorf("%d lines counted or refused, want %d", got, want)
		}
		e.print(io.Discard)
	})
}
