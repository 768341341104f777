package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vaxkiosk/sync/settings"
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

	it *settings.File // the files of IT
}

// Enrolled is the path of what an enrolment decides.
func (m Machine) Enrolled() string { return filepath.Join(m.Data, EnrolledFile) }

// Says reports whether a file of IT sets a key, such as "printer.uri".
func (m Machine) Says(key string) bool { return m.it != nil && saysOf(m.it, key) }

func saysOf(it *settings.File, key string) bool {
	section, _, _ := strings.Cut(key, ".")
	return it.Value(key) != nil || section == "printer" && it.Value("printer.uri") != nil
}

// Look reads what a configuration and its drop-ins say of a machine. What is wrong with them is
// told by Load.
func Look(path string) Machine {
	it := settings.Read(path)
	m := Machine{File: path, it: it, Window: Window{FullScreen: true}}
	if data, is := it.Value("kiosk.data").(string); is && data != "" {
		m.Data = it.Path("kiosk.data", data)
	}
	both := parse(path, "")
	m.KeyStore, _ = both.Value("central.key_store").(string)
	m.TPM, _ = both.Value("central.tpm").(string)
	for _, key := range identity {
		if by := both.By(key); by != "" {
			m.By = by
		}
	}
	if it.Problems != nil || both.Problems != nil || m.By != "" || m.Data == "" {
		return m
	}
	c := both.config()
	m.Central, m.Proxy, m.Window = c.Central.URL, c.Central.Proxy, c.Window
	m.New = len(both.mistakes()) == 0
	return m
}

// mistakes are the problems but those that an enrolment mends.
func (f file) mistakes() Problems {
	return slices.DeleteFunc(f.InOrder(), func(p Problem) bool {
		return f.Value(p.Key) == nil && slices.Contains(brought, p.Key)
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
	if f.Problems == nil {
		f.config()
	}
	return f.mistakes()
}

// addEnrolled reads what an enrolment has decided, or what it is about to, under everything
// that IT says. Of a printer IT says all or nothing: an address with another's key is worse
// than none.
func (f file) addEnrolled(path string) {
	if path == "" {
		data, is := f.Value("kiosk.data").(string)
		if !is || data == "" {
			return
		}
		path = filepath.Join(f.Path("kiosk.data", data), EnrolledFile)
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return
		}
	}
	f.Under(path, func(key string) bool { return saysOf(f.File, key) })
}

// Try is Load with another file in place of what an enrolment has decided: a new enrolment is
// tried before it counts.
func Try(path, enrolled string) (Config, error) { return load(parse(path, enrolled)) }
