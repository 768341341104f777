package demo

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
	"vaxkiosk/ui/words"
)

// The fault drill: whole visits in which one thing breaks and is mended again. For
// each, the screen shows the code of the fault and no other; the code has a
// sentence for the visitor and a cause and hint for staff, in both languages; what
// was told as saved is at central exactly once; the visit comes home to Welcome;
// and the log holds nothing of the visitor. Central, outbox, TLS, printer and disk
// are real, or speak as real ones do.

// drill is one fault at one moment.
type drill struct {
	fault, when string
	code        fault.Code   // what the screen shows, a second one behind a space; "" when the visit just goes on
	walk        func(*guest) // from before the first screen to Welcome, everything mended
}

// shows are the codes that the screen shows in all.
func (d drill) shows() (all []fault.Code) {
	for code := range strings.FieldsSeq(string(d.code)) {
		all = append(all, fault.Code(code))
	}
	return all
}

func TestTheFaultDrill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	var report bytes.Buffer
	w := tabwriter.NewWriter(&report, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "FAULT\tWHEN\tSHOWN\tKEPT")
	codes := map[fault.Code]bool{}
	for _, d := range slices.Concat(awayDrills(), busyDrills(), correctionDrills(), clockDrills(), certificateDrills(), letInDrills(), printerDrills(), testPageDrills(), eveDrills(), diskDrills()) {
		t.Run(d.fault+"/"+d.when, func(t *testing.T) {
			g := newGuest(t)
			d.walk(g)
			g.await(visit.Welcome)
			g.settled()
			g.tracked()
			g.quiet()
			if !slices.Equal(g.met, d.shows()) {
				t.Errorf("the screen showed %q, want %q", g.met, d.code)
			}
			for _, code := range g.met {
				codes[code] = true
			}
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%d told as saved, %[4]d at central\n", d.fault, d.when, cmp.Or(d.code, "nothing, it goes on"), len(g.told)+len(g.numbers))
		})
	}
	_ = w.Flush()
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		for _, lang := range []string{"en", "es"} {
			visitor, staff := said(t, lang, code)
			_, _ = fmt.Fprintf(&report, "\n%s, %s\n  visitor: %s\n  staff:   %s\n", code, lang, visitor, staff)
		}
	}
	t.Log("\n" + report.String())
}

// said is what a fault says to the visitor and to staff.
func said(t *testing.T, lang string, code fault.Code) (visitor, staff string) {
	t.Helper()
	w := words.Of(lang)
	visitors, staffs := "fault."+string(code), "fault."+string(code)+"-staff"
	for _, key := range []string{visitors, staffs} {
		if !w.Has(key) || w.Show(key) == "" {
			t.Errorf("%s has no text in %s", key, lang)
		}
	}
	return w.Show(visitors), w.Show(staffs)
}

func TestAPageThatDoesNotSayWhatCentralSignedIsNotPrinted(t *testing.T) {
	p := arrive(t)
	p.open()
	p.swapKeys() // from here on no code on a page verifies
	p.do(visit.Print{})
	p.fault(visit.PrintFailed, fault.Page)
}

func TestARecordThatNobodyTrustedSignedIsNotShown(t *testing.T) {
	p := arrive(t)
	p.ask()
	code := p.code()
	p.swapKeys()
	p.unlock(code, testPIN)
	p.fault(visit.Unlocking, fault.Record)
	if p.seen().Unlock.Record != nil {
		t.Error("the record is on the screen")
	}
}

// open goes on to the open record.
func (p *visitor) open() {
	p.t.Helper()
	p.ask()
	p.unlock(p.code(), testPIN)
	p.await(visit.Ready)
}

func (p *visitor) fault(s visit.State, code fault.Code) {
	p.t.Helper()
	p.until("fault "+string(code), func(v visit.Visit) bool { return v.State == s && v.Fault != nil && v.Fault.Code == code })
}

// swapKeys has the kiosk pin card keys that sign nothing.
func (p *visitor) swapKeys() {
	b := p.s.Kiosk.Bootstrap.Now()
	k := b.CardKeys.Keys[0]
	k.Kid = "another"
	b.CardKeys = api.JWKS{Keys: []api.JWK{k}}
	p.s.Kiosk.Bootstrap.Use(b)
}

// serveAgain brings central back where it was.
func (p *visitor) serveAgain() {
	p.t.Helper()
	if err := p.s.Serve(p.s.Address); err != nil {
		p.t.Fatal(err)
	}
}
