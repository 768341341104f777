package demo

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/client"
)

// A clock that is wrong, and certificates out of their time.
//
// What is decided: up to record.ClockSlack a visit simply works. Beyond it the
// kiosk closes by itself, because dates on screen and paper, ages and certificates
// would be wrong; saved requests go out all the same, a record is not opened, and
// once the clock is right the kiosk opens again by itself.

func clockDrills() []drill {
	var all []drill
	for name, off := range map[string]time.Duration{"ahead": -day, "behind": day} { // of central, seen from the kiosk
		all = append(
			all,
			drill{"clock a day " + name, "before the visit", fault.Clock, func(g *guest) { g.clockWrongBefore(off) }},
			drill{"clock a day " + name, "while the form is filled in", fault.Clock, func(g *guest) { g.clockWrongWithin(off) }},
			drill{"clock 4 minutes " + name, "all the time", "", func(g *guest) {
				g.clock.set(off / 24 / 60 * 4)
				g.start()
				g.goOn()
			}},
		)
	}
	return append(all, drill{"clock a day behind", "before the visit, central has a new certificate", fault.Clock, func(g *guest) {
		g.start() // so that the kiosk knows its settings
		g.quit()
		g.clock.set(day)
		g.newCentral()
		g.cfg.Central.URL = "https://" + g.s.Address
		g.start()
		g.await(visit.OutOfService)
		g.clock.set(0)
		g.newCentral()
		g.goOn()
	}})
}

// newCentral starts central again, which makes itself a new certificate, and waits
// until it has it.
func (g *guest) newCentral() {
	g.t.Helper()
	g.s.Stop()
	g.serveAgain()
	conn, err := tls.Dial("tcp", g.s.Address, &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}) // whoever it is
	if err != nil {
		g.t.Fatal(err)
	}
	_ = conn.Close()
}

func (g *guest) clockWrongBefore(off time.Duration) {
	g.t.Helper()
	g.start()
	g.quit()
	g.clock.set(off)
	g.start()
	g.await(visit.OutOfService)
	g.clock.set(0)
	g.goOn()
}

// clockWrongWithin is a clock that somebody sets while a visitor types: the request
// goes out, the record stays closed, and the kiosk closes after the visit.
func (g *guest) clockWrongWithin(off time.Duration) {
	g.t.Helper()
	g.start()
	g.fillIn()
	g.clock.set(off)
	if f := g.call("saved", visit.Send{}); f != nil {
		g.t.Fatalf("not saved: %s", f.Code)
	}
	g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	code, receipt := g.message(), g.seen().Unlock.Receipt
	g.wants(g.call("a record", g.unlocks(code)...), visit.Unlocking, fault.Clock)
	g.do(visit.Leave{})
	g.await(visit.OutOfService)
	g.clock.set(0)
	if off < 0 { // for central a day has passed, and the code is over
		g.goOn()
		return
	}
	g.collect(receipt, code)
	g.print()
}

func letInDrills() []drill {
	return []drill{
		{"kiosk revoked", "after the request was told as saved, before it went out", fault.OutOfUse, func(g *guest) {
			g.cfg.Central.URL = "https://" + g.s.Address
			g.start()
			g.asked() // else the kiosk closes before the visit
			if err := g.s.Central.RevokeKiosk(g.t.Context(), "demo", "drill", "nobody"); err != nil {
				g.t.Fatal(err)
			}
			g.barred()
			g.replaced()
			g.message()
			g.goOn()
		}},
		{"certificate about to end", "all the time", "", (*guest).certificateIsRenewed},
		{"kiosk suspended", "after the request was told as saved, before it went out", fault.Suspended, func(g *guest) {
			g.cfg.Central.URL = "https://" + g.s.Address
			g.start()
			g.asked()
			if err := g.s.Central.SuspendKiosk(g.t.Context(), "demo", "drill", "nobody"); err != nil {
				g.t.Fatal(err)
			}
			g.barred()
			if err := g.s.Central.ResumeKiosk(g.t.Context(), "demo", "nobody"); err != nil {
				g.t.Fatal(err)
			}
			g.message() // by itself
			g.goOn()
		}},
	}
}

func certificateDrills() []drill {
	const kiosk, centrals = "kiosk's certificate expired", "central's certificate expired"
	return []drill{
		{kiosk, "before the visit", fault.Certificate, func(g *guest) {
			g.start()
			g.quit()
			g.certificate(-time.Hour)
			g.start()
			g.await(visit.OutOfService)
			g.enrolAgain()
			g.goOn()
		}},
		{kiosk, "after the request was told as saved, before it went out", "away certificate", (*guest).certificateEndsWaiting},
		{kiosk, "after the answer, before the code is tried", fault.Certificate, (*guest).certificateEndsLate},
		{centrals, "after the request was told as saved, before it went out", fault.Certificate, func(g *guest) {
			g.cfg.Central.URL = "https://" + g.s.Address
			g.start()
			g.asked()               // else the kiosk closes before the visit
			g.clock.set(-400 * day) // central's certificates last 398
			g.newCentral()
			g.clock.set(0)
			g.barred()
			g.newCentral()
			g.message()
			g.goOn()
		}},
		{"central is somebody else", "after the request was told as saved, before it went out", fault.Certificate, func(g *guest) {
			g.cfg.Central.URL = "https://" + g.s.Address
			g.start()
			g.asked()
			g.s.Stop()
			impostor := g.impostor()
			g.barred()
			impostor.Stop()
			if err := impostor.Central.Close(); err != nil {
				g.t.Fatal(err)
			}
			g.serveAgain()
			g.message()
			g.goOn()
		}},
	}
}

// barred asks, is told that the request is saved, leaves, and finds the kiosk
// closed.
func (g *guest) barred() {
	g.t.Helper()
	g.send()
	g.until("the kiosk to notice", func(v visit.Visit) bool { return v.OutOfOrder != nil })
	g.do(visit.Leave{})
	g.await(visit.OutOfService)
}

// asked waits until the kiosk has asked central for news; it does so again only
// after a quarter of an hour.
func (g *guest) asked() {
	g.t.Helper()
	g.eventually("the kiosk to ask central", func() bool { return g.s.Kiosk.Bootstrap.Turns() > 0 })
}

// certificate gives the kiosk one that ends so long from now.
func (g *guest) certificate(until time.Duration) {
	g.cfg.Central.Cert = readCA(g.t, g.s).issue(-day, until, "")
}

// enrolAgain is IT's answer: a new certificate, and a restart.
func (g *guest) enrolAgain() {
	g.t.Helper()
	g.quit()
	g.certificate(day)
	g.start()
}

// replaced is the answer to a revocation: a code, and the same data folder.
func (g *guest) replaced() {
	g.t.Helper()
	g.quit()
	code, _, err := g.s.Central.InviteKiosk(g.t.Context(), operator.For{Name: "demo", Replace: true})
	if err != nil {
		g.t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		g.t.Fatal(err)
	}
	e, err := client.Enrol(g.t.Context(), client.EnrolOptions{URL: g.cfg.Central.URL, Code: code, Key: key, Now: time.Now})
	if err != nil {
		g.t.Fatal(err)
	}
	g.cfg.Central.Cert = e.Cert
	g.start()
}

// certificateIsRenewed has a certificate that ends in 20 days: the kiosk renews it at its
// start, and goes on with it, also after the next one.
func (g *guest) certificateIsRenewed() {
	g.t.Helper()
	g.certificate(20 * day)
	good := func() bool { return time.Until(g.s.Kiosk.Client.Certificate().NotAfter) > 80*day }
	g.start()
	g.eventually("the kiosk to renew its certificate", good)
	g.goOn()
	g.quit()
	g.start()
	if !good() {
		g.t.Error("the renewed certificate is forgotten")
	}
	g.goOn()
}

// soonOver is long enough to open a kiosk and ask for a record, also on a machine
// that is busy.
const soonOver = 20 * time.Second

// cannotRenew keeps the kiosk from renewing its certificate: what it cannot keep it does not use.
func (g *guest) cannotRenew() {
	g.t.Helper()
	if err := os.Mkdir(filepath.Join(g.cfg.Kiosk.Data, kiosk.RenewedFile), 0o700); err != nil {
		g.t.Fatal(err)
	}
}

// certificateEndsWaiting has a certificate end while a request that was told as
// saved waits for central: it goes out with the new one.
func (g *guest) certificateEndsWaiting() {
	g.t.Helper()
	g.start()
	g.quit()
	g.cannotRenew()
	g.certificate(soonOver)
	g.start()
	g.s.Stop()
	g.line.down()
	g.send()
	g.wants(g.call("a code tried in vain", g.unlocks("482913")...), visit.Unlocking, fault.Away)
	g.until("the kiosk to notice", func(v visit.Visit) bool { return v.OutOfOrder != nil })
	receipt := g.seen().Unlock.Receipt
	g.do(visit.Leave{})
	g.await(visit.OutOfService)
	g.mend()
	g.enrolAgain()
	g.collect(receipt, g.message())
	g.print()
}

// certificateEndsLate has it end when only the code is to be typed.
func (g *guest) certificateEndsLate() {
	g.t.Helper()
	g.start()
	g.quit()
	g.cannotRenew()
	g.certificate(soonOver)
	end := time.NewTimer(time.Until(g.cfg.Central.Cert.Leaf.NotAfter))
	g.start()
	g.send()
	code, receipt := g.message(), g.seen().Unlock.Receipt
	g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
	<-end.C
	g.wants(g.call("a code tried in vain", g.unlocks(code)...), visit.Unlocking, fault.Certificate)
	g.do(visit.Leave{})
	g.enrolAgain()
	g.collect(receipt, code)
	g.print()
}

// impostor is another central at central's address.
func (g *guest) impostor() *Stage {
	g.t.Helper()
	s := &Stage{Log: g.s.Log}
	dir := filepath.Join(g.t.TempDir(), "impostor")
	err := central.Init(g.t.Context(), dir, time.Now())
	if err != nil {
		g.t.Fatal(err)
	}
	if s.Central, err = central.Open(g.t.Context(), central.Options{Dir: dir, Sender: &notice.Phone{}, Serves: true}); err != nil {
		g.t.Fatal(err)
	}
	if err := s.Serve(g.s.Address); err != nil {
		g.t.Fatal(err)
	}
	return s
}
