// Package demo is the stage on which a kiosk stands in a demo: central in a temporary folder,
// reached over real TLS, with a throw-away CA; made-up residents and staff; a phone that gets
// every notice; a printer that is a folder.
//
// Run is the demo that people try. Open sets a stage for a tour, a soak or a test, which run
// the kiosk themselves: Stage.Kiosk is the very kiosk of app/kiosk, and Stage.Central, the
// service beside it, can be stopped and served again. SetUp sets everything up but the kiosk.
//
// It touches no real people: there is no way to hand it a configuration. It and what is below
// it are the only part of the program that may import the central service.
package demo

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui"
)

// Residents is how many made-up people a demo has; they are the same in every demo.
const Residents = 2000

// People are those of a demo, for whoever is handed them to change.
func People() []registry.Person { return slices.Clone(madeUp()) }

var madeUp = sync.OnceValue(func() []registry.Person {
	return madeup.Generate(Residents, madeup.DemoSeed, madeup.DemoDay)
})

// Staff may sign in at a demo's kiosk.
var Staff = []struct{ ID, PIN string }{{"nurse", "704158"}, {"clerk", "296035"}}

// ListResidents prints number, given, family, birth date, gender, phone, e-mail
// doses, and how many of them a health card holds, of each resident as TSV.
func ListResidents(out io.Writer) error {
	w := bufio.NewWriter(out)
	_, _ = fmt.Fprintln(w, "number\tgiven\tfamily\tbirth date\tgender\tphone\te-mail\tdoses\ton cards")
	for _, p := range People() {
		fit := 0
		for _, d := range p.Doses {
			if d.FitsCard() {
				fit++
			}
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\n",
			p.Number, p.Given, p.Family, p.Birth, p.Gender, p.Phone, p.Email, len(p.Doses), fit)
	}
	return w.Flush()
}

// Stage is what a demo puts around a kiosk: a central service in a temporary
// folder, reached over real TLS, and a phone that gets every notice.
type Stage struct {
	Dir     string // with a folder each for central, the enrolment and the kiosk's data
	Central *central.Central
	Phone   *notice.Phone
	Kiosk   *kiosk.Kiosk
	Address string // central's
	Log     *slog.Logger
	Window  *window.FyneLog
	Stop    func() // stops central, which Serve starts again

	logged *os.File
}

// logTo is where a stage logs: its own file, and to somebody who watches.
func logTo(file, watching io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(io.MultiWriter(file, watching), nil))
}

// LogFile is the stage's log, in the kiosk's data folder: what a tour searches
// for personal values includes the log.
const LogFile = "kiosk.log"

// Loopback is where central listens unless a demo is to be reached from elsewhere.
const Loopback = "127.0.0.1:0"

// Open opens a stage that nobody else reaches.
func Open(printer string, watching io.Writer) (*Stage, error) {
	return OpenAt(Loopback, printer, watching)
}

// OpenAt sets everything up, with central listening at an address, and opens the
// kiosk. Printer is the printer's address; the log goes to watching as well.
func OpenAt(listen, printer string, watching io.Writer) (*Stage, error) {
	s, file, err := setUpAt(listen, time.Now, printer, watching)
	if err != nil {
		return nil, err
	}
	if err := s.OpenKiosk(file); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// OpenKiosk opens the kiosk of a configuration.
func (s *Stage) OpenKiosk(file string) error {
	cfg, err := config.Load(file)
	if err != nil {
		return err
	}
	if s.Kiosk, err = kiosk.Open(context.Background(), file, cfg, s.Log); err != nil {
		return err
	}
	s.Kiosk.Demo = true
	return nil
}

// SetUp sets a stage that nobody else reaches.
func SetUp(now func() time.Time, printer string, watching io.Writer) (ready *Stage, file string, err error) {
	return setUpAt(Loopback, now, printer, watching)
}

// setUpAt sets up everything but the kiosk, for which it returns the
// configuration. Central's clock is now. Central issues records in the name of the
// address it listens at, so that the code on a printed page leads to its check page.
func setUpAt(listen string, now func() time.Time, printer string, watching io.Writer) (ready *Stage, file string, err error) {
	dir, err := os.MkdirTemp("", "vaxkiosk-demo-")
	if err != nil {
		return nil, "", err
	}
	s := &Stage{Dir: dir, Phone: &notice.Phone{}, Stop: func() {}}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if err = os.Mkdir(filepath.Join(dir, "kiosk"), 0o700); err != nil {
		return nil, "", err
	}
	if s.logged, err = os.OpenFile(filepath.Join(dir, "kiosk", LogFile), os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return nil, "", err
	}
	s.Log = logTo(s.logged, watching)
	s.Window = window.TakeFyneLog(s.Log)
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, "", err
	}
	s.Stop = func() { _ = l.Close() } // until it is served
	if err = s.openCentral(l.Addr(), now); err != nil {
		return nil, "", err
	}
	if err = s.Central.ImportPeople(People()); err != nil {
		return nil, "", err
	}
	for _, a := range Staff {
		if err = s.Central.AddStaff(a.ID, a.PIN); err != nil {
			return nil, "", err
		}
	}
	s.serveOn(l)
	file, err = s.enrol("https://"+s.Address, printer)
	return s, file, err
}

// openCentral opens central for an address of this machine.
func (s *Stage) openCentral(at net.Addr, now func() time.Time) (err error) {
	s.Address = at.String()
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	dir := filepath.Join(s.Dir, "central")
	if err := central.Init(context.Background(), dir, now()); err != nil {
		return err
	}
	s.Central, err = central.Open(central.Options{
		Dir: dir, Sender: s.Phone, Serves: true, Log: s.Log.With("at", "central"), HelpPhone: "000-000-0000", Now: now,
		Issuer: "https://" + s.Address, Hosts: []string{host},
		Unlimited: true, // the same few residents ask again and again
	})
	return err
}

// Serve serves central, which was stopped, at an address of this machine.
func (s *Stage) Serve(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.serveOn(l)
	return nil
}

// serveOn serves central on a listener until stop is called.
func (s *Stage) serveOn(l net.Listener) {
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.Central.Serve(ctx, l); err != nil {
			s.Log.Error("central ended", "event", "demo.central-ended", "cause", err)
		}
	})
	s.Stop = func() { cancel(); serving.Wait() }
}

// enrol writes the configuration of a kiosk as vaxcentral would.
func (s *Stage) enrol(url, printer string) (file string, err error) {
	dir := filepath.Join(s.Dir, "enrolment")
	pin, err := s.Central.EnrolKiosk("demo", dir)
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "kiosk.toml")
	text := fmt.Sprintf("[central]\nurl = %q\nca = %q\ncert = %q\nkey = %q\npin = %q\n[kiosk]\nname = \"demo\"\ndata = %q\ntest = true\n[printer]\nuri = %q\n[paper]\nsize = \"letter\"\n",
		url, central.CAFile, central.CertFile, central.KeyFile, pin, filepath.Join(s.Dir, "kiosk"), printer)
	return file, os.WriteFile(file, []byte(text), 0o600)
}

// Close ends everything and removes its folder. The kiosk's own Close comes first.
func (s *Stage) Close() {
	s.Stop()
	if s.Central != nil {
		_ = s.Central.Close() // the folder goes next
	}
	_ = s.logged.Close()
	_ = os.RemoveAll(s.Dir) // a temporary folder; nothing in it is real
}

// OpenLog returns what the stage logged, for a tour that failed.
func (s *Stage) OpenLog() io.Reader {
	f, err := os.Open(filepath.Join(s.Dir, "kiosk", LogFile))
	if err != nil {
		return strings.NewReader("")
	}
	return f
}

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
