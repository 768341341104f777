package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// welcome says in every language what can be had here. The first touch picks
// the language.
func (k *kit) welcome() *page {
	k.st.Focus = k.st.FocusBar // the ground is that of the bar
	p := &page{k: k, hero: true, pinned: true, low: true}
	said := []fyne.CanvasObject{parts.NewEmblem(k.st, "record", k.hw, false)}
	if k.v.Site.Test {
		said[0] = k.testSign() // first, so that it is seen however large the text is
	}
	var buttons, hints []fyne.CanvasObject
	width := (k.bw - k.st.Px(look.Gap)) / 2
	var touch []string
	for _, l := range k.languages() {
		w := k.words(l.Tag)
		said = append(said, parts.NewStack(k.st, 8, k.onBar(true, w.Show("welcome.title")), k.onBar(false, w.Show("welcome.lead"))))
		hints = append(hints, k.onBar(false, w.Show("welcome.hint")))
		touch = append(touch, w.Show("welcome.touch"))
		buttons = append(buttons, parts.NewButton(k.st, parts.Spec{
			Tag: "welcome." + l.Tag, Title: l.Name, Width: width, Least: 176, Tap: k.tap(visit.Begin{Lang: l.Tag}),
		}))
	}
	p.head = []fyne.CanvasObject{parts.NewStack(k.st, 48, said...)}
	p.body = []fyne.CanvasObject{parts.NewText(k.st,
		parts.Type{Size: k.st.Fixed(look.LeadSize), Color: k.st.OnBar}, k.bw, strings.Join(touch, "\n"))}
	for ; len(buttons) > 0; buttons = buttons[min(2, len(buttons)):] {
		row := buttons[:min(2, len(buttons))]
		if len(row) == 1 {
			row = append(row[:1:1], parts.NewGap())
		}
		p.body = append(p.body, parts.NewRow(k.st, look.Gap, row...))
	}
	if k.v.Site.Demo {
		hints = append([]fyne.CanvasObject{k.onBar(false, k.w.Show("demo.people"))}, hints...)
	}
	if k.st.Wide {
		p.body = append(p.body, hints...)
	} else {
		p.tail = hints
	}
	return p
}

// testSign says in every language that this kiosk is being tried out: nobody is to
// wait for a page that goes nowhere.
func (k *kit) testSign() fyne.CanvasObject {
	var sign, note []string
	for _, l := range k.languages() {
		w := k.words(l.Tag)
		sign, note = append(sign, w.Show("test.sign")), append(note, w.Show("test.note"))
	}
	return parts.NewNote(k.st, k.hw, strings.Join(sign, " · "), strings.Join(note, "\n")).Trouble()
}

// onBar is text on the dark ground: a heading, or a sentence.
func (k *kit) onBar(heading bool, s string) fyne.CanvasObject {
	typ := parts.Type{Size: k.st.Font(look.LeadSize), Color: k.st.OnBarSoft}
	if heading {
		typ = parts.Type{Size: k.st.Large(look.TitleSize), Bold: true, Color: k.st.OnBar}
	}
	return parts.NewText(k.st, typ, k.hw, s)
}
