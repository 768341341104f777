package visit

import (
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/request"
)

// The way from the first touch to the sent request.

// longestText bounds what a field takes, in bytes: more than any answer needs.
const longestText = 320

func inWelcome(v Visit, a Action) Visit {
	b, ok := a.(Begin)
	if !ok || v.State != Welcome || !v.offers(b.Lang) {
		return v
	}
	v.Lang, v.State = b.Lang, Choosing
	return v
}

func inChoosing(v Visit, a Action) Visit {
	switch a := a.(type) {
	case Ask:
		v.State = Consent
	case Collect:
		v.State = Collecting
	case Help:
		v.State, v.HelpFrom, v.Topic = Helping, Choosing, a.Topic
	case Back:
		return Wipe(v)
	}
	return v
}

func inHelping(v Visit, a Action) Visit {
	switch a := a.(type) {
	case Help:
		v.Topic = a.Topic
	case Back:
		if v.Topic != "" {
			v.Topic = ""
			return v
		}
		v.State = v.HelpFrom
	}
	return v
}

func inConsent(v Visit, a Action) Visit {
	switch a := a.(type) {
	case ReadAll:
		v.FullText = a.Open
	case Agree:
		v.Draft.Consent.Policy, v.FullText = v.Texts().PolicyVersion, false
		v.State = Declaring
		if v.Changing && v.Draft.Relation != "" {
			v.State, v.Changing = Review, false
		}
	case Back:
		if v.FullText {
			v.FullText = false
			return v
		}
		v.State, v.Changing = Choosing, false
	}
	return v
}

func inDeclaring(v Visit, a Action) Visit {
	switch a := a.(type) {
	case Choose:
		if _, ok := v.Texts().Declarations[a.Relation]; ok {
			v.Draft.Relation, v.Draft.Consent.Declaration = a.Relation, ""
		}
	case Declare:
		d, ok := v.Texts().Declarations[v.Draft.Relation]
		if !ok {
			return v
		}
		v.Draft.Consent.Declaration = d.Version
		if v.Changing {
			v.State, v.Changing = Review, false
			return v
		}
		v.State, v.Question = Filling, request.AskName
	case Back:
		if v.Draft.Relation != "" {
			v.Draft.Relation, v.Draft.Consent.Declaration = "", ""
			return v
		}
		v.State = Consent
	}
	return v
}

func inFilling(v Visit, a Action, now time.Time) Visit {
	switch a := a.(type) {
	case Type:
		return typed(v, a)
	case PickBirth:
		v.Draft.Birth, v.Problems = a.Date, nil
		if a.Date.Complete() { // a day that cannot be is refused as it is chosen
			v.Problems = slices.DeleteFunc(v.Draft.Check(request.AskBirth, v.Today(now)), aboutAge)
		}
	case PickGender:
		v.Draft.Gender, v.Problems = a.Gender, nil
	case PickContact:
		v.Draft.Contact, v.Problems = a.Kind, nil
	case Next:
		v.Problems = v.Draft.Check(v.Question, v.Today(now))
		if len(v.Problems) == 0 {
			return forward(v)
		}
	case Back:
		return backward(v)
	}
	return v
}

// aboutAge tells problems that depend on whose record it is: they are told when
// the visitor goes on, not while the year is still being turned.
func aboutAge(p request.Problem) bool {
	return p.Code == request.Minor || p.Code == request.NotAChild
}

// typed replaces one field and takes its problem away.
func typed(v Visit, a Type) Visit {
	if len(a.Text) > longestText {
		return v
	}
	d := &v.Draft
	switch a.Field {
	case request.FieldGiven:
		d.Given = a.Text
	case request.FieldFamily:
		d.Family = a.Text
	case request.FieldPhone:
		d.Phone = a.Text
	case request.FieldEmail:
		d.Email = a.Text
	case request.FieldPIN:
		d.PIN, d.PINAgain = digits(a.Text, request.PINDigits), ""
	case request.FieldPINAgain:
		d.PINAgain = digits(a.Text, request.PINDigits)
	case request.FieldRelation, request.FieldBirth, request.FieldGender, request.FieldContact, request.FieldConsent:
		return v // chosen, never typed
	}
	v.Problems = slices.DeleteFunc(slices.Clone(v.Problems), func(p request.Problem) bool { return p.Field == a.Field })
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
// through its repetition.
func forward(v Visit) Visit {
	i := slices.Index(request.Questions, v.Question)
	last := i == len(request.Questions)-1
	if last || v.Changing && v.Question != request.AskPIN {
		v.State, v.Changing = Review, false
		return v
	}
	v.Question = request.Questions[i+1]
	return v
}

func backward(v Visit) Visit {
	v.Problems = nil
	switch i := slices.Index(request.Questions, v.Question); {
	case v.Question == request.AskPINAgain:
		v.Question, v.Draft.PINAgain = request.AskPIN, ""
	case v.Changing:
		v.State, v.Changing = Review, false
	case i <= 1:
		v.State = Declaring
	default:
		v.Question = request.Questions[i-1]
	}
	return v
}

func inReview(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Change:
		return open(v, a.Question), nil
	case Back:
		v.State, v.Question, v.Fault = Filling, request.AskPIN, nil
		v.Draft.PINAgain = ""
	case Send:
		return send(v, now)
	case Saved: // a save that was slower than its deadline
		if v.Fault != nil { // and nothing was changed since
			return sent(v, a, now)
		}
	}
	return v, nil
}

// open shows one question again; its Next returns to Review.
func open(v Visit, q request.Question) Visit {
	v.Changing, v.Fault, v.Problems = true, nil, nil
	switch {
	case q == request.AskRelation:
		v.State = Declaring
	case slices.Contains(request.Questions, q):
		v.State, v.Question = Filling, q
	}
	return v
}

// send hands the request over to be saved. What is wrong by now (a changed birth
// date makes a PIN weak, a new policy came) is asked again first.
func send(v Visit, now time.Time) (Visit, []Effect) {
	if v.Draft.Consent.Policy != v.Texts().PolicyVersion {
		v.State, v.Changing = Consent, true
		return v, nil
	}
	if v.Draft.Consent.Declaration != v.Texts().Declarations[v.Draft.Relation].Version {
		return open(v, request.AskRelation), nil
	}
	r, problems := v.Draft.Request(v.Lang, v.Today(now))
	if len(problems) > 0 {
		v = open(v, questionOf(problems[0].Field))
		v.Problems = v.Draft.Check(v.Question, v.Today(now))
		return v, nil
	}
	v = v.wait(Saving, ForSave, now, SaveLimit)
	return v, []Effect{Save{Visit: v.Number, Call: v.Calls, Request: r}}
}

func questionOf(f request.Field) request.Question {
	switch f {
	case request.FieldRelation, request.FieldConsent:
		return request.AskRelation
	case request.FieldGiven, request.FieldFamily:
		return request.AskName
	case request.FieldBirth:
		return request.AskBirth
	case request.FieldGender:
		return request.AskGender
	case request.FieldPhone, request.FieldEmail, request.FieldContact:
		return request.AskContact
	case request.FieldPIN:
		return request.AskPIN
	case request.FieldPINAgain:
		return request.AskPINAgain
	}
	return request.AskRelation
}

func inSaving(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Saved:
		return sent(v, a, now)
	case SaveFailed:
		return v.backTo(Review, now, a.Fault), nil
	}
	return v, nil
}

// sent tells the visitor: the request is committed. The form is not needed any
// more and goes, the PIN with it; name and birth date stay for staff to compare
// with a photo ID.
func sent(v Visit, a Saved, now time.Time) (Visit, []Effect) {
	v = v.backTo(Sent, now, Fault{})
	v.Key, v.Receipt = a.Key, a.Receipt
	v.Claim = Claim{v.Draft.Relation, v.Draft.Given, v.Draft.Family, v.Draft.Birth}
	v.Draft, v.Problems, v.Question = request.Draft{}, nil, ""
	return v, []Effect{Watch{Visit: v.Number, Key: a.Key}}
}
