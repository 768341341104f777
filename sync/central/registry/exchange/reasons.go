package exchange

import (
	"strings"

	"vaxkiosk/sync/central/registry"
)

// The reasons that a Reader gives.
const (
	TooLong            registry.Reason = "line-too-long"
	NotUTF8            registry.Reason = "not-utf-8"
	NotCSV             registry.Reason = "not-csv"
	FieldCount         registry.Reason = "wrong-field-count"
	NotJSON            registry.Reason = "not-json"
	WrongMember        registry.Reason = "wrong-member" // with ":" and its name behind it
	NotWanted          registry.Reason = "resource-unknown"
	IDWrong            registry.Reason = "id-wrong"
	NameMissing        registry.Reason = "name-missing"
	NameWrong          registry.Reason = "name-wrong"
	TestPatient        registry.Reason = "test-patient"
	BirthWrong         registry.Reason = "birth-wrong"
	BirthFuture        registry.Reason = "birth-in-future"
	BirthOld           registry.Reason = "birth-too-old"
	GenderWrong        registry.Reason = "gender-wrong"
	PersonWrong        registry.Reason = "person-wrong"
	ReferenceElsewhere registry.Reason = "reference-elsewhere"
	DateWrong          registry.Reason = "date-wrong"
	CVXWrong                           = registry.NoVaccine
	NotADose           registry.Reason = "not-a-dose"
	StatusWrong        registry.Reason = "status-wrong"
	MarkWrong          registry.Reason = "mark-wrong"
)

// Why is a reason in words, for whoever sends files: what it means, and what to do.
type Why struct {
	Reason    registry.Reason
	Means, Do string
}

// Reasons are all for which an entry of a file is not used: those that a Reader gives, then
// those that the registry gives when it looks at what is on file.
var Reasons = []Why{
	{TooLong, "the line has more than 4 MiB, or one entry of a document more than 64 MiB", "look for a quote or a line end that is missing"},
	{NotUTF8, "the line has bytes that are not UTF-8", `save the file as "CSV UTF-8"`},
	{NotCSV, "the quotes of the row do not pair up, or stand inside a field", `put a field with a quote in quotes, and write the quote twice: "Talia ""Tally"""`},
	{FieldCount, "the row has more fields than the header, or ends before the last column that is required, or at the end of the file", "put fields with a comma in quotes; look whether the row is cut off"},
	{NotJSON, "the line or the file is not JSON, or is cut off there", "export it again"},
	{WrongMember, "a member is of another kind than FHIR R4 says, or is missing; its name stands behind the colon", "write it as FHIR has it, for example true in place of \"true\""},
	{NotWanted, "a resource of a type that the registry does not keep", "nothing, or leave it out"},
	{IDWrong, "the id is missing, or is not 1 to 64 letters, digits, dots and hyphens", "send the id of your system; a spreadsheet may have made a number of it"},
	{NameMissing, "there is no family name that holds today", "send one; who has one name only has it as the family name"},
	{NameWrong, "the family name or the first given name has more than 50 letters, or characters that are none, such as � or ? in place of a letter that was lost", "correct the name, or export it again as UTF-8"},
	{TestPatient, "the entry is marked as a test, or its name is one", "nothing; take the mark off if it is somebody"},
	{BirthWrong, "the birth date is no whole day of the calendar, or not written as YYYY-MM-DD", "write 1984-07-09; a year alone cannot be matched"},
	{BirthFuture, "the birth date is after the day of the import", "correct it"},
	{BirthOld, "the birth date is before 1900", "correct it"},
	{GenderWrong, "the gender is none that is known", "send female, male, other or unknown, or nothing"},
	{PersonWrong, "the entry does not say whose it is by the id of a Patient", "send the id in patient.reference (Patient/ID) or in the column person"},
	{ReferenceElsewhere, "the reference names a server that is not the one of this file: the same id may be somebody else there", "name the server with --base, if its ids are those of this source"},
	{DateWrong, "the date is missing, in the future, none of the calendar, or may be read in two ways", "write YYYY-MM-DD; a month (2013-06) or a year will do"},
	{CVXWrong, "there is neither a vaccine code that can be read nor words in place of it", "send the CVX code, or an NDC, or what was given in words"},
	{NotADose, "CVX 998 says that no vaccine was given", "nothing"},
	{StatusWrong, "the status is none that is known", "send completed, not-done or entered-in-error"},
	{MarkWrong, "a mark such as not_valid or active is neither true nor false, nor yes or no", "write true or false, or leave it empty"},

	{"id-twice", "the file has had this person already", "send each person once, or with the time of the last change; the first, or the newer one, stays"},
	{"person-unknown", "the dose or the forecast is of somebody who is not on file", "send people first, with the same ids"},
	{"id-of-somebody-else", "the id is on file for somebody else: of first name, last name and birth date at most one is the same", "if ids are used again, remove the earlier person first; if it is another system, give it a --source of its own"},
	{"date-before-birth", "the dose would have been given before the person was born; the report is kept, and counts as not read until one of the dates is corrected", "correct the date of the dose, or the birth date"},
	{"date-placeholder", "the date is one that systems write when nobody knows it, such as 1900-01-01", "send the year or the month if that is known, or what is known in words"},
	{"index-of-somebody-else", "the shared index has this entry as one person with somebody of another name and birth date", "correct the index"},
	{"removed-by-hand", "somebody at the registry has removed this dose; it is kept, and counts for nothing", "delete it, or ask the registry to restore it (vaxcentral people restore-dose)"},
	{"merged-with-somebody-else", "the entry says that it is replaced by one of another name and birth date, or is that one: the replaced one finds nobody any more, and its doses go to nobody", "correct the link, the name or the birth date; or, if they are one person, join them with vaxcentral people link"},
}

// Explain is what a reason means and what to do; nothing of one that is not listed.
func Explain(r registry.Reason) (Why, bool) {
	plain, _, _ := strings.Cut(string(r), ":")
	for _, w := range Reasons {
		if string(w.Reason) == plain {
			return w, true
		}
	}
	return Why{}, false
}
