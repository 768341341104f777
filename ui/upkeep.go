package ui

import (
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// Staff looks after the kiosk: prints a test page, and reads here what to do with it.
// No visitor's value can be on these screens.

// upkeepSpec leads from the menu to the sign-in of staff.
func (k *kit) upkeepSpec() parts.Spec {
	return parts.Spec{Tag: "choose.staff", Icon: "staff", Title: k.w.Show("staff.band"), Tap: k.tap(visit.CallStaff{})}
}

// signOut ends a visit of staff.
func (k *kit) signOut() parts.Spec { return k.end("upkeep.finish", "upkeep.finish") }

// endings end the keys of how the print of a test page or a slip came out.
var endings = map[fault.Outcome]string{
	fault.Printed: "printed", fault.HandedOn: "sent", fault.Failed: "failed", fault.Unknown: "unsure",
}

// upkeep offers a test page, or tells how the last one ended and what to do with it.
func (k *kit) upkeep() *page {
	title, lead, print := "upkeep.title", "upkeep.lead", "upkeep.print"
	if k.v.Print.Test != "" {
		title, lead, print = "upkeep."+endings[k.v.Print.Test], "upkeep."+endings[k.v.Print.Test]+"-lead", "upkeep.again"
	}
	read := k.v.Print.Test == fault.Printed || k.v.Print.Test == fault.HandedOn
	if !read {
		k.hw, k.fw = k.oneWide, k.oneWide
	}
	trouble := k.faultNote(k.hw)
	p := &page{
		k: k, high: true, progress: k.band(), head: append(k.heading(title, lead), trouble),
		footer: k.footer(k.fw, k.signOut(), parts.Spec{Tag: "upkeep.print", Icon: "print", Title: k.w.Show(print), Tap: k.tap(visit.TestPrint{})}),
	}
	if read {
		p.body = k.prose(k.w.Show("upkeep.read"))
	}
	p.update = func(v visit.Visit, _ time.Time) {
		f, heading := v.Fault, ""
		if v.PrinterDown != nil {
			f, heading = v.PrinterDown, k.w.Show("upkeep.blind")
		}
		trouble.Set(heading, k.cause(f))
		p.main().Turn(v.PrinterDown == nil)
	}
	return p
}

// testPrinting waits for the printer. What it waits for itself is said as staff
// reads it, who can mend it meanwhile.
func (k *kit) testPrinting() *page {
	p := k.waiting("test-printing.title", "test-printing.lead")
	trouble := k.faultNote(k.oneWide)
	p.head = append(p.head, trouble)
	p.footer = k.footer(k.oneWide, k.end("upkeep.stop", "upkeep.stop"), parts.Spec{})
	since := p.update
	p.update = func(v visit.Visit, now time.Time) {
		since(v, now)
		trouble.Set("", k.cause(v.Fault))
	}
	return p
}
