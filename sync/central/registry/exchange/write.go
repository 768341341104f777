package exchange

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"vaxkiosk/app/fhir"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// NewCSV writes people to one file and their doses to another. It has room for one other
// name, and for one contact of a guardian of each kind.
func NewCSV(persons, doses io.Writer) (registry.Writer, error) {
	w := &csvWriter{csv.NewWriter(persons), csv.NewWriter(doses)}
	return w, errors.Join(w.people.Write(personColumns[:personWritten]), w.doses.Write(doseColumns[:doseWritten]))
}

type csvWriter struct{ people, doses *csv.Writer }

func (w *csvWriter) Write(p registry.Person) error {
	id := strconv.Itoa(p.Number)
	row := []string{id, p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email, "", "", "", ""}
	for _, c := range p.More {
		at := 5
		if c.Guardian {
			at = 7
		}
		if c.Email != "" {
			at++
		}
		if row[at] != "" {
			row[at] += " or "
		}
		row[at] += c.Phone + c.Email
	}
	if len(p.Also) > 0 {
		row[9], row[10] = p.Also[0].Given, p.Also[0].Family
	}
	err := w.people.Write(row)
	for _, d := range p.Doses {
		err = errors.Join(err, w.doses.Write([]string{id, d.Date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status, marking(d.NotValid), marking(d.Historical)}))
	}
	return err
}

// marking is what a column says that nearly always says nothing.
func marking(is bool) string {
	if !is {
		return ""
	}
	return "true"
}

func (w *csvWriter) Flush() error {
	w.people.Flush()
	w.doses.Flush()
	return errors.Join(w.people.Error(), w.doses.Error())
}

// NewNDJSON writes Patients, each followed by their Immunizations and what is
// recommended to them.
func NewNDJSON(to io.Writer) registry.Writer {
	b := bufio.NewWriterSize(to, 1<<16)
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return &jsonWriter{b, e}
}

type jsonWriter struct {
	to *bufio.Writer
	*json.Encoder
}

func (w *jsonWriter) Flush() error { return w.to.Flush() }

func (w *jsonWriter) Write(p registry.Person) error {
	id := strconv.Itoa(p.Number)
	if err := w.Encode(asPatient(id, p)); err != nil {
		return err
	}
	for n, d := range p.Doses {
		if err := w.Encode(asImmunization(fmt.Sprintf("%s-%d", id, n+1), id, d)); err != nil {
			return err
		}
	}
	if len(p.Recommendations) == 0 {
		return nil
	}
	return w.Encode(asForecast(id, p.Recommendations))
}

func asPatient(id string, p registry.Person) resource {
	x := resource{Type: "Patient", ID: text(id), BirthDate: p.Birth.String(), Gender: string(p.Gender)}
	if p.Gender == request.Undisclosed {
		x.Gender = "unknown"
	}
	x.Name = []humanName{asName("official", p.Given, p.Family)}
	for _, n := range p.Also {
		x.Name = append(x.Name, asName("old", n.Given, n.Family))
	}
	rank := 0
	contact := func(phone, email string) (t telecom) {
		if len(p.More) > 0 {
			rank++ // they are in order
		}
		if phone != "" {
			return telecom{System: "phone", Value: text(phone), Use: "mobile", Rank: rank}
		}
		return telecom{System: "email", Value: text(email), Rank: rank}
	}
	if p.Phone != "" {
		x.Telecom = append(x.Telecom, contact(p.Phone, ""))
	}
	if p.Email != "" {
		x.Telecom = append(x.Telecom, contact("", p.Email))
	}
	for _, c := range p.More {
		if t := contact(c.Phone, c.Email); c.Guardian {
			role := concept{Coding: []coding{{System: "http://terminology.hl7.org/CodeSystem/v3-RoleCode", Code: "PRN"}}}
			x.Contact = append(x.Contact, related{Relationship: []concept{role}, Telecom: []telecom{t}})
		} else {
			x.Telecom = append(x.Telecom, t)
		}
	}
	if p.Inactive {
		x.Active = new(false)
	}
	if p.Deceased {
		x.Dead = new(true)
	}
	if p.Restricted {
		x.Meta = &meta{Security: []coding{{System: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", Code: "R"}}}
	}
	if p.ReplacedBy != "" {
		x.Link = []link{{Other: reference{Reference: "Patient/" + p.ReplacedBy}, Type: "replaced-by"}}
	}
	return x
}

func asName(use, given, family string) humanName {
	n := humanName{Use: use, Family: family}
	if given != "" {
		n.Given = []string{given}
	}
	return n
}

func asImmunization(id, of string, d record.Dose) resource {
	x := resource{Type: "Immunization", ID: text(id), Status: d.Status, Patient: &reference{Reference: "Patient/" + of}, Lot: text(d.Lot)}
	code := concept{Text: d.Product}
	if d.CVX != "" {
		code.Coding = []coding{{System: fhir.CVXSystem, Code: text(d.CVX)}}
	}
	x.VaccineCode = &code
	if d.About {
		x.InWords = "about " + d.Date
	} else {
		x.Occurrence = d.Date
	}
	if d.Manufacturer != "" {
		x.Maker = &reference{Display: d.Manufacturer}
	}
	if d.Performer != "" {
		x.Location = &reference{Display: d.Performer}
	}
	if d.NotValid {
		x.Subpotent = new(true)
	}
	if d.Historical {
		x.Primary = new(false)
	}
	return x
}

func asForecast(of string, all []record.Recommendation) resource {
	x := resource{Type: "ImmunizationRecommendation", ID: text(of + "-advice"), Patient: &reference{Reference: "Patient/" + of}}
	one := func(system, code string) concept {
		return concept{Coding: []coding{{System: system, Code: text(code)}}}
	}
	for _, r := range all {
		status := one(fhir.StatusSystem, r.Status)
		y := recommendation{Status: &status}
		if r.CVX != "" {
			y.VaccineCode = []concept{one(fhir.CVXSystem, r.CVX)}
		}
		if r.Disease != "" {
			y.TargetDisease = concepts{one(snomed, r.Disease)}
		}
		if r.Date != "" {
			y.Dates = []criterion{{Code: one(fhir.LOINCSystem, fhir.DueDate), Value: r.Date}}
		}
		x.Date, x.Recommendations = r.AsOf, append(x.Recommendations, y)
	}
	return x
}
