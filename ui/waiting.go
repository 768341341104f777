package ui

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// saving waits for the request, or the amendment, to be safe.
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
