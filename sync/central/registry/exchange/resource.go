package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"

	"vaxkiosk/sync/central/registry"
)

// What is read of FHIR resources in files. These are not the structs of package fhir:
// files have far more elements than what is signed, and write some in other ways.

// resource is a Patient, an Immunization, an ImmunizationRecommendation or a Bundle.
type resource struct {
	Type string `json:"resourceType"`
	ID   text   `json:"id,omitempty"`
	Meta *meta  `json:"meta,omitempty"`

	Active     *bool        `json:"active,omitempty"`
	Identifier []identifier `json:"identifier,omitempty"`
	Name       []humanName  `json:"name,omitempty"`
	Telecom    []telecom    `json:"telecom,omitempty"`
	Gender     string       `json:"gender,omitempty"`
	BirthDate  string       `json:"birthDate,omitempty"`
	Dead       *bool        `json:"deceasedBoolean,omitempty"`
	DeadSince  string       `json:"deceasedDateTime,omitempty"`
	DeadOnce   *struct{}    `json:"_deceasedDateTime,omitempty"` // has died, and it is not known when
	Contact    []related    `json:"contact,omitempty"`
	Link       []link       `json:"link,omitempty"`

	Status      string      `json:"status,omitempty"`
	VaccineCode *concept    `json:"vaccineCode,omitempty"`
	Patient     *reference  `json:"patient,omitempty"`
	Occurrence  string      `json:"occurrenceDateTime,omitempty"`
	InWords     string      `json:"occurrenceString,omitempty"`
	Primary     *bool       `json:"primarySource,omitempty"`
	Origin      *concept    `json:"reportOrigin,omitempty"`
	Location    *reference  `json:"location,omitempty"`
	Maker       *reference  `json:"manufacturer,omitempty"`
	Lot         text        `json:"lotNumber,omitempty"`
	Site        *concept    `json:"site,omitempty"`
	Subpotent   *bool       `json:"isSubpotent,omitempty"`
	Performer   []performer `json:"performer,omitempty"`

	Date            string           `json:"date,omitempty"`
	Recommendations []recommendation `json:"recommendation,omitempty"`

	Entry []json.RawMessage `json:"entry,omitempty"`
}

type meta struct {
	LastUpdated string   `json:"lastUpdated,omitempty"`
	Security    []coding `json:"security,omitempty"`
	Tag         []coding `json:"tag,omitempty"`
}

type identifier struct {
	Use    string  `json:"use,omitempty"`
	System string  `json:"system,omitempty"`
	Value  text    `json:"value,omitempty"`
	Period *period `json:"period,omitempty"`
}

type humanName struct {
	Use    string   `json:"use,omitempty"`
	Text   string   `json:"text,omitempty"`
	Family string   `json:"family,omitempty"`
	Given  []string `json:"given,omitempty"`
	Suffix []string `json:"suffix,omitempty"`
	Period *period  `json:"period,omitempty"`
}

type telecom struct {
	System string  `json:"system,omitempty"`
	Value  text    `json:"value,omitempty"`
	Use    string  `json:"use,omitempty"`
	Rank   int     `json:"rank,omitempty"`
	Period *period `json:"period,omitempty"`
}

type period struct {
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
}

// related is somebody to be asked about a patient.
type related struct {
	Relationship []concept `json:"relationship,omitempty"`
	Telecom      []telecom `json:"telecom,omitempty"`
	Period       *period   `json:"period,omitempty"`
}

type link struct {
	Other reference `json:"other"`
	Type  string    `json:"type"`
}

type coding struct {
	System  string `json:"system,omitempty"`
	Code    text   `json:"code,omitempty"`
	Display string `json:"display,omitempty"`
	Chosen  bool   `json:"userSelected,omitempty"`
}

type concept struct {
	Coding []coding `json:"coding,omitempty"`
	Text   string   `json:"text,omitempty"`
}

type reference struct {
	Reference string `json:"reference,omitempty"`
	Type      string `json:"type,omitempty"`
	Display   string `json:"display,omitempty"`
}

type performer struct {
	Function *concept  `json:"function,omitempty"`
	Actor    reference `json:"actor"`
}

type recommendation struct {
	VaccineCode   []concept   `json:"vaccineCode,omitempty"`
	TargetDisease concepts    `json:"targetDisease,omitempty"`
	Status        *concept    `json:"forecastStatus,omitempty"`
	Dates         []criterion `json:"dateCriterion,omitempty"`
}

type criterion struct {
	Code  concept `json:"code"`
	Value string  `json:"value"`
}

// text is a string, which some write as a number.
type text string

// UnmarshalJSON reads both.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"' && !bytes.ContainsRune(b, '\\'):
		*t = text(b[1 : len(b)-1])
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case string(b) == "null":
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		*t = text(b)
	default:
		return &json.UnmarshalTypeError{Value: "no text", Type: reflect.TypeFor[string]()}
	}
	return nil
}

// concepts are one, as R4 has it, or several, as R5 has it.
type concepts []concept

// UnmarshalJSON reads both.
func (c *concepts) UnmarshalJSON(b []byte) error {
	if b[0] == '[' {
		return json.Unmarshal(b, (*[]concept)(c))
	}
	if string(b) == "null" {
		return nil
	}
	*c = make(concepts, 1)
	return json.Unmarshal(b, &(*c)[0])
}

// MarshalJSON writes one as R4 has it.
func (c concepts) MarshalJSON() ([]byte, error) {
	if len(c) == 1 {
		return json.Marshal(c[0])
	}
	return json.Marshal([]concept(c))
}

// ofFHIR is how the types of resources are written.
var ofFHIR = regexp.MustCompile(`^[A-Z][A-Za-z]{2,63}$`)

// parse reads a resource. Of one with a member of another kind than FHIR has, all else
// is read, and the reason names the member.
func parse(line []byte) (x resource, why registry.Reason) {
	why = x.parse(line)
	return x, why
}

func (x *resource) parse(line []byte) registry.Reason {
	err := json.Unmarshal(line, x)
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil && x.Type == "" && line[0] != '{':
		return NotJSON
	case err == nil:
		return ""
	case errors.As(err, &kind) && kind.Field != "" && x.Type != "":
		return WrongMember + registry.Reason(":"+kind.Field)
	}
	return NotJSON
}

// resource is what a resource comes to; why is what parse had against it.
func (c *reading) resource(x resource, why registry.Reason) result {
	if why == NotJSON {
		return refused(why)
	}
	switch x.Type {
	case "Patient":
		if why != "" {
			return refused(why).of(registry.OfPerson)
		}
		return c.patient(x).of(registry.OfPerson)
	case "Immunization":
		return c.immunization(x, why).of(registry.OfDose)
	case "ImmunizationRecommendation":
		if why != "" {
			return refused(why).of(registry.OfForecast)
		}
		return c.forecast(x).of(registry.OfForecast)
	}
	if ofFHIR.MatchString(x.Type) {
		return passed(NotWanted)
	}
	return refused(WrongMember + ":resourceType")
}

// changed is when the source changed a resource, as it says.
func (x resource) changed() string {
	if x.Meta == nil {
		return ""
	}
	return x.Meta.LastUpdated
}
