// Package fhir is the few FHIR R4 structs that signed records and health cards are made of.
// Pointers and omitempty keep empty elements out, which FHIR forbids; the order of the
// fields is that of the signed bytes. What files of people have besides is in central's
// package exchange, so that it never gets into what is signed.
//
//	b := fhir.Collection(patient, dose.Immunization("resource:0"))
//	code := b.Entry[1].Resource.VaccineCode.Code(fhir.CVXSystem)
//
// Package record turns an Immunization into a dose, and back. Nothing is decided here,
// and an element that nobody reads is left out.
package fhir

import "fmt"

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

// Collection is a Bundle of resources, "resource:0" and so on.
func Collection(all ...Resource) Bundle {
	b := Bundle{ResourceType: "Bundle", Type: "collection"}
	for i, x := range all {
		b.Entry = append(b.Entry, Entry{fmt.Sprintf("resource:%d", i), x})
	}
	return b
}

// Resource is a Patient, an Immunization or an ImmunizationRecommendation.
type Resource struct {
	ResourceType string      `json:"resourceType"`
	Name         []HumanName `json:"name,omitempty"`
	BirthDate    string      `json:"birthDate,omitempty"`

	Status      string      `json:"status,omitempty"`
	VaccineCode *Concept    `json:"vaccineCode,omitempty"`
	Patient     *Reference  `json:"patient,omitempty"`
	Occurrence  string      `json:"occurrenceDateTime,omitempty"`
	InWords     string      `json:"occurrenceString,omitempty"` // when, as people say it
	Maker       *Reference  `json:"manufacturer,omitempty"`
	Lot         string      `json:"lotNumber,omitempty"`
	Performer   []Performer `json:"performer,omitempty"`

	Evidence

	Date            string           `json:"date,omitempty"` // as of which the recommendations hold
	Recommendations []Recommendation `json:"recommendation,omitempty"`
}

// Evidence is how far a dose is to be relied on; it is never on a card. FHIR lets
// both elements be absent, and so they are of a dose that counts and was reported by
// who gave it.
type Evidence struct {
	Subpotent     *bool `json:"isSubpotent,omitempty"`   // true: it does not count
	PrimarySource *bool `json:"primarySource,omitempty"` // false: told by the patient or an older record
}

// HumanName is a FHIR HumanName.
type HumanName struct {
	Family string   `json:"family,omitempty"`
	Given  []string `json:"given,omitempty"`
}

// Concept is a FHIR CodeableConcept; Text holds the trade name in statements.
type Concept struct {
	Coding []Coding `json:"coding,omitempty"`
	Text   string   `json:"text,omitempty"`
}

// Coding is a FHIR Coding. Display is never on a card.
type Coding struct {
	System  string `json:"system"`
	Code    string `json:"code"`
	Display string `json:"display,omitempty"`
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

// StatusSystem is the FHIR code system of statuses of recommendations, SNOMEDSystem that of
// diseases, DueDate the LOINC code of the day on which a vaccine is due.
const (
	StatusSystem = "http://terminology.hl7.org/CodeSystem/immunization-recommendation-status"
	SNOMEDSystem = "http://snomed.info/sct"
	LOINCSystem  = "http://loinc.org"
	DueDate      = "30980-7"
)

// Recommendation is one vaccine of an ImmunizationRecommendation, or one disease.
type Recommendation struct {
	VaccineCode []Concept   `json:"vaccineCode,omitempty"`
	Disease     *Concept    `json:"targetDisease,omitempty"`
	Status      *Concept    `json:"forecastStatus,omitempty"`
	Dates       []Criterion `json:"dateCriterion,omitempty"`
}

// Criterion is a date of a Recommendation.
type Criterion struct {
	Code  Concept `json:"code"`
	Value string  `json:"value"`
}

// ConceptOf is a concept with one code; without one it is none.
func ConceptOf(system, code string) (c Concept) {
	if code != "" {
		c.Coding = []Coding{{System: system, Code: code}}
	}
	return c
}

// Named is the concept with what its code is called.
func (c Concept) Named(display string) Concept {
	for i := range c.Coding {
		c.Coding[i].Display = display
	}
	return c
}

// Name is what the code of a system is called, "" when it does not say.
func (c Concept) Name(system string) (display string) {
	for _, x := range c.Coding {
		if x.System == system {
			display = x.Display
		}
	}
	return display
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
