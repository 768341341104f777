package ui

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// Where things are on a lying screen, in design pixels.
const (
	sideAt   = 864  // where list, pad or keyboard begins
	sideGap  = 48   // between the question and that
	oneWidth = 1200 // widest column when nothing stands beside
	headGap  = 24
	bodyGap  = 40
)

// page is one screen. Standing, everything is in one column; lying, head, tail
// and footer are left, and body or board right. What does not fit scrolls.
type page struct {
	k        *kit
	bar      *parts.Bar
	strip    *parts.Strip // demo phone, may be nil
	progress fyne.CanvasObject
	head     []fyne.CanvasObject // the question
	body     []fyne.CanvasObject // what is chosen from or typed into
	tail     []fyne.CanvasObject // notes; lying, above the keyboard when there is one
	board    fyne.CanvasObject   // the keyboard
	footer   *footer
	told     []teller            // what is wrong with what is typed
	outer    []fyne.CanvasObject // where that is said on a lying screen, as long as there is room
	crowded  bool                // something is told, and a way on with it
	dense    bool                // little room between what has a fixed place
	pinned   bool                // the body must stay in reach when the rest scrolls
	middle   bool                // nothing to touch above: in the middle of the screen
	high     bool                // the body begins right below the question: it is to be read
	low      bool                // the body begins in the middle of the screen when there is room
	hero     bool                // on the dark ground
	update   func(visit.Visit, time.Time)
	focus    fyne.Focusable    // gets the cursor when the screen is built
	reveal   fyne.CanvasObject // must be seen when the question scrolls

	wordy       bool // something on it is for staff only
	fits        bool // everything could be seen when it was built
	ill         bool // something was told then
	live        bool // it is in the window
	whole       *fyne.Container
	left, right *parts.Scroll
	flowed      []fyne.CanvasObject // what the left column scrolls
	signature   string
}

// box makes the page one object.
func (p *page) box() {
	words := parts.ScrollWords{Up: p.k.w.Show("scroll.up"), Down: p.k.w.Show("scroll.down")}
	p.left = parts.NewScroll(p.k.st, "scroll", words, p.leftWidth(), p.k.touch)
	p.right = parts.NewScroll(p.k.st, "list", words, p.k.bw, p.k.touch)
	p.whole = container.New(p)
}

// alone reports whether a lying screen has nothing on the right.
func (p *page) alone() bool { return p.k.st.Wide && p.board == nil && len(p.body) == 0 }

func (p *page) leftWidth() float32 {
	if p.alone() {
		return p.k.oneWide
	}
	return p.k.hw
}

// main is the strong button of the footer.
func (p *page) main() *parts.Button { return p.footer.main }

// refresh brings the page up to date, and moves things when heights changed.
func (p *page) refresh(v visit.Visit, now time.Time) {
	if p.update != nil {
		p.update(v, now)
	}
	if s := p.sizes(); s != p.signature {
		p.signature = s
		p.arrange(p.whole.Size())
	}
}

// sizes describes the heights of everything that flows.
func (p *page) sizes() string {
	s := ""
	for _, t := range p.told {
		s += fmt.Sprint(t.Height(), " ")
	}
	for _, group := range [][]fyne.CanvasObject{p.head, p.body, p.tail} {
		for _, o := range group {
			s += fmt.Sprint(o.Visible(), o.MinSize().Height, " ")
		}
	}
	return s
}

// MinSize implements fyne.Layout.
func (p *page) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (p *page) Layout(_ []fyne.CanvasObject, size fyne.Size) { p.arrange(size) }

// arrange places everything. What is told on a lying screen that would push the question
// away gets its room from between things first; what is typed on stands beside.
func (p *page) arrange(size fyne.Size) {
	told := p.k.st.Wide && p.wrong()
	p.dense = false
	if p.put(size); told && p.scrolls() {
		p.dense = true
		p.put(size)
	}
}

// room is the room between what has a fixed place.
func (p *page) room(n float32) float32 {
	if p.dense {
		n = min(n, max(look.Near, n/3))
	}
	return p.k.st.Room(n)
}

// put places first what has a fixed place at the edges, then what flows between.
func (p *page) put(size fyne.Size) {
	st := p.k.st
	// Objects stand in reading order.
	objects := []fyne.CanvasObject{p.bar}
	top, bottom := st.Px(look.BarHeight), size.Height
	put(p.bar, 0, 0, size.Width, top)
	if p.strip != nil {
		h := p.strip.MinSize().Height
		put(p.strip, 0, top, size.Width, h)
		objects = append(objects, p.strip)
		top += h
	}
	p.lift(size, top)
	x, w := st.Px(look.Margin), p.leftWidth()
	if p.alone() {
		x = (size.Width - w) / 2
	}
	last := p.aside()
	if p.board != nil {
		bottom = p.placeBoard(size, top)
	}
	if p.footer != nil {
		h := p.footer.MinSize().Height
		bottom -= h + p.room(p.edge())
		put(p.footer.CanvasObject, x, bottom, w, h)
		last = append(last, p.footer.CanvasObject)
	}
	if p.board != nil { // takes no focus, and an open fan every touch
		last = append(last, p.board)
	}
	bottom -= st.Room(look.Gap)
	top += p.room(36)
	if p.progress != nil {
		h := p.progress.MinSize().Height
		put(p.progress, x, top, w, h)
		objects = append(objects, p.progress)
		top += h + p.room(28)
	}
	objects = append(objects, p.flowAll(size, frame{x, top, w, bottom - top})...)
	p.whole.Objects = append(objects, last...)
}

// edge is the room below the footer.
func (p *page) edge() float32 {
	if p.board != nil && !p.k.st.Wide {
		return 24
	}
	return 56
}

// aside is what stands above the keyboard of a lying screen, beside the question.
func (p *page) aside() []fyne.CanvasObject {
	if !p.k.st.Wide || p.board == nil {
		return nil
	}
	return append(p.outer[:len(p.outer):len(p.outer)], p.tail...)
}

// placeBoard places the keyboard and returns where the rest ends.
func (p *page) placeBoard(size fyne.Size, top float32) float32 {
	st := p.k.st
	if st.Wide {
		x := st.Px(sideAt)
		if above := p.aside(); len(above) > 0 {
			end := place(above, x+st.Px(sideGap), top+st.Room(36), p.k.bw, st.Px(look.Near))
			top = end + st.Room(36)
		}
		put(p.board, x, top, size.Width-x, size.Height-top)
		return size.Height
	}
	h := p.board.MinSize().Height
	put(p.board, 0, size.Height-h, size.Width, h)
	return size.Height - h
}

type frame struct{ x, y, w, h float32 }

// flowAll flows the groups into one or two columns and returns what it placed.
func (p *page) flowAll(size fyne.Size, left frame) []fyne.CanvasObject {
	third := size.Height / 3
	switch {
	case len(p.outer) > 0 && p.board == nil:
		third = size.Height // the pad stays, whatever comes and goes above it
	case p.middle, p.high:
		third = left.y
	case p.low && !p.k.st.Wide:
		third = size.Height * 0.5
	}
	if !p.k.st.Wide || p.alone() || p.board != nil {
		column := flowing{head: p.head, body: p.body, tail: p.tail, third: third}
		if len(p.aside()) > 0 {
			column.tail = nil
		}
		return p.flow(p.left, left, column)
	}
	st := p.k.st
	top := st.Px(look.BarHeight) + st.Room(36)
	if p.strip != nil {
		top += p.strip.MinSize().Height
	}
	right := frame{st.Px(p.k.side + sideGap), top, p.k.bw, size.Height - top - st.Room(48)}
	objects := p.flow(p.left, left, flowing{head: append(p.head[:len(p.head):len(p.head)], p.tail...), third: left.y})
	// what is told comes and goes above the body
	return append(objects, p.flow(p.right, right, flowing{body: append(p.outer[:len(p.outer):len(p.outer)], p.body...), third: third})...)
}

// flowing is what goes into one column.
type flowing struct {
	head, body, tail []fyne.CanvasObject
	third            float32 // the body begins here or lower when there is room: reach from a wheelchair
}

// styleFor is the style of a column: tight when what is told would push something away
// that was to be read.
func (p *page) styleFor(c flowing, room float32) look.Style {
	tight := p.k.st
	tight.Tight = true
	if p.wrong() && c.total(p.k.st) > room && (!p.pinned || c.total(tight) <= room) {
		return tight
	}
	return p.k.st
}

// flow places a column. When it does not fit it scrolls; a pinned body stays.
func (p *page) flow(s *parts.Scroll, f frame, c flowing) []fyne.CanvasObject {
	st := p.styleFor(c, f.h)
	headHeight := heights(c.head, st.Room(headGap))
	bodyHeight := heights(c.body, st.Room(look.Gap))
	tailHeight := heights(c.tail, st.Room(look.Gap))
	gap, total := st.Room(bodyGap), c.total(st)
	var fixed []fyne.CanvasObject
	free := f.h - total
	room := f.h - bodyHeight - st.Room(look.Gap)
	if free < 0 && p.pinned && s == p.left && bodyHeight > 0 && room >= st.Px(2*look.Target) {
		fixed, c.body = c.body, nil
		place(fixed, f.x, f.y+room+st.Room(look.Gap), f.w, st.Room(look.Gap))
		f.h, free = room, 0
		total -= with(bodyHeight, gap)
		bodyHeight = 0
	}
	ring, pad := st.Px(4+look.Ring*3/2), st.Px(look.Near) // a ring around the first and the last is not cut off
	start := ring
	if p.middle {
		start += max(0, free/2)
	}
	y := place(c.head, pad, start, f.w, st.Room(headGap))
	if bodyHeight > 0 {
		if headHeight > 0 {
			y += gap
		}
		y += max(0, min(c.third-f.y+ring-y, free))
		y = place(c.body, pad, y, f.w, st.Room(look.Gap))
	}
	if tailHeight > 0 {
		y = place(c.tail, pad, y+st.Room(look.Gap), f.w, st.Room(look.Gap))
	}
	flowed := append(append(append([]fyne.CanvasObject{}, c.head...), c.body...), c.tail...)
	put(s, f.x-pad, f.y-ring, f.w+2*pad, f.h+2*ring)
	s.Fill(flowed, y+ring)
	if s == p.left {
		p.flowed = flowed
	}
	if p.reveal != nil && slices.Contains(flowed, p.reveal) {
		s.Reveal(p.reveal.Position().Y, p.reveal.Size().Height)
	}
	return append([]fyne.CanvasObject{s}, fixed...)
}

// with is a height and the gap before it, or nothing.
func with(height, gap float32) float32 {
	if height == 0 {
		return 0
	}
	return height + gap
}

// heights is how high a group is.
func heights(group []fyne.CanvasObject, gap float32) float32 {
	var h float32
	for _, o := range group {
		if o.Visible() {
			h += with(o.MinSize().Height, gap)
		}
	}
	return max(0, h-gap)
}

// place puts a group below each other and returns where it ends.
func place(group []fyne.CanvasObject, x, y, w, gap float32) float32 {
	first := true
	for _, o := range group {
		if !o.Visible() {
			continue
		}
		if !first {
			y += gap
		}
		first = false
		h := o.MinSize().Height
		put(o, x, y, w, h)
		y += h
	}
	return y
}

func put(o fyne.CanvasObject, x, y, w, h float32) {
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
}
