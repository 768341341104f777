package tour

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms/smstest"
	"vaxkiosk/sync/central/registry"
)

// The demo of production, which make demo-central runs: central as a health department has it, of
// which production_parts_linux_test.go starts the parts, and one kiosk.

var (
	programs = flag.String("programs", "", "`folder` of vaxkiosk and vaxcentral, for the demo of production")
	stays    = flag.Bool("stay", false, "shows the kiosk of the demo of production on the display that is there, until Ctrl-C")
)

// texted has values that are nobody else's, and no address.
var texted = registry.Person{
	Number: someone.Number + 1, Given: "Thessalonia", Family: "Quarringbeck", Birth: request.Date{Year: 1958, Month: 11, Day: 7},
	Gender: request.Male, Phone: "+14135550186",
	Doses: []record.Dose{
		{Date: "2022-09-20", CVX: "300", Lot: "WK1093TT", Performer: "Marzipan Hollow Clinic", Status: record.StatusCompleted},
	},
}

// Two people visit in a window nobody sees: the code of one comes by mail, that of the other by text
// message, and each time an instance is killed before the code is used. With -stay whoever runs it visits.
func TestADemoOfProduction(t *testing.T) {
	if *programs == "" {
		t.Skip("make demo-central says where the programs are")
	}
	defer func() {
		if t.Skipped() {
			t.Error("something that it is made of is missing")
		}
	}()
	if *stays {
		newProduction(t).stay()
		return
	}
	t.Setenv("DISPLAY", newDisplay(t, "540x960"))
	p := newProduction(t)
	p.visits()
	p.settled()
	p.ends()
	p.tells()
}

// visits has two people visit, one after the other.
func (p *production) visits() {
	h := handAt(p.t, siteOf(p.t, p.kioskFile))
	h.look()
	for i, v := range []struct {
		by   string
		who  registry.Person
		gets func() string
	}{
		{"e-mail", someone, func() string { return p.mailTo(someone.Email) }},
		{"text message", texted, func() string { return p.textTo(texted.Phone) }},
	} {
		var code string
		began := time.Now()
		h.fillIn(v.who)
		p.timed("a code by "+v.by+", from the touch that asks for it", func() { code = h.sendAnd(v.gets) })
		p.instances[i].kills()
		p.timed(fmt.Sprintf("instance %d was killed (kill -9): until the record was open all the same", i), func() { h.unlock(code) })
		p.starts(p.instances[i])
		h.print()
		p.note("the whole visit of somebody who asks by "+v.by+", to the printed page", time.Since(began))
		if n := len(p.pages()); n != i+1 {
			p.t.Errorf("%d pages are printed, want %d", n, i+1)
		}
	}
}

// settled is what has to hold afterwards: the notices are where they should be, and no log has anything
// of anybody.
func (p *production) settled() {
	text := p.gateway.Messages()[0]
	p.timed("a signed receipt of the gateway, to the database", func() {
		if status, err := p.gateway.Report(p.t.Context(), text, notice.Delivered, "", smstest.Signed); status != http.StatusOK || err != nil {
			p.t.Errorf("the receipt: status %d, %v", status, err)
		}
	})
	for ref, want := range map[string]notice.State{refOf(p.t, text): notice.Delivered, p.refTo(someone.Email): notice.HandedOver} {
		if state := p.db.DB.NoticeState(ref); state != string(want) {
			p.t.Errorf("a notice is %q, want %q", state, want)
		}
	}
	if failed := p.runs("notice", "list", "--data", p.instances[0].data); strings.Count(failed, "\n") != 1 {
		p.t.Errorf("notices that failed or wait:\n%s", failed)
	}
	if n := len(p.gateway.Messages()) + len(p.relay.Letters()); n != 2 {
		p.t.Errorf("%d messages for two people", n)
	}
	for name, said := range p.said() {
		for _, value := range []string{someone.Given, someone.Family, someone.Email, someone.Phone[2:], texted.Given, texted.Family, texted.Phone[2:]} {
			if strings.Contains(said, value) {
				p.t.Errorf("the log of %s has a value of somebody", name)
			}
		}
	}
}

// ends stops all programs as systemd does.
func (p *production) ends() {
	all := []*exec.Cmd{p.kiosk}
	for _, s := range p.instances {
		all = append(all, s.cmd)
	}
	p.timed("kiosk and instances stop when they are told", func() {
		for _, c := range all {
			if err := c.Process.Signal(syscall.SIGTERM); err != nil {
				p.t.Error(err)
			}
		}
		for _, c := range all {
			if err := c.Wait(); err != nil {
				p.t.Errorf("%s does not stop: %v", filepath.Base(c.Path), err)
			}
		}
	})
}

// stay shows the kiosk until it is closed or Ctrl-C, and every message as it comes.
func (p *production) stay() {
	over, stop := signal.NotifyContext(p.t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	closed := make(chan error, 1)
	go func() { closed <- p.kiosk.Wait() }()
	p.tells()
	p.invites()
	for letters, texts := 0, 0; ; {
		select {
		case <-over.Done():
			return
		case err := <-closed:
			p.t.Errorf("the kiosk has ended: %v\n%s", err, p.kioskSaid)
			return
		case <-time.After(200 * time.Millisecond):
			letters, texts = p.shows(letters, texts)
		}
	}
}

// invites says what can be done.
func (p *production) invites() {
	say("\nThe kiosk is on the screen. Ask as one of these, with a PIN such as 8317; its codes are printed here as they come:\n")
	var byMail, byText bool
	for _, r := range demo.People() {
		mail := strings.HasSuffix(r.Email, "@example.org") // the relay knows no other place
		if r.Birth.Year > 2000 || len(r.Doses) == 0 || (!mail || byMail) && (r.Phone == "" || byText) {
			continue
		}
		contact := r.Phone
		if mail && !byMail {
			contact, byMail = r.Email, true
		} else {
			byText = true
		}
		say("  %s %s, born %s, %s, %s\n", r.Given, r.Family, r.Birth, r.Gender, contact)
	}
	for i, s := range p.instances {
		say("Instance %d: http://%s/metrics; to kill it: kill -9 %d\n", i, s.metrics, s.cmd.Process.Pid)
	}
	say("Pages: %s\nKiosks call https://%s. Ctrl-C ends all of it.\n", filepath.Join(p.printer.Dir, "spool"), p.addr)
}

// shows prints what has come since so many letters and text messages, and has the gateway say that
// phones have got theirs.
func (p *production) shows(letters, texts int) (int, int) {
	all := p.letters()
	for _, l := range all[min(letters, len(all)):] {
		say("\nE-mail to %s:\n%s\n", l.to, l.text)
	}
	messages := p.gateway.Messages()
	for _, m := range messages[texts:] {
		say("\nText message to %s:\n%s\n", m.To, m.Text)
		if status, err := p.gateway.Report(p.t.Context(), m, notice.Delivered, "", smstest.Signed); status != http.StatusOK || err != nil {
			say("Its receipt was not taken: status %d, %v\n", status, err)
		}
	}
	return len(all), len(messages)
}

// timed notes how long something took.
func (p *production) timed(what string, do func()) {
	began := time.Now()
	do()
	p.note(what, time.Since(began))
}

func (p *production) note(what string, took time.Duration) {
	p.notes = append(p.notes, fmt.Sprintf("%s\t%.1f s\n", what, took.Seconds()))
}

// tells prints what has happened, and how long that took.
func (p *production) tells() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprint(w, "\n", strings.Join(p.notes, ""))
	if err = errors.Join(err, w.Flush()); err != nil {
		p.t.Error(err)
	}
}

// say tells whoever runs it.
func say(format string, args ...any) { _, _ = fmt.Fprintf(os.Stdout, format, args...) }
