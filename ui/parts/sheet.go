package parts

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Sheet is a clear sheet over a screen that takes no touch now. Whatever comes down
// on it is swallowed, whatever it does until it leaves.
type Sheet struct {
	base
	touch func() // a finger came down, or has left again
}

// NewSheet returns a sheet.
func NewSheet(touch func()) *Sheet {
	s := &Sheet{touch: touch}
	s.ExtendBaseWidget(s)
	return s
}

// MouseDown reports a finger that nothing else hears of.
func (s *Sheet) MouseDown(*desktop.MouseEvent) { s.touch() }

// MouseUp reports that it has left.
func (s *Sheet) MouseUp(*desktop.MouseEvent) { s.touch() }

// Tapped does nothing.
func (s *Sheet) Tapped(*fyne.PointEvent) {}

// TappedSecondary does nothing.
func (s *Sheet) TappedSecondary(*fyne.PointEvent) {}

// Dragged keeps what is below from being dragged.
func (s *Sheet) Dragged(*fyne.DragEvent) {}

// DragEnd does nothing.
func (s *Sheet) DragEnd() {}

// CreateRenderer implements fyne.Widget.
func (s *Sheet) CreateRenderer() fyne.WidgetRenderer { return drawing{s} }

func (s *Sheet) measure() fyne.Size { return fyne.Size{} }
func (s *Sheet) place(fyne.Size)    {}
