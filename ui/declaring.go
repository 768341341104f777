package ui

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

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
