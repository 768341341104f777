package notice

import (
	"cmp"
	"strings"

	"vaxkiosk/app/request"
)

// ContactKey is a contact in the form in which all its spellings are one, also
// those that a mailbox can have without end (me+1@example.org).
func ContactKey(to string) string {
	if box, host, ok := strings.Cut(strings.ToLower(to), "@"); ok {
		box, _, _ = strings.Cut(box, "+")
		return box + "@" + host
	}
	return cmp.Or(request.PhoneKey(to), to)
}
