package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/parts"
)

// dated is a question that a date answers.
type dated struct {
	k        *kit
	question request.Question
	field    request.Field
	start    int                                              // year where the arrow keys begin
	date     func(*request.Draft) *request.Date               // that is asked for
	pick     func(request.Date, request.Half) visit.Action    // sets it
	told     func(date, today request.Date) (sentence string) // says a date that can be
}

func (k *kit) dated(q request.Question, f request.Field, start int) *dated {
	return &dated{k: k, question: q, field: f, start: start}
}

// page is the screen. Below the question stands what to do, or the date in words, and
// what is wrong with it. The keys stay where they are whatever it says.
func (d *dated) page(title, lead string) *page {
	k := d.k
	p := &page{k: k, pinned: true, low: k.st.Text > 1}
	entry := d.entry(p)
	hint, told, fault := parts.Lead(k.st, k.hw, ""), parts.NewNote(k.st, k.hw, "", ""), parts.NewFault(k.st, k.hw)
	p.head, p.body, p.focus = append(k.heading(title, ""), hint, told, fault), []fyne.CanvasObject{entry}, entry.Target()
	required := request.Problem{Field: d.field, Code: request.Required}
	missed := slices.Contains(k.v.Form.Problems, required)
	p.update = func(v visit.Visit, now time.Time) {
		missing := slices.Contains(v.Form.Problems, required)
		if missing && !missed {
			entry.AskMissing()
			p.focus = entry.Target()
		}
		missed = missing
		wrong := k.problem(v, d.field)
		date := *d.date(&v.Form.Draft)
		words := ""
		if wrong == "" && date.Exists() && !v.Form.Half.Waits() {
			words = d.told(date, v.Today(now))
		}
		fault.Set(wrong)
		entry.Tell(wrong != "")
		told.Set("", words)
		hint.Set(k.w.Show(d.hint(lead, entry.Asked())))
		show(hint, words == "")
		p.reveal = nil
		if wrong != "" {
			p.reveal = fault
		}
	}
	return p
}

// hint is the key of what to do now: the lead of the question, or what is asked for.
func (d *dated) hint(lead string, asked request.Part) string {
	if lead != "" {
		return lead
	}
	return "birth.ask-" + string(asked)
}

// entry is what the date is entered with. A real keyboard types into the part that
// is asked for, also after a touch beside everything.
func (d *dated) entry(p *page) *parts.DateEntry {
	k := d.k
	var entry *parts.DateEntry
	today := k.v.Today(k.now)
	spec := parts.DateSpec{
		Order: k.w.Order(),
		Month: k.w.Show("birth.month"), Day: k.w.Show("birth.day"), Year: k.w.Show("birth.year"),
		Clear: k.w.Show("pin.clear"), Delete: k.w.Say("key.delete"),
		Start: d.start, Last: today.Year, Width: k.bw, Calm: k.still,
		Refuses: func(date request.Date) bool {
			draft := k.v.Form.Draft
			*d.date(&draft) = date
			return len(draft.CheckSoFar(d.question, today)) > 0
		},
		Changed: func(date request.Date, h request.Half) {
			p.focus = entry.Target()
			k.do(d.pick(date, h))
		},
		Submit: k.tap(visit.Next{}),
	}
	for i := range spec.Months {
		spec.Months[i] = k.w.Month(i + 1)
	}
	entry = parts.NewDateEntry(k.st, spec)
	entry.Fill(*d.date(&k.v.Form.Draft), k.v.Form.Half)
	return entry
}
