package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// A staff member helps at the kiosk. Their screens wear a band, show what the
// visitor typed about the person, and nothing of central's (promise P5).

// staffTopic is the topic of help that says what staff can do.
const staffTopic = "ask-staff"

// staffSpec is the way to staff from a visitor's screen: to their sign-in where a
// photo ID can stand in for the code, else to what they can do here.
func (k *kit) staffSpec(tag string) parts.Spec {
	spec := parts.Spec{
		Tag: tag, Icon: "staff", Title: k.w.Show("staff.open"), Sub: k.w.Show("staff.help-sub"), Tap: k.tap(visit.Help{Topic: staffTopic}),
	}
	if k.v.StaffCanHelp() {
		spec.Sub, spec.Tap = k.w.Show("staff.open-sub"), k.tap(visit.CallStaff{})
	}
	return spec
}

// askStaff is the way to staff as a card, or where there is little room beside
// the question as a small button.
func (k *kit) askStaff(tag string) []fyne.CanvasObject {
	if k.st.Wide {
		return []fyne.CanvasObject{k.beside(k.hw, k.staffSpec(tag))}
	}
	card := k.staffSpec(tag)
	card.Kind, card.Width = parts.Choice, k.hw
	return []fyne.CanvasObject{parts.NewButton(k.st, card)}
}

// beside are small buttons in a row, or below each other when their words are
// too long for that.
func (k *kit) beside(width float32, specs ...parts.Spec) fyne.CanvasObject {
	narrow := (width - float32(len(specs)-1)*k.st.Px(look.Near)) / float32(len(specs))
	build := func(width float32) (all []fyne.CanvasObject, most int) {
		for _, spec := range specs {
			spec.Kind, spec.Sub, spec.Width = parts.Small, "", width
			b := parts.NewButton(k.st, spec)
			all, most = append(all, b), max(most, b.Lines())
		}
		return all, most
	}
	all, most := build(narrow)
	if most <= 2 {
		return parts.NewRow(k.st, look.Near, all...)
	}
	all, _ = build(width)
	return parts.NewStack(k.st, look.Near, all...)
}

// stuck is what helps beside code and PIN: a new code, and staff.
func (k *kit) stuck() fyne.CanvasObject {
	staff := k.staffSpec("unlock.staff")
	if k.v.Unlock.AtPIN {
		return k.beside(k.hw, staff)
	}
	return k.beside(k.hw, parts.Spec{
		Tag: "unlock.no-code", Icon: "phone", Title: k.w.Show("nocode.open"), Tap: k.tap(visit.Missing{}),
	}, staff)
}

// band says that a screen is for staff.
func (k *kit) band() fyne.CanvasObject {
	return parts.NewBand(k.st, k.hw, "staff", k.w.Show("staff.band"))
}

// staffIn asks for id and PIN of a staff member. What has the cursor decides
// whether the keyboard or the pad is there.
func (k *kit) staffIn() *page {
	title, lead := parts.Title(k.st, k.hw, k.w.Show("staff.title")), "staff.lead"
	if !k.v.StaffCanHelp() {
		lead = "upkeep.sign-in"
	}
	p := &page{k: k, progress: k.band(), head: []fyne.CanvasObject{title, parts.Lead(k.st, k.hw, k.w.Show(lead))}}
	pin := parts.NewDigits(k.st, parts.DigitsSpec{
		Tag: "staff.pin", Label: k.w.Show("staff.pin"), N: visit.StaffPINLen, Hidden: true, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeStaffPIN{Digits: s}) }, Submit: k.tap(visit.Next{}),
	})
	toPIN := func() { pin.Tapped(nil) }
	id := parts.NewField(k.st, parts.FieldSpec{
		Tag: "staff.id", Label: k.w.Show("staff.id"), Mode: parts.Email, Of: request.FieldStaffID, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeStaffID{Text: s}) }, Submit: toPIN,
	})
	id.Fill(k.v.Staff.ID)
	pin.Fill(k.v.Staff.PIN)
	keyboard := k.keyboard(parts.Email, toPIN)
	pad := parts.NewPadBoard(k.st, k.pad(pin, true), k.touch)
	id.OnFocus(func(*parts.Field) {
		keyboard.SetTarget(id)
		p.turn(keyboard, id)
	})
	pin.OnFocus(func() {
		keyboard.Rest()
		p.turn(pad, pin)
	})
	p.body = []fyne.CanvasObject{id, pin}
	p.tells(id)
	p.tells(pin)
	p.board, p.focus = keyboard, id.Target()
	if k.v.Staff.PIN != "" || k.v.Fault != nil { // the id is there, and more often right than the PIN
		p.board, p.focus = pad, pin
	}
	p.footer = k.footer(k.fw, k.staffBack("button.back"),
		parts.Spec{Tag: "staff.next", Title: k.w.Show("staff.sign-in"), Tap: k.tap(visit.Next{})})
	p.update = func(v visit.Visit, _ time.Time) {
		told, long := k.faultWords(v.Fault), k.tooMuch(request.FieldStaffID, v.Staff.ID)
		p.tell(pin, told)
		id.Tell(long)
		p.main().Turn(strings.TrimSpace(id.Text()) != "" && long == "" && len(pin.Text()) == visit.StaffPINLen)
	}
	return p
}

// turn brings another board and what it types into.
func (p *page) turn(board, to fyne.CanvasObject) {
	p.show(to)
	if p.board != board {
		p.board = board
		p.k.calm()
		p.arrange(p.whole.Size())
		canvas.Refresh(p.whole)
	}
}

// staffBack returns to the visitor's screen.
func (k *kit) staffBack(word string) parts.Spec {
	return parts.Spec{Tag: "staff.back", Title: k.w.Show(word), Tap: k.tap(visit.Back{})}
}

// staffAsking waits for central to know the staff member.
func (k *kit) staffAsking() *page { return k.waiting("staff-asking.title", "staff-asking.lead") }

// staffCheck shows what the visitor typed, to be compared with a photo ID.
func (k *kit) staffCheck() *page {
	claim := k.v.Unlock.Claim
	p := &page{
		k: k, progress: k.band(),
		head: []fyne.CanvasObject{
			parts.Title(k.st, k.hw, k.w.Show("staff-check.title")),
			parts.NewFacts(k.st, k.hw,
				parts.Fact{Name: k.w.Show("review.name"), Value: strings.TrimSpace(claim.Given + " " + claim.Family)},
				parts.Fact{Name: k.w.Show("review.birth"), Value: k.w.Date(claim.Birth)}),
			parts.Lead(k.st, k.hw, k.w.Show("staff-check.lead")),
		},
		body: []fyne.CanvasObject{parts.Label(k.st, k.bw, k.w.Show("staff-check.question"))},
		footer: k.footer(k.fw, k.staffBack("staff-check.differs"),
			parts.Spec{Tag: "staff.vouch", Title: k.w.Show("staff-check.matches"), Tap: k.tap(visit.Next{})}),
	}
	kinds := map[visit.IDKind]*parts.Button{}
	for _, kind := range visit.IDKinds {
		kinds[kind] = k.card("staff.saw."+string(kind), "check", "staff-check."+string(kind), "", visit.SawID{Kind: kind})
		p.body = append(p.body, kinds[kind])
	}
	p.update = func(v visit.Visit, _ time.Time) {
		for kind, b := range kinds {
			b.Pick(kind == v.Staff.IDKind)
		}
		p.main().Turn(v.Staff.IDKind != "")
	}
	return p
}
