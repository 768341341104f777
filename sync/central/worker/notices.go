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
// goes to the contact named first. Which contacts on file there are for a request is said
// in one place (reachable), for a first code and for a new one.
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
	mark    string // of the contact that a code goes to
}

// Names of the notices of a request: each has its own ref.
const (
	toldFirst = "told"   // that no code comes to the contact named first
	answered  = "answer" // with the person behind it, if staff has chosen one
	onceMore  = "again"  // with the number of the wish behind it
)

// notices writes what one request causes, in the order in which it goes out.
func (c *Worker) notices(ctx context.Context, t task, d match.Decision, code string, today request.Date) ([]outgoing, error) {
	id, r := t.ID, t.asked
	p, ok, err := c.Store.Contact(ctx, d.Person) // also nobody's: it takes the same time
	to := asGiven(reachable(p, r.Relation, today), r)
	if err == nil && (!ok || to == reached{}) && d.Verdict == match.Release {
		err = store.ErrUnknown // since it was decided on
	}
	if err != nil {
		return nil, fmt.Errorf("read the contact on file: %w", err)
	}
	details := notice.Details{Relation: r.Relation, Receipt: request.ReceiptFor(id), Help: c.HelpPhone, Code: code}
	write := func(name string, k notice.Kind, to string) outgoing {
		m := notice.Message{To: to, At: c.Now(), Ref: c.ref(id, name)}
		m.Subject, m.Text = notice.Text(r.Lang, k, details)
		return outgoing{kind: k, message: m}
	}
	first, answer := given(r), answered
	if t.Chosen != 0 {
		answer += fmt.Sprint(" ", t.Chosen)
	}
	no, notHere, yes := write(answer, notice.NotFound, first), write(toldFirst, notice.NotHere, first), write(answer, notice.Found, to.to)
	yes.mark = c.Keeper.ContactMark(id, to.key)
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

// ref is how a notice of a request is known to whoever delivers it.
func (c *Worker) ref(id, name string) string { return c.Keeper.NoticeRef(id + " " + name) }

// given is the contact that the visitor named first.
func given(r request.Request) string {
	if r.Contact == request.ByEmail {
		return r.Email
	}
	return r.Phone
}

// reached is a contact on file.
type reached struct {
	kind request.ContactKind
	key  string // as match compares it
	to   string // a number in the form of gateways, an address with its tag
}

// reachable are the contacts on file for requests of a relation, the best first. Those of
// a parent are none of an adult's, nor of anybody's who is not asked for by a parent.
func reachable(p registry.Person, relation request.Relation, today request.Date) (all []reached) {
	byParent := match.ParentMay(relation, p.Birth, today)
	for _, c := range append([]registry.Contact{{Phone: p.Phone}, {Email: p.Email}}, p.More...) {
		if c.Guardian && !byParent {
			continue
		}
		if key := request.PhoneKey(c.Phone); key != "" {
			all = append(all, reached{request.ByPhone, key, key})
		}
		if key := request.EmailKey(c.Email); key != "" {
			all = append(all, reached{request.ByEmail, key, c.Email})
		}
	}
	return all
}

// asGiven is the contact on file that was given; of two, the one named first.
func asGiven(all []reached, r request.Request) (found reached) {
	phone, email := request.PhoneKey(r.Phone), request.EmailKey(r.Email)
	for _, c := range all {
		if c.key == phone || c.key == email {
			if found == (reached{}) || found.kind != r.Contact && c.kind == r.Contact {
				found = c
			}
		}
	}
	return found
}

func channel(m notice.Message) request.ContactKind {
	if m.ByEmail() {
		return request.ByEmail
	}
	return request.ByPhone
}
