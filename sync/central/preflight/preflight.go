// Package preflight says what is wrong with a central service before it is started, or while it
// runs: with its settings, folder, keys, database, disk and clock, and whether the ways are open
// that its messages leave by.
//
//	found := preflight.Check(ctx, preflight.Options{Settings: set, Wrong: err, Ways: ways, Now: time.Now})
//	worst := preflight.Worst(found)
//
// Each thing that was looked at is one Finding: well, or to be looked at by somebody, or wrong,
// which is what keeps the service from starting or from doing its work. It says where, and what
// to do. What depends on something that is wrong is left out: of a folder that is not there
// nobody needs to hear that it has no keys.
//
// It changes nothing and sends nothing: ways are tried up to where a message would begin, and an
// address to listen on by listening there for a moment. It tells no secret and no address of a
// person, neither ours nor what another end has said.
//
// The clock is compared with that of the database's server if there is one. Else there is nobody
// here to ask what time it is: the system is asked whether a time service keeps the clock, and the
// database whether the last hourly work of the service was in the future, or long ago. A clock
// that is wrong by less is not seen.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"vaxkiosk/sync/central/config"
)

// State is how a thing is.
type State string

// The states, from the best on.
const (
	Well     State = "ok"
	Doubtful State = "look" // it works, and somebody has to look at it
	Wrong    State = "wrong"
)

// Finding is one thing that was looked at.
type Finding struct {
	State State  `json:"state"`
	What  string `json:"what"`  // for example "database"
	Where string `json:"where"` // a file and its line, or a folder; "" for the machine
	Says  string `json:"says"`
	Fix   string `json:"fix,omitempty"` // what to do, when Says has not said it
}

// Worst is the state of the worst finding.
func Worst(all []Finding) State {
	worst := Well
	for _, f := range all {
		if f.State == Wrong || f.State == Doubtful && worst == Well {
			worst = f.State
		}
	}
	return worst
}

// Way is a way that messages leave by.
type Way struct {
	What, At string // "mail relay", and where it is configured
	// Check talks to the other end up to where a message would begin, and returns soon after ctx
	// ends. Its error says nothing that the other end has said, and no address.
	Check func(ctx context.Context) error
}

// Options of Check.
type Options struct {
	Settings config.Config
	Wrong    error // what is wrong with them: config.Problems, or nil
	Partly   bool  // there is no file of settings, and the command line says where the folder is and no more
	Ways     []Way
	Now      func() time.Time
}

// wayLimit is how long a way may take to answer.
const wayLimit = 30 * time.Second

// Check looks at everything.
func Check(ctx context.Context, o Options) []Finding {
	l := &look{Options: o}
	l.settings()
	if o.Settings.Data != "" && l.folder(ctx) {
		l.database(ctx)
	}
	l.disk()
	l.kept()
	l.notices()
	l.heads()
	l.listens(ctx)
	l.ways(ctx)
	return l.found
}

// look is what is being looked at, and what was found so far.
type look struct {
	Options
	found []Finding
	ours  func(ctx context.Context, address string) bool // whether a service of this folder answers there; nil: not known
}

func (l *look) well(what, where, format string, args ...any) {
	l.found = append(l.found, Finding{Well, what, where, fmt.Sprintf(format, args...), ""})
}

func (l *look) doubt(what, where, fix, format string, args ...any) {
	l.found = append(l.found, Finding{Doubtful, what, where, fmt.Sprintf(format, args...), fix})
}

func (l *look) wrong(what, where, fix, format string, args ...any) {
	l.found = append(l.found, Finding{Wrong, what, where, fmt.Sprintf(format, args...), fix})
}

// failed notes an error that is a sentence with its fix.
func (l *look) failed(what, where string, err error) {
	l.wrong(what, where, "", "%s", strings.ReplaceAll(err.Error(), "\n", "; "))
}

// settings tells what is wrong with them, a finding each.
func (l *look) settings() {
	var all config.Problems
	switch {
	case errors.As(l.Wrong, &all):
		for _, p := range all {
			where, says, _ := strings.Cut(p.String(), ": ")
			if p.File == "" {
				where, says = "the command line", p.String()
			}
			says, fix, _ := strings.Cut(says, "; ")
			l.wrong("settings", where, fix, "%s", says)
		}
	case l.Wrong != nil:
		l.failed("settings", "the command line", l.Wrong)
	case l.Partly:
		l.doubt("settings", l.Settings.Data, "give the flags of serve too, or make a file of settings", "there is no file of settings, so only the folder is looked at")
	case len(l.Settings.Files) == 0:
		l.well("settings", "the command line", "they can be used")
	default:
		l.well("settings", strings.Join(l.Settings.Files, ", "), "they can be used")
	}
}

// ways tries all of them at once.
func (l *look) ways(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, wayLimit)
	defer cancel()
	said := make([]error, len(l.Ways))
	var all sync.WaitGroup
	for i, w := range l.Ways {
		all.Go(func() { said[i] = w.Check(ctx) })
	}
	all.Wait()
	for i, w := range l.Ways {
		if said[i] != nil {
			l.wrong(w.What, w.At, "check the settings there, the network, and the other end's log", "%v", said[i])
			continue
		}
		l.well(w.What, w.At, "it answers, and would take a message")
	}
}
