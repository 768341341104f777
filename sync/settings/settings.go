// Package settings reads a configuration that people write: a TOML file and its drop-ins.
//
//	f := settings.Read("/etc/vaxcentral/central.toml")
//	listen := f.Text("service.listen", "the address to listen on")
//	if f.Has("service.workers") { … }
//	f.Unknown()
//	err := f.Err() // Problems: everything that is wrong, or nil
//
// A key is asked for by its section and name, "section.key", or "section.deeper.key"; of a list
// of tables ([[section.list]]) each entry is a section of its own, "section.list.1" and so on, of
// which Entries says how many there are. What is wrong is noted, not returned: everything at once,
// each one sentence with the file, the line and the fix.
//
// Drop-ins are for what a package or a roll-out adds without touching the file: of kiosk.toml they
// are kiosk.d/*.toml beside it, read after it in the order of their names. Of a key that several
// files set, the last counts, of a list of tables the last whole list; set twice in one file it is
// an error. Relative paths are relative to the folder of the file that names them.
//
// A flag of the command line is laid over all of them (Flag), and refused where a file says the
// same: nobody should have to know which of two counts.
//
// It refuses keys that nobody has asked for, since a mistyped key would silently do nothing; a
// secret that stands in the file itself (NoSecret); and a file with a secret that others may read
// (Secret). Nothing is created or changed.
package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong.
type Problem struct {
	File string // empty: the command line
	Line int    // 0 when it stands on no line
	Key  string // for example "central.url", or "--listen"; empty for the file itself
	Text string // what is wrong and how to fix it
}

func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.Place() + ": ")
	}
	if p.Key != "" {
		b.WriteString(p.Key + " ")
	}
	return b.String() + p.Text
}

// Place is the file, and the line if there is one.
func (p Problem) Place() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return p.File
}

// Problems is everything that is wrong with a configuration, in its order.
type Problems []Problem

// Error has one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// place is where a key stands.
type place struct {
	file string
	line int    // 0 when it stands on no line of its own
	flag string // instead of both, such as "--listen"
}

// said is a key as one of the files has it.
type said struct {
	key string
	at  place
}

// File is a configuration taken apart, the file itself and its drop-ins in the order in which
// they count, collecting what is wrong with it.
type File struct {
	Name     string
	Files    []string // every file that was read, in order
	Problems Problems // in the order of their discovery; see Err

	values map[string]any   // "section.key" → value, of the file that counts
	places map[string]place // "section.key" or "section" → where it stands, of the file that counts
	said   []said           // every key of every file
	asked  []string         // keys the configuration has
}

// New is a configuration of which no file has been read.
func New(name string) *File {
	return &File{Name: name, values: map[string]any{}, places: map[string]place{}}
}

// Read reads a file and its drop-ins. A file that cannot be taken apart is noted, and then all
// that is to be said: what it would have set would be missed elsewhere.
func Read(name string) *File {
	f := New(name)
	f.Add(name)
	for _, extra := range f.dropIns() {
		f.Add(extra)
	}
	return f
}

// Err is what is wrong, as the files are read and by line, or nil.
func (f *File) Err() error {
	if all := f.InOrder(); all != nil {
		return all
	}
	return nil
}

// InOrder sorts the problems as the files are read, and by line. What the command line has wrong
// comes first.
func (f *File) InOrder() Problems {
	slices.SortStableFunc(f.Problems, func(a, b Problem) int {
		return cmp.Or(slices.Index(f.Files, a.File)-slices.Index(f.Files, b.File), a.Line-b.Line)
	})
	return f.Problems
}

// Flag lays what the command line says over the files: a text, a truth value, an int, or a list of
// texts. It may not say what a file says.
func (f *File) Flag(flag, key string, value any) {
	switch v := value.(type) { // as they are in files
	case int:
		value = int64(v)
	case []string:
		all := make([]any, len(v))
		for i := range v {
			all[i] = v[i]
		}
		value = all
	}
	if at, is := f.places[key]; is {
		f.Problems = append(f.Problems, Problem{at.file, at.line, key, "is said by " + flag + " on the command line too; remove one of the two"})
		return
	}
	f.values[key], f.places[key] = value, place{flag: flag}
}

// Under reads a file under all others: of what they set, nothing counts that it says, nor where
// except holds for a key.
func (f *File) Under(path string, except func(key string) bool) {
	own := New(f.Name)
	own.Add(path)
	f.Files = append([]string{path}, f.Files...)
	f.Problems = append(own.Problems, f.Problems...)
	f.said = append(own.said, f.said...)
	var wanted []string // decided before anything is laid under
	for key := range own.values {
		if !except(key) && f.values[key] == nil {
			wanted = append(wanted, key)
		}
	}
	for _, key := range wanted {
		f.values[key], f.places[key] = own.values[key], own.places[key]
	}
	for section, at := range own.places {
		if _, is := f.places[section]; !is && !strings.Contains(section, ".") {
			f.places[section] = at
		}
	}
}

// Wrong notes what is wrong with a key where it stands, or else where it would stand.
func (f *File) Wrong(key, format string, args ...any) {
	at, is := f.places[key]
	for section := key; !is; {
		dot := strings.LastIndex(section, ".")
		if dot < 0 {
			at.file = f.Name
			break
		}
		section = section[:dot]
		at, is = f.places[section]
	}
	p := Problem{at.file, at.line, key, fmt.Sprintf(format, args...)}
	if at.flag != "" {
		p.Key = at.flag
	}
	f.Problems = append(f.Problems, p)
}

// Unknown notes the keys and empty sections that nobody has asked for, in every file that has them.
func (f *File) Unknown() {
	for _, s := range f.said {
		if !slices.ContainsFunc(f.asked, func(a string) bool { return a == s.key || strings.HasPrefix(a, s.key+".") }) {
			f.Problems = append(f.Problems, Problem{s.at.file, s.at.line, s.key, "is not a key of this configuration; correct its spelling or remove it"})
		}
	}
}
