package printer

import (
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

const (
	letter = "na_letter_8.5x11in"
	a4     = "iso_a4_210x297mm"
)

// integers announces numbers.
func integers(name string, tag goipp.Tag, all ...int) goipp.Attribute {
	a := goipp.Attribute{Name: name}
	for _, n := range all {
		a.Values.Add(tag, goipp.Integer(n))
	}
	return a
}

// span announces the numbers from one to another.
func span(name string, from, to int) goipp.Attribute {
	return goipp.MakeAttr(name, goipp.TagRange, goipp.Range{Lower: from, Upper: to})
}

// able is a printer that announces all a job may ask for, with paper in it.
func able(ready ...string) goipp.Attributes {
	all := goipp.Attributes{
		keywords("media-supported", []string{a4, letter}), keywords("sides-supported", []string{"two-sided-long-edge", "one-sided"}),
		keywords("print-color-mode-supported", []string{"auto", "color", "monochrome"}),
		keywords("print-scaling-supported", []string{"auto", "fit", "none"}), span("copies-supported", 1, 99),
		integers("number-up-supported", goipp.TagInteger, 1, 2, 4), integers("orientation-requested-supported", goipp.TagEnum, 3, 4, 5),
	}
	if len(ready) > 0 {
		all = append(all, keywords("media-ready", ready))
	}
	return all
}

// asksForAll is what a job asks of a printer that is able to do all.
const asksForAll = "media=" + letter + " sides=one-sided print-color-mode=monochrome " + asDrawn

// asDrawn is what keeps a page from being fitted, repeated or made small by a printer's default.
const asDrawn = "print-scaling=none copies=1 number-up=1 orientation-requested=3"

func TestAJobAsksForWhatThePrinterAnnouncesAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		says    goipp.Attributes
		atOnce  bool
		asksFor string
	}{
		"all":                {able(a4, letter), false, asksForAll},
		"all, no Create-Job": {able(letter), true, asksForAll},
		"no trays told":      {able(), false, asksForAll},
		"nothing":            {nil, false, ""},
		"other values": {goipp.Attributes{
			keywords("sides-supported", []string{"two-sided-long-edge"}), keywords("print-color-mode-supported", []string{"color"}),
			keywords("print-scaling-supported", []string{"fit"}), span("copies-supported", 2, 9),
			integers("number-up-supported", goipp.TagInteger, 2, 4), integers("orientation-requested-supported", goipp.TagEnum, 4),
		}, false, ""},
		"numbers as others write them": {goipp.Attributes{
			integers("copies-supported", goipp.TagInteger, 1), span("number-up-supported", 1, 16),
			goipp.MakeAttr("orientation-requested-supported", goipp.TagNoValue, goipp.Void{}),
		}, false, "copies=1 number-up=1"},
		"paper as IPP 1.1 calls it": {goipp.Attributes{
			keywords("media-supported", []string{"iso-a4", "na-letter"}), keywords("media-ready", []string{"na-letter-white"}),
		}, false, "media=na-letter"},
		"paper as it calls it itself": {goipp.Attributes{
			keywords("media-supported", []string{"A4", "Letter"}), goipp.MakeAttr("media-ready", goipp.TagNoValue, goipp.Void{}),
		}, false, "media=Letter"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.says = c.says
			if c.atOnce {
				f.ops = f.ops[:1]
			}
			if r := f.printer().Print(soon(t), page(1), ignore); r.Outcome != fault.Printed {
				t.Fatalf("%+v", r)
			}
			if got := strings.Join(f.wishes, " "); got != c.asksFor {
				t.Errorf("asks for %q, want %q", got, c.asksFor)
			}
		})
	}
}

func TestPaperOfAnotherSizeIsAFaultBeforeAnythingIsSent(t *testing.T) {
	for name, c := range map[string]struct {
		says   goipp.Attributes
		detail string
	}{
		"another size in the tray": {able(a4), a4},
		"another by IPP 1.1":       {goipp.Attributes{keywords("media-supported", []string{"na-letter", "iso-a4"}), keywords("media-ready", []string{"iso-a4"})}, "iso-a4"},
		"a size it does not know":  {goipp.Attributes{keywords("media-supported", []string{a4, "na_legal_8.5x14in"})}, "knows no " + letter},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.says = c.says
			p := f.printer()
			wrong := p.Ready(soon(t))
			if wrong == nil || wrong.Code != fault.Media || !strings.Contains(wrong.Detail, c.detail) {
				t.Errorf("ready: %+v", wrong)
			}
			r := p.Print(soon(t), page(1), ignore)
			if r.Outcome != fault.Failed || r.Fault.Code != fault.Media {
				t.Errorf("print: %+v", r)
			}
			if f.did(goipp.OpCreateJob) {
				t.Error("a job was made")
			}
		})
	}
}

// A tray that is empty may be missing among what is ready. Whatever else is wrong, the
// page then waits for paper, and only a size that is really another one is refused.
func TestAnEmptyTrayIsNotPaperOfAnotherSize(t *testing.T) {
	for _, c := range []struct {
		reasons       string
		ready, prints fault.Code
	}{
		{"media-empty-warning", "", ""},
		{"media-empty-error", fault.Paper, ""},
		{"media-needed", fault.Paper, ""},
		{"input-tray-missing", fault.Paper, ""},
		{"media-empty-error cover-open", fault.Cover, ""},
		{"media-empty-warning cover-open-error", fault.Cover, ""},
		{"media-empty-error media-jam", fault.Jam, ""},
		{"media-empty-error toner-empty-error", fault.Paper, ""},
		{"media-empty-error input-media-size-change", fault.Media, ""},
		{"cover-open", fault.Cover, fault.Media},
		{"media-jam", fault.Jam, fault.Media},
		{"toner-empty", fault.Media, fault.Media},
		{"media-empty-report", fault.Media, fault.Media},
		{"media-low-warning", fault.Media, fault.Media},
		{"none", fault.Media, fault.Media},
	} {
		t.Run(c.reasons, func(t *testing.T) {
			f := newFake(t)
			f.says, f.reasons = able(a4), strings.Fields(c.reasons)
			p := f.printer()
			if got := codeOf(p.Ready(soon(t))); got != c.ready {
				t.Errorf("ready: %q, want %q", got, c.ready)
			}
			if r := p.Print(soon(t), page(1), ignore); r.Fault.Code != c.prints || (r.Outcome == fault.Printed) != (c.prints == "") {
				t.Errorf("print: %+v, want %q", r, c.prints)
			}
		})
	}
}

// codeOf is the code of a fault, empty for none.
func codeOf(f *fault.Fault) fault.Code {
	if f == nil {
		return ""
	}
	return f.Code
}

func TestEveryPaperOfTheConfigurationHasAName(t *testing.T) {
	for paper, media := range map[string]string{"letter": letter, "a4": a4} {
		p, err := Open(Options{Address: "ipp://printer/ipp/print", Paper: paper})
		if err != nil || p.(*ipp).paper[0] != media {
			t.Errorf("%s: %v, %v", paper, p, err)
		}
	}
	if _, err := Open(Options{Address: "ipp://printer/ipp/print", Paper: "legal"}); err == nil {
		t.Error("legal paper is taken")
	}
}
