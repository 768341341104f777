package kiosk

import (
	"context"
	"fmt"
	"io"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/words"
)

// The test print: what IT does once when a printer is set up, and whenever its codes
// are not read. It needs neither central nor a window, and goes the way of a record.

// TestPrint prints the test page on a printer and says on out how that ended, on errs what
// the printer waits for.
func TestPrint(ctx context.Context, to desk.Printer, size paper.Size, lang string, out, errs io.Writer) error {
	maker, err := paper.New(paper.Options{Size: size, Keys: func() jose.JSONWebKeySet { return jose.JSONWebKeySet{} }})
	if err != nil {
		return err
	}
	page, err := maker.TestPage(lang)
	if err != nil {
		return exit.Failed(err)
	}
	ctx, cancel := context.WithTimeout(ctx, visit.PrintLimit)
	defer cancel()
	said := fault.Code("")
	result := to.Print(ctx, page, func(p desk.Progress) {
		if p.Fault != nil && p.Fault.Code != said {
			said = p.Fault.Code
			_, _ = fmt.Fprintf(errs, "test page: the printer waits: %s\n", staffSays(*p.Fault))
		}
	})
	switch result.Outcome {
	case fault.Printed:
		_, _ = fmt.Fprintln(out, "test page: printed")
		return nil
	case fault.HandedOn:
		_, _ = fmt.Fprintln(out, "test page: the print server took it and says no more; look at the printer")
		return nil
	case fault.Failed:
		return exit.Failed(fmt.Errorf("test page: not printed: %s", staffSays(result.Fault)))
	case fault.Unknown:
	}
	return exit.Failed(fmt.Errorf("test page: nobody knows whether it was printed: %s", staffSays(result.Fault)))
}

// staffSays is a fault as staff reads it, with what the printer calls it.
func staffSays(f fault.Fault) string {
	text := string(f.Code)
	if key := "fault." + text + "-staff"; words.Of("en").Has(key) {
		text = words.Of("en").Show(key)
	}
	if f.Detail != "" {
		text += " (" + f.Detail + ")"
	}
	return text
}
