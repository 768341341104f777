package ui

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/parts"
)

// ready shows the record.
func (k *kit) ready() *page {
	p := &page{k: k, high: true}
	if k.v.Unlock.Record == nil {
		return k.fetching()
	}
	r := k.v.Unlock.Record
	if len(r.Doses) == 0 {
		k.hw, k.fw = k.oneWide, k.oneWide
	}
	p.head = []fyne.CanvasObject{
		parts.Title(k.st, k.hw, strings.TrimSpace(r.Given+" "+r.Family)),
		parts.Lead(k.st, k.hw, k.born(r.Birth, len(r.Doses))),
	}
	down, hint := k.faultNote(k.hw), parts.NewNote(k.st, k.hw, "", "")
	p.head = append(p.head, down, hint)
	if len(r.Doses) > 0 {
		p.body = []fyne.CanvasObject{k.doses()}
	}
	p.tail = []fyne.CanvasObject{parts.NewNote(k.st, k.hw, "", k.w.Show("record.note"))}
	print := "record.print"
	if k.v.LargePrint() {
		print = "record.print-large"
	}
	p.footer = k.footer(k.fw, k.eraseSpec("record.leave"),
		parts.Spec{Tag: "record.print", Icon: "print", Title: k.w.Show(print), Tap: k.tap(visit.Print{})})
	p.focus = p.main()
	correct := parts.Spec{Tag: "record.correct", Icon: "edit", Title: k.w.Show("record.correct"), Tap: k.tap(visit.Amend{})}
	if k.st.Wide && len(r.Doses) > 0 { // below the name there is more room
		p.tail = append(p.tail, k.askStaff("record.staff")...)
		p.footer.top(k, k.fw, correct)
	} else {
		p.footer.top(k, k.fw, correct, k.staffSpec("record.staff"))
	}
	p.update = func(v visit.Visit, _ time.Time) {
		down.Set("", k.downWords(v))
		hint.Set("", k.staffWords(v.PrinterDown))
		p.main().Turn(v.PrinterDown == nil)
	}
	return p
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

// born says the birth date and how many doses there are.
func (k *kit) born(birth string, doses int) string {
	d, err := request.ParseDate(birth)
	if err != nil {
		return ""
	}
	key := "record.born"
	switch doses {
	case 0:
		key = "record.born-none"
	case 1:
		key = "record.born-one"
	}
	return k.w.Show(key, "date", k.w.Date(d), "n", fmt.Sprint(doses))
}

// doses is the table, newest first as the record has it.
func (k *kit) doses() fyne.CanvasObject {
	var all []parts.DoseWords
	for i := range k.v.Unlock.Record.Doses {
		all = append(all, k.doseWords(i))
	}
	return parts.NewDoses(k.st, k.bw, [2]string{k.w.Show("record.date"), k.w.Show("record.vaccine")}, all)
}

// doseWords says of a dose of the record when it was given, what against, and where,
// and what paper says too of one that is on no card.
func (k *kit) doseWords(i int) parts.DoseWords {
	d := k.v.Unlock.Record.Doses[i]
	date := d.Date
	if day, err := request.ParseDate(d.Date); err == nil {
		date = k.w.Date(day)
	}
	var remarks []string
	for _, r := range d.Remarks() {
		remarks = append(remarks, k.w.Show("paper.status-"+r))
	}
	return parts.DoseWords{
		Date: date, Vaccine: k.protects(d.CVX), Remark: listed(remarks...), Detail: k.vaccine(d.CVX, d.Product) + " · " + k.where(d.Performer),
	}
}

// protects is what a vaccine is against, in everyday words; without them its name.
func (k *kit) protects(cvx string) string {
	v, _ := assets.VaccineOf(cvx)
	if key := "family." + strings.Join(v.Groups, "|"); len(v.Groups) > 0 && k.w.Has(key) {
		return k.w.Show(key)
	}
	var all []string
	for _, g := range v.Groups {
		if k.w.Has("family." + g) {
			all = append(all, k.w.Show("family."+g))
		}
	}
	if len(all) > 0 {
		return strings.Join(all, ", ")
	}
	return k.vaccine(cvx, "")
}

// vaccine is the name of a vaccine, with the trade name.
func (k *kit) vaccine(cvx, product string) string {
	name := k.w.Show("record.vaccine-code", "code", cvx)
	if v, ok := assets.VaccineOf(cvx); ok && v.Short != "" {
		first, size := utf8.DecodeRuneInString(v.Short)
		name = string(unicode.ToUpper(first)) + v.Short[size:]
	}
	if product != "" && !strings.EqualFold(product, name) {
		name += " (" + product + ")"
	}
	return name
}

// where a dose was given.
func (k *kit) where(place string) string {
	if place == "" {
		return k.w.Show("record.where-unknown")
	}
	return place
}

// printing follows the printer; trouble it waits for is shown while it waits.
func (k *kit) printing() *page {
	title, since := k.middleText(true, ""), k.middleText(false, "")
	meter := parts.NewMeter(k.st)
	trouble := k.faultNote(k.oneWide)
	staff := parts.NewNote(k.st, k.oneWide, "", "")
	take := parts.NewNote(k.st, k.oneWide, "", "")
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{k.emblem("print"), title, since, meter, trouble, staff},
		tail: []fyne.CanvasObject{take},
		footer: k.footer(k.oneWide,
			k.sure(k.end("printing.erase", "printing.erase")), parts.Spec{}),
	}
	p.update = func(v visit.Visit, now time.Time) {
		title.Set(k.printingWords(v))
		since.Set(k.since(v.Waiting, now))
		meter.Set(0.1)
		if v.Print.Pages > 0 {
			meter.Set((float32(v.Print.Page) - 0.5) / float32(v.Print.Pages))
		}
		meter.Hidden = v.Fault != nil || v.Print.Release != ""
		trouble.Set("", k.faultWords(v.Fault))
		staff.Set("", k.staffWords(v.Fault))
		note := "printing.note"
		if v.Print.Release != "" {
			note = "printing.held-note"
		}
		take.Set("", k.w.Show(note))
		take.Hidden = v.Fault != nil && v.Print.Release == ""
	}
	return p
}

func (k *kit) printingWords(v visit.Visit) string {
	switch {
	case v.Print.Release != "": // whatever else is wrong: nothing comes out without it
		return k.w.Show("printing.held", "n", v.Print.Release)
	case v.Fault != nil:
		return k.w.Show("printing.waiting")
	case v.Print.Pages == 0:
		return k.w.Show("printing.preparing")
	case v.Print.Pages == 1:
		return k.w.Show("printing.one")
	}
	return k.w.Show("printing.page", "n", fmt.Sprint(max(1, v.Print.Page)), "m", fmt.Sprint(v.Print.Pages))
}

// notPrinted is a failed print or one nobody knows about. Only the visitor
// prints again.
func (k *kit) notPrinted() *page {
	key := "failed"
	if k.v.State == visit.PrintUnknown {
		key = "unknown"
	}
	trouble, staff := k.faultNote(k.oneWide), parts.NewNote(k.st, k.oneWide, "", "")
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show(key+".title")), k.middleText(false, k.w.Show(key+".lead")), trouble,
		},
		tail: []fyne.CanvasObject{staff},
		footer: k.footer(k.oneWide, k.eraseSpec("printed.finish"),
			parts.Spec{Tag: "printed.again", Icon: "print", Title: k.w.Show("printed.again"), Tap: k.tap(visit.Print{})}),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("printed.staff"))
	p.update = func(v visit.Visit, _ time.Time) {
		f := v.Fault
		if v.PrinterDown != nil && v.PrinterDown.Code != "" {
			f = v.PrinterDown // what is in the way of printing again
		}
		trouble.Set("", k.faultWords(f))
		staff.Set("", k.staffWords(f))
		p.main().Turn(v.PrinterDown == nil)
	}
	return p
}

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

func (k *kit) finishSpec() parts.Spec { return k.end("done.finish", "done.finish") }

// anotherSpec offers another record, unless nothing can be asked for now.
func (k *kit) anotherSpec() parts.Spec {
	if k.v.OutOfOrder != nil {
		return parts.Spec{}
	}
	return parts.Spec{Tag: "done.another", Title: k.w.Show("done.another"), Tap: k.tap(visit.Another{})}
}
