package card

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// The rules of what is signed as a health card: SMART Health Cards Framework 1.4
// and, for the Bundle, the data-minimised profiles of "SMART Health Cards:
// Vaccination & Testing" 1.0.0 (HL7). The bytes are read for themselves, not
// through the structs that wrote them, so that a fault there is found. Members
// are an allow-list: what is not named here (id, meta, text, display, gender,
// identifier, manufacturer, protocolApplied, …) breaks RuleUnknown. "Should" of
// the profile is "must" here.

// Rule names what a payload breaks.
type Rule string

// The rules.
const (
	RuleJSON       Rule = "not-json"
	RuleMinified   Rule = "not-minified"   // white space between members
	RuleSize       Rule = "size"           // more than fits one code
	RuleUnknown    Rule = "unknown-member" // not of the profile
	RuleMissing    Rule = "missing-member" //
	RuleType       Rule = "wrong-type"     // string, number, object or list
	RuleEmpty      Rule = "empty"          // string, object or list, which FHIR forbids
	RuleIssuer     Rule = "issuer"         // https, no slash at the end
	RuleIssued     Rule = "issued"         // nbf: whole seconds
	RuleTypes      Rule = "types"          // of the credential
	RuleRID        Rule = "rid"            // base64url alphabet, at most 24
	RuleVersion    Rule = "fhir-version"   //
	RuleBundle     Rule = "bundle-type"    //
	RuleFullURL    Rule = "full-url"       // resource:N, counted from 0
	RuleResource   Rule = "resources"      // one Patient, then Immunizations
	RuleName       Rule = "name"           // one name with a family or given name
	RuleDate       Rule = "date"           // a day of the calendar, YYYY-MM-DD
	RuleFuture     Rule = "date-in-future" // later than the card
	RuleStatus     Rule = "status"         // completed
	RuleReference  Rule = "reference"      // resource:0, the Patient
	RuleCoding     Rule = "coding"         // one code, of CVX
	RuleNone       Rule = "no-vaccine"     // a skin test, or something else that is no vaccination
	RuleLotLong    Rule = "lot-too-long"   // 20 characters or more
	RuleLotWord    Rule = "lot-says-lot"   // "Lot # 123"
	RulePerformers Rule = "performers"     // more than one
	RuleClinicLong Rule = "performer-long" // 30 characters or more
	RuleUTF8       Rule = "not-utf-8"      //
)

// Breach is a rule that a payload breaks, and where; never what is there.
type Breach struct {
	Rule Rule
	At   string // path of the member
}

func (b *Breach) Error() string { return fmt.Sprintf("breaks the rule %s at %s", b.Rule, b.At) }

// Lint tells which rule the payload of a health card breaks. Length is that of
// the card as a compact JWS.
func Lint(payload []byte, length int) error {
	var compact bytes.Buffer
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	var claims any
	switch {
	case !utf8.Valid(payload):
		return &Breach{RuleUTF8, "payload"}
	case json.Compact(&compact, payload) != nil, d.Decode(&claims) != nil:
		return &Breach{RuleJSON, "payload"}
	case compact.Len() != len(payload):
		return &Breach{RuleMinified, "payload"}
	case length > record.MaxJWS:
		return &Breach{RuleSize, "payload"}
	}
	l := &linter{}
	l.card(claims)
	if l.found != nil {
		return l.found
	}
	return nil
}

// linter keeps the first breach.
type linter struct {
	found  *Breach
	latest string // the last day on which something on the card can have happened
}

func (l *linter) breaks(rule Rule, at string) {
	if l.found == nil {
		l.found = &Breach{rule, at}
	}
}

func (l *linter) want(ok bool, rule Rule, at string) {
	if !ok {
		l.breaks(rule, at)
	}
}

// members returns an object that has all of the required members and no others
// than these and the optional ones; a name with "?" at its end is optional.
func (l *linter) members(v any, at string, names ...string) map[string]any {
	o, ok := v.(map[string]any)
	l.want(ok, RuleType, at)
	l.want(!ok || len(o) > 0, RuleEmpty, at)
	allowed := 0
	for _, name := range names {
		name, optional := strings.CutSuffix(name, "?")
		if _, there := o[name]; there {
			allowed++
		} else {
			l.want(optional, RuleMissing, at+"."+name)
		}
	}
	l.want(allowed == len(o), RuleUnknown, at) // its name could be a value
	return o
}

func (l *linter) list(v any, at string) []any {
	list, ok := v.([]any)
	l.want(ok, RuleType, at)
	l.want(!ok || len(list) > 0, RuleEmpty, at)
	return list
}

func (l *linter) text(v any, at string) string {
	s, ok := v.(string)
	l.want(ok, RuleType, at)
	l.want(!ok || strings.TrimSpace(s) != "", RuleEmpty, at)
	return s
}

// is wants a string with just this value.
func (l *linter) is(v any, want string, rule Rule, at string) {
	l.want(l.text(v, at) == want, rule, at)
}

func (l *linter) card(v any) {
	o := l.members(v, "payload", "iss", "nbf", "vc")
	iss := l.text(o["iss"], "iss")
	l.want(GoodIssuer(iss), RuleIssuer, "iss")
	number, ok := o["nbf"].(json.Number)
	l.want(ok, RuleType, "nbf")
	nbf, err := strconv.ParseInt(number.String(), 10, 64)
	l.want(err == nil && nbf > 0 && nbf < 1<<33, RuleIssued, "nbf") // milliseconds are more
	// In the first time zone, the day may have begun 14 hours before it does in UTC's.
	l.latest = time.Unix(nbf, 0).UTC().Add(14 * time.Hour).Format(time.DateOnly)
	l.credential(o["vc"])
}

// GoodIssuer reports whether cards may have this issuer: an https address without a
// slash at its end.
func GoodIssuer(iss string) bool { return issuers.MatchString(iss) }

var issuers = regexp.MustCompile(`^https://[^/\s?#]+(/[^/\s?#]+)*$`)

func (l *linter) credential(v any) {
	o := l.members(v, "vc", "type", "credentialSubject", "rid")
	var types []string
	for _, t := range l.list(o["type"], "vc.type") {
		types = append(types, l.text(t, "vc.type"))
	}
	l.want(slices.Equal(types, []string{"https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"}), RuleTypes, "vc.type")
	l.want(record.RID.MatchString(l.text(o["rid"], "vc.rid")), RuleRID, "vc.rid")
	at := "vc.credentialSubject"
	o = l.members(o["credentialSubject"], at, "fhirVersion", "fhirBundle")
	l.is(o["fhirVersion"], "4.0.1", RuleVersion, at+".fhirVersion")
	l.bundle(o["fhirBundle"])
}

func (l *linter) bundle(v any) {
	o := l.members(v, "fhirBundle", "resourceType", "type", "entry")
	l.is(o["resourceType"], "Bundle", RuleBundle, "fhirBundle.resourceType")
	l.is(o["type"], "collection", RuleBundle, "fhirBundle.type")
	entries := l.list(o["entry"], "fhirBundle.entry")
	l.want(len(entries) > 1, RuleResource, "fhirBundle.entry")
	for i, e := range entries {
		at := fmt.Sprintf("entry[%d]", i)
		o := l.members(e, at, "fullUrl", "resource")
		l.is(o["fullUrl"], fmt.Sprint("resource:", i), RuleFullURL, at+".fullUrl")
		if i == 0 {
			l.patient(o["resource"], at+".resource")
		} else {
			l.immunization(o["resource"], at+".resource")
		}
	}
}

func (l *linter) patient(v any, at string) {
	l.kind(v, "Patient", at)
	o := l.members(v, at, "resourceType", "name", "birthDate")
	names := l.list(o["name"], at+".name")
	l.want(len(names) == 1, RuleName, at+".name")
	for _, n := range names {
		n := l.members(n, at+".name", "family?", "given?")
		if family, there := n["family"]; there {
			l.text(family, at+".name.family")
		}
		if given, there := n["given"]; there {
			for _, g := range l.list(given, at+".name.given") {
				l.text(g, at+".name.given")
			}
		}
	}
	l.date(o["birthDate"], at+".birthDate")
}

// kind is asked first: a resource of another kind has other members, too.
func (l *linter) kind(v any, want, at string) {
	o, _ := v.(map[string]any)
	if kind, there := o["resourceType"]; there {
		l.is(kind, want, RuleResource, at)
	}
}

func (l *linter) immunization(v any, at string) {
	l.kind(v, "Immunization", at)
	o := l.members(v, at, "resourceType", "status", "vaccineCode", "patient", "occurrenceDateTime", "lotNumber?", "performer?")
	l.is(o["status"], "completed", RuleStatus, at+".status")
	patient := l.members(o["patient"], at+".patient", "reference")
	l.is(patient["reference"], "resource:0", RuleReference, at+".patient")
	l.date(o["occurrenceDateTime"], at+".occurrenceDateTime")
	l.vaccine(o["vaccineCode"], at+".vaccineCode")
	if v, there := o["lotNumber"]; there {
		lot := l.text(v, at+".lotNumber")
		l.want(utf8.RuneCountInString(lot) < 20, RuleLotLong, at+".lotNumber")
		l.want(!strings.Contains(strings.ToLower(lot), "lot"), RuleLotWord, at+".lotNumber")
	}
	if v, there := o["performer"]; there {
		l.performers(v, at+".performer")
	}
}

func (l *linter) vaccine(v any, at string) {
	o := l.members(v, at, "coding")
	codings := l.list(o["coding"], at+".coding")
	l.want(len(codings) == 1, RuleCoding, at+".coding")
	for _, c := range codings {
		c := l.members(c, at+".coding", "system", "code")
		l.is(c["system"], "http://hl7.org/fhir/sid/cvx", RuleCoding, at+".coding.system")
		code := l.text(c["code"], at+".coding.code")
		l.want(cvx.MatchString(code), RuleCoding, at+".coding.code")
		l.want(!assets.NotVaccine(code), RuleNone, at+".coding.code")
	}
}

var cvx = regexp.MustCompile(`^[0-9]{2,3}$`)

func (l *linter) performers(v any, at string) {
	all := l.list(v, at)
	l.want(len(all) == 1, RulePerformers, at)
	for _, p := range all {
		p := l.members(p, at, "actor")
		actor := l.members(p["actor"], at+".actor", "display")
		display := l.text(actor["display"], at+".actor.display")
		l.want(utf8.RuneCountInString(display) < 30, RuleClinicLong, at+".actor.display")
	}
}

func (l *linter) date(v any, at string) {
	s := l.text(v, at)
	_, err := time.Parse(time.DateOnly, s)
	l.want(err == nil, RuleDate, at)
	l.want(s <= l.latest, RuleFuture, at)
}
