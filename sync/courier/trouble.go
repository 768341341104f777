package courier

import (
	"errors"
	"fmt"
	"log/slog"

	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
)

// trouble is why nothing is sent, as the log says it. One may turn into another, and
// is said again then: what IT has to do is another thing.
type trouble struct {
	level       slog.Level
	event, text string
}

// The troubles. What waits is safe in all of them.
var (
	centralAway = trouble{slog.LevelWarn, "sending.central-away", "central takes nothing now; what is saved waits on this kiosk"}
	centralBars = trouble{slog.LevelError, "sending.barred", "central and this kiosk do not accept each other's certificate or clock; what is saved waits on this kiosk"}
	outboxFails = trouble{slog.LevelError, "sending.outbox-fails", "this kiosk cannot read or write what it has saved; nothing is sent"}
	diskFull    = trouble{slog.LevelError, "disk.full", "the disk of this kiosk is full; make room, and what is saved is sent by itself"}
)

// errHere is a failure of the kiosk's own outbox: nothing that central is to blame for.
var errHere = errors.New("outbox")

func here(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", errHere, err)
}

func troubleOf(err error) trouble {
	switch {
	case errors.Is(err, outbox.ErrFull):
		return diskFull
	case errors.Is(err, errHere):
		return outboxFails
	case errors.Is(err, client.ErrCertificate), errors.Is(err, client.ErrClock):
		return centralBars
	}
	return centralAway
}
