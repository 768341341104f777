package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/window"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
)

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

// logFile is the stage's log, in the kiosk's data folder: what a tour searches
// for personal values includes the log.
const logFile = "kiosk.log"

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

// SetUp is Open without the kiosk: file is the configuration it was enrolled with, which
// OpenKiosk takes. Now is central's clock.
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
	if s.logged, err = os.OpenFile(filepath.Join(dir, "kiosk", logFile), os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
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
	if err = s.Central.ImportPeople(context.Background(), People()); err != nil {
		return nil, "", err
	}
	for _, a := range Staff {
		if err = s.Central.AddStaff(context.Background(), a.ID, a.PIN); err != nil {
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
	s.Central, err = central.Open(context.Background(), central.Options{
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
	pin, err := s.Central.EnrolKiosk(context.Background(), "demo", dir)
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
	f, err := os.Open(filepath.Join(s.Dir, "kiosk", logFile))
	if err != nil {
		return strings.NewReader("")
	}
	return f
}
