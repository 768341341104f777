package ui

import (
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

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
