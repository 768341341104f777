package first_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	machine "vaxkiosk/app/enrol"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/enrol"
	"vaxkiosk/sync/enrol/linetest"
)

// Screens.
const standing, lying = false, true

var lobby = operator.For{Name: "lobby", Printer: "ipp://printer/ipp/print"}

func TestStaffMakeAMachineAKioskWhichServesAtOnce(t *testing.T) {
	o := newOffice(t)
	p := o.stands(standing)
	code := o.invite(lobby)
	p.asks(o.address, strings.Repeat("0", enrol.Length))
	p.told(visit.NotTaken, "Compare it letter by letter.")
	for range enrol.Length {
		p.taps("key.delete")
	}
	p.until("an empty field", func(v visit.Visit) bool { return v.Joining.Code == "" })
	p.types(strings.ReplaceAll(strings.ReplaceAll(code, "0", "O"), "1", "I")) // as it may be misread
	p.taps("key.next")
	p.serves(o)
	if all, err := o.Kiosks(t.Context()); err != nil || len(all) != 1 || all[0].Name != "lobby" {
		t.Errorf("%d kiosks, %v", len(all), err)
	}
	text, err := os.ReadFile(o.file)
	if err != nil || !strings.HasPrefix(string(text), "# IT's") {
		t.Errorf("what IT wrote is changed, %v", err)
	}
	for _, name := range o.kept() {
		if info, err := os.Stat(filepath.Join(o.state, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
	p.logged(code)
	if m := config.Look(o.file); m.New || m.By != m.Enrolled() {
		t.Error("started again, it would ask for a code")
	}
}

// logged wants one refusal and one success in the log, and nothing of the code.
func (p *staff) logged(code string) {
	p.t.Helper()
	said := p.log.String()
	if strings.Contains(said, code[:9]) || strings.Contains(said, strings.ReplaceAll(code, "-", "")[:8]) {
		p.t.Error("the code is logged")
	}
	if strings.Count(said, "enrolment.refused") != 1 || strings.Count(said, "enrolment.done") != 1 {
		p.t.Errorf("the log has\n%s", said)
	}
}

func TestACodeThatIsTooOldIsSaidAndAnotherHelps(t *testing.T) {
	o := newOffice(t)
	o.off.Store(-int64(enrol.Life + time.Minute))
	old := o.invite(lobby)
	o.off.Store(0)
	p := o.stands(lying)
	p.asks(o.address, old)
	p.told(visit.NotTaken, "is too old")
	for range old {
		p.taps("key.delete")
	}
	p.until("an empty field", func(v visit.Visit) bool { return v.Joining.Code == "" })
	p.types(o.invite(lobby))
	p.taps("first.next")
	p.serves(o)
}

func TestACentralThatIsAwayAndComesBackTakesTheSameCode(t *testing.T) {
	o := newOffice(t)
	o.configure("[central]\nurl = \"https://" + o.address + "\"\n") // by a roll-out
	code := o.invite(lobby)
	o.stop()
	p := o.stands(standing)
	if !p.v.AtInvitation() || p.Has("form.back") {
		t.Error("an address is asked for that IT has set")
	}
	p.types(code)
	p.taps("first.next")
	p.told(visit.NoCentral, "The central service does not answer.")
	if left := o.kept(); len(left) != 0 {
		t.Errorf("%q is left", left)
	}
	o.serve(nil)
	p.taps("first.next")
	p.serves(o)
}

func TestAWrongClockIsSaidAndTheCodeStays(t *testing.T) {
	o := newOffice(t)
	code := o.invite(lobby)
	o.off.Store(int64(20 * time.Minute))
	p := o.stands(standing)
	p.asks(o.address, code)
	p.told(visit.WrongTime, "The clock of this machine is wrong.")
	o.off.Store(0)
	p.taps("first.next")
	p.serves(o)
}

func TestAConfigurationThatCannotBeIsToldToIT(t *testing.T) {
	o := newOffice(t)
	code := o.invite(operator.For{Name: "lobby"}) // nobody has said a printer
	p := o.stands(standing)
	p.asks(o.address, code)
	p.told(visit.Unusable, "printer.uri is missing")
	if left := o.kept(); len(left) != 0 {
		t.Errorf("%q is left", left)
	}
}

func TestAWaitCanBeStoppedAndTriedAgain(t *testing.T) {
	o := newOffice(t)
	p := o.stands(standing)
	address, held := linetest.Hold(t, o.address, 0)
	p.asks(address, o.invite(lobby))
	conn := <-held
	defer conn.Close()
	p.taps("first.stop")
	p.until("the code", func(v visit.Visit) bool { return v.State == visit.FirstStart })
	if p.v.Joining.Snag != "" || p.v.Joining.Typed() != enrol.Length {
		t.Errorf("stopped with %q", p.v.Joining.Snag)
	}
	p.taps("first.next")
	p.serves(o)
	if said := p.log.String(); strings.Contains(said, "enrolment.refused") {
		t.Errorf("what staff has stopped is logged:\n%s", said)
	}
}

func TestAMachineThatITEnrolsOverTheNetworkServesWithoutAHand(t *testing.T) {
	o := newOffice(t)
	p := o.stands(lying)
	p.types("rec")
	code, _ := enrol.ParseCode(o.invite(lobby))
	if err := machine.Machine(t.Context(), config.Look(o.file), "https://"+o.address, code); err != nil {
		t.Fatal(err)
	}
	p.serves(o)
}

// The machine goes off while it waits for central: it is as new, and so is the code.
func TestAMachineThatIsCutOffWhileItAsksIsStillNew(t *testing.T) {
	o := newOffice(t)
	code := o.invite(lobby)
	p := o.stands(standing)
	address, held := linetest.Hold(t, o.address, 0)
	p.asks(address, code)
	conn := <-held
	defer conn.Close()
	p.leave()
	if err := <-p.ended; err == nil {
		t.Fatal("nobody answered, and it is a kiosk")
	}
	p.next.Post(visit.Event{Do: visit.Touch{}}) // late, and to nobody
	if left := o.kept(); len(left) != 0 {
		t.Errorf("%q is left", left)
	}
	p = o.stands(standing)
	p.asks(o.address, code)
	p.serves(o)
}
