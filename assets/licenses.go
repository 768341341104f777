package assets

import (
	"embed"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

//go:embed SOURCES.md */LICENSE.* notices
var legal embed.FS

// WriteLicenses writes what others made and is in the running program, with the licences of
// it: SOURCES.md, then each text once, under the names of what it is for. Which modules are
// linked is asked of the program itself; "make notices" keeps their texts in notices/.
func WriteLicenses(w io.Writer) error {
	var linked []*debug.Module
	if info, ok := debug.ReadBuildInfo(); ok {
		linked = info.Deps
	}
	return writeLicenses(w, linked)
}

// writeLicenses leaves out the notices of modules that are not linked.
func writeLicenses(w io.Writer, linked []*debug.Module) error {
	names := map[string]string{"go": "the Go standard library, " + runtime.Version()}
	for _, m := range linked {
		names[noticesOf(m.Path)] = m.Path + " " + m.Version
	}
	sources, texts, titles := "", []string(nil), map[string][]string{}
	err := fs.WalkDir(legal, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := legal.ReadFile(path)
		text, title := string(b), "assets/"+path
		if rest, is := strings.CutPrefix(path, "notices/"); is {
			folder, file, _ := strings.Cut(rest, "/")
			if names[folder] == "" {
				return nil
			}
			title = names[folder] + ", " + file
		}
		switch {
		case path == "SOURCES.md":
			sources = text
			return err
		case !slices.Contains(texts, text):
			texts = append(texts, text)
		}
		titles[text] = append(titles[text], title)
		return err
	})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, sources); err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := fmt.Fprintf(w, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(titles[text], "\n"), strings.Trim(text, "\n")); err != nil {
			return err
		}
	}
	return nil
}

// noticesOf is the folder of a module's notices in notices/.
func noticesOf(module string) string { return strings.ReplaceAll(module, "/", "+") }
