package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// namesOfTheWorld are names as registries write them.
var namesOfTheWorld = []person{
	{"小明", "王", "2001-02-03"},
	{"娜", "李", "2001-02-03"},
	{"민수", "김", "2001-02-03"},
	{"さくら", "山田", "2001-02-03"},
	{"محمد", "علي", "2001-02-03"},
	{"فاطمة", "الزهراء 2", "2001-02-03"},
	{"Ali", "محمد", "2001-02-03"},
	{"សុខ", "ចាន់ណា", "2001-02-03"},
	{"עברית", "name", "2001-02-03"},
	{"नेपाली", "श्रेष्ठ", "2001-02-03"},
	{"অনির্বাণ", "চট্টোপাধ্যায়", "2001-02-03"},
	{"สมชาย", "ศรีสุข", "2001-02-03"},
	{"አበበ", "በቀለ", "2001-02-03"},
	{"Ọ̀ṣunbùnmi", "Adébáyọ̀", "2001-02-03"},
	{"Արամ", "Խաչատրյան", "2001-02-03"},
	{"ລາວ", "ວົງສາ", "2001-02-03"},
	{"အောင်", "မြန်မာ", "2001-02-03"},
	{"శ్రీనివాస్", "రెడ్డి", "2001-02-03"},
	{"ಕೃಷ್ಣ", "ಮೂರ್ತಿ", "2001-02-03"},
	{"കൃഷ്ണൻ", "കുട്ടി", "2001-02-03"},
	{"ଓଡ଼ିଆ", "ଶ୍ରୀ", "2001-02-03"},
	{"ශ්\u200dරී", "ලංකා", "2001-02-03"},
}

// worldly is a dose given and made where such names are usual.
func worldly(where string) []record.Dose {
	return []record.Dose{
		dose("2025-10-02", "140", "Fluarix", "国药集团", "FX1", where),
		dose("2024-10-02", "43", "Engerix-B", "GSK", "FX2", "Lowell CHC"),
	}
}

// lookAt saves a page as images when somebody wants to look at it.
func lookAt(t *testing.T, pdf []byte, kind string, n int, big bool) {
	t.Helper()
	if *look != "" {
		path := fmt.Sprintf("%s/%s-%02d-%v", *look, kind, n, big)
		tool(t, "poppler-utils", "pdftoppm", "-r", "100", "-png", saved(t, pdf), path)
	}
}

func TestNamesOfTheWorldAreOnThePageAsTheyAreRead(t *testing.T) {
	s := newSigner(t)
	for i, p := range namesOfTheWorld {
		for _, big := range []bool{false, true} {
			if big && testing.Short() {
				continue // letters are drawn in one way, whatever their size
			}
			name := p.given + " " + p.family
			m := s.maker(func(o *Options) { o.Size = []Size{Letter, A4}[i%2] })
			how := desk.Page{Lang: []string{"en", "es"}[i/2%2], Receipt: receipt, Large: big}
			r := s.record(p, worldly(name), 13)
			doc, err := m.Render(r, how)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			again, err := m.Render(r, how)
			if err != nil || !bytes.Equal(doc.PDF, again.PDF) {
				t.Errorf("%s: two drawings differ (%v)", name, err)
			}
			text := squeeze(strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "").Replace(textOf(t, doc.PDF)))
			for _, word := range strings.Fields(name) {
				if strings.Count(text, word) < 2 {
					t.Errorf("large %v: %s of %s is not read from the page:\n%s", big, word, name, text)
				}
			}
			lookAt(t, doc.PDF, "name", i, big)
		}
	}
}

// BenchmarkScripts prints 40 doses of residents whose names and places are drawn.
func BenchmarkScripts(b *testing.B) {
	s := newSigner(b)
	for _, p := range []struct {
		script string
		who    person
		where  string
	}{
		{"Latin", maria, "Lowell Community Health"},
		{"Chinese", person{"小明", "王", "2001-02-03"}, "波士顿华埠社区卫生中心"},
		{"Arabic", person{"محمد", "علي", "2001-02-03"}, "مركز الصحة في لويل"},
		{"Khmer", person{"សុខ", "ចាន់ណា", "2001-02-03"}, "មណ្ឌលសុខភាព ឡូវែល"},
	} {
		doses := many(40)
		for i := range doses {
			doses[i].Performer = p.where
		}
		m, r := s.maker(), s.record(p.who, doses, 13)
		b.Run(p.script, func(b *testing.B) {
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				doc, err := m.Render(r, desk.Page{Lang: "es", Receipt: receipt})
				if err != nil {
					b.Fatal(err)
				}
				size = len(doc.PDF)
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}
