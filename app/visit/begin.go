package visit

import (
	"slices"
	"time"

	"vaxkiosk/app/request"
)

// The way from the first touch to the form.

func inWelcome(v Visit, a Action, _ time.Time) Visit {
	b, ok := a.(Begin)
	if !ok || v.State != Welcome || !v.offers(b.Lang) {
		return v
	}
	v.Lang, v.State = b.Lang, Choosing
	return v
}

func inChoosing(v Visit, a Action, _ time.Time) Visit {
	switch a.(type) {
	case Ask:
		v.State, v.Form.Task, v.Form.Draft.Fix = Consent, ToAsk, request.Fix{}
	case Collect:
		v.State, v.Form.Task = Collecting, ToAsk
	case Amend:
		v.State, v.Form.Task = Consent, ToAmend
		d := &v.Form.Draft // what only a request asks for
		d.Relation, d.Capacity, d.Asker, d.Middle, d.Suffix, d.Other, d.Both = "", "", request.Name{}, "", "", request.Name{}, false
	case CallStaff:
		return callStaff(v)
	case Back:
		return Wipe(v)
	}
	return v
}

func inConsent(v Visit, a Action, _ time.Time) Visit {
	f := &v.Form
	switch a := a.(type) {
	case ReadAll:
		f.FullText = a.Open
	case Agree:
		f.Draft.Consent.Policy, f.FullText = v.Texts().PolicyVersion, false
		switch {
		case f.Changing && (f.Task == ToAmend || f.Draft.Relation != ""):
			v.State, f.Changing = Review, false
		case f.Task == ToAmend:
			v.State = Amending
		default:
			v.State = Declaring
		}
	case Back:
		if f.FullText {
			f.FullText = false
			return v
		}
		v.State, f.Changing = Choosing, false
	}
	return v
}

func inDeclaring(v Visit, a Action, _ time.Time) Visit {
	f := &v.Form
	switch a := a.(type) {
	case Choose:
		return choose(v, a.Relation)
	case PickCapacity:
		if f.Draft.Relation == request.Represented && slices.Contains(request.Capacities, a.Capacity) {
			f.Draft.Capacity = a.Capacity
		}
	case Declare:
		d, ok := v.Texts().Declarations[f.Draft.Relation]
		if !ok || f.Draft.Relation == request.Represented && f.Draft.Capacity == "" {
			return v
		}
		f.Draft.Consent.Declaration = d.Version
		if f.Changing {
			v.State, f.Changing = Review, false
			return v
		}
		v.State, f.Question = Filling, f.Draft.Questions()[1]
	case Back:
		switch {
		case f.Draft.Relation == request.Represented && f.Draft.Capacity != "":
			f.Draft.Capacity, f.Draft.Consent.Declaration = "", ""
		case f.Draft.Relation != "":
			f.Draft.Relation, f.Draft.Consent.Declaration = "", ""
		default:
			v.State = Consent
		}
	}
	return v
}

// choose sets whose record it is. What the visitor has said of themself for an
// earlier record of this visit is filled in where it belongs, and taken away
// again where it does not.
func choose(v Visit, r request.Relation) Visit {
	if _, ok := v.Texts().Declarations[r]; !ok {
		return v
	}
	d, m := &v.Form.Draft, v.Recall
	if m != (Mine{}) {
		takeBack(d, m)
		if d.Asker == (request.Name{}) {
			d.Asker = m.Name
		}
		if r == request.Self && d.Given == "" && d.Family == "" {
			d.Given, d.Family, d.Single = m.Name.Given, m.Name.Family, m.Name.Given == "" && m.Name.Family != ""
		}
		if r != request.Represented && d.Contact == "" {
			d.Contact, d.Both, d.Phone, d.Email = m.Contact, m.Both, m.Phone, m.Email
		}
	}
	d.Relation, d.Capacity, d.Consent.Declaration = r, "", ""
	return v
}

// takeBack takes out of the form what the visitor has said of themself.
func takeBack(d *request.Draft, m Mine) {
	if (request.Name{Given: d.Given, Family: d.Family}) == m.Name {
		d.Given, d.Middle, d.Family, d.Suffix, d.Single, d.Other = "", "", "", "", false, request.Name{}
	}
	if d.Phone == m.Phone {
		d.Phone = ""
	}
	if d.Email == m.Email {
		d.Email = ""
	}
	if d.Both && (d.Phone == "" || d.Email == "") || d.Contact == request.ByPhone && d.Phone == "" || d.Contact == request.ByEmail && d.Email == "" {
		d.Contact, d.Both = "", false
	}
}
