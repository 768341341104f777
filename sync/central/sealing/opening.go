package sealing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// What cannot be read, and whose fault that is. A kiosk that seals rubbish is told so
// on arrival. But a request may be as good as any and this program in a wrong state: its
// sealing key is another one after a restore, the kiosk is newer, a clock is off. Such a
// request is taken and kept as it is, the log says why once, and /readyz is 503 until it
// can be read: after the next start, or within an hour. What has been taken is never
// given up for rubbish: then it could be read on arrival.

// OwnFault is why a request cannot be read now, by a fault that may be central's.
type OwnFault string

// Error is a sentence for staff, with the fix.
func (f OwnFault) Error() string { return string(f) }

// The faults that may be central's.
const (
	OtherKey  OwnFault = "sealed to another key than this folder has: restore sealing.key from the newest back-up"
	ClockOff  OwnFault = "it does not fit the day, and the clocks of kiosk and central differ: set them right"
	badRecord OwnFault = "it is damaged in the database: restore that from the backup"
)

// Newer is the fault of a program that is older than its kiosks.
func Newer(v, reads int) OwnFault {
	return OwnFault(fmt.Sprintf("it is of version %d, and this program reads up to v=%d: update it", v, reads))
}

// Opener reads requests.
type Opener struct {
	Keys  *Keys
	Store *store.Store
	Now   func() time.Time
	Reads int // up to which version of a request; 0: what this program writes
}

// Job reads a request as it rests.
func (o Opener) Job(j store.Job, now time.Time) (request.Request, error) {
	e, err := seal.Decode(j.Envelope)
	if err != nil {
		return request.Request{}, badRecord
	}
	return o.Request(e, j.ID, now)
}

// Request opens and checks a request. It may come from a kiosk that was offline for long,
// so a child of that day may be of age by now; and from one whose calendar is a day
// ahead of central's, so a birthday may be tomorrow here.
func (o Opener) Request(e seal.Envelope, key string, now time.Time) (request.Request, error) {
	plain, err := o.Keys.Open(e, seal.ForRequest, key)
	if errors.Is(err, seal.ErrOtherKey) {
		err = OtherKey
	}
	if err != nil {
		return request.Request{}, err
	}
	reads := cmp.Or(o.Reads, request.EncodingVersion)
	if v := request.VersionOf(plain); v > reads {
		return request.Request{}, Newer(v, reads)
	}
	r, err := request.Decode(plain, request.DateOf(now))
	for _, off := range []time.Duration{-LongestWay, request.ZonesAhead} {
		if err == nil {
			break
		}
		if other, no := request.Decode(plain, request.DateOf(now.Add(off))); no == nil {
			return other, nil
		}
	}
	return r, err
}

// ErrKeyEnded is no fault of central's: no kiosk holds anything for so long.
var ErrKeyEnded = errors.New("sealed to a key whose time is over")

// Fits says why a key opens nothing that comes in: OtherKey, or ErrKeyEnded when it was
// one of this folder.
func (o Opener) Fits(ctx context.Context, kid string) (unread, err error) {
	if o.Keys.Takes(kid) {
		return nil, nil
	}
	since, replaced, err := o.Store.SealingReplaced(ctx, kid)
	if replaced && (kid == o.Keys.Before() || !o.Now().Before(since.Add(Overlap))) {
		return ErrKeyEnded, err
	}
	return OtherKey, err
}
