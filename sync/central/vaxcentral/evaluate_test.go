package main

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
)

// shipped is a selection of labelled pairs.
func shipped(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "match", "testdata", "pairs.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func evaluated(t *testing.T, text string) *evaluation {
	t.Helper()
	e := &evaluation{bad: os.Stderr, counts: map[group]tally{}}
	if err := e.all(strings.NewReader(text)); err != nil || e.refused > 0 {
		t.Fatalf("%v, %d lines refused", err, e.refused)
	}
	return e
}

// What README.md says of the whole files holds for the selection too.
func TestEvaluateReleasesNobodyElseAndMostOfThemselves(t *testing.T) {
	e := evaluated(t, shipped(t))
	two, same := e.counts[group{label: "not_a_match"}], e.counts[group{label: "match", shared: true}]
	if two[match.Release] > 0 || two[match.Review]+two[match.None] < 400 {
		t.Errorf("of two people: %s", two)
	}
	// 19 of these 209 have another phone on file: nobody may release them.
	if same[match.Release] < 190 || same[match.None] > 0 {
		t.Errorf("of one with a phone on both sides: %s", same)
	}
}

// rewritten is the text of pairs with every row changed; at finds a column, a new one too.
func rewritten(t *testing.T, text string, change func(row map[string]string)) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := append(slices.Clone(rows[0]), "a_phone_2", "a_email_2", "b_email")
	all := [][]string{head}
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, value := range row {
			named[rows[0][i]] = value
		}
		change(named)
		var out []string
		for _, name := range head {
			out = append(out, named[name])
		}
		all = append(all, out)
	}
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEvaluateCountsASecondContactLikeTheFirst(t *testing.T) {
	want := evaluated(t, shipped(t))
	for name, change := range map[string]func(map[string]string){
		"phone": func(row map[string]string) { row["a_phone_2"], row["a_phone"] = row["a_phone"], "351-555-0199" },
		"e-mail": func(row map[string]string) {
			for from, to := range map[string]string{"a_phone": "a_email_2", "b_phone": "b_email"} {
				if key := request.PhoneKey(row[from]); key != "" {
					row[from], row[to] = "", "of"+strings.TrimPrefix(key, "+")+"@example.org"
				}
			}
		},
	} {
		got := evaluated(t, rewritten(t, shipped(t), change))
		for _, label := range labels {
			if g := (group{label: label}); got.counts[g].String() != want.counts[g].String() {
				t.Errorf("%s: %s %s, as first contact %s", name, label, got.counts[g], want.counts[g])
			}
		}
	}
}

// Everybody says the other family name that is on file of them, and not the name of today.
func TestEvaluateReleasesThemselvesByANameOfBefore(t *testing.T) {
	e := evaluated(t, rewritten(t, shipped(t), func(row map[string]string) {
		if row["expect"] == "match" {
			row["b_family"], row["b_hyphenated_family"] = row["a_hyphenated_family"], ""
		}
	}))
	if same := e.counts[group{label: "match", shared: true}]; same[match.Release] < 190 || same[match.None] > 0 {
		t.Errorf("of one with a phone on both sides: %s", same)
	}
}

// The same pairs written otherwise, each side in its own way, and the columns backwards.
func TestEvaluateDoesNotDependOnHowThingsAreWritten(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(shipped(t))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head := slices.Clone(rows[0])
	accents := strings.NewReplacer("a", "\u00e1", "o", "o\u0302", "n", "\u00f1")
	for n, row := range rows {
		for i := range row {
			switch {
			case n == 0 || row[i] == "":
			case head[i] == "a_given", head[i] == "a_family":
				row[i] = strings.ToUpper(row[i])
			case head[i] == "b_given":
				row[i] = "Dr. " + accents.Replace(row[i])
			case head[i] == "b_family":
				row[i] = strings.ReplaceAll(accents.Replace(row[i]), "Mc", "Mac ")
			case head[i] == "b_phone":
				row[i] = "1-" + strings.NewReplacer("(", "", ")", ".").Replace(row[i]) + " ext. 7"
			}
		}
		slices.Reverse(row)
	}
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	want, got := evaluated(t, shipped(t)).counts, evaluated(t, text.String()).counts
	for g := range want {
		if want[g].String() != got[g].String() {
			t.Errorf("%+v: %s, otherwise written %s", g, want[g], got[g])
		}
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
