package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// A correction says what is missing or wrong in a record. Who asks from the open
// record is known; who asks from the start says name, birth date and a contact,
// and learns nothing from the answer: every correction gets a tracking number.

// FixKind says what is to be corrected.
type FixKind string

// The kinds, as sent to central.
const (
	MissingDose FixKind = "missing-dose"
	WrongDose   FixKind = "wrong-dose"
	WrongName   FixKind = "name"
	AddContact  FixKind = "add-contact"
)

// FixKinds are the kinds in the order they are offered.
var FixKinds = []FixKind{MissingDose, WrongDose, WrongName, AddContact}

// Wrong says what is wrong with a dose.
type Wrong string

// What can be wrong with a dose, as sent to central.
const (
	WrongDay     Wrong = "day"
	WrongVaccine Wrong = "vaccine"
	NotMine      Wrong = "not-mine"
	Twice        Wrong = "twice"
	WrongOther   Wrong = "other"
)

// Wrongs are in the order they are offered.
var Wrongs = []Wrong{WrongDay, WrongVaccine, NotMine, Twice, WrongOther}

// Fix is what to correct, as typed so far.
type Fix struct {
	Kind     FixKind
	Dose     int    // of the open record, from 1; 0 when none is picked
	Known    bool   // asked from the open record: name and birth date are the record's
	Vaccine  string // in words
	Place    string // optional, where it was given
	Day      Date
	Wrong    Wrong
	Right    string // the right vaccine, optional; or what else is wrong
	RightDay Date   // optional
	New      Name   // the right name
}

// Correction is a valid correction.
type Correction struct {
	Version  int     `json:"v"`
	Kind     FixKind `json:"kind"`
	Token    string  `json:"token,omitempty"` // opened the record it is about; "" when asked from the start
	Given    string  `json:"given,omitempty"`
	Family   string  `json:"family"`
	Birth    Date    `json:"birth"`
	Phone    string  `json:"phone,omitempty"` // where to reach the person, or the contact to add
	Email    string  `json:"email,omitempty"`
	Vaccine  string  `json:"vaccine,omitempty"`
	Place    string  `json:"place,omitempty"`
	Day      Date    `json:"day,omitzero"`
	Wrong    Wrong   `json:"wrong,omitempty"`
	Right    string  `json:"right,omitempty"`
	RightDay Date    `json:"rightDay,omitzero"`
	New      Name    `json:"new,omitzero"`
	Lang     string  `json:"lang"`
	Policy   string  `json:"policy,omitempty"` // version agreed to; "" when asked from the open record
}

// fixQuestions are the questions of a correction, in order.
func (d Draft) fixQuestions() []Question {
	all := []Question{AskFix}
	if !d.Fix.Known {
		all = append(all, AskName, AskBirth)
	}
	switch d.Fix.Kind {
	case MissingDose:
		all = append(all, AskVaccine, AskDay)
	case WrongDose:
		if d.Fix.Known {
			all = append(all, AskDose, AskWrong)
		} else {
			all = append(all, AskVaccine, AskDay, AskWrong)
		}
		switch d.Fix.Wrong {
		case WrongDay:
			all = append(all, AskRightDay)
		case WrongVaccine, WrongOther:
			all = append(all, AskRight)
		case NotMine, Twice:
		}
	case WrongName:
		all = append(all, AskNewName)
	case AddContact:
		return append(all, AskContact)
	}
	if !d.Fix.Known {
		all = append(all, AskContact)
	}
	return all
}

func (d Draft) checkFix(q Question, today Date) []Problem {
	f := d.Fix
	switch q {
	case AskFix:
		return problem(FieldFix, oneOf(f.Kind, FixKinds))
	case AskDose, AskVaccine:
		found := problem(FieldVaccine, checkWords(f.Vaccine))
		if Fold(f.Place) != "" {
			found = append(found, problem(FieldPlace, checkWords(f.Place))...)
		}
		return found
	case AskDay:
		return problem(FieldDay, checkDay(f.Day, d.Birth, today))
	case AskWrong:
		return problem(FieldWrong, oneOf(f.Wrong, Wrongs))
	case AskRight:
		if f.Wrong == WrongOther || Fold(f.Right) != "" {
			return problem(FieldRight, checkWords(f.Right))
		}
		return nil
	case AskRightDay:
		if f.RightDay == (Date{}) {
			return nil
		}
		return problem(FieldRightDay, checkDay(f.RightDay, d.Birth, today))
	case AskNewName:
		return lastName(f.New, FieldNewGiven, FieldNewFamily)
	default:
		return nil
	}
}

func oneOf[T ~string](v T, all []T) Code {
	switch {
	case v == "":
		return Required
	case !slices.Contains(all, v):
		return UnknownChoice
	}
	return ""
}

// checkWords wants a few words in any script.
func checkWords(s string) Code {
	switch {
	case Letters(s) > maxWords:
		return TooLong
	case Fold(s) == "":
		return Required
	}
	return ""
}

// checkDay wants a day between birth and today.
func checkDay(day, birth, today Date) Code {
	if !day.Complete() {
		return Required
	}
	return day.soFar(birth, today)
}

// Correction returns the valid correction for a draft, or the problems of every
// question in order. Token is what opened the record, or "".
func (d Draft) Correction(lang, token string, today Date) (Correction, []Problem) {
	all := d.problems(today)
	if !d.Fix.Known && d.Consent.Policy == "" {
		all = append(all, problem(FieldConsent, Required)...)
	}
	if len(all) > 0 {
		return Correction{}, all
	}
	c := Correction{
		Version: EncodingVersion, Kind: d.Fix.Kind, Token: token, Lang: lang,
		Given: Fold(d.Given), Family: Fold(d.Family), Birth: d.Birth,
	}
	if d.Single {
		c.Given = ""
	}
	if !d.Fix.Known {
		c.Policy = d.Consent.Policy
	}
	asked := d.Questions()
	if slices.Contains(asked, AskContact) {
		c.Phone, c.Email = d.contacts()
	}
	if slices.Contains(asked, AskVaccine) || slices.Contains(asked, AskDose) {
		c.Vaccine, c.Place, c.Day = Fold(d.Fix.Vaccine), Fold(d.Fix.Place), d.Fix.Day
	}
	if slices.Contains(asked, AskWrong) {
		c.Wrong = d.Fix.Wrong
	}
	if slices.Contains(asked, AskRight) {
		c.Right = Fold(d.Fix.Right)
	}
	if slices.Contains(asked, AskRightDay) {
		c.RightDay = d.Fix.RightDay
	}
	if slices.Contains(asked, AskNewName) {
		c.New = d.Fix.New.clean()
	}
	return c, nil
}

// Encode returns the canonical bytes, as Request.Encode does.
func (c Correction) Encode() []byte { return canonical(c) }

// DecodeCorrection reads canonical bytes and checks every rule again. What the
// open record says of the person is not checked by the rules of the form. The
// error names fields and codes, never a value.
func DecodeCorrection(b []byte, today Date) (Correction, error) {
	var c Correction
	if json.Unmarshal(b, &c) != nil {
		return Correction{}, fmt.Errorf("%w: not the expected JSON", ErrInvalid)
	}
	if c.Version != EncodingVersion {
		return Correction{}, fmt.Errorf("%w: version %d, want %d", ErrInvalid, c.Version, EncodingVersion)
	}
	again, problems := c.draft().Correction(c.Lang, c.Token, today)
	if len(problems) > 0 {
		return Correction{}, fmt.Errorf("%w: %s is %s", ErrInvalid, problems[0].Field, problems[0].Code)
	}
	if again != c.folded() || !spaced(c.texts()) || !bytes.Equal(c.Encode(), b) {
		return Correction{}, fmt.Errorf("%w: not in canonical form", ErrInvalid)
	}
	return c, nil
}

func (c Correction) draft() Draft {
	d := Draft{
		Given: c.Given, Family: c.Family, Single: c.Given == "", Birth: c.Birth, Phone: c.Phone, Email: c.Email, Both: c.Phone != "" && c.Email != "",
		Consent: Consent{Policy: c.Policy},
		Fix:     Fix{Kind: c.Kind, Known: c.Token != "", Vaccine: c.Vaccine, Place: c.Place, Day: c.Day, Wrong: c.Wrong, Right: c.Right, RightDay: c.RightDay, New: c.New},
	}
	switch {
	case c.Phone != "":
		d.Contact = ByPhone
	case c.Email != "":
		d.Contact = ByEmail
	}
	return d
}

// texts are what was typed, but for the phone.
func (c *Correction) texts() []*string {
	return []*string{&c.Given, &c.Family, &c.Vaccine, &c.Place, &c.Right, &c.New.Given, &c.New.Family, &c.Email}
}

func (c Correction) folded() Correction {
	foldAll(c.texts())
	return c
}

// String keeps personal values out of logs and error texts (promise P9).
func (c Correction) String() string { return fmt.Sprintf("correction(%s)", c.Kind) }

// GoString is String, so that %#v tells no more.
func (c Correction) GoString() string { return c.String() }
