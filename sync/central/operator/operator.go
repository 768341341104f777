// Package operator is what people at central do: they enrol kiosks and take them out,
// keep staff accounts, decide cases for review and work on amendments, look after people
// on file and keys, and read what kiosks report. The program vaxcentral is its hands; a
// web desk for staff would be another pair.
//
// On opens a data folder for one piece of work, whether or not a service runs there; New is
// for a service that has it open. What changes shows in a service of the same process at
// once, and in another one within seconds.
//
// Whoever opens what rests sealed is noted first, by name and by the user of the machine.
// It tells nobody anything: a code that a released case gets is sent by the worker. Every
// method ends early with its ctx, and then nothing is half done.
package operator

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"vaxkiosk/sync/central/door"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/notify"
	"vaxkiosk/sync/central/store"
)

// Operator works on one data folder. Use New to get one.
type Operator struct {
	f     *folder.Folder
	door  *door.Door
	state *notify.State
	now   func() time.Time
	log   *slog.Logger

	odd odd
}

// New makes the operator of a folder. The door and the state are those of the service in
// this process.
func New(f *folder.Folder, d *door.Door, state *notify.State, now func() time.Time, log *slog.Logger) *Operator {
	return &Operator{f: f, door: d, state: state, now: now, log: log}
}

// On runs f on a data folder, whether or not a service runs there.
func On(ctx context.Context, dir string, f func(*Operator) error) error {
	log := slog.New(slog.DiscardHandler)
	open, err := folder.Open(ctx, folder.Options{Dir: dir, Now: time.Now, Log: log})
	if err != nil {
		return err
	}
	state := &notify.State{}
	d := &door.Door{Store: open.Store, State: state, Now: time.Now, Log: log}
	return errors.Join(f(New(open, d, state, time.Now, log)), open.Close())
}

// Looker is who works on an amendment or a case for review.
type Looker = store.Looker
