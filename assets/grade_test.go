package assets_test

import (
	"regexp"
	"strings"
	"testing"

	"vaxkiosk/assets"
)

// maxGrade is the school grade that the English texts are written for, by the
// Flesch-Kincaid formula; one text may be a little harder than all together.
const (
	maxGrade    = 6
	maxGradeOne = 7
)

var (
	sentenceEnd = regexp.MustCompile(`[.?:](\s+|$)`)
	vowels      = regexp.MustCompile(`[aeiouy]+`)
)

// grade is the Flesch-Kincaid grade, counting a group of vowels as a syllable
// and a last silent e as none.
func grade(text string) float64 {
	sentences, words, syllables := 0, 0, 0
	for _, s := range sentenceEnd.Split(text, -1) {
		if strings.TrimSpace(s) != "" {
			sentences++
		}
		for _, w := range strings.Fields(strings.ToLower(s)) {
			words++
			n := len(vowels.FindAllString(w, -1))
			if strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") && n > 1 {
				n--
			}
			syllables += max(n, 1)
		}
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(syllables)/float64(words) - 15.59
}

// countable is how many words a text has at least whose grade by itself says something.
const countable = 8

// filled stands for what a placeholder is filled with: one short word.
var filled = regexp.MustCompile(`\{[^}]*\}`)

// ofStaff are the sections that nobody meets who comes for a record.
var ofStaff = map[string]bool{"first": true}

// Whatever a visitor can meet, but for the words that search finds a topic by: screens, help, what is wrong, paper, messages.
func TestEveryTextOfVisitorsReadsAtGradeSix(t *testing.T) {
	sections := map[string][]string{}
	for key, w := range assets.Words("en") {
		section, _, _ := strings.Cut(key, ".")
		if forStaff(key) || ofStaff[section] || strings.HasSuffix(key, "-words") {
			continue
		}
		for _, text := range []string{w.Shown, w.Spoken} {
			text = filled.ReplaceAllString(text, "one")
			if strings.HasSuffix(strings.TrimSpace(text), ".") || strings.HasSuffix(text, "?") {
				sections[section] = append(sections[section], text)
			}
			if g := grade(text); len(strings.Fields(text)) >= countable && g > maxGradeOne {
				t.Errorf("%s reads at grade %.1f: %q", key, g, text)
			}
		}
	}
	for section, all := range sections {
		if g := grade(strings.Join(all, " ")); g > maxGrade {
			t.Errorf("%s reads at grade %.1f", section, g)
		}
	}
}

func TestPolicyReadsAtGradeSix(t *testing.T) {
	headings := regexp.MustCompile(`(?m)^[^.\n]+$`)
	p := assets.PolicyOf("en")
	texts := []string{p.Summary, headings.ReplaceAllString(p.Full, "")}
	for _, d := range p.Declarations {
		texts = append(texts, d.Text)
	}
	for _, text := range texts {
		if g := grade(text); g > maxGrade {
			t.Errorf("grade %.1f: %.60q …", g, text)
		}
	}
}

// maxSentence is how many words a sentence has at most, where no formula gives a grade.
const maxSentence = 20

func TestSentencesOfOtherLanguagesAreShort(t *testing.T) {
	check := func(lang, key, text string) {
		if lang == "en" || forStaff(key) || strings.HasSuffix(key, "-words") {
			return
		}
		for _, line := range strings.Split(text, "\n") {
			for _, s := range sentenceEnd.Split(line, -1) {
				if n := len(strings.Fields(s)); n > maxSentence {
					t.Errorf("%s: %s has a sentence of %d words: %q", lang, key, n, s)
				}
			}
		}
	}
	eachWord(t, check)
	eachPolicyText(check)
}

func TestGradeTellsHardFromEasy(t *testing.T) {
	easy := "Please check the date. Then go on."
	hard := "Authentication of the immunization registry's certificate necessitates administrative intervention by authorised personnel."
	if e, h := grade(easy), grade(hard); e > 3 || h < 15 {
		t.Errorf("easy text has grade %.1f, hard text %.1f", e, h)
	}
}
