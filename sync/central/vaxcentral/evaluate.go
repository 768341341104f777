package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
)

// evaluateAbout is also the manual of the file.
const evaluateAbout = `count what the release rule does with a FILE of labelled pairs
  CSV with a header, UTF-8. Columns in any order, others are skipped: expect (match, possible_match or not_a_match);
  a_ for the registry's person and b_ for who asks: given, family, birth_date (YYYY-MM-DD), gender (F or M), phone.
  May be left out: pair, error_kind, and of both people suffix, email, alias (a first name used besides) and
  hyphenated_family (a family name used besides); of the registry's person phone_2 and email_2; of who asks middle.
  Says one line per label, the same for pairs with a phone on both sides, and one per kind of error and label.
  Bad lines are said with number and reason and left out. The exit status is 1 when there were any, or when a
  pair of two people was released.`

func evaluate(_ context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	each := f.Bool("each", false, "also say each pair's verdict and its reasons, by the name of the pair")
	path, err := parseFile(f, args)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("cannot read the file (%w): check its path and rights", err)
	}
	defer file.Close()
	e := evaluation{bad: stderr, counts: map[group]tally{}}
	if *each {
		e.each = stdout
	}
	if err := e.all(file); err != nil {
		return err
	}
	e.print(stdout)
	switch wrong := e.counts[group{label: labels[2]}][match.Release]; {
	case wrong > 0:
		return statusError{statusSome, fmt.Errorf("pairs of two people that would be released: %d", wrong)}
	case e.refused > 0:
		return statusError{statusSome, fmt.Errorf("lines that were refused: %d, the others are counted", e.refused)}
	}
	return nil
}

// labels say what a pair is, in the order they are printed.
var labels = []string{"match", "possible_match", "not_a_match"}

// group is some of the pairs with a label: all, those with a phone on both
// sides, or those of one kind of error.
type group struct {
	shared bool
	kind   string
	label  string
}

type tally map[match.Verdict]int

// evaluation counts verdicts.
type evaluation struct {
	bad     io.Writer
	each    io.Writer      // nil for no line per pair
	at      map[string]int // of each column
	width   int            // of the header
	refused int
	counts  map[group]tally
}

// all reads a file line by line, so that a quote that does not end spoils one
// line only.
func (e *evaluation) all(file io.Reader) error {
	in := bufio.NewReader(file)
	for line := 1; ; line++ {
		text, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("cannot read the file: %w", err)
		}
		switch text = strings.TrimRight(strings.TrimPrefix(text, "\ufeff"), "\r\n"); {
		case line == 1:
			if err := e.header(text); err != nil {
				return err
			}
		case strings.TrimSpace(text) != "":
			if why := e.line(text); why != "" {
				e.refused++
				fmt.Fprintf(e.bad, "line %d: %s\n", line, why)
			}
		}
		if err != nil {
			return nil
		}
	}
}

// pairColumns are those that every file has.
var pairColumns = strings.Fields("expect a_given a_family a_birth_date a_gender a_phone b_given b_family b_birth_date b_gender b_phone")

func (e *evaluation) header(text string) error {
	names, err := fieldsOf(text)
	if err != nil {
		return errors.New("the first line is no header in CSV; vaxcentral evaluate --help names the columns")
	}
	e.at, e.width = map[string]int{}, len(names)
	for i, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		if _, twice := e.at[n]; twice && n != "" {
			return errors.New("the first line names a column twice; vaxcentral evaluate --help names the columns")
		}
		e.at[n] = i
	}
	for _, n := range pairColumns {
		if _, ok := e.at[n]; !ok {
			return fmt.Errorf("the first line lacks the column %s; vaxcentral evaluate --help names the columns", n)
		}
	}
	return nil
}

func fieldsOf(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	return r.Read()
}

// line decides one pair, or says why it cannot.
func (e *evaluation) line(text string) (why string) {
	row, err := fieldsOf(text)
	switch {
	case err != nil:
		return "not-csv"
	case len(row) != e.width:
		return "wrong-field-count"
	}
	p := pair{row, e.at}
	label := strings.ToLower(p.field("expect"))
	if !slices.Contains(labels, label) {
		return "label-unknown"
	}
	asked, on, why := p.people()
	if why != "" {
		return why
	}
	d := match.Decide(match.Asked(asked, request.Date{}), []match.Candidate{on}) // no pair depends on the day
	e.count(group{label: label}, d)
	kind := p.field("error_kind")
	if kind != "" {
		e.count(group{label: label, kind: kind}, d)
	}
	if p.field("a_phone") != "" && p.field("b_phone") != "" {
		e.count(group{label: label, shared: true}, d)
	}
	if e.each != nil {
		fmt.Fprintf(e.each, "pair=%s kind=%s expect=%s verdict=%s reasons=%s\n", word(p.field("pair")), word(kind), label, d.Verdict, reasons(d))
	}
	return ""
}

func reasons(d match.Decision) string {
	all := make([]string, len(d.Reasons))
	for i, r := range d.Reasons {
		all[i] = string(r)
	}
	return strings.Join(all, ",")
}

func (e *evaluation) count(g group, d match.Decision) {
	if e.counts[g] == nil {
		e.counts[g] = tally{}
	}
	e.counts[g][d.Verdict]++
}

func (e *evaluation) print(out io.Writer) {
	for _, shared := range []bool{false, true} {
		for _, label := range labels {
			prefix := ""
			if shared {
				prefix = "shared-contact "
			}
			fmt.Fprintf(out, "%s%s %s\n", prefix, label, e.counts[group{label: label, shared: shared}])
		}
	}
	kinds := slices.DeleteFunc(slices.Collect(maps.Keys(e.counts)), func(g group) bool { return g.kind == "" })
	slices.SortFunc(kinds, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), slices.Index(labels, a.label)-slices.Index(labels, b.label))
	})
	for _, g := range kinds {
		fmt.Fprintf(out, "kind=%s %s %s\n", word(g.kind), g.label, e.counts[g])
	}
}

func (t tally) String() string {
	return fmt.Sprintf("released=%d review=%d none=%d", t[match.Release], t[match.Review], t[match.None])
}

// word is text of a file as one word of a line.
func word(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' }) < 0 {
		return s
	}
	return fmt.Sprintf("%q", s)
}

// pair is one line of the file.
type pair struct {
	row []string
	at  map[string]int
}

func (p pair) field(name string) string {
	if i, ok := p.at[name]; ok {
		return strings.TrimSpace(p.row[i])
	}
	return ""
}

// people are who asks, as they could have filled in the form, and the person of
// the registry, as an import would have written them: the suffix belongs to the
// family name, other names are names of before, and of a middle name nothing is kept. A
// birth date that is left out agrees with none.
func (p pair) people() (asked request.Request, on match.Candidate, why string) {
	var birth [2]request.Date
	var gender [2]request.Gender
	for i, side := range []string{"a_", "b_"} {
		var ok bool
		if gender[i], ok = genders[strings.ToUpper(p.field(side+"gender"))]; !ok {
			return asked, on, "gender-unknown"
		}
		if s := p.field(side + "birth_date"); s != "" {
			var err error
			if birth[i], err = request.ParseDate(s); err != nil {
				return asked, on, "birth-wrong"
			}
		}
	}
	suffix, alias := p.suffixAndAlias("b_")
	asked = request.Request{
		Given: p.field("b_given"), Middle: p.field("b_middle"), Family: p.field("b_family"), Suffix: suffix,
		Other: request.Name{Given: alias, Family: p.field("b_hyphenated_family")},
		Birth: birth[1], Gender: gender[1], Phone: p.field("b_phone"), Email: p.field("b_email"),
	}
	return asked, p.onFile(birth[0], gender[0]), ""
}

// onFile is the person of the registry.
func (p pair) onFile(birth request.Date, gender request.Gender) (on match.Candidate) {
	suffix, alias := p.suffixAndAlias("a_")
	family := strings.TrimSpace(p.field("a_family") + " " + suffix)
	on = match.Candidate{Number: 1, Identity: match.Of(p.field("a_given"), family, birth.String(), gender, p.field("a_phone"), p.field("a_email"))}
	other := p.field("a_hyphenated_family")
	for _, also := range []request.Name{{Given: alias}, {Family: other}, {Given: alias, Family: other}} {
		if also != (request.Name{}) {
			on.Also = append(on.Also, on.Under(also.Given, also.Family))
		}
	}
	for _, key := range []string{request.PhoneKey(p.field("a_phone_2")), request.EmailKey(p.field("a_email_2"))} {
		if key != "" {
			on.More = append(on.More, match.Contact{Key: key})
		}
	}
	return on
}

// suffixAndAlias are those of one side. Registries have suffixes in the alias too.
func (p pair) suffixAndAlias(side string) (suffix, alias string) {
	suffix, alias = p.field(side+"suffix"), p.field(side+"alias")
	if slices.Contains(request.Suffixes, alias) || slices.Contains(request.Suffixes, alias+".") {
		return cmp.Or(suffix, alias), ""
	}
	return suffix, alias
}

// genders as registries write them (HL7 table 0001), and as the kiosk does.
var genders = map[string]request.Gender{
	"": request.Undisclosed, "F": request.Female, "M": request.Male, "FEMALE": request.Female, "MALE": request.Male,
	"U": request.Undisclosed, "UNKNOWN": request.Undisclosed, "UNDISCLOSED": request.Undisclosed,
	"O": request.Other, "X": request.Other, "A": request.Other, "N": request.Other, "OTHER": request.Other,
}
