package worker

import (
	"context"
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// Where notices go. A code goes to a contact on file, which the release rule has
// found to be one that was given; of two, to the one named first. Everything else
// goes to the contact named first.
//
// With two contacts, one of them may be a neighbour's and the other one's own. So
// whenever the contact named first gets no code, it gets one and the same text,
// which says to look at the other contact; its silence would tell that a record
// is there. It gets it before the code goes out, once, and then the kiosk hears
// that the request is answered: neither a broken channel of the code nor its own
// makes a difference to what can be seen from there.
//
// All texts are written for every request, whichever of them goes out.

// outgoing is a message with its kind.
type outgoing struct {
	kind    notice.Kind
	message notice.Message
}

func (o outgoing) audit() store.Notice {
	return store.Notice{Kind: string(o.kind), Channel: string(channel(o.message))}
}

// notices writes what one request causes, in the order in which it goes out.
func (c *Worker) notices(ctx context.Context, id string, r request.Request, d match.Decision, code string) ([]outgoing, error) {
	p, ok, err := c.Store.Contact(ctx, d.Person) // also nobody's: it takes the same time
	if err == nil && !ok && d.Verdict == match.Release {
		err = store.ErrUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("read the contact on file: %w", err)
	}
	details := notice.Details{Relation: r.Relation, Receipt: request.ReceiptFor(id), Help: c.HelpPhone, Code: code}
	write := func(k notice.Kind, to string) outgoing {
		m := notice.Message{To: to, At: c.Now()}
		m.Subject, m.Text = notice.Text(r.Lang, k, details)
		return outgoing{k, m}
	}
	first := given(r)
	no, notHere, yes := write(notice.NotFound, first), write(notice.NotHere, first), write(notice.Found, contactOnFile(p, r))
	if r.Phone != "" && r.Email != "" {
		no = notHere
	}
	switch {
	case d.Verdict != match.Release:
		return []outgoing{no}, nil
	case channel(yes.message) != channel(no.message):
		return []outgoing{no, yes}, nil
	}
	return []outgoing{yes}, nil
}

// given is the contact that the visitor named first.
func given(r request.Request) string {
	if r.Contact == request.ByEmail {
		return r.Email
	}
	return r.Phone
}

// contactOnFile is the contact that is on file as given; of two, the one named first.
func contactOnFile(p registry.Person, r request.Request) string {
	byPhone, byEmail := match.SamePhone(p.Phone, r.Phone), match.SameEmail(p.Email, r.Email)
	if byPhone && (r.Contact == request.ByPhone || !byEmail) {
		return r.Phone // the same number, in the form of gateways
	}
	return p.Email
}

func channel(m notice.Message) request.ContactKind {
	if m.ByEmail() {
		return request.ByEmail
	}
	return request.ByPhone
}
