package visit

import (
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/request"
)

// The form, one question a screen.

func inFilling(v Visit, a Action, now time.Time) Visit {
	next := fill(v, a, now)
	if next.Hint == v.Hint && (next.State != v.State || next.Question != v.Question || next.Draft != v.Draft) {
		next.Hint = "" // it was about what stood there before
	}
	if next.State != Filling || next.Question != v.Question {
		next.Half = request.Half{}
	}
	return next
}

func fill(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case Type:
		return typed(v, a)
	case Next:
		return next(v, now)
	case TakeHint:
		if v.Hint != "" {
			v.Draft.Email = request.WithDomain(v.Draft.Email, v.Hint)
			return forward(v, now)
		}
	case Back:
		return backward(v)
	case Add:
		return add(v, a.Question)
	case Choose: // the age has shown that it is somebody else's
		if v.Question == request.AskBirth && slices.ContainsFunc(v.Problems, aboutAge) {
			v = choose(v, a.Relation)
			v.State, v.Problems = Declaring, nil
		}
	default:
		return picked(v, a, now)
	}
	return v
}

// next goes on when nothing is wrong with the question: what is typed becomes what is
// sent, so that the review shows it. An address that looks like a slip is asked about
// first, each one once in a visit.
func next(v Visit, now time.Time) Visit {
	v.Problems = v.Draft.Check(v.Question, v.Today(now))
	if len(v.Problems) > 0 {
		return v
	}
	v.Draft = v.Draft.Folded()
	if hint := v.hint(); hint != "" {
		v.Hint, v.Hinted = hint, append(slices.Clone(v.Hinted), v.Draft.Email)
		return v
	}
	return forward(v, now)
}

// hint is the domain to ask about, "" when the e-mail address is not what is on screen,
// looks right, or was asked about before.
func (v Visit) hint() string {
	d := v.Draft
	onScreen := v.Question == request.AskContact && d.Contact == request.ByEmail ||
		v.Question == request.AskSecond && d.Both && d.SecondKind() == request.ByEmail
	if !onScreen || slices.Contains(v.Hinted, d.Email) || d.Email == v.Mine.Email {
		return ""
	}
	return request.MeantDomain(d.Email)
}

// picked takes an answer that is chosen, not typed.
func picked(v Visit, a Action, now time.Time) Visit {
	d := &v.Draft
	switch a := a.(type) {
	case PickBirth:
		d.Birth = a.Date
		return dated(v, a.Half, now)
	case PickDay:
		if v.Question == request.AskRightDay {
			d.Fix.RightDay = a.Date
		} else {
			d.Fix.Day = a.Date
		}
		return dated(v, a.Half, now)
	case PickGender:
		d.Gender, v.Problems = a.Gender, nil
	case PickContact:
		d.Contact, d.Both, v.Problems = a.Kind, false, nil
	case PickSingle:
		d.Single, v.Problems = a.On, nil
		if v.Question == request.AskMore {
			v.Question = request.AskName
		}
	case PickSuffix:
		d.Suffix, v.Problems = a.Suffix, nil
	case PickWrong:
		if a.Wrong != d.Fix.Wrong { // what was right instead of it belongs to the other
			d.Fix.Right, d.Fix.RightDay = "", request.Date{}
		}
		d.Fix.Wrong, v.Problems = a.Wrong, nil
	case PickDose:
		return pickDose(v, a.N)
	}
	return v
}

// dated refuses a date that cannot be as soon as a part is complete. Problems that
// depend on whose record it is are told when the visitor goes on.
func dated(v Visit, h request.Half, now time.Time) Visit {
	v.Half, v.Problems = h, nil
	if !h.Waits() {
		v.Problems = v.Draft.CheckSoFar(v.Question, v.Today(now))
	}
	return v
}

// add opens an optional question beside the one on screen.
func add(v Visit, q request.Question) Visit {
	here := v.Question
	if of, optional := request.Beside(here); optional {
		here = of
	}
	if of, optional := request.Beside(q); optional && of == here {
		v.Question, v.Problems = q, nil
	}
	return v
}

// aboutAge tells problems that depend on whose record it is.
func aboutAge(p request.Problem) bool {
	return p.Code == request.Minor || p.Code == request.NotAChild
}

// typed replaces one field and takes its problem away. Of what is too long as much stays
// as is needed to refuse it, which is told at once.
func typed(v Visit, a Type) Visit {
	d, tooMuch := &v.Draft, false
	switch a.Field {
	case request.FieldPIN:
		d.PIN, d.PINAgain = digits(a.Text, request.PINDigits), ""
	case request.FieldPINAgain:
		d.PINAgain = digits(a.Text, request.PINDigits)
	default:
		text := d.Text(a.Field)
		if text == nil {
			return v // chosen, never typed
		}
		*text = request.Kept(a.Field, a.Text)
		tooMuch = request.TooMuch(a.Field, *text)
	}
	if v.Question == request.AskSecond { // an empty one is left out
		d.Both = request.Fold(a.Text) != ""
	}
	v.Problems = slices.DeleteFunc(slices.Clone(v.Problems), func(p request.Problem) bool { return p.Field == a.Field })
	if tooMuch {
		v.Problems = append(v.Problems, request.Problem{Field: a.Field, Code: request.TooLong})
	}
	return v
}

func digits(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), most)]
}

// forward goes to the next question, or to Review. Changing the PIN goes
// through its repetition, changing what is wrong with a dose to what is right; an
// optional question leads on from the one it belongs to, once that is answered.
func forward(v Visit, now time.Time) Visit {
	if of, optional := request.Beside(v.Question); optional && !v.Changing {
		v.Question = of
		if len(v.Draft.Check(of, v.Today(now))) > 0 {
			return v
		}
	}
	all := v.Draft.Questions()
	i := slices.Index(all, v.Question)
	leadsOn := v.Question == request.AskPIN || v.Question == request.AskWrong
	if i == len(all)-1 || v.Changing && (!leadsOn || all[i+1] == request.AskContact) {
		v.State, v.Changing = Review, false
		return v
	}
	v.Question = all[i+1]
	return v
}

func backward(v Visit) Visit {
	v.Problems = nil
	if v.Hint != "" { // back to the address, to change it
		v.Hint = ""
		return v
	}
	of, optional := request.Beside(v.Question)
	all := v.Draft.Questions()
	switch i := slices.Index(all, v.Question); {
	case v.Question == request.AskPINAgain:
		v.Question, v.Draft.PINAgain = request.AskPIN, ""
	case optional:
		v.Question = of
	case v.Changing:
		v.State, v.Changing = Review, false
	case i > 1:
		v.Question = all[i-1]
	case v.Task == ToAmend:
		v.State = Amending
	default:
		v.State = Declaring
	}
	return v
}
