package ui

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
)

// Numbers to keep: the tracking number of an amendment (amended.go), how far it is,
// and the slip that any number can be printed on (slip.go).

// tracking asks for a tracking number, and then says how far it is.
func (k *kit) tracking() *page {
	if k.v.Track.Progress != "" {
		return k.progressOf()
	}
	p := k.numberPage("tracking", "tracking.number")
	p.footer = k.nav("tracking.show", "tracking.show", visit.Next{})
	return p
}

// progressOf says how far an amendment is, without saying what it is about.
func (k *kit) progressOf() *page {
	key := "progress." + string(k.v.Track.Progress)
	icon := "clock"
	if k.v.Track.Progress == visit.Closed {
		icon = "check"
	}
	return &page{
		k: k, middle: true,
		head: []fyne.CanvasObject{
			k.emblem(icon), k.middleText(true, k.w.Show(key)), k.middleText(false, k.w.Show(key+"-lead")),
			k.middleText(false, k.w.Show("progress.number", "number", k.v.Track.Typed)),
		},
		tail: k.helpPhoneWide(),
		footer: k.footer(k.oneWide, k.backSpec(),
			k.end("progress.finish", "done.finish")),
	}
}

// trackAsking waits for central to say.
func (k *kit) trackAsking() *page { return k.waiting("track-asking.title", "track-asking.lead") }
