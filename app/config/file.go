package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// place is where a key stands.
type place struct {
	file string
	line int // 0 when it stands on no line of its own
}

// file is a configuration taken apart, the file itself and its drop-ins in the order in which
// they count, collecting what is wrong with it.
type file struct {
	name     string
	files    []string         // every file that was, in order
	values   map[string]any   // "section.key" → value, of the file that counts
	places   map[string]place // "section.key" or "section" → where it stands, of the file that counts
	said     []said           // every key of every file
	asked    []string         // keys the configuration has
	problems Problems
}

// said is a key as one of the files has it.
type said struct {
	key string
	at  place
}

// parse reads a configuration. A file that cannot be taken apart is all that is said then: what
// it would have set would be missed elsewhere.
// What an enrolment has decided is read from enrolled, or "" for where it is.
func parse(name, enrolled string) *file {
	f := &file{name: name, values: map[string]any{}, places: map[string]place{}}
	f.addAll()
	f.addEnrolled(enrolled)
	return f
}

// addAll reads the files of IT.
func (f *file) addAll() {
	f.add(f.name)
	for _, extra := range f.dropIns() {
		f.add(extra)
	}
}

// dropIns are the files beside a configuration that are read after it, in the order of their
// names: of kiosk.toml those of the folder kiosk.d.
func (f *file) dropIns() (all []string) {
	dir := strings.TrimSuffix(f.name, filepath.Ext(f.name)) + ".d"
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.problems = append(f.problems, Problem{File: dir, Text: fmt.Sprintf("cannot be listed (%v); give the kiosk's user the right to, or remove it", cause(err))})
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".toml" && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	return all
}

// add reads one file over those before it.
func (f *file) add(name string) {
	f.files = append(f.files, name)
	b, err := os.ReadFile(name)
	if err != nil {
		fix := "name a configuration file with --config"
		if name != f.name {
			fix = "give the kiosk's user the right to read it"
		}
		f.problems = append(f.problems, Problem{File: name, Text: fmt.Sprintf("cannot be read (%v); %s", cause(err), fix)})
		return
	}
	var raw map[string]any
	if _, err := toml.Decode(string(b), &raw); err != nil {
		p := Problem{File: name, Text: fmt.Sprintf("is not TOML (%v); see the example in the manual", err)}
		var at toml.ParseError
		if errors.As(err, &at) {
			p.Line, p.Text = at.Position.Line, fmt.Sprintf("is not TOML (%s); see the example in the manual", at.Message)
		}
		f.problems = append(f.problems, p)
		return
	}
	lines := findLines(string(b))
	for section, line := range lines {
		if _, is := raw[section].(map[string]any); is && f.places[section] == (place{}) {
			f.places[section] = place{name, line}
		}
	}
	f.flatten("", raw, name, lines)
}

func (f *file) flatten(prefix string, table map[string]any, name string, lines map[string]int) {
	for key, value := range table {
		if sub, ok := value.(map[string]any); ok && prefix == "" {
			f.flatten(key+".", sub, name, lines)
			continue
		}
		key = prefix + key
		section, _, _ := strings.Cut(key, ".")
		at := place{name, lines[key]}
		if at.line == 0 {
			at.line = lines[section]
		}
		f.values[key], f.places[key] = value, at
		f.said = append(f.said, said{key, at})
	}
}

// findLines finds where plain keys and sections stand. What is written in
// another way (dotted, quoted, inline) is valid too and has no line in problems.
func findLines(text string) map[string]int {
	at := map[string]int{}
	section := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			name, _, _ = strings.Cut(name, "]")
			section = strings.TrimSpace(name) + "."
			at[strings.TrimSpace(name)] = i + 1
		} else if key, _, ok := strings.Cut(line, "="); ok {
			at[section+strings.TrimSpace(key)] = i + 1
		}
	}
	return at
}

func (f *file) has(key string) bool {
	f.asked = append(f.asked, key)
	return f.values[key] != nil
}

// wrong notes what is wrong with a key where it stands, or else where it would stand.
func (f *file) wrong(key, format string, args ...any) {
	at, is := f.places[key]
	if section, _, _ := strings.Cut(key, "."); !is {
		at, is = f.places[section]
	}
	if !is {
		at.file = f.name
	}
	f.problems = append(f.problems, Problem{at.file, at.line, key, fmt.Sprintf(format, args...)})
}

// path is the path that a key names: a relative one is relative to the folder of the file that
// names it.
func (f *file) path(key, p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(filepath.Dir(f.places[key].file), p)
}

// inOrder sorts the problems as the files are read, and by line.
func (f *file) inOrder() Problems {
	slices.SortStableFunc(f.problems, func(a, b Problem) int {
		return cmp.Or(slices.Index(f.files, a.File)-slices.Index(f.files, b.File), a.Line-b.Line)
	})
	return f.problems
}

// text returns a required text; empty means that the problem is noted.
func (f *file) text(key, what string) string {
	if !f.has(key) {
		f.wrong(key, "is missing; set it to %s", what)
		return ""
	}
	s, ok := f.values[key].(string)
	if !ok || s == "" {
		f.wrong(key, "must be a text in quotes; set it to %s", what)
		return ""
	}
	return s
}

func (f *file) oneOf(key string, choices ...string) string {
	what := `"` + strings.Join(choices, `" or "`) + `"`
	s := f.text(key, what)
	if s != "" && !slices.Contains(choices, s) {
		f.wrong(key, "is %q; set it to %s", s, what)
	}
	return s
}

func (f *file) flag(key string, otherwise bool) bool {
	if !f.has(key) {
		return otherwise
	}
	b, ok := f.values[key].(bool)
	if !ok {
		f.wrong(key, "is no truth value; set it to true or false, without quotes")
	}
	return b
}

// unknown notes the keys that nobody asked for, in every file that has them.
func (f *file) unknown() {
	for _, s := range f.said {
		if !slices.Contains(f.asked, s.key) {
			f.problems = append(f.problems, Problem{s.at.file, s.at.line, s.key, "is not a key of this configuration; correct its spelling or remove it"})
		}
	}
}
