package notice

import (
	"errors"
	"strconv"
	"time"
)

// Fault is why a message was not handed over, in words of ours: what a relay or a gateway says
// has the contact in it as a rule, so none of it goes any further.
type Fault struct {
	What   string // what was not done, for example "the relay refused the recipient"
	Code   int    // of SMTP or HTTP, 0 when there is none
	Status string // of RFC 3463, such as "5.1.1", empty when there is none
	// Final says that no other try will reach this contact. A fault that may be of the way there
	// and not of the contact is never final.
	Final bool
	// Unknown says that the message may have been taken all the same.
	Unknown bool
	// After is how long not to try again for, when whoever delivers says so.
	After time.Duration
}

func (f *Fault) Error() string {
	text := f.What
	if f.Code != 0 {
		text += ", " + strconv.Itoa(f.Code)
	}
	if f.Status != "" {
		text += " " + f.Status
	}
	return text
}

// Final reports whether an error says that its contact cannot be reached.
func Final(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.Final
}
