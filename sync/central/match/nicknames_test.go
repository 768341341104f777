package match

import (
	"strings"
	"testing"

	"vaxkiosk/app/request"
)

func TestAShortFormIsTheFullNameWhereItCannotBeATwins(t *testing.T) {
	who := func(given, family string, g request.Gender) Identity {
		return Of(given, family, "1980-05-06", g, phone, "")
	}
	f, m := request.Female, request.Male
	for _, c := range []struct {
		name      string
		asked, on Identity
		verdict   Verdict
	}{
		{"short typed", who("Bob", "Lopez", m), who("Robert", "Lopez", m), Release},
		{"short on file", who("Katherine", "Lopez", f), who("Kate", "Lopez", f), Release},
		{"accents", who("pepe", "Lopez", m), who("JOSÉ", "Lopez", m), Release},
		{"another spelling", who("Steve", "Lopez", m), who("Stephen", "Lopez", m), Release},
		{"two spellings of the full name", who("Fredrick", "Lopez", m), who("Frederick", "Lopez", m), Review},
		{"two parts", who("Maite", "Lopez", f), who("María Teresa", "Lopez", f), Release},
		{"two short forms", who("Peggy", "Lopez", f), who("Maggie", "Lopez", f), Review},
		{"for two first names", who("Katie", "Lopez", f), who("Kathleen", "Lopez", f), Review},
		{"a twin of another first name", who("Christopher", "Lopez", m), who("Christian", "Lopez", m), Review},
		{"a name of its own by now", who("Jack", "Lopez", m), who("John", "Lopez", m), Review},
		{"gender not said", who("Bob", "Lopez", request.Undisclosed), who("Robert", "Lopez", m), Review},
		{"a twin sister's short form", who("Sam", "Lopez", m), who("Samantha", "Lopez", f), None},
		{"typing error in the family name", who("Bob", "Hernandes", m), who("Robert", "Hernandez", m), Review},
		{"a part of the family name", who("Bob", "Garcia", m), who("Robert", "Garcia-Ruiz", m), Review},
		{"its parts in another order", who("Bob", "Ruiz Garcia", m), who("Robert", "Garcia-Ruiz", m), Review},
		{"its parts joined", who("Bob", "Mac Donald", m), who("Robert", "McDonald", m), Release},
		{"typing error in the short form", who("Bobyb", "Lopez", m), who("Robert", "Lopez", m), Review},
	} {
		got := Decide([]Identity{c.asked}, []Candidate{{Number: 7, Identity: c.on}})
		back := Decide([]Identity{c.on}, []Candidate{{Number: 7, Identity: c.asked}})
		if got.Verdict != c.verdict || back.Verdict != c.verdict {
			t.Errorf("%s: got %s %v, back %s, want %s", c.name, got.Verdict, got.Reasons, back.Verdict, c.verdict)
		}
	}
	twins := []Candidate{{Number: 1, Identity: who("Robert", "Lopez", m)}, {Number: 2, Identity: who("Bob", "Lopez", m)}}
	if got := Decide([]Identity{who("Robert", "Lopez", m)}, twins); got.Verdict != Review {
		t.Errorf("two people with one name: got %s", got.Verdict)
	}
}

// A name on two lines would be short for two first names.
func TestEveryNicknameIsShortForOneFirstName(t *testing.T) {
	seen := map[string]int{}
	gender, lines := "", 0
	for n, line := range strings.Split(nicknamesText, "\n") {
		if strings.HasPrefix(line, "[") {
			gender = line
		}
		if gender == "" || !strings.Contains(line, ":") {
			continue
		}
		lines++
		for name := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ',' || r == ':' }) {
			key := gender + NameOf(name).whole()
			if other, twice := seen[key]; twice {
				t.Errorf("%s is on lines %d and %d", key, other+1, n+1)
			}
			seen[key] = n
			if NameOf(name) == nil {
				t.Errorf("line %d has a placeholder", n+1)
			}
		}
	}
	if lines < 150 || len(nicknames()["female"]) < 150 || len(nicknames()["male"]) < 150 {
		t.Errorf("only %d lines were read", lines)
	}
}
