package msi

import (
	"bytes"

	"github.com/BurntSushi/toml"
)

// first is the configuration of a machine on which there is none.
const first = `# The kiosk of this machine; installing a newer program keeps what you change here.
#
# Who this kiosk is (central, certificate, name, printer) comes from a code, typed on its screen
# or given to the installer, and is kept in the data folder. Whatever files say counts over that:
# this one, and kiosk.d\*.toml beside it, which are read after it in the order of their names; of
# a key that several set, the last counts. Paths in them are relative to the file's folder.
# To see what is wrong, all of it at once: vaxkiosk --config FILE --check-config

[kiosk]
data = "data"

[paper]
size = "letter"
`

// text is what was asked for as TOML, "" when nothing was.
func (a asked) text() (string, error) {
	all := map[string]map[string]string{}
	for _, x := range []struct{ section, key, value string }{
		{"central", "url", a.central},
		{"central", "proxy", a.proxy},
		{"printer", "uri", a.printer},
		{"printer", "pin", a.printerPin},
		{"paper", "size", a.paper},
	} {
		if x.value == "" {
			continue
		}
		if all[x.section] == nil {
			all[x.section] = map[string]string{}
		}
		all[x.section][x.key] = x.value
	}
	if len(all) == 0 {
		return "", nil
	}
	var b bytes.Buffer
	b.WriteString("# What the installer was told. Files with later names count over it; installing anew with\n# properties writes it anew.\n\n")
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(all); err != nil {
		return "", err
	}
	return b.String(), nil
}
