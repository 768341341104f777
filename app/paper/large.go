package paper

import (
	"strconv"

	"vaxkiosk/app/paper/typeset"
	"vaxkiosk/app/record"
)

// Large print: the same page in type of 16 points, for people who do not read smaller ones
// well. There is no room for six columns side by side: one column says what a dose is, and
// the family stands above.

// big tells large print.
func (l *layout) big() bool { return l.body == large }

// bigIdentity is the box that says who, one thing below the other.
func (l *layout) bigIdentity(name string, r record.Record, given int) {
	const pad, strong = framePad, 22.0
	start := l.y
	l.y += 9
	label := func(s string) {
		l.text(margin+pad, s, l.body, false)
		l.y += l.pitch()
	}
	label(l.say.word("paper.name"))
	nameAt, lines := l.y, l.wrap(name, strong, true, l.inner()-2*pad)
	for _, line := range lines {
		l.y += typeset.Step(line, strong*1.3)
	}
	label(l.say.word("paper.born"))
	birthAt := l.y
	l.y += strong * 1.3
	if l.say.other != nil {
		label(dayOf(r.Birth)(l.say.other))
	}
	l.tagged(tagCount, func() { label(l.say.count(r) + ": " + strconv.Itoa(given)) })
	end := l.y + 6
	l.tagged(tagWho, func() {
		l.y = birthAt
		l.text(margin+pad, dayOf(r.Birth)(l.say.english), strong, true)
		l.y = nameAt
		for _, line := range lines {
			l.text(margin+pad, line, strong, true)
			l.y += typeset.Step(line, strong*1.3)
		}
	})
	l.y = end
	l.box(start)
}
