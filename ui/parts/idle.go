package parts

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/ui/look"
)

// IdleCard covers a screen and asks whether somebody is still there.
type IdleCard struct {
	base
	shade, card *canvas.Rectangle
	title, lead *Text
	count       *canvas.Text
	stay, erase *Button
	width       float32
}

// IdleSpec describes the idle question.
type IdleSpec struct {
	Title, Lead, Stay, Erase, Sure string
	OnStay, OnErase                func()
}

// NewIdleCard returns the question.
func NewIdleCard(st look.Style, spec IdleSpec) *IdleCard {
	c := &IdleCard{shade: canvas.NewRectangle(st.Shade), card: canvas.NewRectangle(st.Card)}
	c.st = st
	c.width = st.Px(min(st.W-2*48, 1240))
	inner := c.width - st.Px(2*56)
	c.card.CornerRadius, c.card.StrokeColor, c.card.StrokeWidth = st.Px(28), st.Line, st.Px(3)
	c.title = NewText(st, Type{Size: st.Large(look.TitleSize), Bold: true, Color: st.Title, Align: fyne.TextAlignCenter}, inner, spec.Title)
	c.lead = NewText(st, Type{Size: st.Font(look.LeadSize), Color: st.Muted, Align: fyne.TextAlignCenter}, inner, spec.Lead)
	c.count = canvas.NewText("", st.Error)
	c.count.TextSize, c.count.TextStyle.Bold, c.count.Alignment = st.Px(140), true, fyne.TextAlignCenter
	c.stay = NewButton(st, Spec{Tag: "idle.stay", Kind: Primary, Title: spec.Stay, Width: inner, Tap: spec.OnStay})
	c.erase = NewButton(st, Spec{Tag: "idle.erase", Title: spec.Erase, Width: inner, Tap: spec.OnErase, Erases: true, Sure: spec.Sure})
	c.objects = []fyne.CanvasObject{c.shade, c.card, c.title, c.lead, c.count, c.stay, c.erase}
	c.ExtendBaseWidget(c)
	return c
}

// Count shows how long there is still.
func (c *IdleCard) Count(left time.Duration) {
	seconds := max(0, int((left+time.Second-1)/time.Second))
	if s := fmt.Sprint(seconds); s != c.count.Text {
		c.count.Text = s
		c.Refresh()
	}
}

// First is the button that gets the focus.
func (c *IdleCard) First() fyne.Focusable { return c.stay }

// CreateRenderer implements fyne.Widget.
func (c *IdleCard) CreateRenderer() fyne.WidgetRenderer { return drawing{c} }

func (c *IdleCard) measure() fyne.Size { return fyne.Size{} }

func (c *IdleCard) place(size fyne.Size) {
	st := c.st
	put(c.shade, 0, 0, size.Width, size.Height)
	rows := []fyne.CanvasObject{c.title, c.lead, c.count, c.stay, c.erase}
	gaps := []float32{0, st.Px(8), st.Px(8), st.Px(32), st.Px(32)}
	pad := st.Px(48)
	height := 2 * pad
	for i, o := range rows {
		height += o.MinSize().Height + gaps[i]
	}
	x, y := (size.Width-c.width)/2, (size.Height-height)/2
	put(c.card, x, y, c.width, height)
	y += pad
	for i, o := range rows {
		y += gaps[i]
		put(o, x+st.Px(56), y, c.width-2*st.Px(56), o.MinSize().Height)
		y += o.MinSize().Height
	}
}
