package parts

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"golang.org/x/text/unicode/norm"

	"vaxkiosk/app/request"
)

// A real keyboard and scanners enter a date too. Digits go where the pad's go, a
// month takes its number or the first letters of its name, and separators end a
// part. A run of keys that is a whole date counts as that, wherever it began. The
// arrow keys go through the months, from part to part, and up and down in day and
// year.

// separators are what stands between the parts of a date.
const separators = "-/., "

// typed takes what a key types.
func (e *DateEntry) typed(r rune) {
	digit, separator := r >= '0' && r <= '9', strings.ContainsRune(separators, r)
	switch {
	case r == ' ' && e.months.cursor > 0:
		e.pickCursor()
		return
	case digit:
		if e.run == "" {
			e.bare = e.dial.begins()
		}
		e.dial.digit(r)
	case separator:
		e.dial.end()
	default:
		e.letter(r)
	}
	e.months.cursor = 0
	if digit || separator {
		e.word = ""
		if e.run += string(r); e.dial.whole(e.run, e.bare, e.spec.Last) {
			e.run = ""
		}
	}
	e.changed()
	e.focus()
}

// shortestWord is how many letters name a month: "de" between day and month does not.
const shortestWord = 2

// letter names a month as soon as there is only one that begins so.
func (e *DateEntry) letter(r rune) {
	e.run = ""
	if e.Asked() != request.MonthPart || !unicode.IsLetter(r) {
		e.word = ""
		return
	}
	e.word += plainLetters(string(r))
	found := 0
	for i, name := range e.spec.Months {
		if strings.HasPrefix(plainLetters(name), e.word) {
			if found > 0 {
				return
			}
			found = i + 1
		}
	}
	switch {
	case found == 0:
		e.word = ""
	case len(e.word) >= shortestWord:
		e.word = ""
		e.dial.pick(found)
	}
}

// plainLetters are small and without accents.
func plainLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

// struck takes the keys that type nothing.
func (e *DateEntry) struck(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyBackspace, fyne.KeyDelete:
		e.touch(e.dial.delete)
	case fyne.KeyLeft:
		e.arrow(-1, 0)
	case fyne.KeyRight:
		e.arrow(1, 0)
	case fyne.KeyUp:
		e.arrow(0, -1)
	case fyne.KeyDown:
		e.arrow(0, 1)
	default:
		return
	}
	e.focus()
}

// enter picks the month that the arrow keys are on, ends a part with others to
// come, or ends the question.
func (e *DateEntry) enter() {
	defer e.refocus()
	if e.months.cursor > 0 {
		e.pickCursor()
		return
	}
	if e.dial.half.Waits() {
		e.touch(e.dial.end)
		if !e.dial.date.Complete() && !e.dial.half.Waits() {
			return
		}
	}
	e.spec.Submit()
}

func (e *DateEntry) pickCursor() {
	month := e.months.cursor
	e.touch(func() { e.dial.pick(month) })
	e.focus()
}

// arrow moves by columns and rows. In the grid that is from month to month; else to
// the part beside, or to the number above or below.
func (e *DateEntry) arrow(column, row int) {
	if e.Asked() == request.MonthPart {
		e.moveCursor(column + gridColumns*row)
		return
	}
	e.touch(func() {
		switch p := e.dial.beside(column); {
		case row != 0:
			e.dial.step(row, e.arrowStart(), e.spec.Last)
		case p != "":
			e.dial.ask(p)
		}
	})
}

// arrowStart is the number that the arrow keys begin with.
func (e *DateEntry) arrowStart() int {
	if e.Asked() == request.YearPart {
		return e.spec.Start
	}
	return 1
}

// moveCursor goes to another month; the first arrow shows where it is.
func (e *DateEntry) moveCursor(by int) {
	at := e.months.cursor
	switch to := at + by; {
	case at == 0:
		at = max(1, min(e.dial.date.Month, 12))
	case to >= 1 && to <= 12:
		at = to
	}
	e.touch(func() {})
	e.months.cursor = at
	e.months.Refresh()
}
