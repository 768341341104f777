package central

import (
	"context"
	"crypto/tls"
	"net/http"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/calls"
	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/worker"
)

// Rooms are what is wired together, for tests that look into several of them.
type Rooms struct {
	*folder.Folder
	State  *notify.State
	Door   *door.Door
	Calls  *calls.Calls
	Worker *worker.Worker
}

// Rooms are the rooms of a service.
func (c *Central) Rooms() Rooms { return Rooms{c.folder, c.state, c.door, c.calls, c.worker} }

// Server is what Serve serves with.
func (c *Central) Server(cert tls.Certificate) *http.Server { return c.server(cert) }

// SayStop is what Serve logs at its end.
func (c *Central) SayStop(ctx context.Context, err error) { c.sayStop(ctx, err) }

// SignHead is what Serve does every hour.
func (c *Central) SignHead(ctx context.Context) { c.signHead(ctx, audit.Hourly) }

// Reading makes it read requests up to a version.
func (o *Options) Reading(version int) { o.reads = version }

// StallFor changes how long a call may take to end, and returns what changes it back.
func StallFor(d time.Duration) (back func()) {
	before := shutdownLimit
	shutdownLimit = d
	return func() { shutdownLimit = before }
}

// ShutDown lets what Server serves end.
func (c *Central) ShutDown(srv *http.Server) error { return c.shutDown(srv) }

// LeaveAtOnce has services stop without being seen to, and in the middle of what they do.
func LeaveAtOnce() { leaveFor, handLimit = 0, 0 }
