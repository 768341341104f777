// Package notice tells people what came of their request, by text message or e-mail.
//
// Text makes the message from the word catalogue (assets/words/LANG/notices.toml).
// A Sender hands messages over: package smtp to a mail relay. Outbox writes each into a file of
// its own, for the operator's gateway to send; Phone keeps them in memory, for tests and
// demonstrations; Routes choose by the kind of contact. A Fault says why a message did not go, and
// a State how far it is. Messages name no person and no vaccine, because somebody else
// may see them.
//
// A not-found notice has a reason code that the help of every kiosk explains. It
// goes to the contact that was typed, so to whoever typed it: somebody could type a
// neighbour's name and their own phone. Therefore the code tells what was asked,
// never what was found: N1 for one's own record, N2 for a child's, N3 for that of
// somebody represented. Nobody on file, two people who agree, and a case for review
// give the same notice, byte by byte. When two contacts were given, NotHere takes its
// place, which reads the same when the code went to the other one.
package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
)

// Message is one text for one contact.
type Message struct {
	To      string // E.164 or e-mail address
	Subject string // for e-mail
	Text    string
	At      time.Time
	Ref     string // by which a bounce or a receipt names it; nothing can be read from it
}

// ByEmail reports whether the message goes by e-mail.
func (m Message) ByEmail() bool { return strings.Contains(m.To, "@") }

// String keeps contact and code out of logs (promise P9).
func (m Message) String() string { return "notice" }

// GoString is String, so that %#v tells no more.
func (m Message) GoString() string { return "notice" }

// Sender hands messages over to whoever delivers them.
//
// Obligations: Send returns nil only when the message is safe with the next hop,
// so that central can forget the code in it; it returns soon after ctx ends; after
// an error central may send a message with another code instead, so a sender must
// not deliver later what it refused, unless it says so (Fault.Unknown). It is safe for
// concurrent use. An error is a Fault where more is known than that it failed, and holds
// neither contact nor text.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Kind is what a notice says.
type Kind string

// The kinds, as the catalogue has them; the first two also with "-child" and
// "-represented" at their end.
const (
	Found    Kind = "found"
	NotFound Kind = "not-found"
	NotHere  Kind = "not-here" // no code comes to this contact, maybe to the other one
)

// Details fill in a text.
type Details struct {
	Relation            request.Relation // whose record was asked for
	Code, Receipt, Help string
}

// Reason is the reason code of a not-found notice: what was asked, never what was
// found (see above).
func Reason(r request.Relation) string {
	switch r {
	case request.Child:
		return "N2"
	case request.Represented:
		return "N3"
	case request.Self:
	}
	return "N1"
}

// Language returns a language that notices are written in: the one asked for, or
// English.
func Language(lang string) string {
	if slices.ContainsFunc(assets.Languages, func(l assets.Language) bool { return l.Tag == lang }) {
		return lang
	}
	return "en"
}

// Text returns subject and text in a language, English if there is none in it.
func Text(lang string, k Kind, d Details) (subject, text string) {
	words := assets.Words(Language(lang))
	key := "notice." + string(k)
	if k != NotHere && (d.Relation == request.Child || d.Relation == request.Represented) {
		key += "-" + string(d.Relation)
	}
	fill := strings.NewReplacer("{code}", d.Code, "{receipt}", d.Receipt, "{help}", d.Help, "{reason}", Reason(d.Relation))
	return words["notice.subject"].Shown, fill.Replace(words[key].Shown)
}
