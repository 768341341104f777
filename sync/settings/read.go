package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// dropIns are the files beside a configuration that are read after it, in the order of their
// names: of kiosk.toml those of the folder kiosk.d.
func (f *File) dropIns() (all []string) {
	dir := strings.TrimSuffix(f.Name, filepath.Ext(f.Name)) + ".d"
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.Problems = append(f.Problems, Problem{File: dir, Text: fmt.Sprintf("cannot be listed (%v); give the user of the program the right to, or remove it", Cause(err))})
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".toml" && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all
}

// Add reads one file over those before it.
func (f *File) Add(name string) {
	f.Files = append(f.Files, name)
	b, err := readWhole(name)
	if err != nil {
		fix := "name a configuration file with --config"
		if name != f.Name {
			fix = "give the user of the program the right to read it"
		}
		f.Problems = append(f.Problems, Problem{File: name, Text: fmt.Sprintf("cannot be read (%v); %s", Cause(err), fix)})
		return
	}
	var raw map[string]any
	if _, err := toml.Decode(string(b), &raw); err != nil {
		p := Problem{File: name, Text: "is not TOML; see the example in the manual"}
		var at toml.ParseError
		if errors.As(err, &at) {
			p.Line, p.Text = at.Position.Line, fmt.Sprintf("is not TOML (%s); see the example in the manual", at.Message)
		}
		f.Problems = append(f.Problems, p)
		return
	}
	f.flatten("", raw, name, findLines(string(b)))
}

// longest is how long a file may be: a list of sites is, and what never ends is not read.
const longest = 4 << 20

var errLong = errors.New("it is longer than any configuration")

func readWhole(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err == nil && len(b) > longest {
		err = errLong
	}
	return b, err
}

// flatten takes a table apart. Of a list of tables, the entries of files before are dropped.
func (f *File) flatten(prefix string, table map[string]any, name string, lines map[string]int) {
	for key, value := range table {
		key = prefix + key
		at := place{file: name}
		for above := key; at.line == 0 && above != ""; above = above[:max(0, strings.LastIndex(above, "."))] {
			at.line = lines[above]
		}
		switch value := value.(type) {
		case map[string]any:
			f.section(key, value, at, lines)
		case []map[string]any:
			before := func(old string) bool { return strings.HasPrefix(old, key+".") }
			maps.DeleteFunc(f.values, func(old string, _ any) bool { return before(old) })
			maps.DeleteFunc(f.places, func(old string, _ place) bool { return before(old) })
			for n, entry := range value {
				one := key + "." + strconv.Itoa(n+1)
				f.places[one] = place{file: name, line: lines[one]}
				f.section(one, entry, f.places[one], lines)
			}
			f.values[key], f.places[key] = value, at
		default:
			f.values[key], f.places[key] = value, at
			f.said = append(f.said, said{key, at})
		}
	}
}

// section takes a table apart that has a name. Where the first file that has it does, keys would
// stand that are missing in it.
func (f *File) section(key string, table map[string]any, at place, lines map[string]int) {
	if _, is := f.places[key]; !is {
		f.places[key] = at
	}
	if len(table) == 0 {
		f.said = append(f.said, said{key, at})
	}
	f.flatten(key+".", table, at.file, lines)
}

// findLines finds where plain keys and sections stand. What is written in
// another way (dotted, quoted, inline) is valid too and has no line in problems.
func findLines(text string) map[string]int {
	at, entries := map[string]int{}, map[string]int{}
	section := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "[["); ok {
			name, _, _ = strings.Cut(name, "]")
			name = strings.TrimSpace(name)
			if entries[name]++; entries[name] == 1 {
				at[name] = i + 1
			}
			name += "." + strconv.Itoa(entries[name])
			section, at[name] = name+".", i+1
		} else if name, ok := strings.CutPrefix(line, "["); ok {
			name, _, _ = strings.Cut(name, "]")
			name = strings.TrimSpace(name)
			section, at[name] = name+".", i+1
		} else if key, _, ok := strings.Cut(line, "="); ok {
			at[section+strings.TrimSpace(key)] = i + 1
		}
	}
	return at
}

// Cause drops the file name that the sentence around an error has already.
func Cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
