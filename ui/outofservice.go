package ui

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// outOfService says in every language that nothing can be asked for now.
func (k *kit) outOfService() *page {
	p := &page{k: k, middle: true, head: []fyne.CanvasObject{k.emblem("clock")}}
	code := fault.Setup
	if k.v.OutOfOrder != nil && k.v.OutOfOrder.Code != "" {
		code = k.v.OutOfOrder.Code
	}
	title := "out.title"
	switch code {
	case fault.Setup:
		title = "out.waiting"
	case fault.OutOfUse, fault.Impostor, fault.Certificate, fault.Key: // somebody has to come
		title = "out.closed"
	default:
	}
	languages := k.languages()
	if k.v.Lang != "" {
		languages = []visit.Language{{Tag: k.v.Lang}}
	}
	for _, l := range languages {
		w := k.words(l.Tag)
		said := []fyne.CanvasObject{k.middleText(true, w.Show(title)), k.middleText(false, w.Show("fault."+string(code)))}
		if k.v.Site.HelpPhone != "" {
			said = append(said, k.middleText(false, w.Show("out.phone", "phone", k.v.Site.HelpPhone)))
		}
		p.head = append(p.head, parts.NewStack(k.st, 8, said...))
	}
	p.tail = []fyne.CanvasObject{parts.NewNote(k.st, k.oneWide, "", k.staffWords(&fault.Fault{Code: code, Detail: k.detail()}))}
	return p
}

func (k *kit) detail() string {
	if k.v.OutOfOrder == nil {
		return ""
	}
	return k.v.OutOfOrder.Detail
}
