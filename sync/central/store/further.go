package store

import (
	"encoding/json"
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// What somebody has beside the columns of people is written into their row, so that whoever
// is found has been read with it. Table contacts only finds them.

// further is JSON in people.more; "" for nobody's.
type further struct {
	Contacts []filed        `json:"contacts,omitempty"`
	Names    []request.Name `json:"names,omitempty"`
}

// filed is a contact with what it is found by; "" for nothing.
type filed struct {
	Phone    string `json:"phone,omitempty"`
	Email    string `json:"email,omitempty"`
	Guardian bool   `json:"guardian,omitempty"`
	Key      string `json:"key,omitempty"`
}

// furtherOf is what people.more says of somebody.
func furtherOf(p *registry.Person, k keys) (string, error) {
	if len(p.More)+len(p.Also) == 0 {
		return "", nil
	}
	f := further{Names: p.Also}
	for n, c := range p.More {
		f.Contacts = append(f.Contacts, filed{c.Phone, c.Email, c.Guardian, k.more[n]})
	}
	b, err := json.Marshal(f)
	return string(b), err
}

// read takes up what people.more says of a row.
func (r *row) read(more string) error {
	if more == "" {
		return nil
	}
	var f further
	if json.Unmarshal([]byte(more), &f) != nil {
		return fmt.Errorf("%v: people.more is not what it should be", r.Person) // the cause would hold values
	}
	r.Also = f.Names
	for _, c := range f.Contacts {
		r.contacts = append(r.contacts, keyed{registry.Contact{Phone: c.Phone, Email: c.Email, Guardian: c.Guardian}, c.Key})
	}
	return nil
}
