package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// saving waits for the request, or the correction, to be safe.
func (k *kit) saving() *page {
	if k.v.Form.Task == visit.ToAmend {
		return k.waiting("saving.title-correction", "saving.lead")
	}
	return k.waiting("saving.title", "saving.lead")
}

// fetching waits for central.
func (k *kit) fetching() *page {
	if k.v.Staff.Vouched {
		return k.waiting("fetching.title", "fetching.vouched")
	}
	return k.waiting("fetching.title", "fetching.lead")
}

// waiting is a screen that says what is waited for, since when, and the way out.
func (k *kit) waiting(title, lead string) *page {
	since := k.middleText(false, "")
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.emblem("clock"), k.middleText(true, k.w.Show(title)), k.middleText(false, k.w.Show(lead)), since,
		},
		footer: k.footer(k.oneWide, k.eraseSpec("wait.erase"), parts.Spec{}),
	}
	p.update = func(v visit.Visit, now time.Time) { since.Set(k.since(v.Waiting, now)) }
	return p
}

// middleText is a centred heading or sentence.
func (k *kit) middleText(heading bool, s string) *parts.Text {
	typ := parts.Type{Size: k.st.Font(look.LeadSize), Color: k.st.Muted, Align: fyne.TextAlignCenter}
	if heading {
		typ.Size, typ.Bold, typ.Color = k.st.Large(look.TitleSize), true, k.st.Title
	}
	return parts.NewText(k.st, typ, k.oneWide, s)
}

// emblem is a large icon above a centred heading.
func (k *kit) emblem(icon string) fyne.CanvasObject {
	return parts.NewEmblem(k.st, icon, k.oneWide, true)
}

// since says how long a wait lasts by now.
func (k *kit) since(w *visit.Wait, now time.Time) string {
	if w == nil {
		return ""
	}
	seconds := max(0, int(now.Sub(w.Since)/time.Second))
	switch seconds {
	case 0:
		return k.w.Show("wait.since-now")
	case 1:
		return k.w.Show("wait.since-one")
	}
	return k.w.Show("wait.since", "seconds", fmt.Sprint(seconds))
}

// end is a button that ends the visit and erases it.
func (k *kit) end(tag, word string) parts.Spec {
	return parts.Spec{Tag: tag, Title: k.w.Show(word), Erases: true, Tap: k.tap(visit.Leave{})}
}

// sure makes a button that erases ask first when a key presses it.
func (k *kit) sure(spec parts.Spec) parts.Spec {
	spec.Sure = k.w.Show("button.erase-sure")
	return spec
}

// eraseSpec is the way out of everything.
func (k *kit) eraseSpec(tag string) parts.Spec {
	return k.sure(k.end(tag, "button.erase"))
}

// sent is the same whether or not a record exists (promise P5): once central
// has dealt with the request it says what would have happened in either case, and
// after two minutes the way out for those who got no code stands out. Until then
// the request may still be on its way, and nobody can have a code.
func (k *kit) sent() *page {
	lead := parts.Lead(k.st, k.hw, "")
	missing := k.card("sent.no-code", "phone", "nocode.open", "nocode.open-sub", visit.Missing{})
	p := &page{
		k:    k,
		head: []fyne.CanvasObject{parts.Title(k.st, k.hw, k.w.Show("sent.title")), lead},
		body: []fyne.CanvasObject{parts.NewReceiptCard(k.st, k.bw, k.w.Show("sent.receipt"), k.v.Unlock.Receipt)},
		tail: k.askStaff("sent.staff"),
		footer: k.footer(k.fw,
			k.end("sent.leave", "sent.leave"),
			parts.Spec{Tag: "sent.unlock", Title: k.w.Show("sent.unlock"), Tap: k.tap(visit.Unlock{})}),
	}
	slip := p.slip("sent.note")
	p.body = append(p.body, missing)
	p.focus = p.main()
	p.update = func(v visit.Visit, now time.Time) {
		key, late := "sent.lead", v.CodeIsLate(now)
		switch {
		case late && !v.Unlock.Answered:
			key = "sent.late-waiting"
		case late:
			key = "sent.late"
		case v.Unlock.Resent:
			key = "sent.resent"
		case v.Unlock.Answered:
			key = "sent.answered"
		}
		lead.Set(k.w.Show(key))
		missing.Pick(late && v.Unlock.Answered)
		slip.tell(v)
	}
	return p
}

// collecting asks for the receipt of an earlier request.
func (k *kit) collecting() *page {
	p := k.numberPage("collect", "sent.receipt")
	p.tail = []fyne.CanvasObject{k.beside(k.bw, k.staffSpec("collect.staff"))}
	p.footer = k.nav("collect.next", "button.next", visit.Next{})
	return p
}

// unlocking asks for the pickup code, then for the PIN.
func (k *kit) unlocking() *page {
	switch {
	case k.v.Unlock.Over:
		return k.over()
	case k.v.NotShown():
		return k.notShown()
	}
	spec := parts.DigitsSpec{
		Tag: "unlock.code", N: request.CodeDigits, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeCode{Digits: s}) }, Submit: k.tap(visit.Next{}),
	}
	key, value := "unlock", k.v.Unlock.Code
	if k.v.Unlock.AtPIN {
		spec.Tag, spec.N, spec.Hidden = "unlock.pin", request.PINDigits, true
		spec.Changed = func(s string) { k.do(visit.TypePIN{Digits: s}) }
		key, value = "unlock-pin", k.v.Unlock.PIN
	}
	digits := parts.NewDigits(k.st, spec)
	digits.Fill(value)
	lead := key + ".lead"
	switch {
	case k.v.Staff.Vouched:
		lead = "unlock-pin.vouched"
	case k.v.Unlock.Resent && !k.v.Unlock.AtPIN:
		lead = "unlock.resent"
	}
	p := k.padPage(digits, key+".title", lead, k.v.Unlock.AtPIN)
	word := "button.next"
	if k.v.Unlock.AtPIN {
		word = "unlock-pin.show"
	}
	p.tail = []fyne.CanvasObject{k.stuck()}
	p.footer = k.nav("unlock.next", word, visit.Next{})
	p.update = func(v visit.Visit, _ time.Time) {
		p.tell(digits, k.refusal(v))
		p.main().Turn(len(digits.Text()) == spec.N)
	}
	return p
}

// refusal is what went wrong with the last try, and how many tries are left.
func (k *kit) refusal(v visit.Visit) string {
	words := k.faultWords(v.Fault)
	if v.Staff.Vouched && v.Fault != nil && k.w.Has("unlock-pin."+string(v.Fault.Code)) { // no code was typed
		words = k.w.Show("unlock-pin." + string(v.Fault.Code))
	}
	switch {
	case words == "" || v.Unlock.Left < 0 || v.Fault.Code != fault.Refused:
		return words
	case v.Unlock.Left == 1:
		return words + " " + k.w.Show("unlock.left-one")
	}
	return words + " " + k.w.Show("unlock.left", "n", fmt.Sprint(v.Unlock.Left))
}

// over ends a request after five wrong tries.
func (k *kit) over() *page {
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show("over.title")),
			parts.NewNote(k.st, k.oneWide, "", k.faultWords(&fault.Fault{Code: fault.NoTries})).Trouble(),
		},
		tail: k.helpPhoneWide(),
		footer: k.footer(k.oneWide, parts.Spec{},
			k.end("over.finish", "button.start-over")),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("unlock.staff"))
	return p
}

// notShown is a record that failed a check: no code mends that, and staff reads why.
func (k *kit) notShown() *page {
	p := &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.middleText(true, k.w.Show("not-shown.title")),
			parts.NewNote(k.st, k.oneWide, "", k.faultWords(k.v.Fault)).Trouble(),
		},
		tail:   []fyne.CanvasObject{parts.NewNote(k.st, k.oneWide, "", k.staffWords(k.v.Fault))},
		footer: k.footer(k.oneWide, k.backSpec(), k.eraseSpec("not-shown.finish")),
	}
	p.footer.top(k, k.oneWide, k.staffSpec("unlock.staff"))
	return p
}

func (k *kit) helpPhoneWide() []fyne.CanvasObject {
	narrow := *k
	narrow.hw = k.oneWide
	return narrow.helpPhone()
}

// outOfService says in every language that nothing can be asked for now.
func (k *kit) outOfService() *page {
	p := &page{k: k, middle: true, head: []fyne.CanvasObject{k.emblem("clock")}}
	code := fault.Setup
	if k.v.OutOfOrder != nil && k.v.OutOfOrder.Code != "" {
		code = k.v.OutOfOrder.Code
	}
	title := "out.title"
	if code == fault.Setup {
		title = "out.waiting"
	}
	languages := k.languages()
	if k.v.Lang != "" {
		languages = []visit.Language{{Tag: k.v.Lang}}
	}
	for _, l := range languages {
		w := k.words(l.Tag)
		said := []fyne.CanvasObject{k.middleText(true, w.Show(title)), k.middleText(false, w.Show("fault."+string(code)))}
		if k.v.Site.HelpPhone != "" {
			said = append(said, k.middleText(false, w.Show("helping.phone", "phone", k.v.Site.HelpPhone)))
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

// staffWords is the hint for whoever looks after the kiosk.
func (k *kit) staffWords(f *fault.Fault) string {
	cause := k.cause(f)
	if cause == "" {
		return ""
	}
	return k.w.Show("staff.hint", "hint", cause)
}
