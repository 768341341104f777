package kiosk

import (
	"cmp"
	"time"

	"vaxkiosk/app/tpm"
	"vaxkiosk/sync/version"
)

// What the log says of the kiosk itself: when it begins and why it ends.

// SayStart logs that the kiosk starts, and with what.
func (k *Kiosk) SayStart() {
	from, until := k.Box.Migrated()
	if from != until {
		k.Log.Info("the outbox was carried forward", "event", "outbox.migrated", "from", from, "to", until)
	}
	k.Log.Info("the kiosk starts", "event", "kiosk.start", "version", version.Number, "revision", version.Revision(),
		"name", k.Config.Kiosk.Name, "central", k.Config.Central.URL, "proxy", cmp.Or(k.Config.Central.Proxy, "none"), "printer", k.printerKind(),
		"test", k.Config.Kiosk.Test, "key", tpm.Where(k.enrolled.PrivateKey), "certificate_until", k.Config.Central.Cert.Leaf.NotAfter.UTC().Format(time.DateOnly))
}

// printerKind is how pages reach the printer: its address may say where it stands.
func (k *Kiosk) printerKind() string {
	p := k.Config.Printer
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

// SayStop logs why it ends; why is nil when somebody asked for it.
func (k *Kiosk) SayStop(asked, why error) {
	k.Log.Info("the kiosk stops", "event", "kiosk.stop", "why", cmp.Or(asked, why).Error())
}
