// Package demo is the stage on which a kiosk stands in a demo: central in a temporary folder,
// reached over real TLS, with a throw-away CA; made-up residents and staff; a phone that gets
// every notice; a printer that is a folder.
//
// Run is the demo that people try. Open sets a stage for a tour, a soak or a test, which run
// the kiosk themselves: Stage.Kiosk is the very kiosk of app/kiosk, and Stage.Central, the
// service beside it, can be stopped and served again. SetUp sets everything up but the kiosk.
//
// It touches no real people: there is no way to hand it a configuration. Of all that a kiosk
// is made of, it and what is below it alone may import the central service.
package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/printer"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/ui"
)

// Ring puts the demo phone's messages of the present visit on the screen.
type Ring struct {
	w      *window.Window
	mu     sync.Mutex
	number uint64
	all    []ui.Message
}

// Ring has the phone ring in a window; whoever runs the kiosk hands each snapshot to Seen.
func (s *Stage) Ring(w *window.Window) *Ring {
	r := &Ring{w: w}
	s.Phone.Subscribe(r.message)
	return r
}

func (r *Ring) message(m notice.Message) {
	r.mu.Lock()
	r.all = append(r.all, ui.Message{To: m.To, Text: m.Text})
	all := append([]ui.Message(nil), r.all...)
	r.mu.Unlock()
	r.w.Do(func() { r.w.UI.Messages(all) })
}

// Seen forgets the messages of the visit before.
func (r *Ring) Seen(v visit.Visit, _ time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.Number != r.number {
		r.number, r.all = v.Number, nil
	}
}

// Pages is where a demo prints to.
const Pages = "build/demo"

// Printer is the address a demo prints to, as an absolute one: that of --printer, or a
// folder when there is none.
func Printer(flag, folder string) (string, error) {
	if flag != "" {
		p, err := config.PrinterAt(flag)
		if err != nil || p.Folder == "" {
			return p.URI, err
		}
		folder = p.Folder
	}
	path, err := filepath.Abs(folder)
	return "folder:" + path, err
}

// Run runs a kiosk with everything around it made up, in a window, until somebody asks it to
// end. Listen is central's address; printer is --printer.
func Run(listen, printer string, out, errs io.Writer) error {
	address, err := Printer(printer, Pages)
	if err != nil {
		return err
	}
	if err := display.Need(slog.New(slog.NewTextHandler(errs, nil))); err != nil {
		return err
	}
	ctx, stop := exit.UntilSignal(context.Background()) // from here on there is a folder to remove
	defer stop()
	s, err := OpenAt(listen, address, errs)
	if err != nil {
		return err
	}
	defer s.Close()
	_, _ = fmt.Fprintf(out, "The demo prints to %s. Its people: vaxdemo --list-residents. Ctrl-C ends it.\n"+
		"Its pages are checked at https://%s/check, where a browser first warns: the demo vouches for itself.\n", address, s.Address)
	w := window.Open(true, s.Kiosk.Desk.Post)
	w.Log = s.Window
	return window.Run(ctx, s.Kiosk, w, s.Ring(w).Seen)
}

// TestPrint prints the test page to --printer, or into the demo's folder.
func TestPrint(flag, lang string, out, errs io.Writer) error {
	address, err := Printer(flag, Pages)
	if err != nil {
		return err
	}
	to, err := printer.Open(printer.Options{Address: address, Paper: config.Letter, Kiosk: "test", Log: slog.New(slog.NewTextHandler(errs, nil))})
	if err != nil {
		return err
	}
	ctx, stop := exit.UntilSignal(context.Background())
	defer stop()
	return kiosk.TestPrint(ctx, to, paper.Letter, lang, out, errs)
}
