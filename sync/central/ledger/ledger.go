// Package ledger is where it is told what has become of notices: by the bounces of mail, by the
// receipts of a gateway, and by staff to whom somebody says that they want no messages.
//
//	l := &ledger.Ledger{Store: s, Keeper: k, Now: time.Now}
//	err := l.Receipt(ctx, ref, notice.Failed, "5.1.1") // of the message with this Ref
//	err = l.OptOut(ctx, "+16175550142", true)          // STOP; false: START
//
// What it is told changes what staff sees (store.Letters), and whether anything is sent to a contact
// from now on: to a mailbox that there is not, for 30 days; to whoever wants none, until they do. It
// never changes what a kiosk hears, nor tries and codes, so nobody learns anything there. Of a
// contact it keeps a keyed hash, and of why a code that is in no address.
//
// A ref that is made up does nothing: it is notice.ErrNoRef. The same may be told again.
package ledger

import (
	"context"
	"regexp"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// Ledger is that of one data folder. All fields are required; it is safe for concurrent use.
type Ledger struct {
	Store  *store.Store
	Keeper *access.Keeper
	Now    func() time.Time
}

// reasons are what a receipt may give as why; anything else is left out.
var reasons = regexp.MustCompile(`^[0-9A-Za-z._-]{1,32}$`)

// Receipt notes how far a notice is. The reason is a status of RFC 3463 for mail, and a code of
// the gateway's else.
func (l *Ledger) Receipt(ctx context.Context, ref string, to notice.State, reason string) error {
	fault := ""
	if to == notice.Failed || to == notice.Unknown {
		fault = "it came back"
		if reasons.MatchString(reason) {
			fault += ", " + reason
		}
	}
	return l.Store.Receipt(ctx, ref, to, fault, to == notice.Failed && notice.Dead(reason), l.Now())
}

// OptOut notes that whoever has a contact wants no messages there, however it is written, or that
// they want them again.
func (l *Ledger) OptOut(ctx context.Context, contact string, out bool) error {
	return l.Store.OptOut(ctx, l.Keeper.ContactHash(notice.ContactKey(contact)), out)
}
