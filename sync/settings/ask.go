package settings

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vaxkiosk/sync/keyfile"
)

// Has reports whether a key is set. Like all that ask for a key, it makes it one of this
// configuration.
func (f *File) Has(key string) bool {
	f.asked = append(f.asked, key)
	return f.values[key] != nil
}

// Says reports whether there is a section, with something in it or not.
func (f *File) Says(section string) bool {
	_, is := f.places[section]
	return is
}

// Value is what a key is set to, without asking for it; nil when it is not set.
func (f *File) Value(key string) any { return f.values[key] }

// By is the file that sets a key; empty when none does.
func (f *File) By(key string) string {
	if f.values[key] == nil {
		return ""
	}
	return f.places[key].file
}

// At is where a key, or else its section, stands: a file and its line, or a flag.
func (f *File) At(key string) string {
	at, is := f.places[key]
	if !is {
		return f.Name
	}
	if at.flag != "" {
		return at.flag
	}
	return Problem{File: at.file, Line: at.line}.Place()
}

// Entries is how many tables a list of tables has: the first is key.1.
func (f *File) Entries(key string) int {
	f.asked = append(f.asked, key)
	all, _ := f.values[key].([]map[string]any)
	if f.values[key] != nil && all == nil {
		f.Wrong(key, "is no list of tables; write each as [[%s]]", key)
	}
	return len(all)
}

// Path is the path that a key names: a relative one is relative to the folder of the file that
// names it, or of a flag to the present folder.
func (f *File) Path(key, p string) string {
	if at := f.places[key]; at.file != "" && !filepath.IsAbs(p) {
		return filepath.Join(filepath.Dir(at.file), p)
	}
	return p
}

// Text returns a required text; empty means that the problem is noted.
func (f *File) Text(key, what string) string {
	if !f.Has(key) {
		f.Wrong(key, "is missing; set it to %s", what)
		return ""
	}
	s, ok := f.values[key].(string)
	if !ok || s == "" {
		f.Wrong(key, "must be a text in quotes; set it to %s", what)
		return ""
	}
	return s
}

// Maybe returns a text that may be left out.
func (f *File) Maybe(key, what string) string {
	if !f.Has(key) {
		return ""
	}
	return f.Text(key, what)
}

// Texts returns a list of texts that may be left out; nil means that it is, or that the problem is
// noted.
func (f *File) Texts(key, what string) []string {
	if !f.Has(key) {
		return nil
	}
	raw, ok := f.values[key].([]any)
	all := make([]string, 0, len(raw))
	for _, one := range raw {
		s, is := one.(string)
		ok = ok && is && s != ""
		all = append(all, s)
	}
	if !ok || len(all) == 0 {
		f.Wrong(key, "must be a list of texts in quotes; set it to %s", what)
		return nil
	}
	return all
}

// OneOf returns one of a few texts.
func (f *File) OneOf(key string, choices ...string) string {
	what := `"` + strings.Join(choices, `" or "`) + `"`
	s := f.Text(key, what)
	if s != "" && !slices.Contains(choices, s) {
		f.Wrong(key, "is %q; set it to %s", s, what)
	}
	return s
}

// Bool returns a truth value that may be left out.
func (f *File) Bool(key string, otherwise bool) bool {
	if !f.Has(key) {
		return otherwise
	}
	b, ok := f.values[key].(bool)
	if !ok {
		f.Wrong(key, "is no truth value; set it to true or false, without quotes")
	}
	return b
}

// Number returns a whole number of some range that may be left out.
func (f *File) Number(key string, least, most, otherwise int) int {
	if !f.Has(key) {
		return otherwise
	}
	n, ok := f.values[key].(int64)
	if !ok || n < int64(least) || n > int64(most) {
		f.Wrong(key, "must be a whole number from %d to %d, without quotes", least, most)
		return otherwise
	}
	return int(n)
}

// Read returns the content of the file that a key names; nil means that the problem is noted.
func (f *File) Read(key, what string) []byte {
	name := f.Text(key, what)
	if name == "" {
		return nil
	}
	b, err := os.ReadFile(f.Path(key, name))
	if err != nil {
		f.Wrong(key, "names %s, which cannot be read (%v); correct the path or the file's rights", f.Path(key, name), Cause(err))
		return nil
	}
	return b
}

// Secret returns the content of a file that nobody else may read. Where somebody may, after says
// what else there is to be done, such as "and enrol the kiosk again".
func (f *File) Secret(key, what, after string) []byte {
	b := f.Read(key, what)
	var wide *keyfile.ModeError
	if b != nil && errors.As(keyfile.Private(f.Path(key, f.values[key].(string))), &wide) {
		f.Wrong(key, "names %s, which others can read (mode %04o); run chmod 600 on it, %s if somebody may have seen it", wide.Path, wide.Mode, after)
		return nil
	}
	return b
}

// NoSecret refuses a secret that stands in the file itself, where file is the key that names the
// one that it belongs into.
func (f *File) NoSecret(key, file string) {
	if f.Has(key) {
		f.Wrong(key, "is a secret, which has no place here; put it into a file with mode 0600, name that with %s, and replace it if somebody may have seen it", file)
	}
}
