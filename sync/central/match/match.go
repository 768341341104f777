// Package match decides whether a request is about one person of the registry.
//
// The release rule: a record is released only when first name, last name, birth
// date and phone or e-mail agree with exactly one person. A name of five letters
// or more may differ by one typing error; a first name by a slip of the finger only,
// and if one of the two is a known name and the other is not: twins are often called
// Maria and Marie. A short form counts as the first name where it cannot be a twin's
// (nicknames.txt). Anything weaker is left to staff (Review) or is no match at all
// (None); the screen shows neither.
//
// A name that a person had before, when it is on file, counts as well, without an error; so
// do all phone numbers and addresses on file, and those of a parent when a parent asks for
// a minor (candidate.go).
//
// What this refuses: "birth date and phone", which lets siblings and twins out
// to each other, and a second person who would do as well. When two people
// agree, nobody is released, even if one agrees better, or each under another of
// the names that were given. Nor is anybody whose record is restricted, or who has died
// and is said to ask for their own: that is for staff.
//
// Asked turns a request into the identities that it may be about. Values are
// compared in the form Of gives them: small letters without accents, titles and
// suffixes, numbers in E.164, addresses without a +tag. Placeholders ("unknown",
// 999-999-9999) agree with nothing. A Decision carries reasons, never values.
package match

import (
	"context"
	"fmt"

	"vaxkiosk/app/request"
)

// Identity is who somebody is, ready to be compared. Empty means unknown.
type Identity struct {
	Given  Name
	Family Name
	Middle Name     // said apart from Given; on file it is part of Given
	Ways   []Reason // what Asked took from the request beside the name as typed
	Suffix string   // "jr", "iii"; "" agrees with all
	Single bool     // Family is the only name; on file, when no first name is written or there is none
	Birth  string   // YYYY-MM-DD
	Gender string   // female or male, else ""
	Phone  string   // E.164 if it is a number of the region, else its digits
	Email  string

	Own      bool // asked for: the record of whoever asks
	ByParent bool // asked for: by a parent, for somebody under 18 today
}

// Verdict is what happens with a request.
type Verdict string

// The verdicts.
const (
	Release Verdict = "release" // one person, beyond doubt
	Review  Verdict = "review"  // somebody of staff has to look
	None    Verdict = "none"    // nobody fits
)

// Reason says why, without a value.
type Reason string

// The reasons, for audit and review.
const (
	Agrees          Reason = "all-agree" // the next ones, beside it, say in which way
	OtherUsed       Reason = "other-name-used"
	MiddleUsed      Reason = "middle-name-used"
	OneName         Reason = "single-name"
	Nickname        Reason = "nickname-allowed"
	PartsAgree      Reason = "double-name-in-part" // or its parts in another order
	Typo            Reason = "typing-error-allowed"
	FormerName      Reason = "former-name-on-file" // the only reason, when nothing agrees with the name of today
	PhoneAgrees     Reason = "contact-phone"
	EmailAgrees     Reason = "contact-email"
	ParentsContact  Reason = "contact-of-parent"
	GivenDiffers    Reason = "given-name-differs"
	MiddleDiffers   Reason = "middle-name-differs"
	FamilyDiffers   Reason = "family-name-differs"
	SuffixDiffers   Reason = "suffix-differs"
	GenderDiffers   Reason = "gender-differs"
	BirthDiffers    Reason = "birth-date-differs"
	ContactDiffers  Reason = "contact-differs"
	SeveralAgree    Reason = "several-people-agree"
	Restricted      Reason = "restricted"
	Deceased        Reason = "deceased"
	NobodyComparing Reason = "no-candidate"
	ChosenByStaff   Reason = "chosen-by-staff"
)

// Decision is a verdict with its reasons. Person is set for Release only, MayBe for
// Review: the people who agree, or agree in part, and can be released by staff: they are
// reached by a contact that was given, and a kiosk takes their record for the one asked for.
type Decision struct {
	Verdict Verdict
	Person  int
	MayBe   []int
	Reasons []Reason
}

// Registry is where people are on file. Candidates finds everybody who shares birth
// date and phone or e-mail, one of all that are on file, with whoever is asked for: with
// one left out, a second who agrees could be overlooked.
type Registry interface {
	Candidates(ctx context.Context, asked Identity) ([]Candidate, error)
}

// Find decides whom of a registry a request is about, as of today. Candidates are those it
// was decided among.
func Find(ctx context.Context, in Registry, r request.Request, today request.Date) (d Decision, candidates []Candidate, err error) {
	asked := Asked(r, today)
	if candidates, err = in.Candidates(ctx, asked[0]); err != nil {
		return d, nil, fmt.Errorf("find candidates: %w", err)
	}
	return Decide(asked, candidates), candidates, nil
}

// rank orders verdicts.
var rank = map[Verdict]int{None: 0, Review: 1, Release: 2}

// Decide applies the release rule to the people who may be meant, under every
// name that was given; there is at least one.
func Decide(asked []Identity, candidates []Candidate) Decision {
	if len(candidates) == 0 {
		return Decision{Verdict: None, Reasons: []Reason{NobodyComparing}}
	}
	var agree []Decision
	var mayBe []int
	best := Decision{Verdict: None}
	for _, c := range candidates {
		d := weigh(asked, c)
		if d.Verdict != None && !d.closed() {
			mayBe = append(mayBe, c.Number)
		}
		switch {
		case d.Verdict == Release:
			d.Person = c.Number
			agree = append(agree, held(d, asked[0], c))
		case d.renamed():
			agree = append(agree, d)
		case d.Verdict == Review || best.Reasons == nil:
			best = d
		}
	}
	switch len(agree) {
	case 0:
	case 1:
		best = agree[0]
	default:
		best = Decision{Verdict: Review, Reasons: []Reason{SeveralAgree}}
	}
	if best.Verdict == Review {
		best.MayBe = mayBe
	}
	return best
}

// weigh compares one candidate, and returns the best of all pairs of a name that was given
// and a name on file.
func weigh(asked []Identity, c Candidate) (best Decision) {
	better := func(d Decision) {
		if best.Reasons == nil || rank[d.Verdict] > rank[best.Verdict] {
			best = d
		}
	}
	reached := contacts(asked[0], c) // they differ in names only
	for _, a := range asked {
		better(compare(a, c.Identity, reached))
		for _, before := range c.Also {
			better(compareFormer(a, before, c.Identity, reached))
		}
	}
	return best
}

// compare weighs one pair of names. Two things that disagree are no match; one is
// a case for review.
func compare(a, b Identity, reached []Reason) Decision {
	given, family := firstNames(a, b), lastNames(a, b)
	if all := against(a, b, given, family, reached); len(all) > 0 {
		return doubt(all)
	}
	return Decision{Verdict: Release, Reasons: ways(a, b, given, family, reached)}
}

func doubt(against []Reason) Decision {
	if len(against) == 1 {
		return Decision{Verdict: Review, Reasons: against}
	}
	return Decision{Verdict: None, Reasons: against}
}

// against is what disagrees.
func against(a, b Identity, given, family alike, reached []Reason) (all []Reason) {
	note := func(differs bool, why Reason) {
		if differs {
			all = append(all, why)
		}
	}
	middle := given == different && otherMiddle(a, b)
	note(middle, MiddleDiffers)
	note(given == different && !middle || given == short && !a.Family.is(b.Family), GivenDiffers)
	note(family == different, FamilyDiffers)
	note(a.Suffix != "" && b.Suffix != "" && a.Suffix != b.Suffix, SuffixDiffers)
	note(a.Birth == "" || a.Birth != b.Birth, BirthDiffers)
	note(len(reached) == 0, ContactDiffers)
	// Registries and people differ about gender without anybody being wrong,
	// so it never stands against all the rest; it turns a typing error into doubt.
	note(a.Gender != "" && b.Gender != "" && a.Gender != b.Gender && (given != same || family != same), GenderDiffers)
	return all
}

// ways says how two identities agree that do.
func ways(a, b Identity, given, family alike, reached []Reason) []Reason {
	all := append([]Reason{Agrees}, a.Ways...)
	note := func(so bool, why Reason) {
		if so {
			all = append(all, why)
		}
	}
	note(a.Single || b.Single, OneName)
	note(given == short, Nickname)
	note(!a.Family.is(b.Family) && (family == same || len(a.Family) != len(b.Family)), PartsAgree)
	note(given == near || family == near, Typo)
	return append(all, reached...)
}
