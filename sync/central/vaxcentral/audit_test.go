package main

import (
	"slices"
	"testing"

	"vaxkiosk/sync/central/audit"
)

// rows are the commands, with the row of the audit that each leaves ("=KIND"), or why none.
var rows = map[string]string{
	"init": "=key.added", "serve": "=settings.changed", "kiosk invite": "=kiosk.changed", "kiosk replace": "=kiosk.changed", "kiosk add": "=kiosk.changed", "kiosk list": "about nobody",
	"kiosk log": "about nobody", "kiosk unusual": "about kiosks", "kiosk ask": "=kiosk.changed", "kiosk diagnostics": "about nobody", "kiosk suspend": "=kiosk.changed", "kiosk resume": "=kiosk.changed", "kiosk revoke": "=kiosk.changed",
	"staff add": "=staff.added", "staff remove": "=staff.removed", "staff list": "shows nobody's data", "amendment list": "without content", "amendment show": "=amendment.opened", "amendment close": "=amendment.closed",
	"review list": "without content", "review show": "=review.opened", "review release": "=review.released", "review close": "=review.closed", "problem list": "about nobody", "usage show": "about nobody",
	"print list": "says nothing of the person", "release list": "says nothing of the person", "audit verify": "shows no row", "audit sign": "a head is kept outside", "audit export": "=audit.exported", "audit person": "=audit.person",
	"retention show": "about nobody", "retention run": "=retention.run", "people generate": "=import.finished", "people import": "=import.started", "people link": "=people.linked", "people unlink": "=people.unlinked",
	"people remove-dose": "=people.dose-removed", "people restore-dose": "=people.dose-restored", "people acts": "shows numbers, and who", "people remove": "=people.removed", "codes update": "about nobody", "codes show": "about nobody",
	"card withdraw": "=cards.withdrawn", "key list": "about nobody", "key rotate": "=key.added", "key rotate-sealing": "=key.added", "key distrust": "=key.dropped", "check": "changes nothing", "move": "=folder.moved", "notice list": "neither contacts nor codes", "notice retry": "=notice.retried", "notice stop": "=contact.stopped", "notice start": "=contact.started", "evaluate": "a file of its own, no registry",
	"backup verify": "reads a back-up", "backup": "encrypted for its holder, and unread", "restore": "a folder that rests; resume is an act", "resume": "=folder.resumed", "schema": "about nobody",
}

func TestEveryCommandLeavesARowOrSaysWhyNot(t *testing.T) {
	for _, c := range commands {
		if rows[c.name] == "" {
			t.Errorf("%s: say in this test what row of the audit it leaves, or why none", c.name)
		}
	}
	if len(rows) != len(commands) {
		t.Errorf("%d commands, and %d are told of", len(commands), len(rows))
	}
	for name, kind := range rows {
		if kind[0] == '=' && !slices.Contains(audit.SortedKinds(), audit.Kind(kind[1:])) {
			t.Errorf("%s leaves a row of no kind: %s", name, kind)
		}
	}
}
