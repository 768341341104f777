package main

import (
	"bytes"
	"debug/elf"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// trace is one way in which a value can lie in memory.
type trace struct {
	kind, form string
	bytes      []byte
}

// tracesOf are all ways in which a text of some kind can lie in memory.
func tracesOf(kind, text string) (all []trace) {
	for i, s := range []string{text, strings.ToLower(text), strings.ToUpper(text)} {
		if i > 0 && s == text {
			continue
		}
		letters, units := []rune(s), utf16.Encode([]rune(s))
		all = append(all,
			trace{kind, "UTF-8", []byte(s)},
			trace{kind, "UTF-16LE", must(binary.Append(nil, binary.LittleEndian, units))},
			trace{kind, "UTF-16BE", must(binary.Append(nil, binary.BigEndian, units))},
			trace{kind, "UTF-32LE", must(binary.Append(nil, binary.LittleEndian, letters))})
	}
	// in base64, where three letters become four, a text can begin at each of the three
	for before := range 3 {
		code := base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat(" ", before) + text))
		code = code[(before*8+5)/6 : (before+len(text))*8/6]
		all = append(all, trace{kind, "base64", []byte(code)})
	}
	return all
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// found counts traces, by kind and then by form.
type found map[string]map[string]int

func (f found) total() (n int) {
	for _, forms := range f {
		for _, some := range forms {
			n += some
		}
	}
	return n
}

// String is a table without the values.
func (f found) String() string {
	var b strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(f)) {
		for _, form := range slices.Sorted(maps.Keys(f[kind])) {
			fmt.Fprintf(&b, "  %-16s %-9s %5d\n", kind, form, f[kind][form])
		}
	}
	return b.String() + fmt.Sprintf("  %-26s %5d", "in all", f.total())
}

// dump takes a core dump of a running program, for countIn.
func dump(t *testing.T, pid int) (path string) {
	t.Helper()
	dir := t.TempDir()
	said, err := exec.Command("gcore", "-o", filepath.Join(dir, "core"), strconv.Itoa(pid)).CombinedOutput()
	if err != nil {
		t.Fatalf("gcore: %v\n%s", err, said)
	}
	return filepath.Join(dir, "core."+strconv.Itoa(pid))
}

// countIn counts traces in a core file, and removes it: it has gigabytes, most of
// them empty and passed over.
func countIn(t *testing.T, path string, traces []trace) found {
	t.Helper()
	defer os.Remove(path)
	core, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer core.Close()
	all, starts := found{}, byStart(traces)
	for _, p := range core.Progs {
		memory := make([]byte, p.Filesz)
		if _, err := p.ReadAt(memory, 0); err != nil && p.Filesz > 0 {
			t.Fatal(err)
		}
		all.search(memory, starts)
	}
	return all
}

func byStart(traces []trace) map[[2]byte][]trace {
	starts := map[[2]byte][]trace{}
	for _, tr := range traces {
		start := [2]byte(tr.bytes)
		starts[start] = append(starts[start], tr)
	}
	return starts
}

// search counts the traces in a piece of memory, which are sorted by how they start.
func (f found) search(memory []byte, starts map[[2]byte][]trace) {
	const page = 4096
	var empty [page]byte
	var known [1 << 16]bool
	for start := range starts {
		known[int(start[0])|int(start[1])<<8] = true
	}
	for at := 0; at+1 < len(memory); at++ {
		if at%page == 0 && bytes.HasPrefix(memory[at:], empty[:]) {
			at += page - 2 // a trace can start with the last of these bytes
			continue
		}
		if !known[int(memory[at])|int(memory[at+1])<<8] {
			continue
		}
		for _, tr := range starts[[2]byte(memory[at:])] {
			if bytes.HasPrefix(memory[at:], tr.bytes) {
				if f[tr.kind] == nil {
					f[tr.kind] = map[string]int{}
				}
				f[tr.kind][tr.form]++
			}
		}
	}
}
