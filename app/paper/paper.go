// Package paper draws a verified record as pages a school nurse can trust.
//
//	maker := paper.New(paper.Options{Size: paper.Letter, Zone: zone, Keys: keys})
//	doc, err := maker.Render(rec, desk.Page{Lang: "es", Receipt: "7KQ2-M4V0"})
//	doc, err = maker.Slip(visit.ReceiptSlip, "7KQ2-M4V0", "es")
//
// The first page says whose record it is, when it was printed and from which registry, and
// has the days of all doses by what they protect against (overview.go). The full list
// follows, newest first, in English beside the visitor's language, with doses that were not
// given, are not valid or are historical, of which the day or the code is not known; how many
// entries could not be read, and those that are no vaccination (others.go); and what the
// registry recommends, if it has made a forecast (recommended.go). One to four QR codes (qr_make.go, qr_draw.go, qr_read.go) carry the SMART
// Health Cards; the last column of the list tells which code holds the dose. At the end
// stands a code for any phone (phone.go), if central has a check page. The cards are in the
// PDF as a file, too (attach.go). In large print (large.go) type is 16 points at least.
// Pages live in memory only, and the same record, language, receipt and minute always give
// the same bytes.
//
// Names, places and makers stand as the registry writes them. What Noto Sans cannot write
// is drawn as outlines (package typeset says which scripts), with its letters in invisible
// text below, where a reader of the PDF finds and copies them (outlines.go). A letter that
// none of our fonts has is a � and the page says what that means.
//
// Render reads its own finished PDF again before it returns (promise P7): the
// table from the text on the page, the codes from the squares on the page, the
// cards from the codes, with their signatures, and the file. Outlines are traced anew
// from the letters below them (check_outlines.go). What disagrees is not handed out.
//
// Every file asks to be printed as it is drawn, neither fitted nor scaled.
//
// Slip draws one page with a receipt or tracking number and nothing personal, and
// reads it again in the same way (slip.go). TestPage is for staff: it shows what a
// printer and the scanners that read its pages can do (testpage.go).
//
// The package refuses more than four cards, codes above version 22, and a page
// that fails its own check. Errors hold no personal value.
package paper

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/jung-kurt/gofpdf"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// Size is a paper size.
type Size string

// The paper sizes.
const (
	Letter Size = "letter"
	A4     Size = "a4"
)

// Options say how to draw.
type Options struct {
	Size Size                      // Letter when empty
	Zone *time.Location            // for the time of printing; time.Local when nil
	Now  func() time.Time          // time.Now when nil
	Keys func() jose.JSONWebKeySet // the pinned keys of card issuers

	// Spent, unless nil, is told how long each part of a page took.
	Spent func(on Part, took time.Duration)
}

// Maker draws records. It is safe for concurrent use.
type Maker struct {
	Options
	words map[string]catalogue
}

var _ desk.Renderer = (*Maker)(nil)

// New returns a Maker.
func New(o Options) (*Maker, error) {
	switch o.Size {
	case "":
		o.Size = Letter
	case Letter, A4:
	default:
		return nil, fmt.Errorf("paper size %q: want %q or %q", o.Size, Letter, A4)
	}
	if o.Keys == nil {
		return nil, fmt.Errorf("paper: without card keys no page can be checked")
	}
	if o.Zone == nil {
		o.Zone = time.Local
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Maker{Options: o, words: map[string]catalogue{}}
	for _, l := range assets.Languages {
		m.words[l.Tag] = assets.Words(l.Tag)
	}
	return m, nil
}

// Render draws a record and checks the finished pages. A language without words
// gives an English page. The receipt may be empty.
func (m *Maker) Render(r record.Record, how desk.Page) (desk.Document, error) {
	now, began := m.Now(), time.Now()
	doc, codes, err := m.draw(r, how, now)
	if err != nil {
		return desk.Document{}, fmt.Errorf("draw page: %w", err)
	}
	m.spent(PartDraw, began)
	drawn := time.Now()
	if err := m.check(doc.PDF, r, how, codes, now); err != nil {
		return desk.Document{}, fmt.Errorf("check page: %w", err)
	}
	m.spent(PartCheck, drawn)
	return doc, nil
}

func (m *Maker) draw(r record.Record, how desk.Page, now time.Time) (desk.Document, squares, error) {
	if len(r.Cards) > record.MaxCards {
		return desk.Document{}, nil, fmt.Errorf("%d cards, at most %d", len(r.Cards), record.MaxCards)
	}
	codes := encode(r)
	l := newLayout(newPDF(m.Size, "Vaccine record"), m.bilingual(how.Lang))
	if how.Large {
		l.body = large
	}
	l.compose(r, now.In(m.Zone))
	waiting := time.Now()
	made, err := codes()
	if err != nil {
		return desk.Document{}, nil, err
	}
	m.spent(PartCodes, waiting)
	l.drawn = made
	l.addCodes(r)
	l.addCheck(r)
	l.addFooters(how.Receipt)
	if err := attach(l.pdf, r.Cards); err != nil {
		return desk.Document{}, nil, err
	}
	doc, err := l.finish()
	return doc, made, err
}

// finish puts everything on paper.
func (l *layout) finish() (desk.Document, error) {
	l.paint()
	var out bytes.Buffer
	if err := cmp.Or(l.set.Err(), l.pdf.Output(&out)); err != nil {
		return desk.Document{}, err
	}
	blankDates(out.Bytes())
	pdf, err := unscaled(out.Bytes())
	return desk.Document{PDF: pdf, Pages: len(l.pages)}, err
}

var infoDate = regexp.MustCompile(`/(?:Creation|Mod)Date \(D:\d{14}\)`)

// blankDates writes spaces over the dates that the PDF library always puts into the
// document's information, so that all the metadata is a constant title. What
// stands behind them stays in its place.
func blankDates(pdf []byte) {
	info := pdf[max(bytes.LastIndex(pdf, []byte("/Title ")), 0):]
	for _, at := range infoDate.FindAllIndex(info, -1) {
		copy(info[at[0]:at[1]], bytes.Repeat([]byte(" "), at[1]-at[0]))
	}
}

// asDrawn asks whoever prints the file to leave the size of its pages alone (ISO 32000-1,
// 12.2): "fit to page" is what many do unasked, and squares of a code shrink with it. It is of
// PDF 1.6, and readers of the 1.3 that the file calls itself pass over what they do not know:
// calling it 1.6 would have printers refuse it that take no more than 1.4.
const asDrawn = "/ViewerPreferences <</PrintScaling /None>>\n"

var (
	catalogHead = []byte("\n/Type /Catalog\n")
	tableAt     = regexp.MustCompile(`\nstartxref\n(\d+)\n%%EOF\n$`)
)

// unscaled puts asDrawn into the catalog, which the PDF library has no call for. The catalog
// is the last object, so that only the table of all objects moves behind it.
func unscaled(pdf []byte) ([]byte, error) {
	head, table := bytes.LastIndex(pdf, catalogHead), tableAt.FindSubmatchIndex(pdf)
	if head < 0 || table == nil {
		return nil, errUnreadable
	}
	at, err := strconv.Atoi(string(pdf[table[2]:table[3]]))
	if err != nil || at < head || bytes.Contains(pdf[head:at], []byte(" 0 obj")) {
		return nil, errUnreadable
	}
	head += len(catalogHead)
	return slices.Concat(pdf[:head], []byte(asDrawn), pdf[head:table[2]], []byte(strconv.Itoa(at+len(asDrawn))), pdf[table[3]:]), nil
}

const fontFamily = "noto"

// newPDF is an empty document in points; its title is all it says about itself.
func newPDF(s Size, title string) *gofpdf.Fpdf {
	pdf := gofpdf.New("P", "pt", string(s), "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("", false)
	pdf.SetTitle(title, true)
	pdf.AddUTF8FontFromBytes(fontFamily, "", assets.Font("NotoSans-Regular"))
	pdf.AddUTF8FontFromBytes(fontFamily, "B", assets.Font("NotoSans-Bold"))
	return pdf
}

// bilingual is English and, unless it is English too, the visitor's language.
func (m *Maker) bilingual(lang string) bilingual {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	b := bilingual{english: m.words[english]}
	if base != english {
		b.other = m.words[base]
	}
	return b
}
