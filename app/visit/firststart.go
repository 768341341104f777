package visit

import (
	"strings"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/enrol"
)

// A machine that is no kiosk yet: staff types where central is and the code of an invitation,
// and it becomes one. That is a visit like another, so that screens, keyboard, look and
// language are those of a kiosk; only nothing leads from it to what visitors do. Once it is
// enrolled, a kiosk with visits of its own takes its place.
//
// The code is a secret until it is used: it goes when nobody has touched the screen for
// FirstIdle. The address is none and stays.

// Snag is why a machine is not enrolled, each with words of its own for staff.
type Snag string

// The snags. Those of what is typed are told at once, or when it is to go on.
const (
	BadAddress Snag = "address"  // no address can look like this
	BadSign    Snag = "sign"     // a character that no code has
	TooMany    Snag = "too-many" // more characters than a code has
	TooFew     Snag = "too-few"  // fewer

	NoHost    Snag = "no-host"    // nobody knows central's name
	NoCentral Snag = "no-central" // central cannot be reached
	OtherHost Snag = "other-host" // central answers, and not for this address
	Stranger  Snag = "stranger"   // what answers is not the central that knows the code
	NotTaken  Snag = "not-taken"  // central takes no such code: mistyped, used or too old
	UsedTwice Snag = "used-twice" // central does not take the certificate that it has made
	WrongTime Snag = "wrong-time" // the clock
	Pause     Snag = "pause"      // central makes this machine wait
	Unusable  Snag = "unusable"   // all is well but what IT has set
	NoKey     Snag = "no-key"     // the TPM makes no key for it
	Unwritten Snag = "unwritten"  // it could not be kept on the disk
)

// Snags are all of them.
var Snags = []Snag{
	BadAddress, BadSign, TooMany, TooFew, NoHost, NoCentral, OtherHost, Stranger, NotTaken, UsedTwice, WrongTime, Pause, Unusable, NoKey, Unwritten,
}

// AtInvitation reports whether FirstStart asks for the code, not for central's address.
func (v Visit) AtInvitation() bool { return v.Joining.AtCode || v.Site.CentralFixed }

// Typed is how many characters of the code are typed.
func (j Joining) Typed() int { return len([]rune(enrol.Fold(j.Code))) }

// Grouped is what is typed of the code as it counts, in groups with spaces between them.
func (j Joining) Grouped() string {
	return strings.ReplaceAll(enrol.Group(enrol.Fold(j.Code)), "-", " ")
}

// Strange is the character of the code that no code has, "" for none.
func (j Joining) Strange() string { return enrol.Strange(enrol.Fold(j.Code)) }

// atFirst makes the visit of a machine that is no kiosk yet begin.
func atFirst(v Visit) Visit {
	v.State = FirstStart
	if len(v.Site.Languages) > 0 {
		v.Lang = v.Site.Languages[0].Tag
	}
	v.Joining.Address = strings.TrimPrefix(v.Site.Central, "https://")
	return v
}

func inFirstStart(v Visit, a Action, now time.Time) (Visit, []Effect) {
	j := &v.Joining
	switch a := a.(type) {
	case TypeAddress:
		j.Address, j.Snag, j.Detail = request.Kept(request.FieldCentral, a.Text), "", ""
	case TypeInvitation:
		j.Code, j.Detail = request.Kept(request.FieldInvitation, a.Text), ""
		j.Snag = snagOf(enrol.Fold(j.Code))
	case Back:
		if v.AtInvitation() && !v.Site.CentralFixed {
			j.AtCode, j.Snag, j.Detail = false, "", ""
		}
	case Next:
		return v.join(now)
	}
	return v, nil
}

// join goes on: from the address to the code, and from there to central.
func (v Visit) join(now time.Time) (Visit, []Effect) {
	j := &v.Joining
	if !v.AtInvitation() {
		address, ok := addressOf(j.Address)
		if !ok {
			j.Snag = BadAddress
			return v, nil
		}
		v.Site.Central, j.AtCode, j.Snag = address, true, snagOf(enrol.Fold(j.Code))
		return v, nil
	}
	code, ok := enrol.ParseCode(j.Code)
	if !ok {
		if j.Snag = snagOf(enrol.Fold(j.Code)); j.Snag == "" {
			j.Snag = TooFew
		}
		return v, nil
	}
	j.Snag, j.Detail = "", ""
	v = v.wait(Enrolling, ForEnrol, now, EnrolLimit)
	return v, []Effect{Enrol{Visit: v.Number, Call: v.Calls, Central: v.Site.Central, Code: code}}
}

// snagOf is what is wrong with a code, or with the beginning of one.
func snagOf(code string) Snag {
	switch {
	case enrol.Strange(code) != "":
		return BadSign
	case len(code) > enrol.Length:
		return TooMany
	}
	return ""
}

// addressOf is central's address as https URL: a name or a number, with a port if need be.
func addressOf(typed string) (string, bool) {
	const inNames = "abcdefghijklmnopqrstuvwxyz0123456789.-"
	s := strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(typed)), "https://"), "/")
	host, port, ported := strings.Cut(s, ":")
	if strings.Trim(host, ".-") == "" || strings.Trim(host, inNames) != "" || request.TooMuch(request.FieldCentral, typed) {
		return "", false
	}
	if ported && (port == "" || len(port) > len("65535") || strings.Trim(port, "0123456789") != "") {
		return "", false
	}
	return "https://" + s, true
}

func inEnrolling(v Visit, a Action, now time.Time) (Visit, []Effect) {
	switch a := a.(type) {
	case EnrolFailed:
		return notEnrolled(v, now, a.Snag, a.Detail), nil
	case Back:
		return v.backTo(FirstStart, now, fault.Fault{}), []Effect{Forget{Visit: v.Number}}
	}
	return v, nil
}

// notEnrolled tells staff why, at the address when that is to be looked at, else at the code.
func notEnrolled(v Visit, now time.Time, why Snag, detail string) Visit {
	v = v.backTo(FirstStart, now, fault.Fault{})
	v.Joining.Snag, v.Joining.Detail = why, detail
	if why == NoHost || why == OtherHost {
		v.Joining.AtCode = false
	}
	return v
}
