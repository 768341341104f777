package ui

import (
	"cmp"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/words"
)

// What several screens share: what they are built with, the bar, the buttons at the
// bottom, headings, notes and the words of faults.

// kit is what screens are built with.
type kit struct {
	st      look.Style
	w       *words.Catalogue
	words   func(lang string) *words.Catalogue
	v       visit.Visit
	now     time.Time
	do      func(visit.Action)
	calm    func()        // something else is under the finger now
	pause   func()        // something else will act now
	still   time.Duration // how long what is new takes no touch
	mix     func() string
	hw, bw  float32 // width of the question, and of list, pad or keyboard
	fw      float32 // width of the footer
	terse   bool    // what only staff reads makes room for the visitor's words
	side    float32 // where the right column begins, in design pixels
	oneWide float32 // width of a screen with nothing beside the question
}

func (u *UI) kit() *kit {
	n, built := u.v.Number, u.built
	k := &kit{
		st: u.st, w: u.words(u.lang()), words: u.words, v: u.v, now: u.now, mix: u.mix, calm: u.raise, pause: u.pause, still: u.shield.calm,
		do: func(a visit.Action) { u.do(n, built, a) },
	}
	all := k.st.Px(k.st.W - 2*look.Margin)
	k.hw, k.bw, k.oneWide = all, all, min(all, k.st.Px(oneWidth))
	k.divide(sideAt)
	return k
}

// divide begins the right column of a lying screen at a place.
func (k *kit) divide(at float32) {
	if k.side = at; k.st.Wide {
		k.hw = k.st.Px(at - look.Margin - sideGap)
		k.bw = k.st.Px(k.st.W - at - sideGap - look.Margin)
	}
	k.fw = k.hw
}

func (k *kit) touch() { k.do(visit.Touch{}) }

// tap returns a touch that does a.
func (k *kit) tap(a visit.Action) func() { return func() { k.do(a) } }

// languages are the ones offered, or all there are.
func (k *kit) languages() []visit.Language {
	if len(k.v.Site.Languages) > 0 {
		return k.v.Site.Languages
	}
	var all []visit.Language
	for _, l := range assets.Languages {
		all = append(all, visit.Language{Tag: l.Tag, Name: l.Name})
	}
	return all
}

// bar is the top bar; its language button says the language it changes to.
func (k *kit) bar() *parts.Bar {
	name := k.v.Site.Name
	if name == "" {
		name = k.w.Show("app.name")
	}
	spec := parts.BarSpec{
		Name: name, Help: k.w.Show("top.help"), Smaller: k.w.Show("top.smaller"), Bigger: k.w.Show("top.bigger"),
		OnSmaller: k.tap(visit.Resize{By: -1}), OnBigger: k.tap(visit.Resize{By: 1}), OnContrast: k.tap(visit.Recolour{}),
		AtSmallest: k.v.Look.Size <= 0, AtBiggest: k.v.Look.Size >= visit.Sizes-1,
	}
	if k.v.Helpable() {
		spec.OnHelp = k.tap(visit.Help{})
	}
	if next, ok := k.nextLanguage(); ok {
		spec.Language, spec.OnLanguage = next.Name, k.tap(visit.Speak{Lang: next.Tag})
	}
	return parts.NewBar(k.st, spec)
}

// nextLanguage is the one after the visitor's.
func (k *kit) nextLanguage() (visit.Language, bool) {
	all := k.v.Site.Languages
	for i, l := range all {
		if l.Tag == k.v.Lang && len(all) > 1 {
			return all[(i+1)%len(all)], true
		}
	}
	return visit.Language{}, false
}

// footer is the buttons at the bottom; main may be nil.
type footer struct {
	fyne.CanvasObject
	back, main *parts.Button // nil where there is none
}

// footer places Back left and the strong button right, or below each other when
// the words are too long for that.
func (k *kit) footer(width float32, back, main parts.Spec) *footer {
	back.Kind = parts.Secondary
	if main.Tag != "" {
		main.Kind = parts.Primary
	}
	gap := k.st.Px(look.Gap)
	back.Width, main.Width = (width-gap)*0.42, (width-gap)*0.58
	switch {
	case main.Tag == "":
		back.Width = (width - gap) / 2
		b := parts.NewButton(k.st, back)
		return &footer{parts.NewRow(k.st, look.Gap, b, parts.NewGap()), b, nil}
	case back.Tag == "":
		m := parts.NewButton(k.st, main)
		return &footer{parts.NewRow(k.st, look.Gap, parts.NewGap(), m).Weigh(0.42, 0.58), nil, m}
	}
	b, m := parts.NewButton(k.st, back), parts.NewButton(k.st, main)
	if b.Lines() <= 2 && m.Lines() <= 2 {
		return &footer{parts.NewRow(k.st, look.Gap, b, m).Weigh(0.42, 0.58), b, m}
	}
	back.Width, main.Width = width, width
	b, m = parts.NewButton(k.st, back), parts.NewButton(k.st, main)
	return &footer{parts.NewStack(k.st, look.Near, b, m), b, m}
}

// twoWays is a footer with two buttons, none of which is what most people want. What
// ends the visit stands on the right, or above: at the lower left Back was, and may be
// touched once too often.
func (k *kit) twoWays(width float32, back, other parts.Spec) *footer {
	back.Kind, other.Kind = parts.Secondary, parts.Secondary
	back.Width = (width - k.st.Px(look.Gap)) / 2
	other.Width = back.Width
	b, o := parts.NewButton(k.st, back), parts.NewButton(k.st, other)
	if b.Lines() <= 2 && o.Lines() <= 2 {
		return &footer{parts.NewRow(k.st, look.Gap, o, b), b, nil}
	}
	back.Width, other.Width = width, width
	b, o = parts.NewButton(k.st, back), parts.NewButton(k.st, other)
	return &footer{parts.NewStack(k.st, look.Near, b, o), b, nil}
}

// top puts small buttons above the others.
func (f *footer) top(k *kit, width float32, specs ...parts.Spec) {
	f.CanvasObject = parts.NewStack(k.st, look.Near, k.beside(width, specs...), f.CanvasObject)
}

// nav is the usual footer: Back, and Next or what it is called here.
func (k *kit) nav(mainTag, mainWord string, main visit.Action) *footer {
	return k.footer(k.fw, k.backSpec(), parts.Spec{Tag: mainTag, Title: k.w.Show(mainWord), Tap: k.tap(main)})
}

func (k *kit) backSpec() parts.Spec {
	return parts.Spec{Tag: "form.back", Title: k.w.Show("button.back"), Tap: k.tap(visit.Back{})}
}

// onlyBack is a footer with nothing to go on to.
func (k *kit) onlyBack() *footer { return k.footer(k.fw, k.backSpec(), parts.Spec{}) }

// title and lead of a screen.
func (k *kit) heading(title, lead string, pairs ...string) []fyne.CanvasObject {
	h := []fyne.CanvasObject{parts.Title(k.st, k.hw, k.w.Show(title, pairs...))}
	if lead != "" {
		h = append(h, parts.Lead(k.st, k.hw, k.w.Show(lead, pairs...)))
	}
	return h
}

// card is a choice with icon, title and a line below.
func (k *kit) card(tag, icon, title, sub string, a visit.Action) *parts.Button {
	spec := parts.Spec{Tag: tag, Kind: parts.Choice, Icon: icon, Title: k.w.Show(title), Width: k.bw, Tap: k.tap(a)}
	if sub != "" {
		spec.Sub = k.w.Show(sub)
	}
	return parts.NewButton(k.st, spec)
}

// middleText is a centred heading or sentence.
func (k *kit) middleText(heading bool, s string) *parts.Text {
	typ := parts.Type{Size: k.st.Font(look.LeadSize), Color: k.st.Muted, Align: fyne.TextAlignCenter}
	if heading {
		typ.Size, typ.Bold, typ.Color = k.st.Large(look.TitleSize), true, k.st.Title
	}
	return parts.NewText(k.st, typ, k.oneWide, s)
}

// emblem is a large icon above a centred heading.
func (k *kit) emblem(icon string) fyne.CanvasObject {
	return parts.NewEmblem(k.st, icon, k.oneWide, true)
}

// end is a button that ends the visit and erases it.
func (k *kit) end(tag, word string) parts.Spec {
	return parts.Spec{Tag: tag, Title: k.w.Show(word), Erases: true, Tap: k.tap(visit.Leave{})}
}

// sure makes a button that erases ask first when a key presses it.
func (k *kit) sure(spec parts.Spec) parts.Spec {
	spec.Sure = k.w.Show("button.erase-sure")
	return spec
}

// eraseSpec is the way out of everything.
func (k *kit) eraseSpec(tag string) parts.Spec {
	return k.sure(k.end(tag, "button.erase"))
}

// faultNote is a hidden box for a trouble.
func (k *kit) faultNote(width float32) *parts.Note {
	return parts.NewNote(k.st, width, "", "").Trouble()
}

// faultWords is the visitor's sentence for a fault, "" for none.
func (k *kit) faultWords(f *fault.Fault) string {
	if f == nil || f.Code == "" {
		return ""
	}
	return k.w.Show("fault." + string(f.Code))
}

// cause is what staff reads of a fault, with what the printer calls it.
func (k *kit) cause(f *fault.Fault) string {
	if f == nil || f.Code == "" {
		return ""
	}
	s := k.w.Show("fault." + string(f.Code) + "-staff")
	if f.Detail != "" {
		s += " (" + f.Detail + ")"
	}
	return s
}

// staffWords is the hint for whoever looks after the kiosk.
func (k *kit) staffWords(f *fault.Fault) string {
	cause := k.cause(f)
	if cause == "" {
		return ""
	}
	return k.w.Show("staff.hint", "hint", cause)
}

// downWords says why nothing can be printed now, "" when it can.
func (k *kit) downWords(v visit.Visit) string {
	switch {
	case v.PrinterDown == nil:
		return ""
	case v.PrinterDown.Code == "":
		return k.w.Show("record.blind")
	}
	return k.faultWords(v.PrinterDown)
}

// helpPhone is whom to call, when the house says it.
func (k *kit) helpPhone() []fyne.CanvasObject {
	if k.v.Site.HelpPhone == "" {
		return nil
	}
	return []fyne.CanvasObject{parts.NewNote(k.st, k.hw, "", k.w.Show("helping.phone", "phone", k.v.Site.HelpPhone))}
}

func (k *kit) helpPhoneWide() []fyne.CanvasObject {
	narrow := *k
	narrow.hw = k.oneWide
	return narrow.helpPhone()
}

// prose shows a text by paragraphs. A short one without a full stop is a heading.
func (k *kit) prose(text string) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if len(paragraph) < 60 && !strings.ContainsAny(paragraph[max(0, len(paragraph)-1):], ".?:") {
			all = append(all, parts.Label(k.st, k.bw, paragraph))
		} else {
			all = append(all, parts.Body(k.st, k.bw, paragraph))
		}
	}
	return []fyne.CanvasObject{parts.NewStack(k.st, 24, all...)}
}

// stack is rows below each other.
func (k *kit) stack(rows []fyne.CanvasObject) []fyne.CanvasObject {
	return []fyne.CanvasObject{parts.NewStack(k.st, look.Near, rows...)}
}

// numberPage asks for a number as it stands on a slip, typed or scanned.
func (k *kit) numberPage(section, label string) *page {
	p := &page{k: k, head: k.heading(section+".title", section+".lead")}
	field := parts.NewField(k.st, parts.FieldSpec{
		Tag: section + ".number", Label: k.w.Show(label), Mode: parts.Receipt, Of: request.FieldNumber, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeReceipt{Text: s}) }, Submit: k.tap(visit.Next{}),
	})
	field.Fill(k.v.Track.Typed)
	keyboard := k.keyboard(parts.Receipt, k.tap(visit.Next{}))
	field.OnFocus(keyboard.SetTarget)
	keyboard.SetTarget(field)
	p.body = []fyne.CanvasObject{field}
	p.tells(field)
	p.board, p.focus, p.reveal = keyboard, field.Target(), field
	p.update = func(v visit.Visit, _ time.Time) {
		field.Tell(cmp.Or(k.tooMuch(request.FieldNumber, v.Track.Typed), k.faultWords(v.Fault)))
	}
	return p
}
