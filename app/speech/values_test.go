package speech_test

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/speech"
	"vaxkiosk/assets"
)

// phonemes are the sounds that espeak-ng makes of lines: the same each time.
func phonemes(t *testing.T, voice string, lines []string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "espeak-ng", "-q", "-x", "--stdin", "-b", "1", "-v", voice)
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(out), "\n"), "\n")
}

func textsOf(all []speech.Piece) (texts []string) {
	for _, p := range all {
		texts = append(texts, p.Text)
	}
	return texts
}

func TestACodeIsSaidSignBySign(t *testing.T) {
	for text, want := range map[string]string{
		"254920": "2 5 4 9 2 0.", "351-555-0169": "3 5 1. 5 5 5. 0 1 6 9.", "7KQ2-M4V9": "7 K Q 2. M 4 V 9.", "(617) 555": "6 1 7. 5 5 5.", "Đỗ": "Đ Ỗ.", "": "", "--": "",
	} {
		var got strings.Builder
		for _, p := range speech.Signs(text, "en", speech.Personal) {
			if p.Level != speech.Personal {
				t.Errorf("%q is for everybody", text)
			}
			got.WriteString(p.Text + map[bool]string{true: ". ", false: " "}[p.Pause > 500e6])
		}
		if strings.TrimSpace(got.String()) != want {
			t.Errorf("%q is said %q, want %q", text, got.String(), want)
		}
	}
}

// thousand and hundred, in the languages whose sounds were looked at.
var numbers = regexp.MustCompile(`T'?aUz|h'VndrI2d|m'il|sj'ento`)

func TestNoDigitIsSaidAsAPartOfANumberInAnyLanguage(t *testing.T) {
	signs := textsOf(speech.Signs("0123456789 ABCDEFGHJKMNPQRSTVWXYZ", "en", speech.Public))
	for _, v := range espeak(t).Voices() {
		said := phonemes(t, v.Name, signs)
		heard := 0
		for _, sounds := range said {
			if strings.TrimSpace(sounds) != "" {
				heard++
			}
			if numbers.MatchString(sounds) {
				t.Errorf("%s: %q", v.Lang, sounds)
			}
		}
		if heard < len(signs) {
			t.Errorf("%s: of %d signs %d are heard", v.Lang, len(signs), heard)
		}
		if v.Lang == "en" || v.Lang == "es" {
			if different := slices.Compact(slices.Sorted(slices.Values(said))); len(different) < len(signs) {
				t.Errorf("%s: %d signs sound like %d", v.Lang, len(signs), len(different))
			}
		}
	}
}

func TestVaccinesAreSaidAsPeopleSayThem(t *testing.T) {
	for name, want := range map[string]string{
		"COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose": "covid 19 m R N A L N P S preservative free 30 micrograms 0.3 milliliters dose",
		"DTaP-IPV-Hib-HepB":                             "D T A P I P V hib hep B",
		"Tdap":                                          "T dap",
		"MMR":                                           "M M R",
		"HPV9":                                          "H P V 9",
		"influenza, unspecified":                        "influenza not specified",
		"Pneumococcal conjugate PCV":                    "Pneumococcal conjugate P C V",
		"zoster recombinant":                            "zoster recombinant",
		"":                                              "",
	} {
		if got := strings.Join(textsOf(speech.Vaccine(name, speech.Personal)), "|"); got != want {
			t.Errorf("%s is said %q, want %q", name, got, want)
		}
	}
}

func TestEveryVaccineOfTheTablesIsHeard(t *testing.T) {
	var texts []string
	for _, p := range assets.Products() {
		texts = append(texts, textsOf(speech.Vaccine(p.Name, speech.Public))...)
		if v, ok := assets.VaccineOf(p.CVX); ok {
			texts = append(texts, textsOf(speech.Vaccine(v.Short, speech.Public))...)
		}
	}
	if len(texts) < assets.LeastVaccines {
		t.Fatalf("%d names", len(texts))
	}
	for _, text := range texts {
		if strings.ContainsAny(text, "/()+") {
			t.Errorf("%q", text)
		}
	}
	heard := slices.DeleteFunc(phonemes(t, "en-us", texts), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(heard) < len(texts) {
		t.Errorf("of %d names %d are heard", len(texts), len(heard))
	}
}

func TestANameIsSaidInEnglishAndIsPersonal(t *testing.T) {
	want := []speech.Piece{{Text: "Camillo Hays", Lang: "en", Level: speech.Personal}}
	if got := speech.Name("Camillo Hays"); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := speech.Name(" "); got != nil {
		t.Errorf("nobody is %+v", got)
	}
}
