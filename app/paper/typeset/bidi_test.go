package typeset

import (
	"slices"
	"strings"
	"testing"
)

// onPaper is a line as it stands on paper, letter by letter from the left.
func onPaper(s string) string {
	var b strings.Builder
	for _, span := range ordered(s) {
		text := slices.Clone(span.text)
		if span.backward {
			slices.Reverse(text)
			for i, r := range text {
				text[i] = orElse(map[rune]rune{'(': ')', ')': '('}[r], r) // a shaper mirrors them
			}
		}
		b.WriteString(string(text))
	}
	return b.String()
}

// The visual order is that of Debian's fribidi 1.0.8 (fribidi --nopad --nobreak
// --nomirror, with --rtl or --ltr as the first letter says), its joined letters
// written as plain ones.
var linesInOrder = []struct{ text, seen string }{
	{"Ali Smith 2", "Ali Smith 2"},
	{"محمد علي", "يلع دمحم"},
	{"فاطمة الزهراء 2", "2 ءارهزلا ةمطاف"},
	{"Ali محمد", "Ali دمحم"},
	{"محمد Ali", "Ali دمحم"},
	{"Ali محمد 2", "Ali 2 دمحم"},
	{"Ali محمد 2 Smith", "Ali 2 دمحم Smith"},
	{"Ali محمد 2-3 5%", "Ali 5 3-2 دمحم%"},
	{"2 محمد", "دمحم 2"},
	{"محمد ٢٣ علي", "يلع ٢٣ دمحم"},
	{"Ali ٢٣", "Ali ٢٣"},
	{"עברית name", "name תירבע"},
	{"(עברית) name", "name (תירבע)"},
	{"Clinic (عيادة) 12", "Clinic (ةدايع) 12"},
	{"عيادة (Clinic) 12 شارع", "عراش 12 (Clinic) ةدايع"},
	{"O’Neill-محمد", "O’Neill-دمحم"},
	{"محمد 978-555-0172", "0172-555-978 دمحم"},
	{"Lot 12 محمد A34", "Lot 12 دمحم A34"},
	{"שלום, Boston, בית 5", "5 תיב ,Boston ,םולש"},
	{"٢", "٢"},
	{"12 محمد 34 Ali 56", "Ali 56 34 دمحم 12"},
}

func TestLinesStandInTheOrderOfUnicode(t *testing.T) {
	for _, l := range linesInOrder {
		if got := onPaper(isolate(l.text)); got != l.seen {
			t.Errorf("%q stands as %q, want %q", l.text, got, l.seen)
		}
	}
}
