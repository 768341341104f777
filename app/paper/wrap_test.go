package paper

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// longNames are wider than a line, some without a space.
var longNames = []person{
	{"عبد الرحمن محمد عبد الله", "بن علي آل سعود الهاشمي القرشي (Lowell) الطويل جدا", "2001-02-03"},
	{"Maria محمد عبد الله بن علي آل سعود", "Smith الهاشمي القرشي 12 الطويل جدا", "2001-02-03"},
	{"ស្រីស្រស់ស្អាតក្រឡាខ្មែរស្ត្រីខ្មែរភ្នំពេញមជ្ឈមណ្ឌលសុខភាពសហគមន៍", "ខ្ញុំ", "2001-02-03"},
	{"王小明王小明王小明王小明王小明王小明王小明王小明王小明", "欧阳", "2001-02-03"},
	{"สุพรรณีกุ้งกิ่งก้านปิ่นปั้นเจริญรุ่งเรืองวัฒนานุกูลกิจ", "น้ำ", "2001-02-03"},
	{"अनुराधालक्ष्मीकृष्णप्रसादश्रेष्ठज्ञवालीत्रिपाठीक्षेत्री", "नेपाली", "2001-02-03"},
}

// A width for two letters and for ten; nothing is lost, and no line begins with what
// belongs to the letter before.
func TestLongNamesAreWrappedBetweenLetters(t *testing.T) {
	l := newLayout(newPDF(Letter, ""), bilingual{})
	for _, p := range longNames {
		name := typeset.Clean(p.given + " " + p.family)
		for _, width := range []float64{30, 60, 150} {
			lines := l.wrap(name, normal, false, width)
			if len(lines) < 2 {
				t.Errorf("%s: one line of %v points", name, width)
			}
			if got := squeeze(strings.Join(lines, "")); got != squeeze(name) {
				t.Errorf("%s: became %s", name, got)
			}
			for _, line := range lines {
				letters := []rune(squeeze(line))
				if len(letters) == 0 {
					t.Fatalf("%s: an empty line in %q", name, lines)
				}
				if unicode.Is(unicode.M, letters[0]) || strings.ContainsRune("\u17d2\u094d", letters[len(letters)-1]) {
					t.Errorf("%s: cut inside a letter: %q", name, line)
				}
				if w := l.measure(line, normal, false); w > width && len(letters) > 6 {
					t.Errorf("%s: %q is %.1f points wide, more than %v", name, line, w, width)
				}
				if strings.ContainsAny(line, "\u2066\u2067") != strings.Contains(line, "\u2069") {
					t.Errorf("%s: an isolate is open at the end of %q", name, line)
				}
			}
		}
	}
}

func TestPagesOfLongNamesAreWhole(t *testing.T) {
	s := newSigner(t)
	for i, p := range longNames {
		for _, big := range []bool{false, true} {
			size := []Size{Letter, A4}[i%2]
			m := s.maker(func(o *Options) { o.Size = size })
			doc, err := m.Render(s.record(p, worldly(p.given), 13), desk.Page{Lang: "es", Receipt: receipt, Large: big})
			if err != nil {
				t.Errorf("large %v: %s: %v", big, p.given, err)
				continue
			}
			for _, size := range typeSizes(t, doc.PDF) {
				if least := map[bool]float64{false: normal, true: large}[big]; size < least {
					t.Errorf("large %v: %s: type of %v points", big, p.given, size)
				}
			}
			lookAt(t, doc.PDF, "long", i, big)
		}
	}
}

// Whatever scripts, numbers and brackets a registry mixes, the page passes its check.
func TestAnyMixtureOfScriptsIsDrawn(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	words := rapid.SampledFrom([]string{
		"محمد", "الزهراء", "علي،", "٢٣", "گل\u200cنار", "إِلَٰه", "עברית", "שָׁלוֹם", "Ali", "(Lowell)", "(عيادة)", "O’Neill-محمد", "12", "5%", "-", "/", ".",
		"王小明", "（门诊）", "さくらー", "김민수", "ខ្ញុំ", "ស្រ្តី", "नेपाली", "क्ष्मी", "চট্টো", "ગુજરાતી", "ਪ੍ਰੀਤਮ", "கொழும்பு", "กุ้ง", "ນ້ຳ", "አበበ", "Խաչ", "ბერი",
		"Ọ̀ṣun", "Nguyễn", "Їжак", "\u0301", "\u200d", "\u202e", "🙂", "မောင်", "\ufffd", "½", "№",
		"\u0651", "\u05b8", "\u094d", "\u17d2", "\u0e49", "ـ", "،", "।", "。", "-\u0301", "\u200c", "«", "–", "…", "&", "{", "]", "e\u0323\u0302", "々", "ٱ", "ﷺ", "İ", "ß", "🇺🇸",
	})
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(words, 1, 9).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", ", "}).Draw(t, "between"))
	})
	rapid.Check(t, func(t *rapid.T) {
		d := dose("2020-02-29", "110", text.Draw(t, "product"), text.Draw(t, "maker"), text.Draw(t, "lot"), text.Draw(t, "where"))
		who := person{text.Draw(t, "given"), text.Draw(t, "family"), "2001-02-03"}
		how := desk.Page{Lang: "es", Receipt: receipt, Large: rapid.Bool().Draw(t, "large")}
		if _, err := m.Render(s.record(who, []record.Dose{d}, 3), how); err != nil {
			t.Fatalf("a verified record is refused: %v", err)
		}
	})
}

// A hyphen that the Hebrew font has stays with it, unless an accent that it has not
// stands on the hyphen.
func TestALetterIsDrawnWithItsMarksByOneFont(t *testing.T) {
	s := newSigner(t)
	for _, name := range []string{"שָׁלוֹם-\u0301", "محمد .\u0301 علي", "עברית \u0301"} {
		if _, err := s.maker().Render(s.record(person{name, "الزهراء", "2001-02-03"}, worldly(name), 1), desk.Page{Lang: "es", Receipt: receipt}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
