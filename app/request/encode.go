package request

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Encode returns the canonical bytes of a request: JSON with the fields in
// fixed order, no white space. Equal requests have equal bytes.
func (r Request) Encode() []byte { return canonical(r) }

func canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // a struct of strings and numbers always encodes
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// VersionOf reads the version of an encoding and nothing else, because a newer one may
// differ in all the rest; 0 when there is none.
func VersionOf(b []byte) int {
	var r struct {
		Version int `json:"v"`
	}
	if json.Unmarshal(b, &r) != nil {
		return 0
	}
	return r.Version
}

// Decode reads canonical bytes and checks every rule again; nothing but what
// Encode writes is taken. The error names fields and codes, never a value.
func Decode(b []byte, today Date) (Request, error) {
	var r Request
	if json.Unmarshal(b, &r) != nil {
		return Request{}, fmt.Errorf("%w: not the expected JSON", ErrInvalid)
	}
	if r.Version != EncodingVersion {
		return Request{}, fmt.Errorf("%w: version %d, want %d", ErrInvalid, r.Version, EncodingVersion)
	}
	again, problems := r.draft().Request(r.Lang, today)
	if len(problems) > 0 {
		return Request{}, fmt.Errorf("%w: %s is %s", ErrInvalid, problems[0].Field, problems[0].Code)
	}
	if again != r.folded() || !spaced(r.texts()) || !bytes.Equal(r.Encode(), b) {
		return Request{}, fmt.Errorf("%w: not in canonical form", ErrInvalid)
	}
	return r, nil
}

// What kiosks sealed before they folded what is typed has look-alike characters still. It is
// taken as it was sent, with single spaces and composed letters: it was told as saved.

// texts are what was typed, but for phone and PIN.
func (r *Request) texts() []*string {
	return []*string{&r.Asker.Given, &r.Asker.Family, &r.Given, &r.Middle, &r.Family, &r.Other.Given, &r.Other.Family, &r.Email}
}

func (r Request) folded() Request {
	foldAll(r.texts())
	return r
}

func foldAll(texts []*string) {
	for _, t := range texts {
		*t = Fold(*t)
	}
}

// spaced reports whether all texts have single spaces and composed letters.
func spaced(texts []*string) bool {
	for _, t := range texts {
		if norm.NFC.String(strings.Join(strings.Fields(*t), " ")) != *t {
			return false
		}
	}
	return true
}

// draft is the form as it was when the request was sent.
func (r Request) draft() Draft {
	return Draft{
		Relation: r.Relation, Capacity: r.Capacity, Asker: r.Asker,
		Given: r.Given, Middle: r.Middle, Family: r.Family, Single: r.Given == "", Suffix: r.Suffix, Other: r.Other, Birth: r.Birth, Gender: r.Gender,
		Contact: r.Contact, Both: r.Phone != "" && r.Email != "", Phone: r.Phone, Email: r.Email,
		PIN: r.PIN, PINAgain: r.PIN, Consent: r.Consent,
	}
}
