package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vaxkiosk/app/desk"
)

// Goldens of pages as pictures: testdata/pages/KIND-N.png is page N at 50 dots per
// inch. The goldens of text beside them say what stands on a page; these say where.
// Codes are grey fields on them, because a signature is another each time.
//
// After a change that is meant, look at the pages and write the pictures anew:
//
//	go test ./app/paper -run TestPagesLookAsTheyDid -update
const (
	pictureDPI = 50
	drawnAt    = 3 // times as fine, then averaged, so that hinting does not matter
	pictured   = "testdata/pages"
)

var kindsMade map[string][]byte // once for all tests

// kinds are the PDFs of every kind of page, by name.
func kinds(t *testing.T) map[string][]byte {
	t.Helper()
	if kindsMade != nil {
		return kindsMade
	}
	s := newSigner(t)
	all := map[string][]byte{}
	keep := func(name string, doc desk.Document, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = doc.PDF
	}
	for _, h := range histories() {
		m, r := s.maker(func(o *Options) { o.Size = h.size }), s.of(h)
		doc, err := m.Render(r, desk.Page{Lang: h.lang, Receipt: receipt})
		keep(h.name, doc, err)
		doc, err = m.Render(r, desk.Page{Lang: h.lang, Receipt: receipt, Large: true})
		keep("large-"+h.name, doc, err)
	}
	a4 := s.maker(func(o *Options) { o.Size = A4 })
	r := s.checked(fourteen())
	r.Recommendations = recommendations()
	for _, big := range []bool{false, true} {
		doc, err := a4.Render(r, desk.Page{Lang: "es", Receipt: receipt, Large: big})
		keep(fmt.Sprintf("advice-phone-a4-large-%v", big), doc, err)
	}
	for name, who := range map[string]person{"chinese": namesOfTheWorld[0], "arabic": namesOfTheWorld[4], "khmer": namesOfTheWorld[7]} {
		doc, err := s.maker().Render(s.record(who, worldly(who.given+" "+who.family), 13), desk.Page{Lang: "es", Receipt: receipt})
		keep("script-"+name, doc, err)
	}
	for _, x := range slips {
		doc, err := s.maker(func(o *Options) { o.Size = x.size }).Slip(x.kind, x.number, x.lang)
		keep(x.name, doc, err)
	}
	doc, err := a4.TestPage("en")
	keep("test-page-en", doc, err)
	doc, err = s.maker().TestPage("es")
	keep("test-page-es", doc, err)
	kindsMade = all
	return all
}

func TestPagesLookAsTheyDid(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	known := map[string]bool{}
	for name, pdf := range kinds(t) {
		for i, got := range pictures(t, pdf) {
			path := filepath.Join(pictured, fmt.Sprintf("%s-%d.png", name, i+1))
			known[path] = true
			if *update {
				savePicture(t, path, got)
			}
			if n := differing(loadPicture(t, path), got); n > mostDiffering {
				t.Errorf("%s: %d dots differ, more than %d; look at the page, then run go test -update", path, n, mostDiffering)
			}
		}
	}
	all, err := filepath.Glob(filepath.Join(pictured, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if !known[path] {
			t.Errorf("%s is of no page", path)
		}
	}
}

var place = regexp.MustCompile(`BT ([\d.]+) ([\d.]+) Td`)

// moved shifts by millimeters all text that begins at x, in points.
func moved(x, mm float64) func(string) string {
	return func(content string) string {
		return place.ReplaceAllStringFunc(content, func(td string) string {
			at := place.FindStringSubmatch(td)
			if was, _ := strconv.ParseFloat(at[1], 64); math.Abs(was-x) < 0.1 {
				return fmt.Sprintf("BT %.2f %s Td", was+mm*millimeter, at[2])
			}
			return td
		})
	}
}

func TestAColumnThatMovedByTwoMillimetersIsSeen(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	pdf := kinds(t)["fourteen-en"]
	before := pictures(t, pdf)[0]
	list := &grid{columns: listColumns, left: margin, width: newPDFWidth(Letter) - 2*margin}
	e := list.edges()
	for i, column := range listColumns {
		for _, mm := range []float64{-2, 2} {
			edited := editPages(t, pdf, moved(e[i], mm))
			if bytes.Equal(edited, pdf) {
				t.Fatalf("%s: nothing was moved", column.key)
			}
			if n := differing(before, pictures(t, edited)[0]); n <= mostDiffering {
				t.Errorf("%s, moved by %v mm: %d dots differ, which is passed over", column.key, mm, n)
			}
		}
	}
	if n := differing(before, pictures(t, editPages(t, pdf, replacing("10/02/2025", "          ")))[0]); n <= mostDiffering {
		t.Errorf("without one date %d dots differ, which is passed over", n)
	}
}

func TestAnotherWayOfSmoothingIsNoDifference(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for name, pdf := range kinds(t) {
		if !strings.HasPrefix(name, "fourteen-en") && name != "slip-receipt-es" && name != "large-odd-es" {
			continue
		}
		usual := pictures(t, pdf)
		for other, all := range map[string][]*image.Gray{
			"drawn finer":   rendered(t, pdf, 5),
			"type unsmooth": rendered(t, pdf, drawnAt, "-aa", "no"),
			"all unsmooth":  rendered(t, pdf, drawnAt, "-aa", "no", "-aaVector", "no"),
		} {
			for i := range usual {
				if n := differing(usual[i], all[i]); n > mostDiffering {
					t.Errorf("%s page %d, %s: %d dots differ", name, i+1, other, n)
				}
			}
		}
	}
}

// Two pictures differ where their means over five by five dots do: that takes no
// notice of how an edge was smoothed. As many dots may differ as a short word has.
const (
	reach         = 2
	tolerance     = 28 // of 255
	mostDiffering = 20
)

// differing counts the dots where two pictures differ; all do if their sizes differ.
func differing(a, b *image.Gray) int {
	switch {
	case a.Rect != b.Rect:
		return a.Rect.Dx() * a.Rect.Dy()
	case bytes.Equal(a.Pix, b.Pix): // as nearly always
		return 0
	}
	n := 0
	was, is := means(a), means(b)
	for i := range was {
		if d := was[i] - is[i]; d > tolerance || d < -tolerance {
			n++
		}
	}
	return n
}

// means are the means over five by five dots, without the edges.
func means(m *image.Gray) (all []int) {
	wide, high := m.Rect.Dx(), m.Rect.Dy()
	for y := reach; y < high-reach; y++ {
		columns := make([]int, wide)
		for x := range wide {
			for j := -reach; j <= reach; j++ {
				columns[x] += int(m.Pix[(y+j)*m.Stride+x])
			}
		}
		for x := reach; x < wide-reach; x++ {
			sum := 0
			for _, c := range columns[x-reach : x+reach+1] {
				sum += c
			}
			all = append(all, sum/((2*reach+1)*(2*reach+1)))
		}
	}
	return all
}

// pictures are the pages of a PDF, as small as the goldens.
func pictures(t *testing.T, pdf []byte) []*image.Gray {
	t.Helper()
	return rendered(t, pdf, drawnAt)
}

// rendered draws a PDF so many times as fine as the goldens, and averages.
func rendered(t *testing.T, pdf []byte, fine int, args ...string) (all []*image.Gray) {
	t.Helper()
	path := saved(t, pdf)
	dir := filepath.Dir(path)
	args = append(args, "-r", strconv.Itoa(fine*pictureDPI), "-gray", path, filepath.Join(dir, "p"))
	if said, err := exec.Command("pdftoppm", args...).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm of poppler-utils: %v: %s", err, said)
	}
	images, err := filepath.Glob(filepath.Join(dir, "p-*.pgm"))
	if err != nil || len(images) == 0 {
		t.Fatalf("no page was rendered (%v)", err)
	}
	fields := codeFields(t, pdf)
	for i, name := range images {
		m := loadPGM(t, name)
		for _, f := range fields[i] {
			hide(m, f, float64(fine*pictureDPI)/72)
		}
		all = append(all, smaller(m, fine))
	}
	return all
}

// codeFields are where codes stand on each page: left, right, bottom, top.
func codeFields(t *testing.T, pdf []byte) (pages [][][4]float64) {
	t.Helper()
	for _, page := range pageObject.FindAllSubmatch(pdf, -1) {
		content, err := stream(pdf, string(page[1]))
		if err != nil {
			t.Fatal(err)
		}
		groups, err := readPage(content)
		if err != nil {
			t.Fatal(err)
		}
		var fields [][4]float64
		for _, g := range groups {
			f := [4]float64{math.Inf(1), 0, math.Inf(1), 0}
			for _, r := range g.rects {
				f = [4]float64{min(f[0], r[0]), max(f[1], r[0]+r[2]), min(f[2], r[1]), max(f[3], r[1]+r[3])}
			}
			if len(g.rects) > 0 {
				fields = append(fields, f)
			}
		}
		pages = append(pages, fields)
	}
	return pages
}

// hide makes a field grey.
func hide(m *image.Gray, f [4]float64, dots float64) {
	high := m.Rect.Dy()
	for y := high - int(f[3]*dots); y < high-int(f[2]*dots); y++ {
		for x := int(f[0] * dots); x < int(f[1]*dots); x++ {
			m.Pix[y*m.Stride+x] = 0x88
		}
	}
}

// smaller averages squares of dots, to sixteen greys.
func smaller(m *image.Gray, times int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, m.Rect.Dx()/times, m.Rect.Dy()/times))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum := 0
			for j := range times {
				for _, dot := range m.Pix[(y*times+j)*m.Stride+x*times:][:times] {
					sum += int(dot)
				}
			}
			out.Pix[y*out.Stride+x] = uint8((sum/(times*times)+8)/17) * 17
		}
	}
	return out
}

func savePicture(t *testing.T, path string, m *image.Gray) {
	t.Helper()
	var greys color.Palette
	for i := range 16 {
		greys = append(greys, color.Gray{Y: uint8(17 * i)})
	}
	out := image.NewPaletted(m.Rect, greys)
	for i, y := range m.Pix {
		out.Pix[i] = y / 17
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, out); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func loadPGM(t *testing.T, path string) *image.Gray {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var wide, high int
	if _, err := fmt.Sscanf(string(b[:min(len(b), 40)]), "P5\n%d %d\n255\n", &wide, &high); err != nil || len(b) < wide*high {
		t.Fatalf("%s is no picture: %v", path, err)
	}
	return &image.Gray{Pix: b[len(b)-wide*high:], Stride: wide, Rect: image.Rect(0, 0, wide, high)}
}

func loadPicture(t *testing.T, path string) *image.Gray {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	paletted, ok := m.(*image.Paletted)
	if !ok {
		t.Fatalf("%s has not sixteen greys", path)
	}
	out := image.NewGray(m.Bounds())
	for i, grey := range paletted.Pix {
		out.Pix[i] = 17 * grey
	}
	return out
}
