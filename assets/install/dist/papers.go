package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// papers writes what goes with a program and comes from what it says of itself: its manual page
// and its completion, and the page of its configuration.
func (j *job) papers(ctx context.Context, name string) error {
	pages, err := ask(ctx, j.program(runtime.GOARCH, name))
	if err != nil {
		return err
	}
	changes, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return err
	}
	err = errors.Join(
		j.packed(name+".1", manual(name, pages, j.header(name, 1))),
		j.packed("changelog", string(changes)),
		j.packed("changelog.Debian", j.changelog(name)),
		os.WriteFile(filepath.Join(j.stage, name+".completion"), []byte(completion(name, pages)), 0o600),
	)
	if err != nil {
		return err
	}
	return j.configuration(name)
}

// configurations are the files that programs are set up by, and the packages whose comments are
// their manuals.
var configurations = map[string]struct{ file, manual string }{
	"vaxkiosk":   {"kiosk.toml", "app/config/config.go"},
	"vaxcentral": {"central.toml", "sync/central/config/config.go"},
}

// configuration writes the page of the file that a program is set up by.
func (j *job) configuration(name string) error {
	c := configurations[name]
	f, err := parser.ParseFile(token.NewFileSet(), c.manual, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s.SH NAME\n%s \\- the configuration of %s\n.SH DESCRIPTION\n%s", j.header(c.file, 5), c.file, name, body(f.Doc.Text()))
	return j.packed(c.file+".5", text)
}

// packed writes a text as Debian wants manuals and changelogs: packed as small as it gets, and
// without any time.
func (j *job) packed(name, text string) error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(text))
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(j.stage, name+".gz"), b.Bytes(), 0o600)
}

// changelog is what apt shows of a version: where the changes of the programs stand. What changes
// in a package changes with them.
func (j *job) changelog(name string) string {
	return fmt.Sprintf("%s (%s-1) stable; urgency=medium\n\n  * The changes are in /usr/share/doc/%[1]s/changelog.gz.\n\n -- The makers of VaxKiosk <nobody@vaxkiosk.invalid>  %[3]s\n",
		name, j.version, j.made.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
}

func (j *job) header(name string, section int) string {
	return fmt.Sprintf(".TH %s %d %s \"VaxKiosk %s\"\n", strings.ToUpper(name), section, j.made.Format("2006-01-02"), j.version)
}

// page is what a program says for --help, of itself or of one of its commands.
type page struct{ command, text string }

// ask asks a program for its help, and then for that of each command that it lists.
func ask(ctx context.Context, program string) ([]page, error) {
	help := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, program, append(args, "--help")...).Output()
		return string(out), err
	}
	text, err := help()
	if err != nil {
		return nil, err
	}
	pages := []page{{"", text}}
	for _, c := range commandsOf(text) {
		text, err := help(strings.Fields(c)...)
		if err != nil {
			return nil, fmt.Errorf("%s --help: %w", c, err)
		}
		pages = append(pages, page{c, text})
	}
	return pages, nil
}

var (
	listed = regexp.MustCompile(`(?m)^  ([a-z]+(?: [a-z-]+)?) {1,}[a-z]`)
	option = regexp.MustCompile(`(?m)^  --?([a-z-]+)`)
	apart  = regexp.MustCompile(`(?m)^[a-z]+ ([a-z]+) .*; it has a --help of its own`)
)

// many reports whether a program does nothing without a command.
func many(help string) bool { return strings.Contains(help, " COMMAND ") }

// commandsOf are the commands that a help lists, one at the beginning of a line, or the one of a
// program that has flags of its own, which a sentence names. A name ends
// where the spaces before its explanation begin, which is the 20th column or, of a long name,
// one space.
func commandsOf(help string) (all []string) {
	if !many(help) {
		for _, m := range apart.FindAllStringSubmatch(help, -1) {
			all = append(all, m[1])
		}
		return all
	}
	for line := range strings.Lines(help) {
		if !listed.MatchString(line) {
			continue
		}
		name := strings.TrimSpace(line[:min(len(line), 19)])
		if len(line) > 19 && line[18] != ' ' { // longer than the column
			words := strings.Fields(line)
			name = words[0] + " " + words[1]
		}
		all = append(all, name)
	}
	return all
}

// manual is a manual page: what the program says first, and then each of its commands.
func manual(name string, pages []page, header string) string {
	about := "prints vaccine records for the people they are about"
	usage := name + " [\\fIflags\\fR]"
	if many(pages[0].text) {
		about, usage = "the central service of kiosks that print vaccine records", name+" \\fICOMMAND\\fR [\\fIflags\\fR]"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.B %s\n.SH DESCRIPTION\n%s", header, name, about, usage, body(pages[0].text))
	if len(pages) > 1 {
		b.WriteString(".SH COMMANDS\n")
	}
	for _, p := range pages[1:] {
		fmt.Fprintf(&b, ".SS %s\n%s", p.command, body(p.text))
	}
	fmt.Fprintf(&b, ".SH SEE ALSO\n.I /usr/share/doc/%s/README.md\n", name)
	return b.String()
}

// body is a text as it stands, in a manual page: it is laid out already.
func body(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\t", "    ").Replace(line)
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			line = `\&` + line
		}
		lines[i] = line
	}
	return ".nf\n" + strings.Join(lines, "\n") + "\n.fi\n"
}

// completion is what bash offers: the commands, then the flags of the one that was typed.
func completion(name string, pages []page) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %s for bash, made from what it says for --help.\n_%[1]s() {\n", name)
	b.WriteString("\tlocal word=${COMP_WORDS[COMP_CWORD]} typed=\"${COMP_WORDS[*]:1:COMP_CWORD-1} \" all=\n\tCOMPREPLY=()\n")
	b.WriteString("\tcase \"$typed\" in\n")
	var first, names []string
	groups := map[string][]string{} // "key" → "list", "rotate", …, and the flags of a command of that very name
	for _, p := range pages[1:] {
		group, rest, is := strings.Cut(p.command, " ")
		first = append(first, group)
		if is {
			names = append(names, group)
			groups[group] = append(groups[group], rest)
		} else {
			groups[group] = append(groups[group], flagsOf(p.text)...)
		}
	}
	slices.Sort(names)
	for _, g := range slices.Compact(names) {
		fmt.Fprintf(&b, "\t\"%s \") all=\"%s\" ;;\n", g, strings.Join(groups[g], " "))
	}
	sorted := slices.Clone(pages[1:])
	slices.SortStableFunc(sorted, func(a, b page) int { return len(b.command) - len(a.command) }) // "backup verify" before "backup"
	for _, p := range sorted {
		fmt.Fprintf(&b, "\t\"%s \"*) all=\"%s\" ;;\n", p.command, strings.Join(flagsOf(p.text), " "))
	}
	slices.Sort(first)
	top := append(slices.Compact(first), flagsOf(pages[0].text)...)
	pattern := `" "`
	if !many(pages[0].text) {
		pattern = "*"
	}
	fmt.Fprintf(&b, "\t%s) all=\"%s\" ;;\n\tesac\n", pattern, strings.Join(top, " "))
	fmt.Fprintf(&b, "\tmapfile -t COMPREPLY < <(compgen -W \"$all\" -- \"$word\")\n}\ncomplete -o default -F _%s %[1]s\n", name)
	return b.String()
}

// flagsOf are the flags in a help, with two hyphens each.
func flagsOf(text string) (all []string) {
	for _, m := range option.FindAllStringSubmatch(text, -1) {
		all = append(all, "--"+m[1])
	}
	return all
}
