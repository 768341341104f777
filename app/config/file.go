package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// file is a TOML file taken apart, collecting what is wrong with it.
type file struct {
	name     string
	values   map[string]any // "section.key" → value
	lines    map[string]int // "section.key" or "section" → line
	asked    []string       // keys the configuration has
	problems Problems
}

func parse(name string) *file {
	f := &file{name: name, values: map[string]any{}}
	b, err := os.ReadFile(name)
	if err != nil {
		f.problems = Problems{{File: name, Text: fmt.Sprintf("cannot be read (%v); name a configuration file with --config", cause(err))}}
		return f
	}
	var raw map[string]any
	if _, err := toml.Decode(string(b), &raw); err != nil {
		p := Problem{File: name, Text: fmt.Sprintf("is not TOML (%v); see the example in the manual", err)}
		var at toml.ParseError
		if errors.As(err, &at) {
			p.Line, p.Text = at.Position.Line, fmt.Sprintf("is not TOML (%s); see the example in the manual", at.Message)
		}
		f.problems = Problems{p}
		return f
	}
	f.flatten("", raw)
	f.lines = findLines(string(b))
	return f
}

func (f *file) flatten(prefix string, table map[string]any) {
	for key, value := range table {
		if sub, ok := value.(map[string]any); ok && prefix == "" {
			f.flatten(key+".", sub)
			continue
		}
		f.values[prefix+key] = value
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

func (f *file) wrong(key, format string, args ...any) {
	section, _, _ := strings.Cut(key, ".")
	line := f.lines[key]
	if line == 0 {
		line = f.lines[section]
	}
	f.problems = append(f.problems, Problem{f.name, line, key, fmt.Sprintf(format, args...)})
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

// unknown notes the keys that nobody asked for.
func (f *file) unknown() {
	for key := range f.values {
		if !slices.Contains(f.asked, key) {
			f.wrong(key, "is not a key of this configuration; correct its spelling or remove it")
		}
	}
}
