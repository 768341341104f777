package usage

import (
	"regexp"
	"slices"
	"strings"
)

// What is counted. A name says what happened, never to whom.
const (
	Visit       = "visit"        // somebody began
	Request     = "request"      // a request was saved
	Collect     = "collect"      // somebody came to collect
	Correction  = "correction"   // a correction was saved
	Help        = "help"         // help was opened
	Report      = "report"       // a technical problem was reported
	Unlocked    = "unlocked"     // code and PIN fitted, or staff vouched
	Printed     = "printed"      // the three ways a print ends
	NotPrinted  = "not-printed"  //
	PrintUnsure = "print-unsure" //
	Slip        = "slip"         // a receipt slip was printed
	LeftIdle    = "left-idle"    // a visit ended without a touch
	LeftEarly   = "left-early"   // a visit was ended before its aim
	LargerText  = "larger-text"  // text was made larger
	Contrast    = "contrast"     // contrast was changed
	Staff       = "staff"        // staff signed in
	Another     = "another"      // another record in the same visit
)

var names = []string{
	Visit, Request, Collect, Correction, Help, Report, Unlocked, Printed, NotPrinted, PrintUnsure,
	Slip, LeftIdle, LeftEarly, LargerText, Contrast, Staff, Another,
}

const languagePrefix = "language-"

// Language is the name for a visit in a language; tag is like "es" or "zh-Hant".
func Language(tag string) string { return languagePrefix + strings.ToLower(tag) }

// languages is the shape of a language with, at most, a script or a region.
var languages = regexp.MustCompile(`^` + languagePrefix + `[a-z]{2,3}(-[a-z]{2,4})?$`)

func listed(name string) bool { return slices.Contains(names, name) || languages.MatchString(name) }
