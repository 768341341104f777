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
		v.State, v.Task, v.Draft.Fix = Consent, ToAsk, request.Fix{}
	case Collect:
		v.State, v.Task = Collecting, ToAsk
	case Amend:
		v.State, v.Task = Consent, ToAmend
		d := &v.Draft // what only a request asks for
		d.Relation, d.Capacity, d.Asker, d.Middle, d.Suffix, d.Other, d.Both = "", "", request.Name{}, "", "", request.Name{}, false
	case CallStaff:
		return callStaff(v)
	case Back:
		return Wipe(v)
	}
	return v
}

func inConsent(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case ReadAll:
		v.FullText = a.Open
	case Agree:
		v.Draft.Consent.Policy, v.FullText = v.Texts().PolicyVersion, false
		switch {
		case v.Changing && (v.Task == ToAmend || v.Draft.Relation != ""):
			v.State, v.Changing = Review, false
		case v.Task == ToAmend:
			v.State = Amending
		default:
			v.State = Declaring
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

func inDeclaring(v Visit, a Action, _ time.Time) Visit {
	switch a := a.(type) {
	case Choose:
		return choose(v, a.Relation)
	case PickCapacity:
		if v.Draft.Relation == request.Represented && slices.Contains(request.Capacities, a.Capacity) {
			v.Draft.Capacity = a.Capacity
		}
	case Declare:
		d, ok := v.Texts().Declarations[v.Draft.Relation]
		if !ok || v.Draft.Relation == request.Represented && v.Draft.Capacity == "" {
			return v
		}
		v.Draft.Consent.Declaration = d.Version
		if v.Changing {
			v.State, v.Changing = Review, false
			return v
		}
		v.State, v.Question = Filling, v.Draft.Questions()[1]
	case Back:
		switch {
		case v.Draft.Relation == request.Represented && v.Draft.Capacity != "":
			v.Draft.Capacity, v.Draft.Consent.Declaration = "", ""
		case v.Draft.Relation != "":
			v.Draft.Relation, v.Draft.Consent.Declaration = "", ""
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
	d, m := &v.Draft, v.Mine
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
