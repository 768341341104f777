package first_test

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	machine "vaxkiosk/app/enrol"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/tpm"
	"vaxkiosk/app/tpm/tpmtest"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/enrol"
)

// becomes enrols the machine over the network.
func (o *office) becomes(replace bool) {
	o.t.Helper()
	f := lobby
	f.Replace = replace
	code, _ := enrol.ParseCode(o.invite(f))
	if err := machine.Machine(o.t.Context(), config.Look(o.file), "https://"+o.address, code); err != nil {
		o.t.Fatal(err)
	}
}

// runs runs the kiosk until it is as it should be.
func (o *office) runs(what string, is func(visit.Visit) bool) {
	o.t.Helper()
	cfg, err := config.Load(o.file)
	if err != nil {
		o.t.Fatal(err)
	}
	k, err := kiosk.Open(o.t.Context(), o.file, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		o.t.Fatal(err)
	}
	defer k.Close()
	ctx, stop := context.WithTimeout(o.t.Context(), 30*time.Second)
	defer stop()
	var last visit.Visit
	seen := false
	k.Run(ctx, func(v visit.Visit, _ time.Time) {
		if last = v; is(v) {
			seen = true
			stop()
		}
	})
	if !seen {
		o.t.Fatalf("%s does not come: %v, %+v", what, last.State, last.OutOfOrder)
	}
}

func inService(v visit.Visit) bool { return v.State == visit.Welcome }

func outFor(detail string) func(visit.Visit) bool {
	return func(v visit.Visit) bool {
		return v.State == visit.OutOfService && v.OutOfOrder.Code == fault.Key && strings.Contains(v.OutOfOrder.Detail, detail)
	}
}

// What is wrong with the TPM is on the screen of a kiosk that has served, and the kiosk is
// still one: with a new code it serves again.
func TestAKioskWithoutTheKeyInItsTPMIsOutOfServiceAndSaysWhy(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	o.configure("[central]\nkey_store = \"tpm\"\ntpm = \"" + v.At() + "\"\n")
	o.becomes(false)
	o.runs("the welcome screen", inService)
	v.Stop()
	o.runs("a TPM that is gone", outFor("shows no TPM"))
	v.On()
	o.runs("the welcome screen again", inService)
	v.Clear()
	o.runs("a TPM that was cleared", outFor("cleared or is another"))
	code := o.invite(operator.For{Name: "lobby", Printer: lobby.Printer, Replace: true})
	if err := machine.Run(t.Context(), []string{"--central", "https://" + o.address, "--config", o.file, "--code", code, "--replace"}, strings.NewReader(""), io.Discard); err != nil {
		t.Fatal(err)
	}
	o.runs("the welcome screen with the new key", inService)
}

func TestTheScreenSaysWhenNoKeyCanBeMadeInTheTPM(t *testing.T) {
	o := newOffice(t)
	o.configure("[central]\nkey_store = \"tpm\"\ntpm = \"/nowhere/tpm\"\n")
	p := o.stands(standing)
	p.asks(o.address, o.invite(lobby))
	p.told(visit.NoKey, "The security chip (TPM) of this machine makes no key for the kiosk.")
	if !strings.Contains(p.v.Joining.Detail, "shows no TPM") || len(o.kept()) != 0 {
		t.Errorf("%q, %q is left", p.v.Joining.Detail, o.kept())
	}
}

func TestAMachineThatIsSetUpAtItsScreenHasItsKeyInTheTPM(t *testing.T) {
	o, v := newOffice(t), tpmtest.Start(t)
	o.configure("[central]\ntpm = \"" + v.At() + "\"\n")
	p := o.stands(standing)
	p.asks(o.address, o.invite(lobby))
	p.serves(o)
	cfg, err := config.Load(o.file)
	if err != nil || tpm.Where(cfg.Central.Cert.PrivateKey) != "tpm" {
		t.Errorf("it is elsewhere, %v", err)
	}
}
