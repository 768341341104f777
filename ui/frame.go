package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

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

// strip shows the newest message of the demo phone, until the record is open;
// staff do not read it.
func (k *kit) strip(messages []Message) *parts.Strip {
	if !k.v.Site.Demo || len(messages) == 0 || k.v.Unlock.Record != nil {
		return nil
	}
	switch k.v.State {
	case visit.StaffIn, visit.StaffAsking, visit.StaffCheck, visit.Upkeep, visit.TestPrinting, visit.Done:
		return nil
	}
	m := messages[len(messages)-1]
	return parts.NewStrip(k.st, k.w.Show("demo.phone", "to", request.FormatPhone(m.To)), m.Text)
}

// Message is what central sent to a contact.
type Message struct{ To, Text string }

// Messages shows what the demo phone received, the newest last. It is for
// demonstrations only and is cleared with the visit.
func (u *UI) Messages(all []Message) {
	u.messages = all
	if u.page != nil {
		u.page.strip = u.kit().strip(all)
		u.page.arrange(u.size)
		u.sync()
		canvas.Refresh(u.page.whole)
	}
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
