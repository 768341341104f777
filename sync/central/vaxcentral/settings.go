package main

import (
	"flag"
	"strings"

	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/logs"
)

// What a service is set up by: central.toml, and flags over it. Both say the same things, so they
// are read and checked in one place, package config.

// list is a flag of several texts, with commas, or given again.
type list struct {
	all   []string
	again bool // it adds to what is there, and does not take its place
}

func (l *list) String() string { return strings.Join(l.all, ",") }

func (l *list) Set(s string) error {
	if !l.again {
		l.all = nil
	}
	l.all = append(l.all, strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })...)
	return nil
}

func (l *list) Get() any { return l.all }

// settings are the flags of a command that wants the settings of a service.
type settings struct {
	flags     *flag.FlagSet
	file      *string
	demo      *bool
	residents *int
}

// settingsFlags reads them. What they mean is in package config, by the same names.
func settingsFlags(f *flag.FlagSet) settings {
	s := settings{flags: f, file: f.String("config", "", "`file` of settings (central.toml in the data folder, if there is one); a flag that repeats it is refused")}
	f.String("data", "", "`folder` of database and keys (required, here or in the file)")
	f.String("listen", "", "`address` to listen on, for example :8443 (required, here or in the file)")
	f.String("notices", "", "`folder` where notices wait for the SMS and e-mail gateway (notices in the data folder)")
	f.Var(&list{all: []string{"localhost", "127.0.0.1", "::1"}}, "hosts", "`names` and addresses that kiosks reach this service by, with commas")
	f.String("issuer", "", "public https `address` of this service, in every health card (required, here or in the file)")
	f.String("registry", "", "`name` of the registry, on the paper (required, here or in the file)")
	f.String("help-phone", "", "phone `number` for people who are stuck (required, here or in the file)")
	f.String("service", "", "`name` of the service (kiosks say \"Vaccine records\" in the visitor's language)")
	f.Int("workers", 0, "how `many` requests are worked on at a time (as many as there are cores)")
	f.Var(&list{again: true}, "trusted-proxy", "`network` of a proxy before the check page whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be given again (none)")
	f.String("audit-dir", "", auditDirAbout)
	f.String("metrics", "", "`address` to serve /metrics at for Prometheus, such as :9465, which is this machine alone unless a host is named (none)")
	f.String("log-format", logs.Text, "how standard error is written: `text` or json")
	f.Bool("verbose", false, "log every call: route, status and time")
	s.demo = f.Bool("demo", false, "a demonstration: issuer, registry and help phone may be made up, and are when they are not said")
	s.residents = f.Int("demo-people", 0, "a demonstration that fills an empty registry with this many made-up residents")
	return s
}

// source is where the settings come from. A flag that is empty says nothing.
func (s settings) source() config.Source {
	said := map[string]any{}
	s.flags.Visit(func(one *flag.Flag) {
		get, is := one.Value.(flag.Getter)
		if is && one.Value.String() != "" && one.Value.String() != "0" {
			said[one.Name] = get.Get()
		}
	})
	return config.Source{File: *s.file, Flags: said, Demo: *s.demo || *s.residents > 0}
}

// load reads them. Without a file, what is missing is missing on the command line.
func (s settings) load() (config.Config, error) {
	from := s.source()
	if from.Path() == "" {
		if err := wanted(s.flags, "data", "listen"); err != nil {
			return config.Config{}, err
		}
		if err := wanted(s.flags, "issuer", "registry", "help-phone"); err != nil && !from.Demo {
			return config.Config{}, err
		}
	}
	return from.Load()
}
