package record

// The few FHIR R4 structs that statement and cards need. Pointers and
// omitempty keep empty elements out, which FHIR forbids.

// Status codes of FHIR Immunization.status.
const (
	StatusCompleted = "completed"
	StatusNotDone   = "not-done"
	StatusError     = "entered-in-error"
)

// CVXSystem is the FHIR code system of CVX codes.
const CVXSystem = "http://hl7.org/fhir/sid/cvx"

// Bundle is a FHIR Bundle of type collection.
type Bundle struct {
	ResourceType string  `json:"resourceType"`
	Type         string  `json:"type"`
	Entry        []Entry `json:"entry"`
}

// Entry is one resource of a bundle; FullURL is "resource:N".
type Entry struct {
	FullURL  string   `json:"fullUrl"`
	Resource Resource `json:"resource"`
}

// Resource is a Patient, an Immunization or, in statements, an
// ImmunizationRecommendation.
type Resource struct {
	ResourceType string      `json:"resourceType"`
	Name         []HumanName `json:"name,omitempty"`
	BirthDate    string      `json:"birthDate,omitempty"`

	Status      string      `json:"status,omitempty"`
	VaccineCode *Concept    `json:"vaccineCode,omitempty"`
	Patient     *Reference  `json:"patient,omitempty"`
	Occurrence  string      `json:"occurrenceDateTime,omitempty"`
	Maker       *Reference  `json:"manufacturer,omitempty"`
	Lot         string      `json:"lotNumber,omitempty"`
	Performer   []Performer `json:"performer,omitempty"`

	Evidence

	Date     string     `json:"date,omitempty"` // as of which the recommendations hold
	Forecast []Forecast `json:"recommendation,omitempty"`
}

// Evidence is how far a dose is to be relied on; it is never on a card. FHIR lets
// both elements be absent, and so they are of a dose that counts and was reported by
// who gave it.
type Evidence struct {
	Subpotent     *bool `json:"isSubpotent,omitempty"`   // true: Dose.NotValid
	PrimarySource *bool `json:"primarySource,omitempty"` // false: Dose.Historical
}

// EvidenceOf is the evidence of a dose.
func EvidenceOf(d Dose) (e Evidence) {
	if d.NotValid {
		e.Subpotent = new(true)
	}
	if d.Historical {
		e.PrimarySource = new(false)
	}
	return e
}

// On sets what it says on a dose.
func (e Evidence) On(d *Dose) {
	d.NotValid = e.Subpotent != nil && *e.Subpotent
	d.Historical = e.PrimarySource != nil && !*e.PrimarySource
}

// HumanName is a FHIR HumanName.
type HumanName struct {
	Family string   `json:"family,omitempty"`
	Given  []string `json:"given,omitempty"`
}

// Concept is a FHIR CodeableConcept; Text holds the trade name in statements.
type Concept struct {
	Coding []Coding `json:"coding"`
	Text   string   `json:"text,omitempty"`
}

// Coding is a FHIR Coding.
type Coding struct {
	System string `json:"system"`
	Code   string `json:"code"`
}

// Reference is a FHIR Reference.
type Reference struct {
	Reference string `json:"reference,omitempty"`
	Display   string `json:"display,omitempty"`
}

// Performer is who gave the dose.
type Performer struct {
	Actor Reference `json:"actor"`
}

// StatusSystem is the FHIR code system of forecast statuses, DueDate the LOINC
// code of the day on which a vaccine is due.
const (
	StatusSystem = "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status"
	LOINCSystem  = "http://loinc.org"
	DueDate      = "30980-7"
)

// Forecast is one vaccine of an ImmunizationRecommendation.
type Forecast struct {
	VaccineCode []Concept   `json:"vaccineCode,omitempty"`
	Status      *Concept    `json:"forecastStatus,omitempty"`
	Dates       []Criterion `json:"dateCriterion,omitempty"`
}

// Criterion is a date of a Forecast.
type Criterion struct {
	Code  Concept `json:"code"`
	Value string  `json:"value"`
}

// Code is the code of a system, "" for none.
func (c Concept) Code(system string) (code string) {
	for _, x := range c.Coding {
		if x.System == system {
			code = x.Code
		}
	}
	return code
}
