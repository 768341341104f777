package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// How one notice is handed over, and how it ends. It has gone out when whoever delivers it has it.
// It does not go out when its contact has had enough (held back), when there is no such contact any
// more or whoever has it wants none (refused before), and when it is refused for good: then the
// request goes on as if it had, and staff finds it among the dead letters (store.Letters). Else it
// is tried again, with a new code; once more, when it may have gone out all the same: of two
// that have, the newer one counts, and there is no third.

// heldBack notes a notice that was not sent: its contact has had enough of them.
const heldBack notice.Kind = "held-back"

// refusedBefore is why nothing is sent to a contact.
const refusedBefore = "the contact was refused before, or wants no messages"

// otherFault stands for errors that are not in words of ours.
const otherFault = "it could not be handed over"

// handOver hands a notice of a request over, or ends it otherwise, and returns its audit. Took is
// how much longer it would have taken than it did (see pace). An error: it is to be tried again.
func (c *Worker) handOver(ctx context.Context, id string, o outgoing) (noted store.Notice, took time.Duration, err error) {
	noted = c.audit(o)
	before, err := c.Store.BeginNotice(ctx, id, noted, c.Now())
	if err != nil {
		return noted, 0, err
	}
	// Codes count apart from what anybody can have sent to a number: who asks in invented
	// names must not keep its owner's codes back.
	use := c.Keeper.Use(access.PerContact, fmt.Sprint(o.kind == notice.Found, " ", notice.ContactKey(o.message.To)))
	fits, err := !before.Refused, error(nil)
	if fits {
		fits, err = c.fits(ctx, use, c.Now())
	}
	switch {
	case err != nil:
		return noted, 0, err
	case fits:
		return c.send(ctx, o.message, noted, use, before.Doubts > 0)
	case before.Refused:
		noted.State, noted.Fault = notice.Failed, refusedBefore
	default:
		noted.Kind, noted.State = string(heldBack), notice.HeldBack
	}
	took, err = c.paces.of(channel(o.message), c.Now())
	return noted, took, err
}

// send hands over a notice that has been counted.
func (c *Worker) send(ctx context.Context, m notice.Message, noted store.Notice, use access.Use, doubted bool) (store.Notice, time.Duration, error) {
	limited, cancel := context.WithTimeout(ctx, SendLimit)
	defer cancel()
	start := c.Now()
	err := c.Sender.Send(limited, m)
	end, by := c.Now(), channel(m)
	fault := faultOf(err)
	if err != nil {
		c.State.Counts.NotSent(string(by), fault.Code)
	}
	switch {
	case err == nil:
		noted.State = notice.HandedOver
	case fault.Final:
		noted.State, noted.Fault, noted.Dead = notice.Failed, fault.Error(), notice.Dead(fault.Status)
		return noted, c.paces.refused(by, end, end.Sub(start)), nil
	case fault.Unknown && doubted:
		noted.State, noted.Fault = notice.Unknown, fault.Error()
	default:
		c.paces.note(by, end, end.Sub(start), err)
		ctx = context.WithoutCancel(ctx)
		return noted, 0, errors.Join(fmt.Errorf("hand over a notice: %w", err),
			c.Store.PutOffNotice(ctx, noted.Ref, fault.Error(), fault.Unknown, end), c.Store.Return(ctx, use))
	}
	c.paces.note(by, end, end.Sub(start), nil)
	return noted, 0, nil
}

// faultOf is what a sender says, or that it says nothing of its own.
func faultOf(err error) *notice.Fault {
	if f := (*notice.Fault)(nil); errors.As(err, &f) {
		return f
	}
	return &notice.Fault{What: otherFault}
}

// pause is how long to wait after so many failures and this one, whose sender may want more.
func pause(failures int, err error) time.Duration {
	return min(LastPutOff, max(firstPutOff<<min(failures, 20), faultOf(err).After))
}

// audit is a notice as the store keeps it, before it is handed over.
func (c *Worker) audit(o outgoing) store.Notice {
	return store.Notice{
		Kind: string(o.kind), Channel: string(channel(o.message)), Mark: o.mark,
		Ref: o.message.Ref, State: notice.Waiting,
		Contact: c.Keeper.ContactHash(notice.Exactly(o.message.To)), Owner: c.Keeper.ContactHash(notice.ContactKey(o.message.To)),
	}
}
