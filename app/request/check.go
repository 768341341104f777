package request

import (
	"slices"
	"strings"
	"unicode"

	"vaxkiosk/app/names"
)

// The rules of the form, in its order. A rule names a field and a code; the
// sentence that helps the visitor is in the word catalogue as "problem.<code>".

// Field is one input of the form.
type Field string

// The fields of the form.
const (
	FieldRelation    Field = "relation"
	FieldCapacity    Field = "capacity"
	FieldAskerGiven  Field = "asker-given"
	FieldAskerFamily Field = "asker-family"
	FieldGiven       Field = "given"
	FieldFamily      Field = "family"
	FieldMiddle      Field = "middle"
	FieldSuffix      Field = "suffix"
	FieldOtherGiven  Field = "other-given"
	FieldOtherFamily Field = "other-family"
	FieldBirth       Field = "birth"
	FieldGender      Field = "gender"
	FieldPhone       Field = "phone"
	FieldEmail       Field = "email"
	FieldContact     Field = "contact"
	FieldPIN         Field = "pin"
	FieldPINAgain    Field = "pin-again"
	FieldConsent     Field = "consent"
	FieldFix         Field = "fix"        // what to correct
	FieldVaccine     Field = "vaccine"    // as typed, or as the record has it
	FieldPlace       Field = "place"      // where the dose was given
	FieldDay         Field = "day"        // when it was given
	FieldWrong       Field = "wrong"      // what is wrong with it
	FieldRight       Field = "right"      // the right vaccine, or what else is wrong
	FieldRightDay    Field = "right-day"  // the right day
	FieldNewGiven    Field = "new-given"  // the right first name
	FieldNewFamily   Field = "new-family" // the right last name
)

// Fields beside the form.
const (
	FieldQuery   Field = "query"    // what help is looked for by
	FieldStaffID Field = "staff-id" // who signs in

	// What staff types on a machine that is no kiosk yet.
	FieldCentral    Field = "central"    // where central is
	FieldInvitation Field = "invitation" // the code of an invitation
	FieldNumber     Field = "number"     // a receipt or tracking number
)

// Code says what is wrong.
type Code string

// The problem codes.
const (
	Required      Code = "required"
	TooLong       Code = "too-long"
	NotAName      Code = "not-a-name"
	NoSuchDay     Code = "no-such-day"
	InFuture      Code = "in-future"
	TooLongAgo    Code = "too-long-ago"
	Minor         Code = "minor"     // asked for oneself, under 18
	NotAChild     Code = "not-child" // asked for one's child, 18 or older
	BadPhone      Code = "bad-phone"
	NotACell      Code = "not-a-cell" // a number that cannot get text messages: toll-free, pager and the like
	BadEmail      Code = "bad-email"
	PINLength     Code = "pin-length"
	PINRepeats    Code = "pin-repeats"    // four equal, abab or aabb
	PINRun        Code = "pin-run"        // ascending or descending
	PINBirth      Code = "pin-birth"      // birth year, month-day or day-month
	PINPhone      Code = "pin-phone"      // last four digits of the phone
	PINCommon     Code = "pin-common"     // one of the 20 most common
	PINsDiffer    Code = "pins-differ"    // typed differently the second time
	UnknownChoice Code = "unknown-choice" // a value no screen offers
)

// Problem is one reason why a question is not answered yet.
type Problem struct {
	Field Field
	Code  Code
}

// Question is one screen of the form.
type Question string

// The questions.
const (
	AskRelation Question = "relation"
	AskAsker    Question = "asker"
	AskName     Question = "name"
	AskMore     Question = "more"   // optional: which of the optional parts a name has
	AskMiddle   Question = "middle" // optional: middle name and suffix
	AskOther    Question = "other"  // optional: another name the person has used
	AskBirth    Question = "birth"
	AskGender   Question = "gender"
	AskContact  Question = "contact"
	AskSecond   Question = "second" // optional: a contact of the other kind
	AskPIN      Question = "pin"
	AskPINAgain Question = "pin-again"
	AskFix      Question = "fix"       // what to correct
	AskDose     Question = "dose"      // which dose of the open record
	AskVaccine  Question = "vaccine"   // vaccine and place in words
	AskDay      Question = "day"       // when the dose was given
	AskWrong    Question = "wrong"     // what is wrong with the dose
	AskRight    Question = "right"     // the right vaccine, or what else is wrong
	AskRightDay Question = "right-day" // the right day, when it is known
	AskNewName  Question = "new-name"  // the right name
)

// Optional are the questions that can be opened beside another one.
var Optional = map[Question][]Question{
	AskName:    {AskMore, AskMiddle, AskOther},
	AskContact: {AskSecond},
}

// Beside is the question that an optional one belongs to.
func Beside(q Question) (of Question, optional bool) {
	for of, all := range Optional {
		if slices.Contains(all, q) {
			return of, true
		}
	}
	return "", false
}

// Questions is the form in order, without the optional ones.
func (d Draft) Questions() []Question {
	switch {
	case d.Fix.Kind != "":
		return d.fixQuestions()
	case d.Relation == Child || d.Relation == Represented:
		return []Question{AskRelation, AskAsker, AskName, AskBirth, AskGender, AskContact, AskPIN, AskPINAgain}
	}
	return []Question{AskRelation, AskName, AskBirth, AskGender, AskContact, AskPIN, AskPINAgain}
}

// Check returns what is wrong with one question; nothing means it is answered.
func (d Draft) Check(q Question, today Date) []Problem {
	switch q {
	case AskRelation:
		return d.checkRelation()
	case AskAsker:
		return lastName(d.Asker, FieldAskerGiven, FieldAskerFamily)
	case AskName:
		if d.Single {
			return problem(FieldFamily, checkName(d.Family))
		}
		return bothNames(checkName, Name{d.Given, d.Family}, FieldGiven, FieldFamily)
	case AskMiddle:
		return d.checkMiddle()
	case AskOther:
		return bothNames(optionalName, d.Other, FieldOtherGiven, FieldOtherFamily)
	case AskBirth:
		return problem(FieldBirth, d.checkBirth(today))
	case AskGender:
		return problem(FieldGender, checkGender(d.Gender))
	case AskContact:
		return d.checkContact(d.Contact)
	case AskSecond:
		return d.checkSecond()
	case AskPIN:
		return problem(FieldPIN, CheckPIN(d.PIN, d.Birth, d.phoneIfUsed()))
	case AskPINAgain:
		return problem(FieldPINAgain, d.checkPINAgain())
	case AskFix, AskDose, AskVaccine, AskDay, AskWrong, AskRight, AskRightDay, AskNewName:
		return d.checkFix(q, today)
	case AskMore: // a choice, which cannot be wrong
	}
	return nil
}

func (d Draft) checkMiddle() []Problem {
	suffix := problem(FieldSuffix, checkSuffix(d.Suffix))
	if d.Single {
		return suffix
	}
	return append(problem(FieldMiddle, optionalName(d.Middle)), suffix...)
}

// CheckSoFar returns what is wrong with the date of a question whatever is still
// to be chosen of it, and whoever it is about; nothing for other questions.
func (d Draft) CheckSoFar(q Question, today Date) []Problem {
	switch q {
	case AskBirth:
		return problem(FieldBirth, d.Birth.soFar(Date{}, today))
	case AskDay:
		return problem(FieldDay, d.Fix.Day.soFar(d.Birth, today))
	case AskRightDay:
		return problem(FieldRightDay, d.Fix.RightDay.soFar(d.Birth, today))
	default:
		return nil
	}
}

// lastName wants a last name; some people have only that.
func lastName(n Name, given, family Field) []Problem {
	return append(problem(given, optionalName(n.Given)), problem(family, checkName(n.Family))...)
}

func bothNames(check func(string) Code, n Name, given, family Field) []Problem {
	return append(problem(given, check(n.Given)), problem(family, check(n.Family))...)
}

func problem(f Field, c Code) []Problem {
	if c == "" {
		return nil
	}
	return []Problem{{f, c}}
}

func (d Draft) checkRelation() []Problem {
	switch d.Relation {
	case "":
		return problem(FieldRelation, Required)
	case Self, Child, Represented:
	default:
		return problem(FieldRelation, UnknownChoice)
	}
	if d.Relation == Represented && !slices.Contains(Capacities, d.Capacity) {
		return problem(FieldCapacity, Required)
	}
	if d.Consent.Policy == "" || d.Consent.Declaration == "" {
		return problem(FieldConsent, Required)
	}
	return nil
}

// beside is what stands between letters of names once they are folded: space,
// apostrophe, hyphen and period, and what other scripts write in their place: geresh
// and gershayim (Hebrew), middle dots (Catalan, Katakana). Joiners are folded away
// where they shape nothing.
const beside = " '-.·・･׳״"

// checkName admits letters of every script with marks and what stands between
// them in names, and wants one letter at least.
func checkName(s string) Code {
	if Letters(s) > maxName {
		return TooLong
	}
	s = Fold(s)
	if s == "" {
		return Required
	}
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), names.IsJoiner(r), strings.ContainsRune(beside, r):
		default:
			return NotAName
		}
	}
	if letters == 0 {
		return NotAName
	}
	return ""
}

func optionalName(s string) Code {
	if code := checkName(s); code != Required {
		return code
	}
	return ""
}

func checkSuffix(s string) Code {
	if s == "" || slices.Contains(Suffixes, s) {
		return ""
	}
	return UnknownChoice
}

func (d Draft) checkBirth(today Date) Code {
	b := d.Birth
	if !b.Complete() {
		return Required
	}
	if wrong := b.soFar(Date{}, today); wrong != "" {
		return wrong
	}
	switch {
	case d.Relation == Self && b.Age(today) < AdultAge:
		return Minor
	case d.Relation == Child && b.Age(today) >= AdultAge:
		return NotAChild
	}
	return ""
}

func checkGender(g Gender) Code {
	switch g {
	case Female, Male, Other, Undisclosed:
		return ""
	case "":
		return Required
	}
	return UnknownChoice
}

func (d Draft) checkContact(kind ContactKind) []Problem {
	switch kind {
	case ByPhone:
		return problem(FieldPhone, checkPhone(d.Phone))
	case ByEmail:
		return problem(FieldEmail, checkEmail(d.Email))
	case "":
		return problem(FieldContact, Required)
	}
	return problem(FieldContact, UnknownChoice)
}

// SecondKind is the kind of a second contact: the one that Contact is not.
func (d Draft) SecondKind() ContactKind {
	if d.Contact == ByEmail {
		return ByPhone
	}
	return ByEmail
}

// checkSecond is about a second contact, which may be left out.
func (d Draft) checkSecond() []Problem {
	if !d.Both {
		return nil
	}
	return d.checkContact(d.SecondKind())
}

func (d Draft) phoneIfUsed() string {
	if d.Contact != ByPhone && !d.Both {
		return ""
	}
	return d.Phone
}

func (d Draft) checkPINAgain() Code {
	switch {
	case len(d.PINAgain) < PINDigits:
		return Required
	case d.PINAgain != d.PIN:
		return PINsDiffer
	}
	return ""
}
