package central

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/seal"
)

// What cannot be read, and whose fault that is. A kiosk that seals rubbish is told so
// on arrival. But a request may be as good as any and this program in a wrong state: its
// sealing key is another one after a restore, the kiosk is newer, a clock is off. Such a
// request is taken and kept as it is, the log says why once, and /readyz is 503 until it
// can be read: after the next start, or within an hour. What has been taken is never
// given up for rubbish: then it could be read on arrival.

// ownFault is why a request cannot be read now, by a fault that may be central's.
type ownFault string

func (f ownFault) Error() string { return string(f) }

const (
	otherKey  ownFault = "sealed to another key than this folder has: restore sealing.key from the newest back-up"
	clockOff  ownFault = "it does not fit the day, and the clocks of kiosk and central differ: set them right"
	badRecord ownFault = "it is damaged in the database: restore that from the backup"
)

// newer is the fault of a program that is older than its kiosks.
func newer(v, reads int) ownFault {
	return ownFault(fmt.Sprintf("it is of version %d, and this program reads up to v=%d: update it", v, reads))
}

// open reads a request as it rests.
func (c *Central) open(j store.Job, now time.Time) (request.Request, error) {
	e, err := seal.Decode(j.Envelope)
	if err != nil {
		return request.Request{}, badRecord
	}
	return c.read(e, j.ID, now)
}

// read opens and checks a request. It may come from a kiosk that was offline for long,
// so a child of that day may be of age by now; and from one whose calendar is a day
// ahead of central's, so a birthday may be tomorrow here.
func (c *Central) read(e seal.Envelope, key string, now time.Time) (request.Request, error) {
	plain, err := c.sealing.Open(e, seal.ForRequest, key)
	if errors.Is(err, seal.ErrOtherKey) {
		err = otherKey
	}
	if err != nil {
		return request.Request{}, err
	}
	if v := request.VersionOf(plain); v > c.o.reads {
		return request.Request{}, newer(v, c.o.reads)
	}
	r, err := request.Decode(plain, request.DateOf(now))
	for _, off := range []time.Duration{-longestWay, zonesAhead} {
		if err == nil {
			break
		}
		if other, no := request.Decode(plain, request.DateOf(now.Add(off))); no == nil {
			return other, nil
		}
	}
	return r, err
}

// arriving looks at a request on arrival: held is why it cannot be read yet.
func (c *Central) arriving(r *http.Request, in handedIn, now time.Time) (held string, err error) {
	if err = in.unread; err == nil {
		_, err = c.read(in.envelope, in.key, now)
	}
	var own ownFault
	switch {
	case err == nil:
		return "", nil
	case errors.As(err, &own):
	case errors.Is(err, request.ErrInvalid) && c.clocksDiffer(r):
		own = clockOff
	default:
		if c.alarms.new(rubbish, kioskOf(r), now) {
			c.o.Log.Warn("a kiosk hands in requests that cannot be used; they are refused", "event", "requests.unusable", "kiosk", kioskName(r), "why", err.Error())
		}
		return "", errBadEnvelope
	}
	c.sayHeld(own, kioskName(r))
	return own.Error(), nil
}

// rubbish is not limited: it costs less than the call it came with.
var rubbish = access.Limit{Name: "unusable-requests", Window: time.Hour}

// sayHeld logs once why requests are held, and at which kiosk the first was typed if that
// is known.
func (c *Central) sayHeld(why error, kiosk string) {
	if _, said := c.heldFor.LoadOrStore(why.Error(), true); !said {
		c.o.Log.Error("requests cannot be read; they are kept, unanswered", "event", "requests.held", "why", why.Error(), "kiosk", kiosk)
	}
}

// errKeyEnded is no fault of central's: no kiosk holds anything for so long.
var errKeyEnded = errors.New("sealed to a key whose time is over")

// keyFits tells why a key opens nothing that comes in: otherKey, or errKeyEnded when it
// was one of this folder.
func (c *Central) keyFits(ctx context.Context, kid string) (unread, err error) {
	if c.sealing.takes(kid) {
		return nil, nil
	}
	since, replaced, err := c.store.SealingReplaced(ctx, kid)
	if replaced && (kid == c.sealing.before() || !c.o.Now().Before(since.Add(sealingOverlap))) {
		return errKeyEnded, err
	}
	return otherKey, err
}

// cannotOpen is the answer to what cannot even be taken, by a fault that may be
// central's: the kiosk keeps it.
func cannotOpen(why ownFault) *refusal {
	p := problem(http.StatusServiceUnavailable, api.ProblemCannotOpen, string(why))
	p.again = cannotOpenPause
	return p
}

const cannotOpenPause = 5 * time.Minute

// clocksDiffer tells whether a kiosk's clock and central's differ by too much. One that sends
// no time is taken at its word.
func (c *Central) clocksDiffer(r *http.Request) bool {
	sent, err := http.ParseTime(r.Header.Get("Date"))
	return err == nil && c.o.Now().Sub(sent).Truncate(time.Second).Abs() > record.ClockSlack
}
