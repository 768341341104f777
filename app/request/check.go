package request

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The rules of the form, in its order. A rule names a field and a code; the
// sentence that helps the visitor is in the word catalogue as "problem.<code>".

// Field is one input of the form.
type Field string

// The fields of the form.
const (
	FieldRelation Field = "relation"
	FieldGiven    Field = "given"
	FieldFamily   Field = "family"
	FieldBirth    Field = "birth"
	FieldGender   Field = "gender"
	FieldPhone    Field = "phone"
	FieldEmail    Field = "email"
	FieldContact  Field = "contact"
	FieldPIN      Field = "pin"
	FieldPINAgain Field = "pin-again"
	FieldConsent  Field = "consent"
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
	AskName     Question = "name"
	AskBirth    Question = "birth"
	AskGender   Question = "gender"
	AskContact  Question = "contact"
	AskPIN      Question = "pin"
	AskPINAgain Question = "pin-again"
)

// Questions is the form in order.
var Questions = []Question{AskRelation, AskName, AskBirth, AskGender, AskContact, AskPIN, AskPINAgain}

// MaxName is the longest name part in characters.
const MaxName = 50

// MaxEmail is the longest e-mail address in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const MaxEmail = 254

// Check returns what is wrong with one question; nothing means it is answered.
func (d Draft) Check(q Question, today Date) []Problem {
	switch q {
	case AskRelation:
		return d.checkRelation()
	case AskName:
		return append(problem(FieldGiven, checkName(d.Given)), problem(FieldFamily, checkName(d.Family))...)
	case AskBirth:
		return problem(FieldBirth, d.checkBirth(today))
	case AskGender:
		return problem(FieldGender, checkGender(d.Gender))
	case AskContact:
		return d.checkContact()
	case AskPIN:
		return problem(FieldPIN, CheckPIN(d.PIN, d.Birth, d.phoneIfUsed()))
	case AskPINAgain:
		return problem(FieldPINAgain, d.checkPINAgain())
	}
	return nil
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
	if d.Consent.Policy == "" || d.Consent.Declaration == "" {
		return problem(FieldConsent, Required)
	}
	return nil
}

// cleanName folds white space (no-break space included) and composes letters.
func cleanName(s string) string {
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// checkName admits letters of every script with marks, apostrophes, hyphens,
// periods and spaces, and wants one letter at least.
func checkName(s string) Code {
	s = cleanName(s)
	if s == "" {
		return Required
	}
	if !utf8.ValidString(s) {
		return NotAName
	}
	if utf8.RuneCountInString(s) > MaxName {
		return TooLong
	}
	letters := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), strings.ContainsRune(" '’ʼʻ`´-‐‑.·", r):
		default:
			return NotAName
		}
	}
	if letters == 0 {
		return NotAName
	}
	return ""
}

func (d Draft) checkBirth(today Date) Code {
	b := d.Birth
	switch {
	case !b.Complete():
		return Required
	case !b.Exists():
		return NoSuchDay
	case b.After(today):
		return InFuture
	case b.Year < OldestYear:
		return TooLongAgo
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

func (d Draft) checkContact() []Problem {
	switch d.Contact {
	case ByPhone:
		if strings.TrimSpace(d.Phone) == "" {
			return problem(FieldPhone, Required)
		}
		_, code := parsePhone(d.Phone)
		return problem(FieldPhone, code)
	case ByEmail:
		return problem(FieldEmail, checkEmail(d.Email))
	case "":
		return problem(FieldContact, Required)
	}
	return problem(FieldContact, UnknownChoice)
}

func cleanEmail(s string) string { return strings.TrimSpace(s) }

// checkEmail wants one bare address (RFC 5322 addr-spec) whose domain has a dot.
func checkEmail(s string) Code {
	s = cleanEmail(s)
	if s == "" {
		return Required
	}
	if len(s) > MaxEmail {
		return TooLong
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" {
		return BadEmail
	}
	local, domain, _ := strings.Cut(s, "@")
	if local == "" || strings.Contains(local, `"`) || !dottedDomain(domain) {
		return BadEmail
	}
	return ""
}

func dottedDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || len(labels[len(labels)-1]) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") || strings.ContainsAny(l, "[]:_") {
			return false
		}
	}
	return true
}

func (d Draft) phoneIfUsed() string {
	if d.Contact != ByPhone {
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
