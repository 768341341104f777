package paper

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
)

const slipKey = "0123456789abcdef"

// slips are those that are looked at and kept as goldens.
var slips = []struct {
	name, number, lang string
	kind               visit.SlipKind
	size               Size
}{
	{"slip-receipt-en", request.ReceiptFor(slipKey), "en-US", visit.ReceiptSlip, Letter},
	{"slip-receipt-es", request.ReceiptFor(slipKey), "es", visit.ReceiptSlip, A4},
	{"slip-tracking-en", request.TrackingFor(slipKey), "en", visit.TrackingSlip, A4},
	{"slip-tracking-es", request.TrackingFor(slipKey), "es", visit.TrackingSlip, Letter},
}

func slipOf(t *testing.T, m *Maker, kind visit.SlipKind, number, lang string) []byte {
	t.Helper()
	doc, err := m.Slip(kind, number, lang)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Pages != 1 {
		t.Fatalf("%d pages", doc.Pages)
	}
	return doc.PDF
}

func TestSlipsSayWhatTheGoldensSay(t *testing.T) {
	s := newSigner(t)
	for _, x := range slips {
		t.Run(x.name, func(t *testing.T) {
			m := s.maker(func(o *Options) { o.Size = x.size })
			pdf := slipOf(t, m, x.kind, x.number, x.lang)
			if !bytes.Equal(pdf, slipOf(t, m, x.kind, x.number, x.lang)) {
				t.Error("two drawings of one slip differ")
			}
			if number, err := Number(pdf); number != x.number || err != nil {
				t.Errorf("read %q, %v", number, err)
			}
			golden(t, x.name+".txt", textOf(t, pdf))
			wordsApart(t, x.name, pdf, x.size)
			for _, dpi := range []string{"150", "300"} {
				if got := scanned(t, pdf, dpi); !slices.Equal(got, []string{x.number}) {
					t.Errorf("at %s dpi a scanner types %q, want the number alone", dpi, got)
				}
			}
		})
	}
}

func TestTheCodeOfASlipIsLargeAndAwayFromTheEdge(t *testing.T) {
	const millimetre = 72 / 25.4
	s := newSigner(t)
	for _, size := range []Size{Letter, A4} {
		pdf := slipOf(t, s.maker(func(o *Options) { o.Size = size }), visit.ReceiptSlip, request.ReceiptFor(slipKey), "es")
		groups, err := readBack(pdf)
		if err != nil {
			t.Fatal(err)
		}
		right, left, top, bottom := 0.0, 1000.0, 0.0, 1000.0
		for _, r := range marked(groups)[0].rects {
			left, right = min(left, r[0]), max(right, r[0]+r[2])
			bottom, top = min(bottom, r[1]), max(top, r[1]+r[3])
		}
		width, height := newPDF(size, "").GetPageSize()
		if right-left < 30*millimetre || top-bottom < 30*millimetre {
			t.Errorf("%s: the code is %.0f points wide", size, right-left)
		}
		if edge := min(left, bottom, width-right, height-top); edge < 10*millimetre+slipQuiet {
			t.Errorf("%s: the code and its white are %.0f points from the edge", size, edge-slipQuiet)
		}
		for _, w := range wordBoxes(t, pdf)[0] {
			if w.x1 > left-slipQuiet && w.x0 < right+slipQuiet && height-w.y0 > bottom-slipQuiet && height-w.y1 < top+slipQuiet {
				t.Errorf("%s: a word stands in the white around the code: %v", size, w)
			}
		}
	}
}

func TestTheNumberIsLargerThanEverythingElse(t *testing.T) {
	s := newSigner(t)
	var sizes []float64
	pdf := slipOf(t, s.maker(), visit.TrackingSlip, request.TrackingFor(slipKey), "es")
	editPages(t, pdf, func(content string) string {
		for _, m := range fontSize.FindAllStringSubmatch(content, -1) {
			size, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, size)
		}
		return content
	})
	if len(sizes) == 0 || slices.Max(sizes) < 36 || slices.Min(sizes) < normal {
		t.Errorf("text of %v points", sizes)
	}
}

func TestAReceiptIsKeptAsManyDaysAsItSays(t *testing.T) {
	s := newSigner(t)
	eve := time.Date(2026, 12, 29, 23, 30, 0, 0, time.UTC)
	m := s.maker(func(o *Options) { o.Zone, o.Now = time.UTC, func() time.Time { return eve } })
	text := textOf(t, slipOf(t, m, visit.ReceiptSlip, request.ReceiptFor(slipKey), "en"))
	if !strings.Contains(text, "Good for 7 days, through January 4, 2027") {
		t.Error(text)
	}
	last := time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC) // the end of January 4
	if eve.AddDate(0, 0, request.ReceiptDays).Before(last) {
		t.Error("it says more days than it is kept")
	}
}

func TestNothingButANumberOfItsKindGoesOnASlip(t *testing.T) {
	m := newSigner(t).maker()
	receipt, tracking := request.ReceiptFor(slipKey), request.TrackingFor(slipKey)
	for _, x := range []struct {
		kind   visit.SlipKind
		number string
	}{
		{visit.ReceiptSlip, ""},
		{visit.ReceiptSlip, tracking},
		{visit.TrackingSlip, receipt},
		{visit.ReceiptSlip, strings.ToLower(receipt)},
		{visit.ReceiptSlip, "978-555-0172"},
		{visit.ReceiptSlip, "Melisanda"},
		{"record", receipt},
	} {
		doc, err := m.Slip(x.kind, x.number, "en")
		if err == nil || doc.PDF != nil {
			t.Errorf("%q went on a slip of kind %q", x.number, x.kind)
			continue
		}
		if x.number != "" && strings.Contains(err.Error(), x.number) {
			t.Errorf("the error holds the number: %v", err)
		}
	}
}

func TestATamperedSlipIsCaught(t *testing.T) {
	m := newSigner(t).maker()
	number := request.ReceiptFor(slipKey)
	pdf := slipOf(t, m, visit.ReceiptSlip, number, "en")
	other := request.ReceiptFor("ponmlkjihgfedcba")
	groups, err := readBack(pdf)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := marked(groups)[0].bitmap(slipModule)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkSlip(pdf, number, bits); err != nil {
		t.Fatalf("an untouched slip: %v", err)
	}
	for name, edit := range map[string]func(string) string{
		"other number":  replacing(number, other),
		"number twice":  func(s string) string { return s + s },
		"missing marks": func(s string) string { return strings.ReplaceAll(s, "/Number BMC", "/Row BMC") },
		"a square less": func(s string) string {
			i := strings.Index(s, " re\n")
			j := strings.LastIndex(s[:i], "\n")
			return s[:j] + s[i+len(" re"):]
		},
		"no squares": func(s string) string { return strings.ReplaceAll(s, " re\n", " m\n") },
	} {
		if err := checkSlip(editPages(t, pdf, edit), number, bits); err == nil {
			t.Errorf("%s: not caught", name)
		} else if strings.Contains(err.Error(), number) {
			t.Errorf("%s: the error holds the number: %v", name, err)
		}
	}
	if err := checkSlip(slipOf(t, m, visit.ReceiptSlip, other, "en"), number, bits); err == nil {
		t.Error("the slip of somebody else: not caught")
	}
}

func TestASlipHoldsItsFontsAndNoNumberInItsMetadata(t *testing.T) {
	pdf := slipOf(t, newSigner(t).maker(), visit.ReceiptSlip, request.ReceiptFor(slipKey), "es")
	for _, f := range strings.Split(strings.TrimSpace(tool(t, "poppler-utils", "pdffonts", saved(t, pdf))), "\n")[2:] {
		if fields := strings.Fields(f); fields[len(fields)-5] != "yes" || fields[len(fields)-3] != "yes" {
			t.Errorf("font is not embedded with Unicode: %s", f)
		}
	}
	if info := tool(t, "poppler-utils", "pdfinfo", saved(t, pdf)); strings.Contains(info, request.ReceiptFor(slipKey)) {
		t.Errorf("the metadata has the number:\n%s", info)
	}
}

func TestTheButtonsThatASlipNamesExist(t *testing.T) {
	for _, l := range assets.Languages {
		for _, key := range []string{"choose.collect", "choose.correct", "correcting.look-up"} {
			if assets.Words(l.Tag)[key].Shown == "" {
				t.Errorf("%s: no word %q", l.Tag, key)
			}
		}
	}
}
