// Package config reads the configuration of the central service: one TOML file, written by IT,
// and what the command line says over it.
//
//	c, err := config.Source{File: "/etc/vaxcentral/central.toml", Flags: flags}.Load()
//
// The file is central.toml in the data folder, or the one that --config names. Drop-ins are
// central.d/*.toml beside it, read after it in the order of their names; of a key that several
// files set, the last counts, of the gateways for text messages the last whole list. Without a
// file all comes from flags, as it did before there were files; what a flag says and a file too
// is an error. Relative paths are relative to the folder of the file that names them.
//
// Load returns the finished configuration, or Problems: everything that is wrong with it at once,
// each one sentence with file, line and fix. Nothing is created or changed, and nobody is asked:
// whether a relay answers is tried by "vaxcentral check".
//
// It refuses unknown keys; a secret in the file (it goes into a file of its own with mode 0600,
// which a key that ends in _file names); and what the public would read and nobody has: names that
// belong to nobody (example.org, .test, localhost and their like) and numbers kept for fiction. An
// example with every key:
//
//	[service]
//	data = "data"                         # folder of database and keys; only in a file that --config names
//	listen = ":8443"                      # where kiosks, and phones on the check page, connect
//	hosts = ["records.your-town.gov"]     # optional (localhost, 127.0.0.1, ::1): names and addresses that kiosks reach this service by
//	issuer = "https://records.your-town.gov"  # in every health card; it cannot be changed later
//	registry = "Registry of Your State"   # its name, on the paper
//	help_phone = "413-200-0100"           # for people who are stuck
//	name = "Vaccine records"              # optional (kiosks say it in the visitor's language): the service's name
//	workers = 2                           # optional (as many as there are cores): requests that are worked on at a time
//	trusted_proxies = ["10.0.0.0/8"]      # optional (none): networks of proxies before the check page whose X-Forwarded-For is believed
//
//	[metrics]
//	listen = ":9465"                      # optional (none): /metrics for Prometheus; this machine alone unless a host is named
//
//	[log]
//	format = "text"                       # optional (text): how standard error is written, or "json"
//	verbose = false                       # optional (false): each call: route, status and time
//
//	[notices]
//	folder = "notices"                    # optional (notices in the data folder): where messages wait as files for a gateway
//	                                      # of yours, those of a kind that has no section here
//
//	[notices.email]                       # optional: e-mail goes to a relay
//	relay = "mail.your-town.gov:587"      # STARTTLS, or TLS from the first byte at port 465
//	from = "records@your-town.gov"        # what people see
//	bounces = "bounces@your-town.gov"     # optional (from): what cannot be delivered comes back to bounces+TOKEN@…
//	bounces_maildir = "bounces"           # optional (none): the maildir that the relay puts that into
//	ca = "relay-ca.pem"                   # optional (those that the machine trusts): who may vouch for the relay
//	user = "vaxcentral"                   # optional (none), with password_file: said inside of TLS only
//	password_file = "relay-password"
//
//	[[notices.sms]]                       # optional: text messages go to a gateway, and to the next one while it is down
//	profile = "twilio"                    # or "telnyx", or "generic"
//	from = "+14132000100"                 # the sender: a number, or an id of the gateway's
//	account = "AC00000000000000000000000000000000"  # twilio: the account; generic: the user, if it wants one
//	secret_file = "twilio-token"          # the token, or the password of the user
//
//	[[notices.sms]]
//	profile = "generic"
//	from = "VAXKIOSK"
//	url = "https://sms.your-state.gov/v1/messages"  # generic; of the others optional (theirs)
//	ca = "sms-ca.pem"                     # optional (those that the machine trusts): who may vouch for the gateway
//	secret_file = "sms-token"
//	receipts_key_file = "sms-receipts-key"  # optional (no receipts are believed), telnyx and generic: what they are signed with
//	fields = {to = "phone", id = "data.id"}  # optional, generic: its names for to, from, text, validity_seconds, receipts_url, and id in its answer
//
//	[notices.receipts]                    # optional: gateways tell what became of text messages, and who wants none
//	listen = "127.0.0.1:8444"             # for a proxy with a public certificate
//	url = "https://records.your-town.gov" # where that is: gateways call /v1/deliveries/PROFILE there
//
//	[audit]
//	folder = "/mnt/audit"                 # optional (audit in the data folder): where signed heads of the audit are kept; best on
//	                                      # another machine, or where nothing is erased
//
//	[retention]                           # optional: for how long, in days (d) or years (y); vaxcentral retention show has the floors
//	requests = "90d"                      # optional (90d): what is left of a request after its end
//	problems = "180d"                     # optional (180d): technical problems that visitors reported
//	counts = "400d"                       # optional (400d): published counts
//	audit = "7y"                          # optional (6y): who did what, when, with whose data
package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/settings"
)

// FileName is what the file is called in a data folder.
const FileName = "central.toml"

// Config is the configuration of a service, every value checked.
type Config struct {
	Data       string // folder
	Listen     string
	Hosts      []string // nil: this machine alone
	Issuer     string
	Registry   string
	HelpPhone  string
	Name       string         // empty: kiosks say it
	Workers    int            // 0: as many as there are cores
	Proxies    []netip.Prefix // whose X-Forwarded-For is believed
	Metrics    string         // an address to listen at, empty: none
	JSON       bool           // of the log
	Verbose    bool
	Notices    Notices
	Audit      string            // folder of signed heads, empty: in the data folder
	Keep       retention.Periods // for how long what is kept; nil: as the table has it
	Files      []string          // it was read from these, in this order: of what two set, the later counts
	BadNotices bool              // something is wrong with Notices
}

// Problem is one thing that is wrong.
type Problem = settings.Problem

// Problems is everything that is wrong with a configuration, in its order.
type Problems = settings.Problems

// Source is where a configuration comes from.
type Source struct {
	File  string         // of --config; empty: FileName in the data folder, if there is one
	Flags map[string]any // by names such as "listen": what the command line says
	Demo  bool           // a demonstration: what the public reads may be made up, and is where nothing is said
}

// keys are what flags of "vaxcentral serve" say.
var keys = map[string]string{
	"data": "service.data", "listen": "service.listen", "hosts": "service.hosts", "issuer": "service.issuer", "registry": "service.registry",
	"help-phone": "service.help_phone", "service": "service.name", "workers": "service.workers", "trusted-proxy": "service.trusted_proxies",
	"metrics": "metrics.listen", "notices": "notices.folder", "log-format": "log.format", "verbose": "log.verbose", "audit-dir": "audit.folder",
}

// Path is the file that is read, empty when there is none.
func (s Source) Path() string {
	if s.File != "" {
		return s.File
	}
	dir, _ := s.Flags["data"].(string)
	if dir == "" {
		return ""
	}
	file := filepath.Join(dir, FileName)
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	return file
}

// Load reads a configuration. The error is always Problems; what could be read all the same is
// returned with it, for whoever looks for what else is wrong.
func (s Source) Load() (Config, error) {
	f := file{settings.New("")}
	if path := s.Path(); path != "" {
		f = file{settings.Read(path)}
	}
	broken := f.Problems != nil
	for flag, value := range s.Flags {
		if key, is := keys[flag]; is {
			f.Flag("--"+flag, key, value)
		}
	}
	if broken {
		dir, _ := f.Value("service.data").(string)
		return Config{Data: dir, Files: f.Files, BadNotices: true}, f.Err()
	}
	c := f.config(s.Demo)
	return c, f.Err()
}

// file is a configuration taken apart: what package settings knows of it, asked for the keys of
// a central service.
type file struct{ *settings.File }

// config reads all that a configuration can say, and notes what is wrong with it.
func (f file) config(demo bool) Config {
	c := Config{Files: f.Files}
	if data := f.Text("service.data", "the folder of database and keys, or give --data"); data != "" {
		c.Data = f.Path("service.data", data)
	}
	f.public(&c, demo)
	f.service(&c)
	c.Metrics = f.metrics()
	c.JSON = f.Has("log.format") && f.OneOf("log.format", "text", "json") == "json"
	c.Verbose = f.Bool("log.verbose", false)
	f.audit(&c)
	before := len(f.Problems)
	c.Notices = f.notices(c.Data)
	c.BadNotices = len(f.Problems) > before
	f.Unknown()
	return c
}

// plain reports whether a text can stand on a line.
func plain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}
