package visit

import (
	"slices"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
)

// From the reviewed form to what is saved.

func inReview(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Change:
		return open(v, a.Question), nil
	case Back:
		all := v.Form.Draft.Questions()
		v.State, v.Form.Question, v.Fault = Filling, all[len(all)-1], nil
		if v.Form.Question == request.AskPINAgain {
			v.Form.Question, v.Form.Draft.PINAgain = request.AskPIN, ""
		}
	case Send:
		return send(v, now)
	case Saved: // a save that was slower than its deadline
		if v.Fault != nil { // and nothing was changed since
			return kept(v, a, now)
		}
	}
	return v, nil
}

// open shows one question again; its Next returns to Review.
func open(v Visit, q request.Question) Visit {
	_, optional := request.Beside(q)
	if !optional && !slices.Contains(v.Form.Draft.Questions(), q) {
		return v
	}
	v.Form.Changing, v.Fault, v.Form.Problems = true, nil, nil
	switch q {
	case request.AskRelation:
		v.State = Declaring
	case request.AskFix: // another kind has other questions
		v.State = Amending
	default:
		v.State, v.Form.Question = Filling, q
	}
	return v
}

// send hands the request over to be saved. What is wrong by now (a changed birth
// date makes a PIN weak, a new policy came) is asked again first.
func send(v Visit, now time.Time) (Visit, []Effect) {
	f := &v.Form
	if f.Draft.Consent.Policy != v.Texts().PolicyVersion && !f.Draft.Fix.Known {
		v.State, f.Changing, v.Fault = Consent, true, nil // what went wrong before was another try
		return v, nil
	}
	if f.Task == ToAmend {
		return sendAmendment(v, now)
	}
	if f.Draft.Consent.Declaration != v.Texts().Declarations[f.Draft.Relation].Version {
		return open(v, request.AskRelation), nil
	}
	r, problems := f.Draft.Request(v.Lang, v.Today(now))
	if len(problems) > 0 {
		return openFirstProblem(v, now), nil
	}
	v = v.wait(Saving, ForSave, now, SaveLimit)
	return v, []Effect{Save{Visit: v.Number, Call: v.Calls, Request: r}}
}

// openFirstProblem shows the first question that is not answered.
func openFirstProblem(v Visit, now time.Time) Visit {
	today := v.Today(now)
	for _, q := range v.Form.Draft.Questions() {
		for _, q := range append([]request.Question{q}, request.Optional[q]...) {
			if found := v.Form.Draft.Check(q, today); len(found) > 0 {
				v = open(v, q)
				v.Form.Problems = found
				return v
			}
		}
	}
	return v
}

func inSaving(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case Saved:
		return kept(v, a, now)
	case SaveFailed:
		return v.backTo(Review, now, a.Fault), nil
	}
	return v, nil
}

// kept tells the visitor that request or amendment is committed.
func kept(v Visit, a Saved, now time.Time) (Visit, []Effect) {
	if v.Form.Task == ToAmend {
		return amended(v, a, now), nil
	}
	return sent(v, a, now)
}

// sent tells the visitor: the request is committed. The form is not needed any
// more and is cleared, the PIN with it; name and birth date stay for staff to compare
// with a photo ID.
func sent(v Visit, a Saved, now time.Time) (Visit, []Effect) {
	v = v.backTo(Sent, now, fault.Fault{})
	v.Unlock.Key, v.Unlock.Receipt, v.Unlock.SentAt, v.Print.Slip = a.Key, a.Receipt, now, ""
	v.Recall = mineOf(v.Form.Draft)
	v.Unlock.Claim = claimOf(v.Form.Draft)
	v = v.withoutForm()
	return v, []Effect{Watch{Visit: v.Number, Key: a.Key}}
}

// withoutForm drops what was typed into the form.
func (v Visit) withoutForm() Visit {
	v.Form = Form{Task: v.Form.Task}
	return v
}

// claimOf is what staff compare with a photo ID, and the kiosk with the record: the
// names that were sent.
func claimOf(d request.Draft) Claim {
	c := Claim{Relation: d.Relation, Given: d.Given, Middle: d.Middle, Family: d.Family, Other: d.Other, Birth: d.Birth}
	if d.Single {
		c.Given, c.Middle = "", ""
	}
	return c
}

// mineOf is what the visitor said of themself, as far as it was sent. The contact
// of somebody represented is that person's.
func mineOf(d request.Draft) Mine {
	m := Mine{Name: d.Asker, Policy: d.Consent.Policy, PIN: d.PIN}
	if d.Relation == request.Self {
		c := claimOf(d)
		m.Name = request.Name{Given: c.Given, Family: c.Family}
	}
	if d.Relation == request.Represented {
		return m
	}
	m.Contact, m.Both = d.Contact, d.Both
	if d.Both || d.Contact == request.ByPhone {
		m.Phone = d.Phone
	}
	if d.Both || d.Contact == request.ByEmail {
		m.Email = d.Email
	}
	return m
}
