package main

import (
	"flag"
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

func FuzzEvaluateReadsEveryFile(f *testing.F) {
	f.Add("expect,a_given,a_family,a_birth_date,a_gender,a_phone,b_given,b_family,b_birth_date,b_gender,b_phone", "match,A,B,1990-01-02,F,1,A,B,1990-01-02,F,1")
	f.Add("\ufeff"+strings.Join(pairColumns, ",")+",,,", `match,"A","B`)
	f.Add("", "\x00\n\"\n")
	f.Fuzz(func(t *testing.T, head, lines string) {
		file := filepath.Join(t.TempDir(), "f.csv")
		if err := os.WriteFile(file, []byte(head+"\n"+lines), 0o600); err != nil {
			t.Fatal(err)
		}
		_ = evaluate(t.Context(), flag.NewFlagSet("", flag.ContinueOnError), []string{"--each", file}, io.Discard, io.Discard)
	})
}
