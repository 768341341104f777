package paper

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
)

// editPages rewrites the content of every page of a PDF.
func editPages(t *testing.T, pdf []byte, edit func(string) string) []byte {
	t.Helper()
	for _, page := range pageObject.FindAllSubmatch(pdf, -1) {
		object := string(page[1])
		content, err := stream(pdf, object)
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w := zlib.NewWriter(&packed)
		_, _ = w.Write([]byte(edit(string(content))))
		_ = w.Close()
		head, rest, _ := bytes.Cut(pdf, []byte("\n"+object+" 0 obj\n"))
		length := streamHead.FindSubmatch(rest)
		n, _ := strconv.Atoi(string(length[1]))
		pdf = slices.Concat(head, fmt.Appendf(nil, "\n%s 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n", object, packed.Len()),
			packed.Bytes(), rest[len(length[0])+n:])
	}
	return pdf
}

// replacing edits the first occurrence of what text says on a page.
func replacing(from, to string) func(string) string {
	return func(content string) string { return strings.Replace(content, wide(from), wide(to), 1) }
}

// wide is text as our PDFs hold it.
func wide(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r >> 8))
		if r == '(' || r == ')' {
			b.WriteByte('\\')
		}
		b.WriteByte(byte(r))
	}
	return b.String()
}

// tampering is what may go wrong with a page.
var tampering = map[string]func(string) string{
	"a square less":               func(c string) string { return cutLine(c, 40) },
	"a square moved":              func(c string) string { return strings.Replace(c, " 1.20 re\n", " 2.40 re\n", 1) },
	"another date":                replacing("10/02/2025", "10/02/2024"),
	"another vaccine":             replacing("(43)", "(45)"),
	"another vaccine name":        replacing("MMR", "RSV"),
	"another status":              replacing("Not given", "Was given"),
	"no status":                   replacing("Not given", " "),
	"another family":              replacing("Influenza", "Hepatitis"),
	"a family less":               func(c string) string { return strings.Replace(c, "/Family BMC", "/Span BMC", 1) },
	"another count":               func(c string) string { return strings.Replace(c, wide("15")+")", wide("16")+")", 1) },
	"another registry":            replacing("Massachusetts", "Mississippi"),
	"another time":                replacing("10:42 AM", "10:43 AM"),
	"a lot where none is":         replacing("lot not on file", "lot U8123BB"),
	"a product where none is":     replacing("no consta", "lot U8123BB"),
	"another lot":                 replacing("AHBVB123", "AHBVB124"),
	"another place":               replacing("Lowell CHC", "Boston CHC"),
	"another name":                replacing("María", "Marta"),
	"another birth date":          replacing("March 14, 1958", "March 15, 1958"),
	"another caption":             replacing("Code 1 of 2", "Code 2 of 2"),
	"a mark to nowhere":           func(c string) string { return strings.Replace(c, "("+wide("1")+")", "("+wide("7")+")", 1) },
	"a row less":                  func(c string) string { return strings.Replace(c, "/Row BMC", "/Span BMC", 1) },
	"another day in the overview": func(c string) string { return strings.Replace(c, wide("05/11/2023"), wide("05/12/2023"), 1) },
	"a day less in the overview":  func(c string) string { return strings.Replace(c, "/Days BMC", "/Span BMC", 1) },
	"a disease less":              func(c string) string { return strings.Replace(c, "/Disease BMC", "/Span BMC", 1) },
	"no mark at a day":            replacing("06/01/2024†", "06/01/2024 "),
	"another meaning of a mark":   replacing("does not count", "counts in full"),
	"another head of a column":    replacing("oldest", "newest"),
	"another title of the list":   replacing("All doses", "My doses "),
	"a later page of another":     func(c string) string { return laterPage(c, "María", "Marta") },
	"another page":                replacing("Page 2 of", "Page 3 of"),
	"another receipt":             replacing(receipt, "7KQ2-M4V9-3X2"),
	"a code less":                 func(c string) string { return strings.Replace(c, "/Code BMC", "/Span BMC", 1) },
}

func TestATamperedPageIsCaught(t *testing.T) {
	s := newSigner(t)
	caught(t, s.maker(), s.record(maria, append(fourteen(), odd()[0], odd()[2]), 9), tampering)
}

// laterPage edits what stands at the head of a later page.
func laterPage(c, from, to string) string {
	before, head, found := strings.Cut(c, "/Whose BMC")
	if !found {
		return c
	}
	return before + "/Whose BMC" + strings.Replace(head, wide(from), wide(to), 1)
}

// caught makes the pages of a record and fails unless the check passes them, and
// each edit of them, of which every one must change something, does not pass.
func caught(t *testing.T, m *Maker, r record.Record, edits map[string]func(string) string) {
	t.Helper()
	for _, big := range []bool{false, true} {
		how := desk.Page{Lang: "es", Receipt: receipt, Large: big}
		doc, made, err := m.draw(r, how, testNow)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.check(editPages(t, doc.PDF, func(c string) string { return c }), r, how, made, testNow); err != nil {
			t.Fatalf("an untouched page is refused: %v", err)
		}
		for name, edit := range edits {
			changed := false
			pdf := editPages(t, doc.PDF, func(c string) string {
				after := edit(c)
				changed = changed || after != c
				return after
			})
			if !changed {
				t.Errorf("large %v, %s: the edit changed nothing", big, name)
			}
			if err := m.check(pdf, r, how, made, testNow); err == nil {
				t.Errorf("large %v, %s: not noticed", big, name)
			}
		}
	}
}

// cutLine removes the n-th square of the first code.
func cutLine(c string, n int) string {
	lines := strings.Split(c, "\n")
	for i, l := range lines {
		if strings.HasSuffix(l, " re") {
			if n--; n == 0 {
				return strings.Join(slices.Delete(lines, i, i+1), "\n")
			}
		}
	}
	return c
}

func TestARecordThatDisagreesWithItsCardsIsNotDrawn(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	fresh := func() record.Record { return s.record(maria, fourteen(), 7) }
	if _, err := m.Render(fresh(), desk.Page{Lang: "en", Receipt: receipt}); err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(*record.Record){
		"cards swapped":      func(r *record.Record) { r.Cards[0], r.Cards[1] = r.Cards[1], r.Cards[0] },
		"one card twice":     func(r *record.Record) { r.Cards[1] = r.Cards[0] },
		"a mark changed":     func(r *record.Record) { r.Doses[0].Card = 3 - r.Doses[0].Card },
		"a mark erased":      func(r *record.Record) { r.Doses[0].Card = 0 },
		"a mark to nowhere":  func(r *record.Record) { r.Doses[0].Card = 3 },
		"a date changed":     func(r *record.Record) { r.Doses[3].Date = "1999-01-01" },
		"a dose added":       func(r *record.Record) { d := r.Doses[0]; r.Doses = append(r.Doses, d) },
		"another person":     func(r *record.Record) { r.Given = "Ana" },
		"another birth date": func(r *record.Record) { r.Birth = "1958-03-15" },
		"a stranger's card": func(r *record.Record) {
			r.Cards[0] = s.record(person{"Ana", "Paz", "1958-03-14"}, fourteen(), 7).Cards[0]
		},
		"a card of another key": func(r *record.Record) { r.Cards[0] = newSigner(t).record(maria, fourteen(), 7).Cards[0] },
		"a card that is no JWS": func(r *record.Record) { r.Cards[0].JWS = "hello world" },
		"a card too large":      func(r *record.Record) { r.Cards[0].JWS = strings.Repeat("a", record.MaxJWS+1) },
		"five cards":            func(r *record.Record) { r.Cards = append(r.Cards, r.Cards[0], r.Cards[0], r.Cards[0]) },
	} {
		t.Run(name, func(t *testing.T) {
			r := fresh()
			forge(&r)
			doc, err := m.Render(r, desk.Page{Lang: "en", Receipt: receipt})
			if err == nil || doc.PDF != nil {
				t.Error("drawn all the same")
			}
			for _, secret := range []string{"María", "Garc", "1958", "CVS", "Boostrix"} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells %q", secret)
				}
			}
		})
	}
}

func TestCodesKeepTheirDistance(t *testing.T) {
	const tenMillimetres = 10 / 25.4 * 72
	s := newSigner(t)
	for n, size := range map[int]Size{1: Letter, 20: A4, 60: Letter} {
		m := s.maker(func(o *Options) { o.Size = size })
		doc, err := m.Render(s.record(maria, many(n), 14), desk.Page{Lang: "es", Receipt: receipt})
		if err != nil {
			t.Fatal(err)
		}
		width, height := newPDF(size, "").GetPageSize()
		groups, err := readBack(doc.PDF)
		if err != nil {
			t.Fatal(err)
		}
		var before float64
		for _, g := range groups {
			if g.tag != tagCode {
				continue
			}
			first := g.rects[0]
			bits, err := g.bitmap(module)
			if err != nil {
				t.Fatal(err)
			}
			side := float64(len(bits)) * module
			left, top := first[0], first[1]+first[3]
			switch {
			case left < tenMillimetres, left+side > width-tenMillimetres, top > height-tenMillimetres, top-side < tenMillimetres:
				t.Errorf("%d doses: a code is nearer than 10 mm to the edge", n)
			case before > 0 && left-before < quiet:
				t.Errorf("%d doses: two codes are %.1f points apart", n, left-before)
			}
			for _, text := range g.texts {
				inside := text.x > left-quiet && text.x < left+side+quiet && text.y+normal > top-side-quiet && text.y < top+quiet
				if inside {
					t.Errorf("%d doses: text in the white of a code", n)
				}
			}
			before = left + side
		}
	}
}

func TestACodeHasOneByteAndOneNumericSegment(t *testing.T) {
	for _, length := range []int{400, 735, 1000, record.MaxJWS} {
		bits, err := modules("eyJ" + strings.Repeat("aZ9-_.", length)[:length-3])
		if err != nil {
			t.Fatal(err)
		}
		if version := (len(bits) - 17) / 4; version > maxVersion {
			t.Errorf("%d characters need version %d", length, version)
		}
		result, err := decoder.NewDecoder().DecodeBoolMapWithoutHint(bits)
		if err != nil {
			t.Fatal(err)
		}
		if result.GetECLevel() != "L" {
			t.Errorf("error correction %s, want L", result.GetECLevel())
		}
		var stream strings.Builder
		for _, b := range result.GetRawBytes() {
			fmt.Fprintf(&stream, "%08b", b)
		}
		// versions 10 to 26: mode 4 bits, byte count 16 bits, numeric count 12 bits
		want := fmt.Sprintf("0100%016b", len(shcPrefix))
		for _, c := range []byte(shcPrefix) {
			want += fmt.Sprintf("%08b", c)
		}
		want += fmt.Sprintf("0001%012b", 2*length)
		if !strings.HasPrefix(stream.String(), want) {
			t.Errorf("%d characters: segments are not shc:/ in bytes, then all digits", length)
		}
	}
}

func FuzzReadingPagesNeverPanics(f *testing.F) {
	f.Add([]byte("/Row BMC\nBT 36.00 700.00 Td (\x00a\x00\\)) Tj ET\n0 g\n1 2 3 4 re\nf\nEMC"))
	f.Add([]byte("(\\"))
	f.Fuzz(func(t *testing.T, content []byte) {
		groups, err := readPage(content)
		if err != nil && groups != nil {
			t.Error("groups and an error")
		}
		for _, g := range groups {
			_, _ = g.decode(nil)
			_ = g.cells()
		}
	})
}
