package request

import (
	"strings"
	"testing"
)

func TestWhatIsPastedOrScannedIsFolded(t *testing.T) {
	for typed, want := range map[string]string{
		"O'Neill": "O'Neill", "O’Neill": "O'Neill", "O‘Neill": "O'Neill", "O´Neill": "O'Neill", "O`Neill": "O'Neill", "OʼNeill": "O'Neill",
		"O′Neill": "O'Neill", "O＇Neill": "O'Neill", "O\u1ffdNeill": "O'Neill",
		"Ana\u2010Ruiz": "Ana-Ruiz", "Ana\u2011Ruiz": "Ana-Ruiz", "Ana\u2012Ruiz": "Ana-Ruiz", "Ana–Ruiz": "Ana-Ruiz", "Ana—Ruiz": "Ana-Ruiz",
		"Ana\u2015Ruiz": "Ana-Ruiz", "Ana−Ruiz": "Ana-Ruiz", "Ana－Ruiz": "Ana-Ruiz", "בן־גוריון": "בן-גוריון",
		"Ma\u200bria": "Maria", "\ufeffMaria": "Maria", "Ma\u00adria": "Maria", "\u202aMaria\u202c": "Maria", "\u2067Maria\u2069": "Maria",
		"Maria\u200e": "Maria", "Ma\x00r\x7fia\x1b": "Maria", "Maria\ufe0f": "Maria", "Ma\u2060ria": "Maria", "Ma\u200dria": "Maria",
		"Jose\u200b\u0301": "José", "Jose\u0301": "José",
		"Ana\u00a0 \tMaria\r\n": "Ana Maria", "\u3000Ana\u2009Maria": "Ana Maria",
		"Kealiʻi": "Kealiʻi", "ז׳בוטינסקי": "ז׳בוטינסקי", "Gal·la": "Gal·la",
		"علی\u200cرضا": "علی\u200cرضا", "ශ්\u200dරී": "ශ්\u200dරී", "علی\u200c": "علی", "\u200cعلی": "علی",
		"علی\u200c\u200bرضا": "علی\u200cرضا", "علی\u200c\u200cرضا": "علی\u200cرضا",
		"": "", " \u00a0\u200b": "", "a\xffb": "a\ufffdb",
	} {
		if got := Fold(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
}

func FuzzFoldedTextStaysAsItIs(f *testing.F) {
	for _, c := range nameCases {
		f.Add(c.name)
	}
	f.Add("e\u200b\u0301\u00b4\u1fef")
	f.Add("\u06cc\u200c\u200d\u200c\u0631 \u094d\u200d")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if Fold(once) != once {
			t.Errorf("%q becomes %q, then %q", s, once, Fold(once))
		}
		for _, r := range once {
			if Unseen(r) || strings.ContainsRune(apostrophes+dashes, r) {
				t.Errorf("%q keeps %U", s, r)
			}
		}
	})
}

func TestOneNameIsOneHoweverItsSignsAreTyped(t *testing.T) {
	asTyped := []string{"D'Angelo-Ruiz", "D’Angelo–Ruiz", "D´Angelo\u2010Ruiz", "D`Angelo−Ruiz", "\ufeffD\u02bcAngelo\u2011Ru\u00adiz"}
	for _, typed := range asTyped {
		d := good()
		d.Family = typed
		r, problems := d.Request("en", today)
		if len(problems) > 0 || r.Family != asTyped[0] {
			t.Errorf("%q is sent as %q, %v", typed, r.Family, problems)
		}
		if got := strings.Join(NameWords(typed), " "); got != "dangelo ruiz" {
			t.Errorf("%q is compared as %q", typed, got)
		}
	}
	d := good()
	d.Contact, d.Email = ByEmail, "\u200bshane.o’neill@exam\u00adple.org\u00a0"
	if r, problems := d.Request("en", today); len(problems) > 0 || r.Email != "shane.o'neill@example.org" {
		t.Errorf("an address is sent as %q, %v", r.Email, problems)
	}
}

// Kiosks that did not fold yet have sealed requests that wait.
func TestARequestThatWasSealedBeforeSignsWereFoldedIsTaken(t *testing.T) {
	r, _ := good().Request("en", today)
	r.Family = "O’Neill‐García"
	if got, err := Decode(r.Encode(), today); err != nil || got != r {
		t.Errorf("%v", err)
	}
	d := wrongName()
	c, _ := d.Correction("en", "", today)
	c.New.Family = "O’Neill"
	if got, err := DecodeCorrection(c.Encode(), today); err != nil || got != c {
		t.Errorf("%v", err)
	}
	r.Family = "O’Neill  García"
	if _, err := Decode(r.Encode(), today); err == nil {
		t.Error("two spaces are taken")
	}
}

func wrongName() Draft {
	return Draft{
		Given: "Ana", Family: "Oneill", Birth: Date{1958, 3, 14}, Contact: ByPhone, Phone: "6175550123", Consent: Consent{Policy: "1"},
		Fix: Fix{Kind: WrongName, New: Name{Given: "Ana", Family: "O'Neill"}},
	}
}
