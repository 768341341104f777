package ui

import (
	"fyne.io/fyne/v2/canvas"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// strip shows the newest message of the demo phone, until the record is open;
// staff do not read it.
func (k *kit) strip(messages []Message) *parts.Strip {
	if !k.v.Site.Demo || len(messages) == 0 || k.v.Unlock.Record != nil {
		return nil
	}
	switch k.v.State {
	case visit.StaffIn, visit.StaffAsking, visit.StaffCheck, visit.Upkeep, visit.TestPrinting, visit.Done:
		return nil
	default:
	}
	m := messages[len(messages)-1]
	return parts.NewStrip(k.st, k.w.Show("demo.phone", "to", request.FormatPhone(m.To)), m.Text)
}

// Message is what central sent to a contact.
type Message struct{ To, Text string }

// Messages shows what the demo phone received, the newest last. It is for
// demonstrations only and is cleared with the visit.
func (u *UI) Messages(all []Message) {
	u.messages = all
	if u.page != nil {
		u.page.strip = u.kit().strip(all)
		u.page.arrange(u.size)
		u.sync()
		canvas.Refresh(u.page.whole)
	}
}
