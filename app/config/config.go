// Package config reads a kiosk's configuration: one TOML file, written by IT.
//
// Load returns the finished configuration, certificates included, or Problems:
// everything that is wrong with it at once, each one sentence with file, line and fix.
// Nothing is created or changed.
//
// Drop-ins are for what a package, a mass roll-out or an enrolment adds without touching the
// file: of kiosk.toml they are kiosk.d/*.toml beside it, read after it in the order of their
// names. Of a key that several files set, the last counts; set twice in one file it is an error.
// What an enrolment on the machine has decided is enrolled.toml in the data folder, read before
// all of them. A configuration that lacks only what an enrolment brings is that of a new machine,
// which asks for a code on its screen (Look).
// Relative paths are relative to the folder of the file that names them.
//
// Load refuses unknown keys (a mistyped key would silently do nothing),
// a certificate that does not fit its key, a key in a file where key_store says TPM, every printer or central
// connection without what makes it safe, and a printer that is a folder, unless the
// kiosk says on its screen that it is a test. An example:
//
//	[central]
//	url  = "https://central.example.org"  # no path
//	ca   = "central-ca.pem"               # the only CA that may vouch for central
//	cert = "kiosk.pem"                    # this kiosk's certificate, with its chain
//	key  = "kiosk.key"                    # its private key, or "tpm:NAME" as an enrolment writes it: then it is in the TPM
//	key_store = "auto"                    # optional (auto): where an enrolment keeps the key: in the TPM if there is one,
//	                                      # "tpm" nowhere else, or it fails; "file" in a file
//	tpm = "/dev/tpmrm0"                   # optional (that one): the TPM
//	proxy = "http://proxy.local:3128"     # optional: the way out (CONNECT); variables of the environment do not count
//	pin  = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"  # thumbprint of central's bootstrap key (RFC 7638)
//
//	[kiosk]
//	name = "town-hall-1"                  # in logs and metrics
//	data = "data"                         # folder of the outbox
//	test = false                          # optional (false): "TEST" stands on the welcome screen; must be true for a folder as printer
//
//	[printer]
//	uri = "ipps://printer.local/ipp/print"  # or ipp://HOST/PATH or folder:PATH; a CUPS queue,
//	                                        # ipp://localhost:631/printers/NAME, only if need be
//	pin = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # ipps only: SHA-256 of its public key,
//	                                        # which alone vouches for it, also under TLS 1.2 without forward secrecy
//	hold = false                          # optional (false), ipps only: the printer holds a record until the
//	                                      # number that the screen shows is typed at it (job-password)
//	uncounted = false                     # optional (false): its counter stays at 0 although all pages come out, as
//	                                      # a test page has shown, so that its word alone counts
//
//	[paper]
//	size = "letter"                       # or "a4"
//
//	[window]
//	fullscreen = true                     # optional (true)
//	hours = ["mon-fri 07:30-18:00", "sat 09:00-12:30"]  # optional (always): outside of these the screen is dark
//	                                      # while nobody is there; a touch lights it
//
//	[metrics]
//	listen = "127.0.0.1:9464"             # optional (none): /metrics for Prometheus, for this machine alone
//
//	[keypad]                              # optional: keys of a keyboard, a keypad that is found by touch, or switches
//	preset = "arrows"                     # optional (that one): "arrows", "vx" (VotingWorks), "storm-default" (Storm AudioNav:
//	                                      # only << and the volume, the rest is yours to set) or "none"
//	next = ["Down"]                       # optional: in place of the preset's; keys by name, or by scan code, "scan:191", which
//	previous = ["scan:191"]               # under X is the key code (xev shows both). [] for none. A key that writes a
//	                                      # character does so where one is typed. So also: select, forward, back, help, and
//	                                      # for speech: speech, repeat, pause, louder, softer, faster, slower, jack-in, jack-out
//
//	[speech]                              # optional: for whoever does not see the screen. It wants espeak-ng and PipeWire, and is
//	on = true                             # optional (true): turned on by a visitor, with the key for it or headphones
//	sink = "headphones"                   # optional (that of the session): of PipeWire, by its name (pw-cli ls Node)
//	handset = false                       # optional (false): nobody else hears it, so names and doses are said without headphones
package config

import (
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"strings"

	"vaxkiosk/app/keypad"
	"vaxkiosk/sync/settings"
)

// Config is a kiosk's configuration, every value checked.
type Config struct {
	Central Central
	Kiosk   Kiosk
	Printer Printer
	Paper   Paper
	Window  Window
	Metrics Metrics
	Keypad  keypad.Bindings // what the keys of a keyboard, a keypad or switches are for
	Speech  Speech
	Files   []string // it was read from these, in this order: of what two set, the later counts
}

// Central says where central is and who is who.
type Central struct {
	URL  string         // https, without a path
	CA   *x509.CertPool // may vouch for central
	Cert tls.Certificate
	Pin  string // RFC 7638 thumbprint of the key that signs the bootstrap
	// Proxy is the host:port of an HTTP proxy on the way to central; empty: there is none.
	Proxy string
}

// Kiosk is this machine.
type Kiosk struct {
	Name string
	Data string // folder
	Test bool   // nobody's records: the welcome screen says so
}

// Printer says where pages go: URI or Folder is set, not both.
type Printer struct {
	URI       string // ipp:// or ipps://
	Folder    string
	Hold      bool   // pages until a number is typed at the printer, ipps only
	Uncounted bool   // its counters say nothing, URI only
	Pin       []byte // SHA-256 of the printer's public key (SubjectPublicKeyInfo), ipps only
}

// Paper is what is in the printer.
type Paper struct{ Size string } // Letter or A4

// Window is how the kiosk shows itself.
type Window struct {
	FullScreen bool
	Hours      Hours
}

// Metrics says where the kiosk's own numbers can be read.
type Metrics struct{ Listen string } // an address of this machine alone; empty: nowhere

// Speech says how the kiosk speaks to whoever does not see the screen, where the machine can.
type Speech struct {
	On      bool
	Sink    string // of PipeWire, by its name; empty: that of the session
	Handset bool   // nobody else hears it, whatever is plugged in
}

// Where an enrolment keeps the key, central.key_store.
const (
	KeyAuto   = "auto" // in the TPM where there is one that it can use
	KeyInTPM  = "tpm"
	KeyInFile = "file"
)

// Paper sizes.
const (
	Letter = "letter"
	A4     = "a4"
)

// Problem is one thing that is wrong.
type Problem = settings.Problem

// Problems is everything that is wrong with a configuration, in its order.
type Problems = settings.Problems

// file is a configuration taken apart: what package settings knows of it, asked for the keys of
// a kiosk.
type file struct{ *settings.File }

// parse reads a configuration. What an enrolment has decided is read from enrolled, or "" for
// where it is.
func parse(name, enrolled string) file {
	f := file{settings.Read(name)}
	f.addEnrolled(enrolled)
	return f
}

// Load reads a configuration and its drop-ins. The error is always Problems.
func Load(path string) (Config, error) { return load(parse(path, "")) }

func load(f file) (Config, error) {
	if f.Problems != nil {
		return Config{}, f.Problems
	}
	c := f.config()
	if err := f.Err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// config reads all that a configuration can say, and notes what is wrong with it.
func (f file) config() Config {
	c := Config{
		Central: f.central(),
		Kiosk:   f.kiosk(),
		Printer: f.printer(),
		Paper:   Paper{f.OneOf("paper.size", Letter, A4)},
		Window:  Window{f.Bool("window.fullscreen", true), f.hours("window.hours")},
		Metrics: Metrics{f.metrics()},
		Keypad:  f.keypad(),
		Speech:  f.speech(),
		Files:   f.Files,
	}
	f.Unknown()
	return c
}

func (f file) speech() Speech {
	s := Speech{On: f.Bool("speech.on", true), Handset: f.Bool("speech.handset", false)}
	if f.Has("speech.sink") {
		s.Sink = f.Text("speech.sink", "the name of a sink of PipeWire")
	}
	return s
}

func (f file) kiosk() Kiosk {
	k := Kiosk{Name: f.Text("kiosk.name", "a name for this kiosk, for example \"town-hall-1\"")}
	if len(k.Name) > 64 || strings.ContainsFunc(k.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		f.Wrong("kiosk.name", "is too long or has control characters; use at most 64 printable ones")
	}
	if data := f.Text("kiosk.data", "the folder where the kiosk keeps its outbox"); data != "" {
		k.Data = f.Path("kiosk.data", data)
	}
	k.Test = f.Bool("kiosk.test", false)
	return k
}

// metrics reads an address that nobody but this machine reaches: a kiosk answers no network.
func (f file) metrics() string {
	const what = `"127.0.0.1:PORT"`
	if !f.Has("metrics.listen") {
		return ""
	}
	s := f.Text("metrics.listen", what)
	at, err := netip.ParseAddrPort(s)
	if s != "" && (err != nil || !at.Addr().IsLoopback()) {
		f.Wrong("metrics.listen", "is not an address of this machine alone; set it to %s", what)
		return ""
	}
	return s
}
