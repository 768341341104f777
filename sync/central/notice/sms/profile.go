package sms

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/sync/central/notice"
)

// Profile names a kind of gateway.
type Profile string

// The profiles.
const (
	Generic Profile = "generic" // JSON
	Twilio  Profile = "twilio"  // or whoever speaks like it
	Telnyx  Profile = "telnyx"
)

// Fields are the names of a gateway's fields. Of an id in an object in the answer, the names stand
// behind each other with dots.
type Fields struct {
	To, From, Pool, Text string // From is a number, Pool an id of several
	Validity             string // seconds; empty: the gateway cannot be told
	Receipts             string // the address of receipts
	ID                   string // in the answer
}

// or is f with what another one has in its places.
func (f Fields) or(o Fields) Fields {
	for _, one := range []struct{ here, there *string }{
		{&f.To, &o.To}, {&f.From, &o.From}, {&f.Pool, &o.Pool}, {&f.Text, &o.Text}, {&f.Validity, &o.Validity}, {&f.Receipts, &o.Receipts}, {&f.ID, &o.ID},
	} {
		if *one.there != "" {
			*one.here = *one.there
		}
	}
	return f
}

// profile is how a kind of gateway is spoken to.
type profile struct {
	url     string // {account} is filled in
	see     string // what Check asks for, from there; empty: the same, with GET
	account bool   // it has to be told one
	form    bool   // fields are a form, not JSON
	fields  Fields
	always  map[string]any   // is said in each message
	says    []string         // where an answer has its code for an error
	errors  map[string]class // those that we know
}

// class is what a gateway's code for an error means.
type class struct {
	what   string
	status string // RFC 3463, also the reason of a receipt
	final  bool
}

// The classes. Opted out and no phone are of the number, whoever sends; the others may be of the way.
var (
	optedOut    = class{"the number wants no messages", "5.2.0", true}
	noPhone     = class{"the number takes no text messages", "5.1.1", true}
	unreachable = class{"the phone was not reached", "4.4.1", false}
	blocked     = class{"the message was blocked on its way: is the sender registered?", "5.7.1", false}
	expired     = class{"the message was not delivered in time", "5.4.7", false}
	ours        = class{"the gateway does not take our sender, or our text", "5.6.0", false}
	busy        = class{"the gateway wants fewer messages at a time", "4.4.5", false}
)

// undelivered is the reason of everything that has no class.
const undelivered = "5.0.0"

func (c class) fault(code string, a answer) *notice.Fault {
	f := &notice.Fault{What: c.what, Code: a.status, Status: c.status, Final: c.final, After: a.after}
	if n, err := strconv.Atoi(code); err == nil {
		f.Code = n
	}
	return f
}

var profiles = map[Profile]profile{
	Generic: {
		fields: Fields{To: "to", From: "from", Pool: "from", Text: "text", Validity: "validity_seconds", Receipts: "receipts_url", ID: "id"},
		says:   []string{"error"},
		errors: map[string]class{"opted-out": optedOut, "no-phone": noPhone, "unreachable": unreachable, "blocked": blocked, "expired": expired, "busy": busy},
	},
	// https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/api/errors
	Twilio: {
		url: "https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json", see: "../{account}.json", account: true, form: true,
		fields: Fields{To: "To", From: "From", Pool: "MessagingServiceSid", Text: "Body", Validity: "ValidityPeriod", Receipts: "StatusCallback", ID: "sid"},
		says:   []string{"code", "error_code"},
		errors: map[string]class{
			"21610": optedOut,
			"21211": noPhone, "21614": noPhone, "21635": noPhone, "30006": noPhone,
			"30003": unreachable, "30005": unreachable,
			"30004": blocked, "30007": blocked, "30032": blocked, "30034": blocked, "30035": blocked,
			"30036": expired,
			"21212": ours, "21603": ours, "21606": ours, "21617": ours, "21659": ours,
			"20429": busy, "21611": busy, "30001": busy, "30022": busy, "30023": busy, "63038": busy,
		},
	},
	// https://developers.telnyx.com/docs/messaging/messages/error-codes. How long a message is of use
	// cannot be said in it.
	Telnyx: {
		url: "https://api.telnyx.com/v2/messages", see: "messaging_profiles?page%5Bsize%5D=1",
		fields: Fields{To: "to", From: "from", Pool: "messaging_profile_id", Text: "text", Receipts: "webhook_url", ID: "data.id"},
		always: map[string]any{"type": "SMS", "use_profile_webhooks": false},
		says:   []string{"errors.0.code", "data.errors.0.code"},
		errors: map[string]class{
			"40300": optedOut,
			"40001": noPhone, "40012": noPhone, "40310": noPhone,
			"40004": unreachable, "40006": unreachable, "40008": unreachable,
			"40002": blocked, "40003": blocked, "40010": blocked, "40015": blocked,
			"40005": expired, "40014": expired,
			"40009": ours, "40013": ours, "40100": ours, "40305": ours, "40312": ours,
			"40011": busy, "40318": busy,
		},
	},
}

// encode writes a message as the gateway reads it, and returns of which kind that is.
func (p profile) encode(o Options, m notice.Message) (body []byte, kind string) {
	all := map[string]any{p.fields.To: m.To, p.fields.Text: m.Text}
	if strings.HasPrefix(o.From, "+") {
		all[p.fields.From] = o.From
	} else {
		all[p.fields.Pool] = o.From
	}
	if p.fields.Validity != "" {
		all[p.fields.Validity] = int(o.Life / time.Second)
	}
	if o.Receipts != "" && m.Ref != "" {
		all[p.fields.Receipts] = o.Receipts + "?ref=" + url.QueryEscape(m.Ref)
	}
	for name, value := range p.always {
		all[name] = value
	}
	if !p.form {
		body, _ = json.Marshal(all) // texts, numbers and booleans only
		return body, "application/json"
	}
	form := url.Values{}
	for name, value := range all {
		switch v := value.(type) {
		case string:
			form.Set(name, v)
		case int:
			form.Set(name, strconv.Itoa(v))
		}
	}
	return []byte(form.Encode()), "application/x-www-form-urlencoded"
}

// id is by which id the gateway has a message.
func (p profile) id(said any, f Fields) string { return at(said, f.ID) }

// code is the gateway's code for an error, "" when there is none.
func (p profile) code(said any) string {
	for _, path := range p.says {
		if code := at(said, path); code != "" {
			return code
		}
	}
	return ""
}

// at finds a text or a number in JSON.
func at(said any, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		switch in := said.(type) {
		case map[string]any:
			said = in[name]
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n < 0 || n >= len(in) {
				return ""
			}
			said = in[n]
		default:
			return ""
		}
	}
	switch v := said.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Reason is why a message did not arrive, by the code that a gateway of a profile has for it: a
// status of RFC 3463 from a closed list. Whatever the code is, there is one.
func Reason(p Profile, code string) string {
	if c, known := profiles[p].errors[code]; known {
		return c.status
	}
	return undelivered
}
