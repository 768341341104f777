package bounces

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"strings"

	"vaxkiosk/sync/central/notice"
)

// Bounce is what a report says.
type Bounce struct {
	Ref    string       // of the notice
	State  notice.State // Failed, Delivered, or "" when it says neither: it is late, say
	Status string       // of RFC 3463
}

// longest is how much of a message is read: a report has the headers of a notice in it, and
// no text.
const longest = 1 << 20

// errOdd tells that a message is no report on a notice. It says nothing of it.
var errOdd = errors.New("this is no report")

// addressed are the headers with the address that a message came to, those first that servers add:
// postfix, exim, and what the report itself is to.
var addressed = []string{"X-Original-To", "Envelope-To", "Delivered-To", "To"}

var (
	refIn    = regexp.MustCompile(`\+([a-z2-7]{16})@`)
	statusIn = regexp.MustCompile(`^\s*([245]\.\d{1,3}\.\d{1,3})\b`)

	// diagnosed is the status in what another server has said: exim writes 5.0.0 for every failure.
	diagnosed = regexp.MustCompile(`(?i)^\s*smtp\s*;\s*[45]\d\d[ -]([45]\.\d{1,3}\.\d{1,3})\b`)
)

// reports are the types of the part that machines read.
var reports = map[string]bool{"message/delivery-status": true, "message/global-delivery-status": true}

// Parse reads one message.
func Parse(from io.Reader) (Bounce, error) {
	m, err := mail.ReadMessage(bufio.NewReader(from))
	if err != nil {
		return Bounce{}, errOdd
	}
	b := Bounce{Ref: refOf(m.Header)}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" || b.Ref == "" {
		return Bounce{}, errOdd
	}
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if err != nil { // the end, or what is cut off
			return Bounce{}, errOdd
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || !reports[kind] {
			continue
		}
		body := io.Reader(p)
		if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
			body = base64.NewDecoder(base64.StdEncoding, p)
		}
		return b, b.read(body)
	}
}

func refOf(h mail.Header) string {
	for _, name := range addressed {
		for _, value := range h[name] {
			if found := refIn.FindStringSubmatch(strings.ToLower(value)); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// read reads what is said of the recipients, of whom a notice has one: that it has failed counts more
// than that it has not.
func (b *Bounce) read(from io.Reader) error {
	said, r := false, recipient{}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) != "" {
			r.field(lines.Text())
			continue
		}
		said = b.note(r) || said
		r = recipient{}
	}
	if said = b.note(r) || said; !said || lines.Err() != nil {
		return errOdd
	}
	return nil
}

// recipient is what is said of one.
type recipient struct{ action, status, diagnosed string }

func (r *recipient) field(line string) {
	name, value, _ := strings.Cut(line, ":")
	switch strings.ToLower(name) {
	case "action":
		r.action = strings.ToLower(strings.TrimSpace(value))
	case "status":
		if found := statusIn.FindStringSubmatch(value); found != nil {
			r.status = found[1]
		}
	case "diagnostic-code":
		if found := diagnosed.FindStringSubmatch(value); found != nil {
			r.diagnosed = found[1]
		}
	}
}

// note takes over what is said of one; false when that is nothing.
func (b *Bounce) note(r recipient) bool {
	if strings.HasSuffix(r.status, ".0.0") && r.diagnosed != "" {
		r.status = r.diagnosed
	}
	switch {
	case r.action == "failed":
		b.State, b.Status = notice.Failed, r.status
	case r.action == "delivered" && b.State == "":
		b.State, b.Status = notice.Delivered, r.status
	}
	return r.action != ""
}
