package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
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

func (k *kit) choosing() *page {
	ask := k.card("choose.ask", "ask", "choose.ask", "choose.ask-sub", visit.Ask{})
	ask.Pick(true) // what most people come for
	down := k.faultNote(k.hw)
	return &page{
		k: k, head: append(k.heading("choose.title", ""), down),
		update: func(v visit.Visit, _ time.Time) {
			if words := k.downWords(v); words != "" {
				down.Set("", words+" "+k.w.Show("choose.blind"))
			} else {
				down.Set("", "")
			}
		},
		body: []fyne.CanvasObject{
			ask,
			k.card("choose.collect", "collect", "choose.collect", "choose.collect-sub", visit.Collect{}),
			k.card("choose.correct", "edit", "choose.correct", "choose.correct-sub", visit.Amend{}),
			k.card("choose.help", "help", "choose.help", "choose.help-sub", visit.Help{}),
		},
		footer: k.twoWays(k.fw, parts.Spec{Tag: "form.back", Title: k.w.Show("button.start-over"), Erases: true, Tap: k.tap(visit.Back{})}, k.upkeepSpec()),
	}
}

// consent is the summary of the policy, or all of it.
func (k *kit) consent() *page {
	texts := k.v.Texts()
	p := &page{k: k, high: true}
	agree := parts.Spec{Tag: "consent.agree", Title: k.w.Show("consent.agree"), Tap: k.tap(visit.Agree{})}
	p.footer = k.footer(k.fw, k.backSpec(), agree)
	p.focus = p.main() // what is asked here
	if k.v.Form.FullText {
		p.head = k.heading("consent.full-title", "")
		p.body = k.prose(texts.Full)
		return p
	}
	p.head = k.heading("consent.title", "")
	p.body = append(k.prose(texts.Summary), parts.NewButton(k.st, parts.Spec{
		Tag: "consent.full", Kind: parts.Secondary, Icon: "read", Title: k.w.Show("consent.full"),
		Width: k.bw, Tap: k.tap(visit.ReadAll{Open: true}),
	}))
	return p
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

// declaring asks whose record it is, in which way somebody is represented, and
// then for the declaration that fits.
func (k *kit) declaring() *page {
	p := &page{k: k, footer: k.onlyBack()}
	d := k.v.Form.Draft
	declaration, chosen := k.v.Texts().Declarations[d.Relation]
	switch {
	case !chosen:
		p.head = k.heading("declare.title", "")
		for _, r := range []request.Relation{request.Self, request.Child, request.Represented} {
			if _, ok := k.v.Texts().Declarations[r]; ok {
				key := "declare." + string(r)
				p.body = append(p.body, k.card(key, string(r), key, key+"-sub", visit.Choose{Relation: r}))
			}
		}
	case d.Relation == request.Represented && d.Capacity == "":
		p.head = k.heading("declare.capacity", "")
		for _, c := range request.Capacities {
			key := "declare." + string(c)
			p.body = append(p.body, k.card(key, "represented", key, key+"-sub", visit.PickCapacity{Capacity: c}))
		}
	default:
		p.high, p.head = true, k.heading("declare.title-"+string(d.Relation), "declare.lead")
		p.body = []fyne.CanvasObject{parts.NewStatement(k.st, k.bw, declaration.Text)}
		p.footer = k.nav("declare.accept", "declare.accept", visit.Declare{})
	}
	p.progress = k.progress(request.AskRelation)
	return p
}
