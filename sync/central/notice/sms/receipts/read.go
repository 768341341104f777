package receipts

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
)

// What gateways say. States that are none of ours (queued, sending) say nothing; of texts that
// people send, only whether they want messages is read.

var (
	refs    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	numbers = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
)

// read is what a call says, false when that is nothing for us.
func read(p sms.Profile, c call) (event, bool) {
	var e event
	switch p {
	case sms.Twilio:
		e = ofTwilio(c)
	case sms.Telnyx:
		e = ofTelnyx(c)
	case sms.Generic:
		e = ofGeneric(c)
	}
	if e.contact != "" {
		return e, numbers.MatchString(e.contact)
	}
	return e, refs.MatchString(e.ref) && e.state != ""
}

// receipt is one of a message; a code says why it failed.
func receipt(p sms.Profile, ref string, to notice.State, code string) event {
	e := event{ref: ref, state: to}
	if to == notice.Failed || to == notice.Unknown {
		e.reason = sms.Reason(p, code)
	}
	return e
}

var twilioStates = map[string]notice.State{
	"sent": notice.HandedOver, "delivered": notice.Delivered, "read": notice.Delivered,
	"undelivered": notice.Failed, "failed": notice.Failed, "canceled": notice.Failed,
}

func ofTwilio(c call) event {
	form, err := url.ParseQuery(string(c.body))
	switch {
	case err != nil:
		return event{}
	case form.Has("MessageStatus"):
		return receipt(sms.Twilio, c.query.Get("ref"), twilioStates[form.Get("MessageStatus")], form.Get("ErrorCode"))
	case form.Has("OptOutType"): // the account's own words for it are known there only
		return wish(form.Get("From"), form.Get("OptOutType"))
	}
	return wish(form.Get("From"), form.Get("Body"))
}

var telnyxStates = map[string]notice.State{
	"sent": notice.HandedOver, "delivered": notice.Delivered, "delivery_unconfirmed": notice.Unknown,
	"sending_failed": notice.Failed, "delivery_failed": notice.Failed, "expired": notice.Failed,
}

// telnyx is the part of an event that is read.
type telnyx struct {
	Data struct {
		Type    string `json:"event_type"`
		Payload struct {
			From struct {
				Number string `json:"phone_number"`
			} `json:"from"`
			To []struct {
				Status string `json:"status"`
			} `json:"to"`
			Text    string `json:"text"`
			Address string `json:"webhook_url"`
			Errors  []struct {
				Code string `json:"code"`
			} `json:"errors"`
		} `json:"payload"`
	} `json:"data"`
}

func ofTelnyx(c call) event {
	var t telnyx
	if json.Unmarshal(c.body, &t) != nil {
		return event{}
	}
	said := t.Data.Payload
	if t.Data.Type == "message.received" {
		return wish(said.From.Number, said.Text)
	}
	u, err := url.Parse(said.Address)
	if err != nil || len(said.To) != 1 {
		return event{}
	}
	code := ""
	if len(said.Errors) > 0 {
		code = said.Errors[0].Code
	}
	if said.To[0].Status == "expired" && code == "" {
		code = "40005"
	}
	return receipt(sms.Telnyx, u.Query().Get("ref"), telnyxStates[said.To[0].Status], code)
}

func ofGeneric(c call) event {
	var g struct{ State, Error, From, Text string }
	if json.Unmarshal(c.body, &g) != nil {
		return event{}
	}
	if g.State == "" {
		return wish(g.From, g.Text)
	}
	to := notice.State(g.State)
	if !slices.Contains([]notice.State{notice.HandedOver, notice.Delivered, notice.Failed, notice.Unknown}, to) {
		return event{}
	}
	return receipt(sms.Generic, c.query.Get("ref"), to, g.Error)
}

// The words that gateways and carriers stop and start messages at.
var (
	stops  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	starts = []string{"START", "UNSTOP", "YES"}
)

// wish is what somebody who writes wants, when it is one of these words alone.
func wish(from, text string) event {
	word := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(strings.Trim(text, " .!\"'\r\n\t")))
	switch {
	case slices.Contains(stops, word):
		return event{contact: from, out: true}
	case slices.Contains(starts, word):
		return event{contact: from}
	}
	return event{}
}
