package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"vaxkiosk/sync/central/registry"
)

// Columns of the two kinds of CSV, in the order in which they are written and their rows
// read; the first ones are required.
var (
	personColumns = []string{
		"id", "given", "family", "birth", "gender", "phone", "email", "guardian_phone", "guardian_email", "other_given", "other_family",
		"middle", "suffix", "mobile", "home_phone", "work_phone", "deceased", "active", "updated",
	}
	doseColumns = []string{
		"person", "date", "cvx", "product", "manufacturer", "lot", "performer", "status", "not_valid", "historical",
		"id", "site", "ndc", "updated",
	}
)

const (
	personRequired = 4
	doseRequired   = 2 // and a vaccine in some way
	// What is written: nothing behind it.
	personWritten = 11
	doseWritten   = 10
)

// otherNames of columns, in small letters without spaces and signs.
var (
	otherNames = map[string]string{
		"manufacturername": "manufacturer", "maker": "manufacturer", "mfr": "manufacturer",
		"lastupdated": "updated", "updatedat": "updated", "lastmodified": "updated", "modified": "updated",
	}
	otherPersonNames = map[string]string{
		"patientid": "id", "personid": "id", "residentid": "id", "clientid": "id", "mrn": "id", "medicalrecordnumber": "id",
		"givenname": "given", "givennames": "given", "first": "given", "firstname": "given", "forename": "given",
		"middlename": "middle", "middleinitial": "middle", "mi": "middle", "mname": "middle", "namesuffix": "suffix", "fname": "given", "lname": "family",
		"familyname": "family", "last": "family", "lastname": "family", "surname": "family",
		"birthdate": "birth", "dateofbirth": "birth", "dob": "birth", "birthday": "birth",
		"sex": "gender", "administrativegender": "gender", "administrativesex": "gender",
		"phonenumber": "phone", "telephone": "phone", "tel": "phone", "primaryphone": "phone",
		"cell": "mobile", "cellphone": "mobile", "cellnumber": "mobile", "mobilephone": "mobile", "mobilenumber": "mobile",
		"emailaddress": "email", "mail": "email",
		"maidenname": "other_family", "formername": "other_family", "formerlastname": "other_family", "previouslastname": "other_family",
		"parentphone": "guardian_phone", "parentemail": "guardian_email", "dateofdeath": "deceased", "deathdate": "deceased", "deceaseddate": "deceased",
	}
	otherDoseNames = map[string]string{
		"patient": "person", "patientid": "person", "personid": "person", "residentid": "person", "clientid": "person", "mrn": "person",
		"medicalrecordnumber": "person",
		"vaccinationdate":     "date", "administrationdate": "date", "administereddate": "date", "dateadministered": "date", "dategiven": "date",
		"vaccinedate": "date", "servicedate": "date", "dateofservice": "date",
		"dateofvaccination": "date", "dateofadministration": "date", "immunizationdate": "date", "dateofimmunization": "date", "completionstatus": "status",
		"cvxcode": "cvx", "vaccinecode": "cvx", "ndccode": "ndc", "ndcnumber": "ndc",
		"tradename": "product", "brand": "product", "brandname": "product", "vaccine": "product", "vaccinename": "product", "productname": "product",
		"lotnumber": "lot", "lotno": "lot",
		"facility": "performer", "location": "performer", "clinic": "performer", "clinicname": "performer", "facilityname": "performer",
		"doseid": "id", "immunizationid": "id", "vaccinationid": "id", "bodysite": "site", "injectionsite": "site",
	}
)

// header is the first row of a table.
type header struct {
	sep   byte
	width int   // columns with a name
	least int   // columns up to the last one that is required
	at    []int // for each column of ours where it is, -1 for nowhere
	kind  registry.Kind
	row   func(c *reading, values []string) result
}

// readHeader finds out what a table holds. What the first line says is repeated only when
// it is a header beyond doubt: it may be somebody.
func readHeader(line string, sep byte) (header, error) {
	if sep == 0 {
		sep = separator(line)
	}
	cells, open, ok := split(line, sep)
	if open || !ok {
		return header{}, cannot("the quotes in its header do not pair up")
	}
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	people, known := columns(cells, personColumns, otherPersonNames)
	doses, also := columns(cells, doseColumns, otherDoseNames)
	h := header{sep: sep, width: len(cells)}
	isDoses := has(doses, "date") || has(doses, "cvx") || also > known
	switch {
	case max(known, also) < 2:
		return h, cannot("its first line is neither a header of people or doses nor FHIR in JSON")
	case isDoses && !has(people, "birth"):
		h.row, h.kind = (*reading).doseRow, registry.OfDose
		return h, h.place(doses, cells, doseColumns, doseRequired)
	}
	h.row, h.kind = (*reading).personRow, registry.OfPerson
	return h, h.place(people, cells, personColumns, personRequired)
}

// separator is the one that a header has most of.
func separator(line string) byte {
	best, most := byte(','), strings.Count(line, ",")
	for _, sep := range []byte{';', '\t', '|'} {
		if n := strings.Count(line, string(rune(sep))); n > most {
			best, most = sep, n
		}
	}
	return best
}

// columns gives cells of a header our names, "" for one that has none.
func columns(cells, ours []string, others map[string]string) (names []string, known int) {
	plain := map[string]string{}
	for _, c := range ours {
		plain[bare(c)] = c
	}
	for _, cell := range cells {
		b := bare(cell)
		name := plain[b]
		for _, m := range []map[string]string{others, otherNames} {
			if other := m[b]; name == "" && slices.Contains(ours, other) {
				name = other
			}
		}
		if rest, is := strings.CutPrefix(b, "patient"); is && name == "" && slices.Contains(ours, "birth") { // "Patient DOB"
			name = cmp.Or(plain[rest], others[rest])
		}
		if names = append(names, name); name != "" {
			known++
		}
	}
	return names, known
}

// bare is the name of a column without case, spaces and signs.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

func has(names []string, name string) bool { return slices.Contains(names, name) }

// place notes where each column is, or says what is wrong with the header. Columns that are
// not known are all named, if most are: what has fewer may be no header.
func (h *header) place(names, cells, ours []string, required int) error {
	var unknown []string
	for i, name := range names {
		switch {
		case name == "" && bare(cells[i]) == "":
			return cannot("column %d of its header has no name", i+1)
		case name == "":
			unknown = append(unknown, shownName(cells[i], i))
		case slices.Contains(names[:i], name):
			return cannot("its column %s is there twice", name)
		}
	}
	switch {
	case len(unknown) == 0:
	case len(unknown) == 1 || 2*len(unknown) >= len(names):
		return cannot("its column %s is none that is known; leave it out, or name it like one of: %s", unknown[0], strings.Join(ours, ", "))
	default:
		return cannot("its columns %s are none that are known; leave them out, or name them like some of: %s", strings.Join(unknown, ", "), strings.Join(ours, ", "))
	}
	for i, name := range ours {
		h.at = append(h.at, slices.Index(names, name))
		if i >= required {
			continue
		}
		if h.at[i] < 0 {
			return cannot("its column %s is missing, or is named in a way that is not known", name)
		}
		h.least = max(h.least, h.at[i]+1)
	}
	if required != doseRequired {
		return nil
	}
	code := slices.IndexFunc(names, func(name string) bool { return name == "cvx" || name == "ndc" })
	if code < 0 {
		return cannot("its column cvx is missing, or is named in a way that is not known")
	}
	h.least = max(h.least, code+1)
	return nil
}

// shownName repeats the name of a column when it is short and cannot be a date, a number or an address.
func shownName(cell string, i int) string {
	cell = legible(cell)
	digits := 0
	for _, r := range cell {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits > len("12") || strings.Contains(cell, "@") || len(cell) > 30 {
		return fmt.Sprintf("number %d", i+1)
	}
	return `"` + cell + `"`
}

// personRow checks a row of people.
func (c *reading) personRow(v []string) result {
	d := draft{
		id: v[0], given: strings.Fields(v[1] + " " + v[11]), family: v[2], suffix: []string{v[12]},
		birth: v[3], clock: true, gender: v[4], at: c.changed(v[18]),
	}
	if d.family == "" {
		return refused(NameMissing) // the column may have slipped
	}
	add := func(cell, use string, guardian bool) {
		d.contacts = append(d.contacts, reachesIn(cell, reach{use: useOrder(use), guardian: guardian})...)
	}
	add(v[13], "mobile", false)
	add(v[5], "home", false)
	add(v[14], "home", false)
	add(v[15], "work", false)
	add(v[6], "", false)
	add(v[7], "", true)
	add(v[8], "", true)
	if v[9] != "" || v[10] != "" {
		d.also = append(d.also, spelled{given: strings.Fields(v[9]), family: v[10]})
	}
	dead, ok := truth(v[16])
	active, also := truth(v[17])
	if !ok {
		_, dead = c.day(v[16]) // the day of it
		ok = dead
	}
	if !ok || !also {
		return refused(MarkWrong)
	}
	d.deceased, d.inactive = dead, !active && v[17] != ""
	return c.person(d)
}

// doseRow checks a row of doses.
func (c *reading) doseRow(v []string) result {
	if !goodID(v[0]) {
		return refused(PersonWrong)
	}
	s := said{
		person: v[0], date: v[1], cvx: []string{v[2]}, ndc: []string{v[12]}, text: v[3], maker: v[4], lot: v[5], place: v[6],
		status: v[7], id: v[10], site: v[11], at: c.changed(v[13]),
	}
	notValid, ok := truth(v[8])
	historical, also := truth(v[9])
	if !ok || !also {
		s.wrong = MarkWrong
	}
	s.notValid, s.historical = notValid, historical
	return c.dose(s)
}

// truths are marks as people and programs write them, in small letters.
var truths = map[string]bool{
	"true": true, "t": true, "yes": true, "y": true, "1": true,
	"false": false, "f": false, "no": false, "n": false, "0": false, "": false,
}

// truth reads a mark; nothing is false.
func truth(s string) (is, ok bool) {
	is, ok = truths[strings.ToLower(s)]
	return is, ok
}
