package parts

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// Type is how a text looks; Size is in Fyne units.
type Type struct {
	Size  float32
	Bold  bool
	Color color.NRGBA
	Align fyne.TextAlign
}

// Text is words broken into lines that fit a width known from the start.
type Text struct {
	base
	typ   Type
	width float32
	text  string
	lines []*canvas.Text
}

// NewText returns a text.
func NewText(st look.Style, typ Type, width float32, s string) *Text {
	t := &Text{typ: typ, width: width}
	t.st = st
	t.ExtendBaseWidget(t)
	t.Set(s)
	return t
}

// Title returns the heading of a screen.
func Title(st look.Style, width float32, s string) *Text {
	return NewText(st, Type{Size: st.Large(look.TitleSize), Bold: true, Color: st.Title}, width, s)
}

// Lead returns the sentence below a heading.
func Lead(st look.Style, width float32, s string) *Text {
	return NewText(st, Type{Size: st.Font(look.LeadSize), Color: st.Muted}, width, s)
}

// Body returns running text.
func Body(st look.Style, width float32, s string) *Text {
	return NewText(st, Type{Size: st.Font(look.BodySize), Color: st.Ink}, width, s)
}

// Label returns the name of a field or a group.
func Label(st look.Style, width float32, s string) *Text {
	return NewText(st, Type{Size: st.Font(look.LeadSize), Bold: true, Color: st.Ink}, width, s)
}

// Set replaces the words; the height may change.
func (t *Text) Set(s string) {
	if s == t.text && t.lines != nil {
		return
	}
	t.text = s
	t.lines, t.objects = t.lines[:0:0], t.objects[:0:0]
	for _, line := range Wrap(s, t.width, t.typ.Size, t.typ.Bold) {
		c := canvas.NewText(line, t.typ.Color)
		c.TextSize, c.TextStyle.Bold, c.Alignment = t.typ.Size, t.typ.Bold, t.typ.Align
		t.lines, t.objects = append(t.lines, c), append(t.objects, c)
	}
	t.Refresh()
}

// resize changes the size of the letters.
func (t *Text) resize(size float32) {
	if t.typ.Size != size {
		t.typ.Size, t.lines = size, nil
		t.Set(t.text)
	}
}

// Recolour changes the colour.
func (t *Text) Recolour(c color.NRGBA) {
	if t.typ.Color == c {
		return
	}
	t.typ.Color = c
	for _, l := range t.lines {
		l.Color = c
	}
	t.Refresh()
}

// Text returns the words.
func (t *Text) Text() string { return t.text }

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer { return drawing{t} }

func (t *Text) measure() fyne.Size {
	var h float32
	for _, l := range t.lines {
		h += l.MinSize().Height
	}
	return fyne.NewSize(t.width, h)
}

func (t *Text) place(fyne.Size) {
	var y float32
	for _, l := range t.lines {
		h := l.MinSize().Height
		put(l, 0, y, t.width, h)
		y += h
	}
}

func textWidth(s string, size float32, bold bool) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{Bold: bold}).Width
}

// Wrap breaks text into lines no wider than width: at spaces, and within a word
// only when the word alone is too wide. Line breaks in the text stay.
func Wrap(s string, width, size float32, bold bool) []string {
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			try := word
			if line != "" {
				try = line + " " + word
			}
			if textWidth(try, size, bold) <= width {
				line = try
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			line = word
			for textWidth(line, size, bold) > width {
				n := fitting(line, width, size, bold)
				lines = append(lines, line[:n])
				line = line[n:]
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// fitting is how many bytes of a too wide word fit a line, one letter at least.
// It prefers to break after a hyphen, "@" or ".".
func fitting(word string, width, size float32, bold bool) int {
	fit, nice := 0, 0
	for i, r := range word {
		end := i + len(string(r))
		if i > 0 && textWidth(word[:end], size, bold) > width {
			break
		}
		fit = end
		if strings.ContainsRune("-@._", r) {
			nice = end
		}
	}
	if nice > 0 && nice < len(word) {
		return nice
	}
	return fit
}
