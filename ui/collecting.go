package ui

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// collecting asks for the receipt of an earlier request.
func (k *kit) collecting() *page {
	p := k.numberPage("collect", "sent.receipt")
	p.tail = []fyne.CanvasObject{k.beside(k.bw, k.staffSpec("collect.staff"))}
	p.footer = k.nav("collect.next", "button.next", visit.Next{})
	return p
}
