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
