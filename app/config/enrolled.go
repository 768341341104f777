package config

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Who a kiosk is comes from IT, in the configuration, or from an enrolment on the machine
// itself. That is kept where alone the kiosk's user may write: in the data folder. It is read
// before all other files, so that whatever IT says counts over it.

// EnrolledFile is what an enrolment has decided, inside the data folder.
const EnrolledFile = "enrolled.toml"

// identity are the keys that make a kiosk of a machine: all of them are there, or none.
var identity = []string{"central.ca", "central.cert", "central.key", "central.pin"}

// brought are the keys that an enrolment brings where IT has not set them.
var brought = append([]string{"central.url", "kiosk.name", "printer.uri", "paper.size"}, identity...)

// Machine is what the files of IT say of a machine, whether it is a kiosk by now or not.
type Machine struct {
	File     string // the configuration
	Central  string // central's address as an https URL, "" when an enrolment brings it
	Proxy    string // host:port on the way to central, "" for none
	Data     string // folder, "" when it is not said
	Window   Window
	KeyStore string // where an enrolment keeps the key, one of KeyAuto …, "" when it is not said
	TPM      string // where the TPM is, "" for the usual place
	// New: no file says who this kiosk is, all else that they say is good, and an enrolment
	// brings what is missing.
	New bool
	// By is the file that says who this kiosk is, "" when none does. It is Enrolled() when an
	// enrolment on this machine has said it.
	By string

	said map[string]any
}

// Enrolled is the path of what an enrolment decides.
func (m Machine) Enrolled() string { return filepath.Join(m.Data, EnrolledFile) }

// Says reports whether a file of IT sets a key, such as "printer.uri".
func (m Machine) Says(key string) bool {
	section, _, _ := strings.Cut(key, ".")
	return m.said[key] != nil || section == "printer" && m.said["printer.uri"] != nil
}

// Look reads what a configuration and its drop-ins say of a machine. What is wrong with them is
// told by Load.
func Look(path string) Machine {
	it := &file{name: path, values: map[string]any{}, places: map[string]place{}}
	it.addAll()
	m := Machine{File: path, said: it.values, Window: Window{FullScreen: true}}
	if data, is := it.values["kiosk.data"].(string); is && data != "" {
		m.Data = it.path("kiosk.data", data)
	}
	both := parse(path, "")
	m.KeyStore, _ = both.values["central.key_store"].(string)
	m.TPM, _ = both.values["central.tpm"].(string)
	for _, key := range identity {
		if at, is := both.places[key]; is && both.values[key] != nil {
			m.By = at.file
		}
	}
	if it.problems != nil || both.problems != nil || m.By != "" || m.Data == "" {
		return m
	}
	c := both.config()
	m.Central, m.Proxy, m.Window = c.Central.URL, c.Central.Proxy, c.Window
	m.New = len(both.mistakes()) == 0
	return m
}

// mistakes are the problems but those that an enrolment mends.
func (f *file) mistakes() Problems {
	return slices.DeleteFunc(f.inOrder(), func(p Problem) bool {
		return f.values[p.Key] == nil && slices.Contains(brought, p.Key)
	})
}

// Mistakes is what is wrong with a configuration, but for what an enrolment brings to a machine
// that is no kiosk yet.
func Mistakes(path string) Problems {
	_, err := Load(path)
	var all Problems
	if !errors.As(err, &all) || Look(path).By != "" {
		return all
	}
	f := parse(path, "")
	if f.problems == nil {
		f.config()
	}
	return f.mistakes()
}

// addEnrolled reads what an enrolment has decided, or what it is about to, under everything
// that IT says. Of a printer IT says all or nothing: an address with another's key is worse
// than none.
func (f *file) addEnrolled(path string) {
	if path == "" {
		data, is := f.values["kiosk.data"].(string)
		if !is || data == "" {
			return
		}
		path = filepath.Join(f.path("kiosk.data", data), EnrolledFile)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
	it := Machine{said: f.values}
	own := &file{name: f.name, values: map[string]any{}, places: map[string]place{}}
	own.add(path)
	f.files = append([]string{path}, f.files...)
	f.problems = append(own.problems, f.problems...)
	f.said = append(own.said, f.said...)
	values := maps.Clone(f.values)
	for key, value := range own.values {
		if !it.Says(key) {
			values[key], f.places[key] = value, own.places[key]
		}
	}
	f.values = values
	for section, at := range own.places {
		if _, is := f.places[section]; !is && !strings.Contains(section, ".") {
			f.places[section] = at
		}
	}
}

// Try is Load with another file in place of what an enrolment has decided: a new enrolment is
// tried before it counts.
func Try(path, enrolled string) (Config, error) { return load(parse(path, enrolled)) }
