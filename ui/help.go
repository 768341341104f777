package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
	"vaxkiosk/ui/words"
)

// Help needs no network: the topics and what they answer are words. Which of
// them matter on which screen is told by "help.for-" and the screen's name.

// helping is the list of questions, one answer, or the report of a problem.
func (k *kit) helping() *page {
	switch k.v.Help.Topic {
	case "":
		return k.topics()
	case visit.ReportTopic:
		return k.report()
	}
	return &page{
		k: k, high: true, footer: k.onlyBack(),
		head: k.heading("help."+k.v.Help.Topic+"-q", ""),
		body: k.prose(k.w.Show("help." + k.v.Help.Topic + "-a")),
		tail: k.helpPhone(),
	}
}

// here are the topics that matter on the screen that help was opened from: those
// of the question, or else those of the state.
func (k *kit) here() []string {
	key := "help.for-" + k.v.Help.From.String()
	if special := key + "-" + string(k.v.Form.Question); k.v.Help.From == visit.Filling && k.w.Has(special) {
		key = special
	}
	if !k.w.Has(key) {
		return nil
	}
	return k.w.List(key)
}

// topicList is the list of questions. It is made once; what is typed only
// changes which of its rows are shown, and their order.
type topicList struct {
	k       *kit
	field   *parts.Field
	rows    map[string]fyne.CanvasObject
	entries []words.Entry
	usual   []fyne.CanvasObject // without a search
	nothing fyne.CanvasObject
	all     fyne.CanvasObject // leads back to all of them
}

// topics shows what can be asked. The keyboard comes when the search is touched;
// the title makes room for it, and for large letters where there is little.
func (k *kit) topics() *page {
	l := k.topicList()
	title := parts.Title(k.st, k.hw, k.w.Show("helping.title"))
	untitled := k.st.Wide && k.st.Text >= 1.5
	title.Hidden = untitled
	p := &page{
		k: k, high: true, footer: k.onlyBack(),
		progress: parts.NewStack(k.st, look.Near, title, l.field),
	}
	var keyboard *parts.Keyboard
	keyboard = k.keyboardTo("helping.done", parts.Words, func() {
		keyboard.Rest()
		title.Hidden = untitled
		p.turn(nil, l.field)
		fyne.CurrentApp().Driver().CanvasForObject(l.field).Unfocus()
	})
	l.field.OnFocus(func(f *parts.Field) {
		keyboard.SetTarget(f)
		title.Hidden = true
		p.turn(keyboard, f)
	})
	shown := k.v.Help.Query
	p.body = l.find(shown)
	p.update = func(v visit.Visit, _ time.Time) {
		if v.Help.Query == shown {
			return
		}
		shown, p.body, p.signature = v.Help.Query, l.find(v.Help.Query), ""
		l.field.Tell(k.tooMuch(request.FieldQuery, v.Help.Query))
		p.left.Reveal(0, 0)
		p.right.Reveal(0, 0)
	}
	return p
}

func (k *kit) topicList() *topicList {
	l := &topicList{k: k, rows: map[string]fyne.CanvasObject{}}
	width := min(k.hw, k.bw) // the keyboard moves the list to the other column
	l.field = parts.NewField(k.st, parts.FieldSpec{
		Tag: "helping.search", Label: k.w.Show("helping.search"), Mode: parts.Words, Of: request.FieldQuery, Width: k.hw,
		Changed: func(s string) { k.do(visit.TypeQuery{Text: s}) }, Submit: k.touch,
	})
	l.field.Fill(k.v.Help.Query)
	l.field.Tell(k.tooMuch(request.FieldQuery, k.v.Help.Query))
	l.nothing = parts.NewNote(k.st, width, "", k.w.Show("helping.nothing"))
	l.all = parts.NewButton(k.st, parts.Spec{
		Tag: "helping.all", Kind: parts.Small, Title: k.w.Show("helping.all"), Width: width, Tap: l.clear,
	})
	for _, topic := range k.w.List("help.topics") {
		question := k.w.Show("help." + topic + "-q")
		l.rows[topic] = k.row(width, "help."+topic, question, visit.Help{Topic: topic})
		l.entries = append(l.entries, words.Entry{ID: topic, Texts: []string{
			question, k.w.Show("help." + topic + "-words"), k.w.Show("help." + topic + "-a"),
		}})
	}
	l.order()
	l.usual = append(l.usual, k.helpPhone()...)
	return l
}

// order puts the topics of the screen before all others.
func (l *topicList) order() {
	here := map[string]bool{}
	label := func(key string) { l.usual = append(l.usual, parts.Label(l.k.st, l.k.hw, l.k.w.Show(key))) }
	if topics := l.k.here(); len(topics) > 0 {
		label("helping.here")
		for _, topic := range topics {
			here[topic] = true
			l.usual = append(l.usual, l.rows[topic])
		}
		label("helping.others")
	}
	for _, e := range l.entries {
		if !here[e.ID] {
			l.usual = append(l.usual, l.rows[e.ID])
		}
	}
}

// find returns what is to be seen for a query.
func (l *topicList) find(query string) []fyne.CanvasObject {
	if strings.TrimSpace(query) == "" {
		return l.k.stack(l.usual)
	}
	var found []fyne.CanvasObject
	for _, topic := range words.Search(query, l.entries) {
		found = append(found, l.rows[topic])
	}
	if len(found) == 0 {
		found = append(found, l.nothing)
	}
	return l.k.stack(append(append(found, l.all), l.k.helpPhone()...))
}

// clear takes the query away.
func (l *topicList) clear() {
	l.field.Fill("")
	l.k.do(visit.TypeQuery{})
}

// row is a line of a list.
func (k *kit) row(width float32, tag, title string, a visit.Action) *parts.Button {
	return parts.NewButton(k.st, parts.Spec{Tag: tag, Kind: parts.Item, Title: title, Width: width, Tap: k.tap(a)})
}

// report offers technical problems to choose from; nothing is typed, so nothing
// personal can be in a report.
func (k *kit) report() *page {
	p := &page{k: k, high: true, footer: k.onlyBack(), tail: k.helpPhone()}
	if k.v.Help.Reported {
		p.head = k.heading("reporting.thanks", "reporting.thanks-lead")
		return p
	}
	p.head = k.heading("help.report-q", "help.report-a")
	if k.v.Help.Unreported {
		p.head = append(p.head, parts.NewNote(k.st, k.hw, "", k.w.Show("reporting.not-kept")).Trouble())
	}
	var rows []fyne.CanvasObject
	for _, kind := range visit.ReportKinds {
		rows = append(rows, k.row(k.bw, "report."+kind, k.w.Show("report."+kind), visit.Report{Kind: kind}))
	}
	p.body = k.stack(rows)
	return p
}

// reporting waits for a report to be kept.
func (k *kit) reporting() *page { return k.waiting("reporting.title", "reporting.lead") }
