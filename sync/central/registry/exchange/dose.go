package exchange

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

// said is what a source says of a dose, in its own words.
type said struct {
	id, person           string
	at                   time.Time
	status               string
	date, inWords        string
	cvx, ndc             []string
	text                 string // trade name, or what was given in words
	display              string // of a code, when there is no text
	maker, lot           string
	place, site          string
	notValid, historical bool
	restricted           bool
	wrong                registry.Reason // what is wrong with it already
}

// statuses by FHIR's code, by HL7 v2's (table 0322), and as some write them.
var statuses = map[string]string{
	"completed": record.StatusCompleted, "complete": record.StatusCompleted, "cp": record.StatusCompleted, "": record.StatusCompleted,
	"partial": partial, "pa": partial,
	"not-done": record.StatusNotDone, "notdone": record.StatusNotDone, "not-given": record.StatusNotDone,
	"re": record.StatusNotDone, "refused": record.StatusNotDone, "na": record.StatusNotDone,
	"entered-in-error": record.StatusError, "enteredinerror": record.StatusError,
}

// partial is a dose that was begun: it was given, and does not count.
const partial = "partial"

// maxID is how long the id of a report may be. It need not follow FHIR's rule: nobody refers to it.
const maxID = 200

// dose is what is said of one dose of somebody. What cannot be read is an entry all the
// same when it seems to be a dose that was given: it is to be counted.
func (c *reading) dose(s said) result {
	r := registry.Report{Site: short(s.site), Restricted: s.restricted}
	if id := legible(s.id); len(id) <= maxID {
		r.ID = id
	}
	d, wrong := c.read(s)
	wrong = cmp.Or(s.wrong, wrong)
	switch {
	case wrong == NotADose:
		return passed(wrong)
	case wrong == "", d.Status == record.StatusError && r.ID != "": // its identity is enough to take it back
		r.Dose = d
	case d.Status == record.StatusError || d.Status == record.StatusNotDone:
		return refused(wrong) // it was not given: nothing lacks
	default:
		r.Unread = wrong // what can be read tells which it is when it comes again without an id
		r.Dose = record.Dose{Date: d.Date, About: d.About, CVX: d.CVX, Lot: d.Lot, Product: d.Product, Performer: d.Performer}
	}
	return result{entry: registry.Entry{ID: s.person, At: s.at, Dose: &r}}
}

// read is a dose as far as it can be read, and the first that is wrong with it.
func (c *reading) read(s said) (d record.Dose, wrong registry.Reason) {
	d = record.Dose{
		Product: short(s.text), Manufacturer: short(s.maker), Lot: short(s.lot), Performer: short(s.place),
		NotValid: s.notValid, Historical: s.historical,
	}
	status, known := statuses[strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s.status)), " ", "-")]
	if !known {
		wrong = StatusWrong
	}
	if d.Status = status; status == partial {
		d.Status, d.NotValid = record.StatusCompleted, true
	}
	words := cmp.Or(d.Product, short(s.display))
	code, why := c.vaccine(s.cvx, s.ndc, words)
	if why == NotADose {
		return d, why
	}
	d.CVX, wrong = code, cmp.Or(wrong, why)
	if _, in := assets.VaccineOf(code); !in && why == "" {
		d.Unknown, d.Product = true, words
	}
	var dated bool
	if d.Date, dated = c.day(s.date); !dated && s.date == "" {
		d.Date, d.About, dated = c.words(s.inWords)
	}
	if !dated {
		d.Date, d.About, wrong = "", false, cmp.Or(wrong, DateWrong)
	}
	return d, wrong
}

// whose is the person that a resource is about.
func (c *reading) whose(x resource) (id string, why registry.Reason) {
	if x.Patient == nil {
		return "", PersonWrong
	}
	if id, why = c.id(x.Patient.Reference, "Patient"); why == "" && !goodID(id) {
		why = PersonWrong
	}
	return id, why
}

// immunization is a dose as FHIR has it; wrong is what is known to be wrong with it.
func (c *reading) immunization(x resource, wrong registry.Reason) result {
	labels := x.labels()
	if labels.test() {
		return refused(TestPatient)
	}
	of, why := c.whose(x)
	if why != "" {
		return refused(why)
	}
	s := said{
		id: string(x.ID), person: of, at: c.changed(x.changed()), status: x.Status, date: x.Occurrence, inWords: x.InWords,
		lot: string(x.Lot), place: x.place(), site: x.site(), wrong: wrong,
		notValid:   says(x.Subpotent, true),
		restricted: labels.restricted(),
		historical: says(x.Primary, false) || x.Primary == nil && x.Origin != nil,
	}
	if v := x.VaccineCode; v != nil {
		s.cvx, s.ndc, s.text = codesOf(cvxSystems, *v), codesOf(ndcSystems, *v), v.Text
		for _, code := range v.Coding {
			s.display = cmp.Or(s.display, code.Display)
		}
	}
	if x.Maker != nil {
		s.maker = x.Maker.Display
	}
	return c.dose(s)
}

// site is where on the body, by its code if it has one.
func (x resource) site() string {
	if x.Site == nil {
		return ""
	}
	for _, code := range x.Site.Coding {
		if code.Code != "" {
			return strings.ToUpper(string(code.Code))
		}
	}
	return x.Site.Text
}

// Functions of performers (HL7 v2 table 0443).
const (
	ordering     = "OP"
	administered = "AP"
)

// place is where a dose was given: the location, else an organisation that gave it, else
// whoever gave it and is not a person. Who ordered it was somewhere else, and a person is
// no place.
func (x resource) place() (name string) {
	if x.Location != nil && strings.TrimSpace(x.Location.Display) != "" {
		return x.Location.Display
	}
	best := 0
	for _, p := range x.Performer {
		if worth := p.worth(); worth > best {
			best, name = worth, p.Actor.Display
		}
	}
	return name
}

var someone = regexp.MustCompile(`(?i)^(dr|nurse|doctor|mr|mrs|ms)\b\.? |[ ,](md|m\.d\.|do|d\.o\.|rn|r\.n\.|np|lpn|pa-c|pharmd|rph|dnp|aprn|fnp|cma)\.?$`)

// worth is how much of a place a performer is, 0 for none.
func (p performer) worth() (n int) {
	orders, gives := p.does(ordering, "ORDER"), p.does(administered, "ADMINISTER")
	kind, display := p.kind(), strings.TrimSpace(p.Actor.Display)
	place := kind == "Organization" || kind == "Location"
	if display == "" || orders || !place && (kind != "" || someone.MatchString(display)) {
		return 0
	}
	n = 1
	if gives {
		n += 2
	}
	if place {
		n++
	}
	return n
}

// does reports whether a performer has a function, by its code or as people write it.
func (p performer) does(code, word string) bool {
	if p.Function == nil {
		return false
	}
	is := strings.Contains(strings.ToUpper(p.Function.Text), word)
	for _, c := range p.Function.Coding {
		is = is || strings.EqualFold(string(c.Code), code) || strings.Contains(strings.ToUpper(c.Display), word)
	}
	return is
}

// kind is the type of resource that a performer is, "" when that is not said.
func (p performer) kind() string {
	for _, known := range []string{"Organization", "Practitioner", "Patient", "RelatedPerson", "Location"} {
		if strings.HasPrefix(p.Actor.Reference, known) || strings.Contains(p.Actor.Reference, "/"+known) {
			return known
		}
	}
	return p.Actor.Type
}
