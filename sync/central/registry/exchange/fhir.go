package exchange

import (
	"encoding/json"
	"regexp"
	"strings"

	"vaxkiosk/app/fhir"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// resource is a Patient, an Immunization or an ImmunizationRecommendation.
type resource struct{ fhir.Resource }

// dates is a day, a month or a year, with or without a time behind it.
var dates = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?(T|$)`)

// over reports whether a period has ended; one whose end cannot be read may have.
func over(p *fhir.Period, today request.Date) bool {
	if p == nil || p.End == "" {
		return false
	}
	end, _, _ := strings.Cut(p.End, "T")
	return !dates.MatchString(p.End) || end < today.String()[:len(end)]
}

// ndjson reads lines of FHIR.
type ndjson struct{ today request.Date }

func (f ndjson) entry(line []byte) (registry.Entry, registry.Reason) {
	var x resource
	if err := json.Unmarshal(line, &x); err != nil {
		return registry.Entry{}, NotJSON
	}
	switch x.ResourceType {
	case "Patient":
		return person(x.patient(f.today), f.today)
	case "Immunization":
		return dose(x.of(), x.dose(), f.today)
	case "ImmunizationRecommendation":
		return recommendations(x.of(), x.recommendations(), f.today)
	}
	return registry.Entry{}, NotWanted
}

// patient takes the name of today. A middle name is another given name, and stays
// part of the first name: it may be all that tells twins apart. Who has one name only
// has it as the family name, whichever it is here.
func (x resource) patient(today request.Date) draft {
	d := draft{id: x.ID, birth: x.BirthDate, gender: x.Gender}
	name := x.name()
	d.given, d.family = joined(name.Given), strings.TrimSpace(name.Family)
	if d.family == "" {
		d.given, d.family = "", d.given
	}
	if d.family != "" {
		d.family = joined(append([]string{d.family}, name.Suffix...))
	}
	for _, t := range x.Telecom {
		value := strings.TrimSpace(t.Value)
		switch {
		case t.Use == "old" || over(t.Period, today):
		case t.System == "email" && d.email == "":
			d.email = value
		case (t.System == "phone" || t.System == "sms") && (d.phone == "" || t.Use == "mobile"):
			d.phone = value
		}
	}
	return d
}

// joined puts one space between words.
func joined(names []string) string {
	return strings.Join(strings.Fields(strings.Join(names, " ")), " ")
}

// name is the official name, else the first that is not an earlier one, rather one
// with a family name.
func (x resource) name() (best fhir.HumanName) {
	for _, n := range x.Name {
		switch {
		case n.Use == "official":
			return n
		case n.Use == "old" || n.Use == "maiden" || n.Use == "nickname" || n.Use == "anonymous":
		case best.Family == "" && (n.Family != "" || best.Given == nil):
			best = n
		}
	}
	return best
}

// of is the id of the patient in "Patient/ID", "https://…/Patient/ID", either with a
// version behind it, "urn:uuid:ID" or "ID"; of anything else it is none.
func (x resource) of() string {
	if x.Patient == nil {
		return ""
	}
	ref, _, _ := strings.Cut(x.Patient.Reference, "/_history/")
	if i := strings.LastIndex(ref, "/"); i >= 0 {
		if kind := ref[:i]; kind != "Patient" && !strings.HasSuffix(kind, "/Patient") {
			return ""
		}
		return ref[i+1:]
	}
	for _, scheme := range []string{"urn:uuid:", "urn:oid:"} {
		ref = strings.TrimPrefix(ref, scheme)
	}
	return ref
}

// cvxOID is how older systems write fhir.CVXSystem.
const cvxOID = "urn:oid:2.16.840.1.113883.12.292"

func (x resource) dose() record.Dose {
	if x.VaccineCode != nil {
		modern(x.VaccineCode)
	}
	d := record.DoseOf(x.Resource)
	d.Date, _, _ = strings.Cut(d.Date, "T")
	return d
}

// modern writes CVX as it is written now.
func modern(c *fhir.Concept) {
	for i := range c.Coding {
		if c.Coding[i].System == cvxOID {
			c.Coding[i].System = fhir.CVXSystem
		}
	}
}

// recommendations are read like the statements that carry it on. Times of day go.
func (x resource) recommendations() []record.Recommendation {
	x.Date, _, _ = strings.Cut(x.Date, "T")
	for _, f := range x.Recommendations {
		for i := range f.VaccineCode {
			modern(&f.VaccineCode[i])
		}
		for i := range f.Dates {
			f.Dates[i].Value, _, _ = strings.Cut(f.Dates[i].Value, "T")
		}
	}
	return record.RecommendationsOf(x.Resource)
}
