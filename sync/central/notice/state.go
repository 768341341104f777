package notice

import (
	"cmp"
	"errors"

	"vaxkiosk/app/request"
)

// State is how far a notice is. It only goes forward.
type State string

// The states.
const (
	Waiting    State = "waiting"     // for its first try or another one
	HandedOver State = "handed-over" // whoever delivers it has it
	Delivered  State = "delivered"
	Failed     State = "failed"    // it does not arrive
	Unknown    State = "unknown"   // it may have arrived
	HeldBack   State = "held-back" // it was not sent, as a limit says
)

// ErrNoRef tells that no notice has a ref: it is made up, or was long ago.
var ErrNoRef = errors.New("no notice has this ref")

// Dead reports whether a status (RFC 3463) says that there is no such mailbox, or that it is
// switched off: nothing is sent there for some time.
func Dead(status string) bool { return status == "5.1.1" || status == "5.2.1" }

// Exactly is a contact as it is refused by a relay: a number in whatever spelling, an address letter by
// letter. One that reaches the same mailbox as a rule (me+1@example.org) may be refused where the
// other is not, and who types it must not keep from its owner what is theirs.
func Exactly(to string) string {
	if (Message{To: to}).ByEmail() {
		return to
	}
	return cmp.Or(request.PhoneKey(to), to)
}
