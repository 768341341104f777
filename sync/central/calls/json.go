package calls

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
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
