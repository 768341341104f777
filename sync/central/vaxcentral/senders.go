package main

import (
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/smtp"
)

// ways are how notices leave this machine, as far as that is set up.
type ways struct {
	mail smtp.Options // Relay is empty when there is none
}

// senders are those that are set up; what has none goes into files, for a gateway of the operator's.
func (w ways) senders(files notice.Sender) (notice.Sender, error) {
	all := notice.Routes{Email: files, Phone: files}
	if w.mail.Relay != "" {
		relay, err := smtp.New(w.mail)
		if err != nil {
			return nil, err
		}
		all.Email = relay
	}
	return all, nil
}
