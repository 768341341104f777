package smstest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
)

// Seal is how a receipt is signed.
type Seal string

// The seals.
const (
	Signed   Seal = "as it should be"
	Unsigned Seal = "not at all"
	Forged   Seal = "with another key"
	Old      Seal = "ten minutes ago" // where there is a time in it
)

// sent is a call that can be made again.
type sent struct {
	to   string
	body []byte
	head http.Header
}

// states are what each profile says of a message.
var states = map[sms.Profile]map[notice.State]string{
	sms.Twilio:  {notice.HandedOver: "sent", notice.Delivered: "delivered", notice.Failed: "undelivered", notice.Unknown: "sending"},
	sms.Telnyx:  {notice.HandedOver: "sent", notice.Delivered: "delivered", notice.Failed: "delivery_failed", notice.Unknown: "delivery_unconfirmed"},
	sms.Generic: {notice.HandedOver: "handed-over", notice.Delivered: "delivered", notice.Failed: "failed", notice.Unknown: "unknown"},
}

// Report says what has become of a message, with the gateway's code for why, and returns the answer.
func (g *Gateway) Report(ctx context.Context, m Message, to notice.State, code string, seal Seal) (int, error) {
	state := states[g.profile][to]
	switch g.profile {
	case sms.Twilio:
		form := url.Values{"MessageSid": {m.ID}, "SmsSid": {m.ID}, "SmsStatus": {state}, "MessageStatus": {state}, "To": {m.To}, "From": {m.From}, "AccountSid": {Account}, "ApiVersion": {"2010-04-01"}}
		if code != "" {
			form.Set("ErrorCode", code)
		}
		return g.post(ctx, m.Receipts, []byte(form.Encode()), seal)
	case sms.Telnyx:
		errs := []any{}
		if code != "" {
			errs = append(errs, map[string]any{"code": code, "title": "of " + m.To})
		}
		return g.event(ctx, m.Receipts, map[string]any{"event_type": "message.finalized", "payload": map[string]any{
			"id": m.ID, "text": m.Text, "webhook_url": m.Receipts, "errors": errs,
			"from": map[string]any{"phone_number": m.From}, "to": []any{map[string]any{"phone_number": m.To, "status": state}},
		}}, seal)
	case sms.Generic:
	}
	return g.json(ctx, m.Receipts, map[string]any{"state": state, "error": code}, seal)
}

// Says has somebody write to the sender.
func (g *Gateway) Says(ctx context.Context, address, from, text string, seal Seal) (int, error) {
	switch g.profile {
	case sms.Twilio:
		form := url.Values{"MessageSid": {"SM0"}, "SmsStatus": {"received"}, "To": {From}, "From": {from}, "Body": {text}, "NumSegments": {"1"}}
		return g.post(ctx, address, []byte(form.Encode()), seal)
	case sms.Telnyx:
		return g.event(ctx, address, map[string]any{"event_type": "message.received", "payload": map[string]any{
			"text": text, "from": map[string]any{"phone_number": from}, "to": []any{map[string]any{"phone_number": From, "status": "webhook_delivered"}},
		}}, seal)
	case sms.Generic:
	}
	return g.json(ctx, address, map[string]any{"from": from, "text": text}, seal)
}

func (g *Gateway) event(ctx context.Context, address string, data map[string]any, seal Seal) (int, error) {
	return g.json(ctx, address, map[string]any{"data": data, "meta": map[string]any{"attempt": 1}}, seal)
}

func (g *Gateway) json(ctx context.Context, address string, what map[string]any, seal Seal) (int, error) {
	body, err := json.Marshal(what)
	if err != nil {
		return 0, err
	}
	return g.post(ctx, address, body, seal)
}

// Again makes the last call once more, letter by letter.
func (g *Gateway) Again(ctx context.Context) (int, error) {
	g.mu.Lock()
	last := g.last
	g.mu.Unlock()
	if last == nil {
		return 0, errors.New("there is no call to repeat")
	}
	return g.do(ctx, *last)
}

func (g *Gateway) post(ctx context.Context, address string, body []byte, seal Seal) (int, error) {
	s := sent{address, body, http.Header{}}
	if seal != Unsigned {
		if err := g.sign(s, seal); err != nil {
			return 0, err
		}
	}
	g.mu.Lock()
	g.last = &s
	g.mu.Unlock()
	return g.do(ctx, s)
}

// sign adds the headers of the profile.
func (g *Gateway) sign(s sent, seal Seal) error {
	secret, signs, at := Secret, g.signs, time.Now()
	if seal == Forged {
		secret, signs = "another", ed25519.NewKeyFromSeed([]byte("another key of thirty-two bytes!"))
	}
	if seal == Old {
		at = at.Add(-10 * time.Minute)
	}
	when := strconv.FormatInt(at.Unix(), 10)
	switch g.profile {
	case sms.Twilio:
		form, err := url.ParseQuery(string(s.body))
		if err != nil {
			return err
		}
		names := []string{}
		for name := range form {
			names = append(names, name)
		}
		sort.Strings(names)
		text := s.to
		for _, name := range names {
			text += name + form.Get(name)
		}
		m := hmac.New(sha1.New, []byte(secret))
		m.Write([]byte(text))
		s.head.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
	case sms.Telnyx:
		s.head.Set("telnyx-timestamp", when)
		s.head.Set("telnyx-signature-ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(signs, []byte(when+"|"+string(s.body)))))
	case sms.Generic:
		u, err := url.Parse(s.to)
		if err != nil {
			return err
		}
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(when + "." + u.RequestURI() + "." + string(s.body)))
		s.head.Set("Vaxcentral-Timestamp", when)
		s.head.Set("Vaxcentral-Signature", hex.EncodeToString(m.Sum(nil)))
	}
	return nil
}

func (g *Gateway) do(ctx context.Context, s sent) (int, error) {
	if g.Receives == nil || s.to == "" {
		return 0, errors.New("nobody receives receipts")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to, bytes.NewReader(s.body))
	if err != nil {
		return 0, err
	}
	r.Header = s.head.Clone()
	r.Header.Set("Content-Type", "application/json")
	if g.profile == sms.Twilio {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	w, err := g.Receives.Do(r)
	if err != nil {
		return 0, err
	}
	return w.StatusCode, w.Body.Close()
}
