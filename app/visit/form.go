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
	if next.Form.Hint == v.Form.Hint && (next.State != v.State || next.Form.Question != v.Form.Question || next.Form.Draft != v.Form.Draft) {
		next.Form.Hint = "" // it was about what stood there before
	}
	if next.State != Filling || next.Form.Question != v.Form.Question {
		next.Form.Half = request.Half{}
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
		if v.Form.Hint != "" {
			v.Form.Draft.Email = request.WithDomain(v.Form.Draft.Email, v.Form.Hint)
			return forward(v, now)
		}
	case Back:
		return backward(v)
	case Add:
		return add(v, a.Question)
	case Choose: // the age has shown that it is somebody else's
		if v.Form.Question == request.AskBirth && slices.ContainsFunc(v.Form.Problems, aboutAge) {
			v = choose(v, a.Relation)
			v.State, v.Form.Problems = Declaring, nil
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
	f := &v.Form
	f.Problems = f.Draft.Check(f.Question, v.Today(now))
	if len(f.Problems) > 0 {
		return v
	}
	f.Draft = f.Draft.Folded()
	if hint := v.hint(); hint != "" {
		f.Hint, f.Hinted = hint, append(slices.Clone(f.Hinted), f.Draft.Email)
		return v
	}
	return forward(v, now)
}

// hint is the domain to ask about, "" when the e-mail address is not what is on screen,
// looks right, or was asked about before.
func (v Visit) hint() string {
	f := &v.Form
	d := f.Draft
	onScreen := f.Question == request.AskContact && d.Contact == request.ByEmail ||
		f.Question == request.AskSecond && d.Both && d.SecondKind() == request.ByEmail
	if !onScreen || slices.Contains(f.Hinted, d.Email) || d.Email == v.Recall.Email {
		return ""
	}
	return request.MeantDomain(d.Email)
}

// picked takes an answer that is chosen, not typed.
func picked(v Visit, a Action, now time.Time) Visit {
	d := &v.Form.Draft
	switch a := a.(type) {
	case PickBirth:
		d.Birth = a.Date
		return dated(v, a.Half, now)
	case PickDay:
		if v.Form.Question == request.AskRightDay {
			d.Fix.RightDay = a.Date
		} else {
			d.Fix.Day = a.Date
		}
		return dated(v, a.Half, now)
	case PickGender:
		d.Gender, v.Form.Problems = a.Gender, nil
	case PickContact:
		d.Contact, d.Both, v.Form.Problems = a.Kind, false, nil
	case PickSingle:
		d.Single, v.Form.Problems = a.On, nil
		if v.Form.Question == request.AskMore {
			v.Form.Question = request.AskName
		}
	case PickSuffix:
		d.Suffix, v.Form.Problems = a.Suffix, nil
	case PickWrong:
		if a.Wrong != d.Fix.Wrong { // what was right instead of it belongs to the other
			d.Fix.Right, d.Fix.RightDay = "", request.Date{}
		}
		d.Fix.Wrong, v.Form.Problems = a.Wrong, nil
	case PickDose:
		return pickDose(v, a.N)
	}
	return v
}

// dated refuses a date that cannot be as soon as a part is complete. Problems that
// depend on whose record it is are told when the visitor goes on.
func dated(v Visit, h request.Half, now time.Time) Visit {
	v.Form.Half, v.Form.Problems = h, nil
	if !h.Waits() {
		v.Form.Problems = v.Form.Draft.CheckSoFar(v.Form.Question, v.Today(now))
	}
	return v
}

// add opens an optional question beside the one on screen.
func add(v Visit, q request.Question) Visit {
	f := &v.Form
	here := f.Question
	if of, optional := request.Beside(here); optional {
		here = of
	}
	if of, optional := request.Beside(q); optional && of == here {
		f.Question, f.Problems = q, nil
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
	d, tooMuch := &v.Form.Draft, false
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
	if v.Form.Question == request.AskSecond { // an empty one is left out
		d.Both = request.Fold(a.Text) != ""
	}
	v.Form.Problems = slices.DeleteFunc(slices.Clone(v.Form.Problems), func(p request.Problem) bool { return p.Field == a.Field })
	if tooMuch {
		v.Form.Problems = append(v.Form.Problems, request.Problem{Field: a.Field, Code: request.TooLong})
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
	f := &v.Form
	if of, optional := request.Beside(f.Question); optional && !f.Changing {
		f.Question = of
		if len(f.Draft.Check(of, v.Today(now))) > 0 {
			return v
		}
	}
	all := f.Draft.Questions()
	i := slices.Index(all, f.Question)
	leadsOn := f.Question == request.AskPIN || f.Question == request.AskWrong
	if i == len(all)-1 || f.Changing && (!leadsOn || all[i+1] == request.AskContact) {
		v.State, f.Changing = Review, false
		return v
	}
	f.Question = all[i+1]
	return v
}

func backward(v Visit) Visit {
	f := &v.Form
	f.Problems = nil
	if f.Hint != "" { // back to the address, to change it
		f.Hint = ""
		return v
	}
	of, optional := request.Beside(f.Question)
	all := f.Draft.Questions()
	switch i := slices.Index(all, f.Question); {
	case f.Question == request.AskPINAgain:
		f.Question, f.Draft.PINAgain = request.AskPIN, ""
	case optional:
		f.Question = of
	case f.Changing:
		v.State, f.Changing = Review, false
	case i > 1:
		f.Question = all[i-1]
	case f.Task == ToAmend:
		v.State = Amending
	default:
		v.State = Declaring
	}
	return v
}
