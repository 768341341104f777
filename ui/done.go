package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// done asks to take the pages; then everything is erased. Somebody who asks for
// their child's record as well need not say again who they are.
func (k *kit) done() *page {
	switch {
	case k.v.Print.HandedOn && k.v.Unlock.Record == nil: // too late to print it again
		p := k.taking("print", "done.sent-title", "done.sent-over")
		p.footer = k.footer(k.oneWide, k.anotherSpec(), k.finishSpec())
		return p
	case k.v.Print.HandedOn:
		return k.handedOn()
	}
	more := "done.another-lead"
	if k.v.Recall != (visit.Mine{}) {
		more = "done.another-filled"
	}
	p := k.taking("check", "done.title", "done.lead")
	another := k.anotherSpec()
	if another.Tag != "" {
		p.head = append(p.head, parts.NewNote(k.st, k.oneWide, k.w.Show("done.another-title"), k.w.Show(more)))
	}
	p.footer = k.footer(k.oneWide, another, k.finishSpec())
	return p
}

// handedOn is done as far as a print server tells: only the visitor can see whether
// the pages came out, and may print them again.
func (k *kit) handedOn() *page {
	p := k.taking("print", "done.sent-title", "done.sent")
	p.footer = k.footer(k.oneWide,
		parts.Spec{Tag: "printed.again", Icon: "print", Title: k.w.Show("printed.again"), Tap: k.tap(visit.Print{})}, k.finishSpec())
	if another := k.anotherSpec(); another.Tag != "" {
		p.footer.top(k, k.oneWide, another)
	}
	if k.st.Wide {
		p.head = p.head[1:] // no room for a picture
	}
	down, countDown := k.faultNote(k.oneWide), p.update
	p.head = append(p.head, down)
	p.update = func(v visit.Visit, now time.Time) {
		countDown(v, now)
		down.Set("", k.downWords(v))
		p.footer.back.Turn(v.PrinterDown == nil)
	}
	return p
}

// taking asks to take the pages, and counts down to when all is erased.
func (k *kit) taking(icon, title, lead string) *page {
	left := k.middleText(false, "")
	if k.v.Print.Pages == 1 {
		lead += "-one"
	}
	return &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.emblem(icon), k.middleText(true, k.w.Show(title)), k.middleText(false, k.w.Show(lead, "n", fmt.Sprint(k.v.Print.Pages))),
			parts.NewNote(k.st, k.oneWide, "", k.w.Show("done.note")), left,
		},
		update: func(v visit.Visit, now time.Time) {
			seconds := max(0, int((v.DoneLeft(now)+time.Second-1)/time.Second))
			left.Set(k.w.Show("done.erases", "seconds", fmt.Sprint(seconds)))
		},
	}
}

// anotherSpec offers another record, unless nothing can be asked for now.
func (k *kit) anotherSpec() parts.Spec {
	if k.v.OutOfOrder != nil {
		return parts.Spec{}
	}
	return parts.Spec{Tag: "done.another", Title: k.w.Show("done.another"), Tap: k.tap(visit.Another{})}
}

func (k *kit) finishSpec() parts.Spec { return k.end("done.finish", "done.finish") }
