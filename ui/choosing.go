package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

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
