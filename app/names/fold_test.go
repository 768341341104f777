package names

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
	for _, s := range []string{"María José", "O’Neill–García", "Nguyễn", "علی\u200cرضا", "ශ්\u200dරී", "ז׳בוטינסקי", "李小龍", "Gal·la", "a\xffb"} {
		f.Add(s)
	}
	f.Add("e\u200b\u0301\u00b4\u1fef")
	f.Add("\u06cc\u200c\u200d\u200c\u0631 \u094d\u200d")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if Fold(once) != once {
			t.Errorf("%q becomes %q, then %q", s, once, Fold(once))
		}
		for _, r := range once {
			if unseen(r) || strings.ContainsRune(apostrophes+dashes, r) {
				t.Errorf("%q keeps %U", s, r)
			}
		}
	})
}
