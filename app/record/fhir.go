package record

import (
	"strings"

	"vaxkiosk/app/fhir"
)

// Doses and recommendations as FHIR writes them, and back.

// Status codes of FHIR Immunization.status.
const (
	StatusCompleted = "completed"
	StatusNotDone   = "not-done"
	StatusError     = "entered-in-error"
)

// Immunization is the dose of a patient ("resource:0") with all that is on file.
func (d Dose) Immunization(patient string) fhir.Resource {
	code := fhir.ConceptOf(fhir.CVXSystem, d.CVX).Named(d.Name)
	code.Text = d.Product
	x := fhir.Resource{
		ResourceType: "Immunization", Status: d.Status, Occurrence: d.Date, Lot: d.Lot,
		VaccineCode: &code, Patient: &fhir.Reference{Reference: patient},
	}
	if d.About {
		x.Occurrence, x.InWords = "", aboutThen+d.Date
	}
	if d.Manufacturer != "" {
		x.Maker = &fhir.Reference{Display: d.Manufacturer}
	}
	if d.Performer != "" {
		x.Performer = []fhir.Performer{{Actor: fhir.Reference{Display: d.Performer}}}
	}
	if d.NotValid {
		x.Subpotent = new(true)
	}
	if d.Historical {
		x.PrimarySource = new(false)
	}
	return x
}

// DoseOf is the dose of an Immunization, unchecked: without Name and Unknown, which are for
// its issuer to say (see Parse).
func DoseOf(x fhir.Resource) Dose {
	d := Dose{Date: x.Occurrence, Lot: x.Lot, Status: x.Status}
	if when := about.FindStringSubmatch(x.InWords); d.Date == "" && when != nil {
		d.Date, d.About = when[1], true
	}
	d.NotValid = x.Subpotent != nil && *x.Subpotent
	d.Historical = x.PrimarySource != nil && !*x.PrimarySource
	if x.VaccineCode != nil {
		d.Product, d.CVX = x.VaccineCode.Text, x.VaccineCode.Code(fhir.CVXSystem)
	}
	if x.Maker != nil {
		d.Manufacturer = x.Maker.Display
	}
	if len(x.Performer) > 0 {
		d.Performer = x.Performer[0].Actor.Display
	}
	return d
}

// Recommend is an ImmunizationRecommendation for a patient ("resource:0"). All
// recommendations are as of one day.
func Recommend(patient string, all []Recommendation) fhir.Resource {
	x := fhir.Resource{ResourceType: "ImmunizationRecommendation", Patient: &fhir.Reference{Reference: patient}}
	for _, r := range all {
		status := fhir.ConceptOf(fhir.StatusSystem, r.Status)
		f := fhir.Recommendation{Status: &status}
		if r.CVX != "" {
			f.VaccineCode = []fhir.Concept{fhir.ConceptOf(fhir.CVXSystem, r.CVX).Named(r.Name)}
		}
		if r.Disease != "" {
			disease := fhir.ConceptOf(fhir.SNOMEDSystem, r.Disease)
			f.Disease = &disease
		}
		if r.Date != "" {
			f.Dates = []fhir.Criterion{{Code: fhir.ConceptOf(fhir.LOINCSystem, fhir.DueDate), Value: r.Date}}
		}
		x.Date, x.Recommendations = r.AsOf, append(x.Recommendations, f)
	}
	return x
}

// RecommendationsOf are those of an ImmunizationRecommendation, unchecked.
func RecommendationsOf(x fhir.Resource) (all []Recommendation) {
	for _, f := range x.Recommendations {
		r := Recommendation{AsOf: x.Date}
		for _, c := range f.VaccineCode { // each would do
			if r.CVX == "" {
				r.CVX = c.Code(fhir.CVXSystem)
			}
		}
		if f.Disease != nil && r.CVX == "" {
			r.Disease = f.Disease.Code(fhir.SNOMEDSystem)
		}
		if f.Status != nil {
			r.Status = f.Status.Code(fhir.StatusSystem)
		}
		for _, d := range f.Dates {
			if d.Code.Code(fhir.LOINCSystem) == fhir.DueDate {
				r.Date = d.Value
			}
		}
		all = append(all, r)
	}
	return all
}

// nameOf is what the issuer calls a vaccine that it recommends.
func nameOf(x fhir.Resource, cvx string) string {
	for _, f := range x.Recommendations {
		for _, c := range f.VaccineCode {
			if c.Code(fhir.CVXSystem) == cvx {
				return c.Name(fhir.CVXSystem)
			}
		}
	}
	return ""
}

// person is who a Patient is.
func person(x fhir.Resource) (given, family, birth string) {
	if len(x.Name) > 0 {
		given, family = strings.Join(x.Name[0].Given, " "), x.Name[0].Family
	}
	return given, family, x.BirthDate
}
