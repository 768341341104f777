package calls

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"vaxkiosk/sync/api"
)

// exact compares the members of a JSON object with those of the struct that it is
// for. The decoder takes names in any case, takes a member twice, and takes one that
// is missing for zero; the contract does not.
func exact(b []byte, into any) error {
	want := membersOf(into)
	d := json.NewDecoder(bytes.NewReader(b))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.Join(err, errors.New("not a JSON object"))
	}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		if _, known := want[name]; !known {
			return errUnknownField
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if seen[name] || string(value) == "null" {
			return errors.New("a member is there twice, or is null")
		}
		seen[name] = true
	}
	for name, required := range want {
		if required && !seen[name] {
			return errors.New("a required member is missing")
		}
	}
	return nil
}

// membersOf are the names of a struct's members in JSON, and whether each must be there.
func membersOf(into any) map[string]bool {
	all := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(into).Elem()) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		all[name] = !strings.Contains(options, "omitempty")
	}
	return all
}

func answer(w http.ResponseWriter, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b) // the kiosk is gone if this fails
	return nil
}

// read reads a body: one JSON value without unknown fields.
func read(r *http.Request, into any) ([]byte, error) {
	b, err := all(r)
	if err != nil {
		return nil, err
	}
	if err := strict(b, into); err != nil {
		return nil, notTheContract(err)
	}
	return b, nil
}

// all reads a body.
func all(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, notTheContract(err)
	}
	return b, err
}

// notTheContract says what is wrong with a body, without a word of it.
func notTheContract(err error) *refusal {
	var kind *json.UnmarshalTypeError
	var bytes base64.CorruptInputError
	var day *time.ParseError
	switch {
	case errors.Is(err, errUnknownField):
		return problem(http.StatusBadRequest, api.ProblemUnknownField, "a member that the contract does not name")
	case errors.As(err, &kind), errors.As(err, &bytes), errors.As(err, &day):
		return problem(http.StatusBadRequest, api.ProblemWrongType, "a member of another type than the contract's")
	}
	return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
}

var errUnknownField = errors.New("unknown field")

// strict decodes one JSON object with just the members of the contract.
func strict(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err != nil && strings.HasPrefix(err.Error(), "json: unknown field") { // it has no type
		return errUnknownField
	}
	if err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return exact(b, into)
}
