package main

import (
	"fmt"
	"net"
	"time"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
)

// gateway is one for text messages, which is told where receipts go when somebody believes them.
func gateway(s config.SMS, r *config.Receipts) (*sms.Gateway, error) {
	p := sms.Profile(s.Profile)
	o := sms.Options{
		Profile: p, URL: s.URL, From: s.From, Account: s.Account, Secret: s.Secret, CA: s.CA, Life: access.CodeLife,
		Fields: sms.Fields{
			To: s.Fields["to"], From: s.Fields["from"], Pool: s.Fields["from"], Text: s.Fields["text"],
			Validity: s.Fields["validity_seconds"], Receipts: s.Fields["receipts_url"], ID: s.Fields["id"],
		},
	}
	if r != nil && signs(s) != "" {
		o.Receipts = receipts.Address(r.URL, p)
	}
	return sms.New(o)
}

// signs is what a gateway signs receipts with; empty: none are believed.
func signs(s config.SMS) string {
	if s.Profile == config.Twilio {
		return s.Secret
	}
	return s.ReceiptsKey
}

// inOrder has the second gateway in the place of the first while that one fails.
func inOrder(all []config.SMS, phone []way) *sms.Line {
	var ways []sms.Way
	for i, w := range phone {
		ways = append(ways, sms.Way{Name: fmt.Sprintf("%s-%d", all[i].Profile, i+1), Sender: w})
	}
	return sms.Several(time.Now, ways...)
}

// deliveries listen for receipts; nil when none are asked for. Whoever does not serve has to close
// their listener.
func deliveries(n config.Notices) (*central.Deliveries, error) {
	if n.Receipts == nil {
		return nil, nil
	}
	l, err := net.Listen("tcp", n.Receipts.Listen)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", n.Receipts.At, explainListen(n.Receipts.Listen, err))
	}
	d := &central.Deliveries{Listener: l, URL: n.Receipts.URL, Keys: map[sms.Profile][]string{}, All: true}
	for _, s := range n.SMS {
		if key := signs(s); key != "" {
			d.Keys[sms.Profile(s.Profile)] = append(d.Keys[sms.Profile(s.Profile)], key)
		} else {
			d.All = false
		}
	}
	return d, nil
}
