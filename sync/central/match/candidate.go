package match

import (
	"cmp"
	"slices"

	"vaxkiosk/app/request"
)

// What the registry has of a person beside the name of today and the first contacts.
//
// Names of before, a maiden name say, agree without a typing error and in no short form: a
// name of before is a guess, and one guess is enough. The record bears the name of today, and
// the kiosk compares that with what was said (app/record, IsOf). So a name of before
// releases only if the first or last name of today agrees, too. When neither does, staff
// are told why, but have nobody to release: whoever asks has to say the name of today, as
// another name they use.
//
// Contacts of a parent are none of the person's. They count when a parent asks for a
// minor, and no longer on the day the child is 18. Who gives one otherwise has given another
// contact than what is on file.

// Candidate is a person of the registry who may be meant. Identity holds the name of
// today and the contacts to be used first.
type Candidate struct {
	Number int
	Identity
	Also       []Identity // under the other names on file (Under)
	More       []Contact  // beside Phone and Email
	Deceased   bool
	Restricted bool
}

// Contact is a further contact on file, in the form that is compared. Guardian is a
// parent's, which counts for the relation "child" only.
type Contact struct {
	Key      string // as Identity.Phone or Identity.Email has it
	Guardian bool
}

// Under is a person on file under another name; the part that is left out is that of today.
func (id Identity) Under(given, family string) Identity {
	other := id
	if g, suffix := givenOf(given); len(g) > 0 {
		other.Given, other.Single = g, false
		other.Suffix = cmp.Or(other.Suffix, suffix)
	}
	if f, suffix := familyOf(family); len(f) > 0 {
		other.Family = f
		other.Suffix = cmp.Or(other.Suffix, suffix)
	}
	return other
}

// ParentMay reports whether a request is one for which contacts of a parent count: a
// parent asks for their child, who is under 18 today.
func ParentMay(relation request.Relation, birth, today request.Date) bool {
	return relation == request.Child && birth.Complete() && birth.Age(today) < request.AdultAge
}

// contacts says by which contacts on file somebody is reached who is asked for.
func contacts(a Identity, c Candidate) (by []Reason) {
	phone, email := sameKey(a.Phone, c.Phone), sameKey(a.Email, c.Email)
	parents := false
	for _, more := range c.More {
		switch {
		case !more.Guardian:
			phone, email = phone || sameKey(a.Phone, more.Key), email || sameKey(a.Email, more.Key)
		case a.ByParent:
			parents = parents || sameKey(a.Phone, more.Key) || sameKey(a.Email, more.Key)
		}
	}
	if phone {
		by = append(by, PhoneAgrees)
	}
	if email {
		by = append(by, EmailAgrees)
	}
	if parents && by == nil {
		by = append(by, ParentsContact)
	}
	return by
}

// compareFormer is compare with a name of before.
func compareFormer(a, before, now Identity, reached []Reason) Decision {
	before.Birth, before.Gender, before.Suffix = now.Birth, now.Gender, cmp.Or(now.Suffix, before.Suffix)
	exact := func(like alike) alike {
		if like != same {
			return different
		}
		return same
	}
	given, family := exact(firstNames(a, before)), exact(lastNames(a, before))
	all := against(a, before, given, family, reached)
	if firstNames(a, now) != same && lastNames(a, now) != same {
		all = append(all, FormerName)
	}
	if len(all) > 0 {
		return doubt(all)
	}
	return Decision{Verdict: Release, Reasons: slices.Insert(ways(a, before, given, family, reached), 1, FormerName)}
}

// renamed reports whether all agree with a name of before, and nothing with that of today.
func (d Decision) renamed() bool {
	return d.Verdict == Review && slices.Contains(d.Reasons, FormerName)
}

// closed reports whether staff can release nobody by it: no code could be sent, or a kiosk
// would refuse the record.
func (d Decision) closed() bool {
	return d.renamed() || d.Verdict == Review && slices.Contains(d.Reasons, ContactDiffers)
}

// held is a release, or a case for review where something on file stands in the way of
// the person who agrees.
func held(d Decision, asked Identity, c Candidate) Decision {
	var why []Reason
	if c.Restricted {
		why = append(why, Restricted)
	}
	if c.Deceased && asked.Own {
		why = append(why, Deceased)
	}
	if why == nil {
		return d
	}
	return Decision{Verdict: Review, Reasons: why}
}
