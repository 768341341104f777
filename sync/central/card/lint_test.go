package card

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// good is the payload of a card with two doses, the second with all that a card may say.
func good(t testing.TB) string {
	t.Helper()
	p := registry.Person{Given: "María José", Family: "O'Neill-García", Birth: request.Date{Year: 1958, Month: 3, Day: 14}}
	p.Doses = []record.Dose{
		{Date: "2021-09-14", CVX: "115", Status: record.StatusCompleted},
		{Date: "2026-11-23", CVX: "309", Lot: "LX2231", Performer: "Elm Square", Status: record.StatusCompleted},
	}
	k := &packer{person: p, issuer: by.URL, rid: rid, nbf: now.Unix()}
	plain, zipped, err := k.payload([]int{0, 1})
	if err == nil {
		err = Lint(plain, k.length(zipped))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// breaches are payloads made from the good one, by rule: some text in it and what
// stands in its place. Every rule is here.
var breaches = []struct {
	rule     Rule
	old, new string
}{
	{RuleJSON, `{"iss"`, `"iss"`},
	{RuleJSON, `O'Neill`, `O"Neill`},
	{RuleMinified, `"nbf":`, `"nbf": `},
	{RuleUTF8, "María", "Mar\xeda"},

	{RuleIssuer, `"https://central.example.org"`, `"http://central.example.org"`},
	{RuleIssuer, `"https://central.example.org"`, `"https://central.example.org/"`},
	{RuleIssuer, `"https://central.example.org"`, `"https://"`},
	{RuleIssued, `1795424400`, `1795424400.5`},
	{RuleIssued, `1795424400`, `1795424400000`},
	{RuleIssued, `1795424400`, `0`},
	{RuleType, `1795424400`, `"1795424400"`},
	{RuleTypes, `,"https://smarthealth.cards#immunization"`, ``},
	{RuleTypes, `"https://smarthealth.cards#health-card",`, ``},
	{RuleTypes, `#immunization"`, `#immunization","https://smarthealth.cards#covid19"`},
	{RuleRID, `"rDqP-4x_9Zs"`, `"rDqP-4x_9Zs="`},
	{RuleRID, `"rDqP-4x_9Zs"`, `"rDqP+4x/9Zs"`},
	{RuleRID, `"rDqP-4x_9Zs"`, `"aaaaaaaaaaaaaaaaaaaaaaaaa"`},
	{RuleMissing, `,"rid":"rDqP-4x_9Zs"`, ``},
	{RuleUnknown, `"vc":{`, `"vc":{"@context":["https://www.w3.org/2018/credentials/v1"],`},
	{RuleUnknown, `"nbf":`, `"exp":1795424401,"nbf":`},
	{RuleVersion, `"4.0.1"`, `"4.3.0"`},

	{RuleBundle, `"type":"collection"`, `"type":"document"`},
	{RuleBundle, `"resourceType":"Bundle"`, `"resourceType":"List"`},
	{RuleUnknown, `"type":"collection"`, `"id":"1","type":"collection"`},
	{RuleFullURL, `"fullUrl":"resource:1"`, `"fullUrl":"resource:2"`},
	{RuleFullURL, `"fullUrl":"resource:0"`, `"fullUrl":"urn:uuid:0"`},
	{RuleResource, `"resourceType":"Immunization"`, `"resourceType":"Observation"`},
	{RuleResource, `"resourceType":"Immunization"`, `"resourceType":"ImmunizationRecommendation"`},
	{RuleResource, `"resourceType":"Immunization"`, `"resourceType":"Patient"`},
	{RuleResource, `"resourceType":"Patient"`, `"resourceType":"Immunization"`},

	{RuleName, `"name":[{`, `"name":[{"family":"Neill"},{`},
	{RuleEmpty, `"name":[{"family":"O'Neill-García","given":["María","José"]}]`, `"name":[{}]`},
	{RuleEmpty, `"name":[{"family":"O'Neill-García","given":["María","José"]}]`, `"name":[]`},
	{RuleEmpty, `"given":["María","José"]`, `"given":[]`},
	{RuleEmpty, `"given":["María"`, `"given":[" "`},
	{RuleUnknown, `"family":"O'Neill-García"`, `"family":"O'Neill-García","text":"M"`},
	{RuleUnknown, `"family":"O'Neill-García"`, `"family":"O'Neill-García","use":"official"`},
	{RuleUnknown, `"birthDate"`, `"gender":"female","birthDate"`},
	{RuleUnknown, `"birthDate"`, `"identifier":[{"value":"7"}],"birthDate"`},
	{RuleUnknown, `"birthDate"`, `"telecom":[{"value":"7"}],"birthDate"`},
	{RuleMissing, `,"birthDate":"1958-03-14"`, ``},
	{RuleDate, `"1958-03-14"`, `"1958"`},
	{RuleDate, `"1958-03-14"`, `"1958-02-29"`},
	{RuleFuture, `"1958-03-14"`, `"2026-11-25"`},

	{RuleStatus, `"status":"completed"`, `"status":"not-done"`},
	{RuleStatus, `"status":"completed"`, `"status":"entered-in-error"`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","id":"7"`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","meta":{"versionId":"7"}`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","text":{"status":"generated"}`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","manufacturer":{"display":"P"}`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","protocolApplied":[{"doseNumberPositiveInt":1}]`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","isSubpotent":false`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","isSubpotent":true`},
	{RuleUnknown, `"status":"completed"`, `"status":"completed","primarySource":false`},
	{RuleReference, `"patient":{"reference":"resource:0"}`, `"patient":{"reference":"Patient/7"}`},
	{RuleUnknown, `"patient":{`, `"patient":{"display":"M",`},
	{RuleUnknown, `"coding":[`, `"text":"flu","coding":[`},
	{RuleUnknown, `"code":"309"`, `"code":"309","display":"COVID-19"`},
	{RuleCoding, `"code":"309"`, `"code":"COMIRNATY"`},
	{RuleCoding, `"http://hl7.org/fhir/sid/cvx"`, `"http://snomed.info/sct"`},
	{RuleCoding, `"coding":[{`, `"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"03"},{`},
	{RuleNone, `"code":"309"`, `"code":"96"`},
	{RuleDate, `"2026-11-23"`, `"2026-11-23T10:00:00Z"`},
	{RuleDate, `"2026-11-23"`, `"2026-11"`},
	{RuleFuture, `"2026-11-23"`, `"2026-11-24"`},
	{RuleLotLong, `"LX2231"`, `"LX223111111111111111"`},
	{RuleLotWord, `"LX2231"`, `"Lot # LX2231"`},
	{RuleEmpty, `"LX2231"`, `""`},
	{RulePerformers, `"performer":[{`, `"performer":[{"actor":{"display":"Old Mill"}},{`},
	{RuleClinicLong, `"Elm Square"`, `"ééééééééééééééééééééééééééééééé"`},
	{RuleUnknown, `"display":"Elm Square"`, `"display":"Elm Square","reference":"Organization/7"`},
	{RuleUnknown, `{"actor":{"display":"Elm Square"}}`, `{"function":{"text":"x"},"actor":{"display":"Elm Square"}}`},
}

func TestEveryRuleRefusesThePayloadThatBreaksIt(t *testing.T) {
	payload := good(t)
	seen := []Rule{RuleSize} // see below
	for _, b := range breaches {
		bad := strings.Replace(payload, b.old, b.new, 1)
		if bad == payload {
			t.Errorf("%s: %s is not in the good payload", b.rule, b.old)
		}
		var breach *Breach
		if err := Lint([]byte(bad), 1000); !errors.As(err, &breach) || breach.Rule != b.rule {
			t.Errorf("%s in place of %s: %v, want %s", b.new, b.old, err, b.rule)
		} else if said := err.Error(); strings.Contains(said, "Neill") || strings.Contains(said, "1958") || strings.Contains(said, "LX2231") {
			t.Errorf("it says what is on the card: %s", said)
		}
		seen = append(seen, b.rule)
	}
	source, err := os.ReadFile("lint.go")
	if err != nil {
		t.Fatal(err)
	}
	rules := regexp.MustCompile(`Rule\w+ +Rule = "([a-z0-9-]+)"`).FindAllSubmatch(source, -1)
	if len(rules) < 20 {
		t.Errorf("%d rules in lint.go", len(rules))
	}
	for _, r := range rules {
		if !slices.Contains(seen, Rule(r[1])) {
			t.Errorf("no payload breaks %s", r[1])
		}
	}
	var breach *Breach
	if err := Lint([]byte(payload), record.MaxJWS+1); !errors.As(err, &breach) || breach.Rule != RuleSize {
		t.Errorf("a card larger than a code: %v", err)
	}
}

// Nothing may be added to any object, nothing may be empty or of another type, and
// only what is optional may be left out.
func TestNoMemberOfAPayloadMayBeOtherwise(t *testing.T) {
	payload := good(t)
	optional := map[string]bool{"family": true, "given": true, "lotNumber": true, "performer": true}
	var root any
	if err := json.Unmarshal([]byte(payload), &root); err != nil {
		t.Fatal(err)
	}
	tried := 0
	refused := func(what string) {
		t.Helper()
		tried++
		if bad, err := encode(root); err != nil || Lint(bad, 1000) == nil {
			t.Errorf("%s: accepted, %v", what, err)
		}
	}
	var walk func(v any, at string)
	walk = func(v any, at string) {
		switch v := v.(type) {
		case map[string]any:
			v["x"] = "1"
			refused("another member in " + at)
			delete(v, "x")
			for name, member := range v {
				for _, other := range []any{nil, "", 7.5, true, []any{}, map[string]any{}} {
					v[name] = other
					refused(at + "." + name + " of another type")
				}
				delete(v, name)
				if !optional[name] {
					refused(at + " without " + name)
				}
				v[name] = member
				walk(member, at+"."+name)
			}
		case []any:
			for i, member := range v {
				for _, other := range []any{nil, "", 7.5, []any{}, map[string]any{}} {
					v[i] = other
					refused(at + "[] of another type")
				}
				v[i] = member
				walk(member, at+"[]")
			}
		}
	}
	walk(root, "payload")
	if again, err := encode(root); err != nil || Lint(again, 1000) != nil || tried < 300 {
		t.Errorf("%d changes tried; the payload itself: %v", tried, Lint(again, 1000))
	}
}

func TestARecordThatBreaksARuleIsNotSigned(t *testing.T) {
	s := signer(t)
	p := madeup.Generate(1, 1, today)[0]
	at := now.AddDate(0, 0, -2)
	p.Doses = []record.Dose{{Date: now.Format(time.DateOnly), CVX: "140", Status: record.StatusCompleted}}
	var breach *Breach
	if a, err := s.Issue(p, by, rid, at); !errors.As(err, &breach) || breach.Rule != RuleFuture || a.Record != "" || len(a.Cards) != 0 {
		t.Errorf("a dose of the day after tomorrow: %v", err)
	}
	if _, err := s.Issue(p, by, "", now); !errors.As(err, &breach) || breach.Rule != RuleEmpty && breach.Rule != RuleMissing {
		t.Errorf("no revocation id: %v", err)
	}
	if _, err := s.Issue(p, Issuer{URL: by.URL + "/"}, rid, now); !errors.As(err, &breach) || breach.Rule != RuleIssuer {
		t.Errorf("a slash at the end of the issuer: %v", err)
	}
}

func TestACardWithoutADoseIsRefused(t *testing.T) {
	k := &packer{person: registry.Person{Family: "O'Neill", Birth: request.Date{Year: 1958, Month: 3, Day: 14}}, issuer: by.URL, rid: rid, nbf: now.Unix()}
	plain, _, err := k.payload(nil)
	if err != nil {
		t.Fatal(err)
	}
	var breach *Breach
	if err := Lint(plain, 1000); !errors.As(err, &breach) || breach.Rule != RuleResource {
		t.Error(err)
	}
}

// Where the day begins first, it may be tomorrow's of UTC.
func TestADoseOfTodayIsNotInTheFutureAnywhere(t *testing.T) {
	p := madeup.Generate(1, 1, today)[0]
	evening := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	p.Doses = []record.Dose{{Date: "2026-11-24", CVX: "140", Status: record.StatusCompleted}}
	if _, err := signer(t).Issue(p, by, rid, evening); err != nil {
		t.Error(err)
	}
}

func FuzzLint(f *testing.F) {
	f.Add([]byte(good(f)))
	for _, b := range breaches {
		f.Add([]byte(strings.Replace(good(f), b.old, b.new, 1)))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		if Lint(payload, 1000) != nil {
			return
		}
		var c record.CardClaims
		if err := json.Unmarshal(payload, &c); err != nil || len(c.VC.Subject.Bundle.Entry) < 2 || c.Issuer == "" {
			t.Errorf("accepted, and not readable: %v", err)
		}
	})
}
