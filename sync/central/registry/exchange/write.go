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

// NewCSV writes people to one file and their doses to another.
func NewCSV(persons, doses io.Writer) (registry.Writer, error) {
	w := &csvWriter{csv.NewWriter(persons), csv.NewWriter(doses)}
	return w, errors.Join(w.people.Write(personColumns), w.doses.Write(doseColumns))
}

type csvWriter struct{ people, doses *csv.Writer }

func (w *csvWriter) Write(p registry.Person) error {
	id := strconv.Itoa(p.Number)
	err := w.people.Write([]string{id, p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email})
	for _, d := range p.Doses {
		err = errors.Join(err, w.doses.Write([]string{id, d.Date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status, said(d.NotValid), said(d.Historical)}))
	}
	return err
}

// said is what a column says that nearly always says nothing.
func said(is bool) string {
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
	x := fhir.Resource{ResourceType: "Patient", ID: id, BirthDate: p.Birth.String(), Gender: string(p.Gender)}
	if p.Gender == request.Undisclosed {
		x.Gender = "unknown"
	}
	name := fhir.HumanName{Use: "official", Family: p.Family}
	if p.Given != "" {
		name.Given = []string{p.Given}
	}
	x.Name = []fhir.HumanName{name}
	if p.Phone != "" {
		x.Telecom = append(x.Telecom, fhir.Telecom{System: "phone", Value: p.Phone, Use: "mobile"})
	}
	if p.Email != "" {
		x.Telecom = append(x.Telecom, fhir.Telecom{System: "email", Value: p.Email})
	}
	if err := w.Encode(x); err != nil {
		return err
	}
	for n, d := range p.Doses {
		y := d.Immunization("Patient/" + id)
		y.ID = fmt.Sprintf("%s-%d", id, n+1)
		if err := w.Encode(y); err != nil {
			return err
		}
	}
	if len(p.Recommendations) == 0 {
		return nil
	}
	y := record.Recommend("Patient/"+id, p.Recommendations)
	y.ID = id + "-advice"
	return w.Encode(y)
}
