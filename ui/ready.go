package ui

import (
	"cmp"
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
		parts.Lead(k.st, k.hw, k.born(r.Birth, r.Count(), r.Unread)),
	}
	down, hint := k.faultNote(k.hw), parts.NewNote(k.st, k.hw, "", "")
	p.head = append(p.head, down, hint)
	if p.body = k.doses(); len(p.body) == 0 {
		p.head = append(p.head, k.unread(k.hw))
	} else {
		p.body = append([]fyne.CanvasObject{k.unread(k.bw)}, p.body...)
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

// born says the birth date and how many doses there are: never none when there may be some.
func (k *kit) born(birth string, doses, unread int) string {
	d, err := request.ParseDate(birth)
	if err != nil {
		return ""
	}
	key := "record.born"
	switch {
	case doses == 0 && unread > 0:
		key = "record.born-only"
	case doses == 0:
		key = "record.born-none"
	case doses == 1:
		key = "record.born-one"
	}
	return k.w.Show(key, "date", k.w.Date(d), "n", fmt.Sprint(doses))
}

// unread says how many entries could not be read, if any.
func (k *kit) unread(width float32) *parts.Note {
	said := ""
	switch n := k.v.Unlock.Record.Unread; n {
	case 0:
	case 1:
		said = k.w.Show("paper.unread-one")
	default:
		said = k.w.Show("paper.unread", "n", fmt.Sprint(n))
	}
	return parts.NewNote(k.st, width, said, "")
}

// doses is the table, newest first as the record has it, and below it what is no
// vaccination.
func (k *kit) doses() (body []fyne.CanvasObject) {
	var doses, others []parts.DoseWords
	for i, d := range k.v.Unlock.Record.Doses {
		if d.Other() {
			others = append(others, k.doseWords(i))
		} else {
			doses = append(doses, k.doseWords(i))
		}
	}
	if len(doses) > 0 {
		body = append(body, parts.NewDoses(k.st, k.bw, [2]string{k.w.Show("record.date"), k.w.Show("record.vaccine")}, doses))
	}
	if len(others) > 0 {
		body = append(body, parts.Label(k.st, k.bw, k.w.Show("paper.others")), parts.NewDoses(k.st, k.bw, [2]string{}, others))
	}
	return body
}

// doseWords says of a dose of the record when it was given, what against, and where,
// and what paper says too of one that is on no card.
func (k *kit) doseWords(i int) parts.DoseWords {
	d := k.v.Unlock.Record.Doses[i]
	name, detail := k.vaccine(d.VaccineName(), d.CVX, d.Product)
	var remarks []string
	for _, r := range d.Remarks() {
		remarks = append(remarks, k.w.Show("paper.status-"+r))
	}
	return parts.DoseWords{
		Date: d.When(k.w.Show), Vaccine: cmp.Or(k.protects(d.CVX), name), Remark: listed(remarks...), Detail: listed(detail, k.where(d.Performer)),
	}
}

// protects is what a vaccine is against, in everyday words, if there are some; or what it is
// that is none.
func (k *kit) protects(cvx string) string {
	if assets.NotVaccine(cvx) {
		return k.w.Show(assets.FamilyKey(cvx))
	}
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
	return strings.Join(all, ", ")
}

// vaccine is what a vaccine is called, and its name with the trade name. One without a name
// is called what the registry was told it is, and the code is said instead.
func (k *kit) vaccine(name, cvx, product string) (called, detail string) {
	if cvx != "" {
		detail = k.w.Show("record.vaccine-code", "code", cvx)
	}
	switch {
	case name == "" && product == "":
		return detail, ""
	case name == "":
		return product, detail
	}
	first, size := utf8.DecodeRuneInString(name)
	called = string(unicode.ToUpper(first)) + name[size:]
	if product != "" && !strings.EqualFold(product, called) {
		return called, called + " (" + product + ")"
	}
	return called, called
}

// where a dose was given.
func (k *kit) where(place string) string {
	if place == "" {
		return k.w.Show("record.where-unknown")
	}
	return place
}
