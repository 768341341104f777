package main

import (
	"fmt"

	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/smtp"
	"vaxkiosk/sync/central/preflight"
)

// way is one way that notices leave this machine by, and how it is tried.
type way struct {
	notice.Sender
	preflight.Way
}

// ways are those that are set up, in the order in which they are.
func ways(n config.Notices) (email, phone []way, err error) {
	if e := n.Email; e != nil {
		relay, err := smtp.New(smtp.Options{Relay: e.Relay, From: e.From, Bounces: e.Bounces, CA: e.CA, User: e.User, Password: e.Password})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", e.At, err)
		}
		email = append(email, way{relay, preflight.Way{What: "mail relay", At: e.At, Check: relay.Check}})
	}
	for _, s := range n.SMS {
		g, err := gateway(s, n.Receipts)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", s.At, err)
		}
		phone = append(phone, way{g, preflight.Way{What: "gateway", At: s.At, Check: g.Check}})
	}
	return email, phone, nil
}

// senders choose by the kind of contact; what has no way of its own goes into files, for a
// gateway of the operator's. The line is that of text messages; nil when they go into files.
func senders(n config.Notices, files notice.Sender) (notice.Sender, *sms.Line, error) {
	email, phone, err := ways(n)
	if err != nil {
		return nil, nil, err
	}
	all := notice.Routes{Email: files, Phone: files}
	if len(email) > 0 {
		all.Email = email[0]
	}
	if len(phone) == 0 {
		return all, nil, nil
	}
	line := inOrder(n.SMS, phone)
	all.Phone = line
	return all, line, nil
}
