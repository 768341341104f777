package main

import (
	"cmp"
	"time"

	"vaxkiosk/sync/version"
)

// What the log says of the kiosk itself: when it begins and why it ends.

func (k *kiosk) sayStart() {
	from, until := k.box.Migrated()
	if from != until {
		k.log.Info("the outbox was carried forward", "event", "outbox.migrated", "from", from, "to", until)
	}
	k.log.Info("the kiosk starts", "event", "kiosk.start", "version", version.Number, "revision", version.Revision(),
		"name", k.cfg.Kiosk.Name, "central", k.cfg.Central.URL, "proxy", cmp.Or(k.cfg.Central.Proxy, "none"), "printer", k.printerKind(),
		"test", k.cfg.Kiosk.Test, "certificate_until", k.cfg.Central.Cert.Leaf.NotAfter.UTC().Format(time.DateOnly))
}

// printerKind is how pages reach the printer: its address may say where it stands.
func (k *kiosk) printerKind() string {
	p := k.cfg.Printer
	switch {
	case p.Folder != "":
		return "folder"
	case p.Hold:
		return "ipps, held"
	case p.Pin != nil:
		return "ipps"
	}
	return "ipp"
}

// sayStop logs why it ends; why is nil when somebody asked for it.
func (k *kiosk) sayStop(asked, why error) {
	k.log.Info("the kiosk stops", "event", "kiosk.stop", "why", cmp.Or(asked, why).Error())
}
