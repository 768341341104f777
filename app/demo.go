package main

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
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui"
)

// residents is how many made-up people a demo has; they are the same in every demo.
const residents = 2000

func demoPeople() []registry.Person { return slices.Clone(madeUp()) }

var madeUp = sync.OnceValue(func() []registry.Person {
	return madeup.Generate(residents, madeup.DemoSeed, madeup.DemoDay)
})

// demoStaff may sign in at a demo's kiosk.
var demoStaff = []struct{ id, pin string }{{"nurse", "704158"}, {"clerk", "296035"}}

// listResidents prints number, given, family, birth date, gender, phone, e-mail
// doses, and how many of them a health card holds, of each resident as TSV.
func listResidents(out io.Writer) error {
	w := bufio.NewWriter(out)
	_, _ = fmt.Fprintln(w, "number\tgiven\tfamily\tbirth date\tgender\tphone\te-mail\tdoses\ton cards")
	for _, p := range demoPeople() {
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

// stage is what a demo puts around a kiosk: a central service in a temporary
// folder, reached over real TLS, and a phone that gets every notice.
type stage struct {
	dir     string
	central *central.Central
	phone   *notice.Phone
	kiosk   *kiosk
	address string // central's
	log     *slog.Logger
	logged  *os.File
	window  *fyneLog
	stop    func()
}

// logTo is where a stage logs: its own file, and to somebody who watches.
func logTo(file, watching io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(io.MultiWriter(file, watching), nil))
}

// logFile is the stage's log, in the kiosk's data folder: what a tour searches
// for personal values includes the log.
const logFile = "kiosk.log"

// loopback is where central listens unless a demo is to be reached from elsewhere.
const loopback = "127.0.0.1:0"

// openStage opens a stage that nobody else reaches.
func openStage(printer string, watching io.Writer) (*stage, error) {
	return openStageAt(loopback, printer, watching)
}

// openStageAt sets everything up, with central listening at an address, and opens the
// kiosk. Printer is the printer's address; the log goes to watching as well.
func openStageAt(listen, printer string, watching io.Writer) (*stage, error) {
	s, file, err := setStageAt(listen, time.Now, printer, watching)
	if err != nil {
		return nil, err
	}
	if err := s.open(file); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// open opens the kiosk of a configuration.
func (s *stage) open(file string) error {
	cfg, err := config.Load(file)
	if err != nil {
		return err
	}
	if s.kiosk, err = openKiosk(context.Background(), file, cfg, s.log); err != nil {
		return err
	}
	s.kiosk.demo = true
	return nil
}

// setStage sets a stage that nobody else reaches.
func setStage(now func() time.Time, printer string, watching io.Writer) (ready *stage, file string, err error) {
	return setStageAt(loopback, now, printer, watching)
}

// setStageAt sets up everything but the kiosk, for which it returns the
// configuration. Central's clock is now. Central issues records in the name of the
// address it listens at, so that the code on a printed page leads to its check page.
func setStageAt(listen string, now func() time.Time, printer string, watching io.Writer) (ready *stage, file string, err error) {
	dir, err := os.MkdirTemp("", "vaxkiosk-demo-")
	if err != nil {
		return nil, "", err
	}
	s := &stage{dir: dir, phone: &notice.Phone{}, stop: func() {}}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err = os.Mkdir(filepath.Join(dir, "kiosk"), 0o700); err != nil {
		return nil, "", err
	}
	if s.logged, err = os.OpenFile(filepath.Join(dir, "kiosk", logFile), os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return nil, "", err
	}
	s.log = logTo(s.logged, watching)
	s.window = takeFyneLog(s.log)
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, "", err
	}
	s.stop = func() { _ = l.Close() } // until it is served
	if err = s.openCentral(l.Addr(), now); err != nil {
		return nil, "", err
	}
	if err = s.central.ImportPeople(context.Background(), demoPeople()); err != nil {
		return nil, "", err
	}
	for _, a := range demoStaff {
		if err = s.central.AddStaff(context.Background(), a.id, a.pin); err != nil {
			return nil, "", err
		}
	}
	s.serveOn(l)
	file, err = s.enrol("https://"+s.address, printer)
	return s, file, err
}

// openCentral opens central for an address of this machine.
func (s *stage) openCentral(at net.Addr, now func() time.Time) (err error) {
	s.address = at.String()
	host, _, err := net.SplitHostPort(s.address)
	if err != nil {
		return err
	}
	dir := filepath.Join(s.dir, "central")
	if err := central.Init(context.Background(), dir, now()); err != nil {
		return err
	}
	s.central, err = central.Open(central.Options{
		Dir: dir, Sender: s.phone, Serves: true, Log: s.log.With("at", "central"), HelpPhone: "000-000-0000", Now: now,
		Issuer: "https://" + s.address, Hosts: []string{host},
		Unlimited: true, // the same few residents ask again and again
	})
	return err
}

// serve serves central, which was stopped, at an address of this machine.
func (s *stage) serve(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s.serveOn(l)
	return nil
}

// serveOn serves central on a listener until stop is called.
func (s *stage) serveOn(l net.Listener) {
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := s.central.Serve(ctx, l); err != nil {
			s.log.Error("central ended", "event", "demo.central-ended", "cause", err)
		}
	})
	s.stop = func() { cancel(); serving.Wait() }
}

// enrol writes the configuration of a kiosk as vaxcentral would.
func (s *stage) enrol(url, printer string) (file string, err error) {
	dir := filepath.Join(s.dir, "enrolment")
	pin, err := s.central.EnrolKiosk(context.Background(), "demo", dir)
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "kiosk.toml")
	text := fmt.Sprintf("[central]\nurl = %q\nca = %q\ncert = %q\nkey = %q\npin = %q\n[kiosk]\nname = \"demo\"\ndata = %q\ntest = true\n[printer]\nuri = %q\n[paper]\nsize = \"letter\"\n",
		url, central.CAFile, central.CertFile, central.KeyFile, pin, filepath.Join(s.dir, "kiosk"), printer)
	return file, os.WriteFile(file, []byte(text), 0o600)
}

func (s *stage) close() {
	s.stop()
	if s.central != nil {
		_ = s.central.Close() // the folder goes next
	}
	_ = s.logged.Close()
	_ = os.RemoveAll(s.dir) // a temporary folder; nothing in it is real
}

// ring puts the demo phone's messages of the present visit on the screen.
type ring struct {
	w      *window
	mu     sync.Mutex
	number uint64
	all    []ui.Message
}

func (r *ring) message(m notice.Message) {
	r.mu.Lock()
	r.all = append(r.all, ui.Message{To: m.To, Text: m.Text})
	all := append([]ui.Message(nil), r.all...)
	r.mu.Unlock()
	r.w.do(func() { r.w.ui.Messages(all) })
}

// seen forgets the messages of the visit before.
func (r *ring) seen(v visit.Visit, _ time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v.Number != r.number {
		r.number, r.all = v.Number, nil
	}
}

// demoPages is where a demo prints to.
const demoPages = "build/demo"

// printerFlag reads --printer.
func printerFlag(address string) (config.Printer, error) {
	if folder, ok := strings.CutPrefix(address, "folder:"); ok && folder != "" {
		return config.Printer{Folder: folder}, nil
	}
	if strings.HasPrefix(address, "ipp://") {
		return config.Printer{URI: address}, nil
	}
	return config.Printer{}, fmt.Errorf("--printer %q: want ipp://host/ipp/print or folder:PATH; ipps needs its pin, which goes into the configuration", address)
}

// demoPrinter is the address a demo prints to, as an absolute one.
func demoPrinter(o options, folder string) (string, error) {
	if o.printer != "" {
		p, err := printerFlag(o.printer)
		if err != nil || p.Folder == "" {
			return p.URI, err
		}
		folder = p.Folder
	}
	path, err := filepath.Abs(folder)
	return "folder:" + path, err
}

// demo runs a kiosk with everything around it made up.
func demo(o options, out, errs io.Writer) error {
	address, err := demoPrinter(o, demoPages)
	if err != nil {
		return err
	}
	if err := needWindow(slog.New(slog.NewTextHandler(errs, nil))); err != nil {
		return err
	}
	ctx, stop := untilSignal(context.Background()) // from here on there is a folder to remove
	defer stop()
	s, err := openStageAt(o.listen, address, errs)
	if err != nil {
		return err
	}
	defer s.close()
	_, _ = fmt.Fprintf(out, "The demo prints to %s. Its people: vaxkiosk --demo --list-residents. Ctrl-C ends it.\n"+
		"Its pages are checked at https://%s/check, where a browser first warns: the demo vouches for itself.\n", address, s.address)
	w := openWindow(true, s.kiosk.desk.Post)
	w.log = s.window
	r := &ring{w: w}
	s.phone.Subscribe(r.message)
	return runKiosk(ctx, s.kiosk, w, r.seen)
}
