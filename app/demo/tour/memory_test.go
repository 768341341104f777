package tour

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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

// less takes away what was there by chance: six digits are met in tables of numbers, too.
func (f found) less(before found) {
	for kind, forms := range before {
		for form, some := range forms {
			if f[kind] != nil {
				f[kind][form] = max(0, f[kind][form]-some)
			}
		}
	}
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

// dump copies what a running program has in memory into a file, for countIn: all that
// it may write to and that is there. The program is stopped for that, so briefly that
// no visit ends meanwhile, also on a busy machine: a core file would have gigabytes.
func dump(t *testing.T, pid int) (path string) {
	t.Helper()
	signal := func(s syscall.Signal) {
		if err := syscall.Kill(pid, s); err != nil {
			t.Fatal(err)
		}
	}
	signal(syscall.SIGSTOP)
	defer signal(syscall.SIGCONT)
	of := func(name string) *os.File {
		f, err := os.Open(fmt.Sprintf("/proc/%d/%s", pid, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() }) // read only
		return f
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "memory"))
	if err != nil {
		t.Fatal(err)
	}
	memory, pages, regions := of("mem"), of("pagemap"), bufio.NewScanner(of("maps"))
	for regions.Scan() {
		if from, to, ok := writable(regions.Text()); ok {
			copyPages(t, out, memory, pages, from, to)
		}
	}
	if err := errors.Join(regions.Err(), out.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Name()
}

// writable reads a line of /proc/PID/maps: the addresses of what may be read and written.
func writable(line string) (from, to uint64, ok bool) {
	var mode string
	n, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode)
	return from, to, n == 3 && err == nil && strings.HasPrefix(mode, "rw")
}

// page is the size of a page of memory.
const page = 4096

// copyPages copies the pages between two addresses that are in memory or swapped out
// (proc_pid_pagemap(5), bits 63 and 62).
func copyPages(t *testing.T, out io.Writer, memory, pages *os.File, from, to uint64) {
	t.Helper()
	entries := make([]byte, (to-from)/page*8)
	if _, err := pages.ReadAt(entries, int64(from/page*8)); err != nil {
		t.Fatal(err)
	}
	w, one := bufio.NewWriterSize(out, 1<<20), make([]byte, page)
	for i := range (to - from) / page {
		if binary.LittleEndian.Uint64(entries[i*8:])>>62 == 0 {
			continue
		}
		if _, err := memory.ReadAt(one, int64(from+i*page)); err != nil {
			continue // of a device, which is none of the program's memory
		}
		if _, err := w.Write(one); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = w.Write(make([]byte, page)) // a gap; Flush says what fails
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// countIn counts traces in such a file, and removes it.
func countIn(t *testing.T, path string, traces []trace) found {
	t.Helper()
	all, _ := findIn(t, path, traces)
	return all
}

// findIn is countIn, and says what lies around each trace.
func findIn(t *testing.T, path string, traces []trace) (all found, around []string) {
	t.Helper()
	memory, err := os.ReadFile(path)
	if err := errors.Join(err, os.Remove(path)); err != nil {
		t.Fatal(err)
	}
	all = found{}
	all.search(memory, byStart(traces), func(tr trace, at int) {
		around = append(around, fmt.Sprintf("%s %s at %#x: %q", tr.kind, tr.form, at, memory[max(0, at-48):min(at+64, len(memory))]))
	})
	return all, around
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
func (f found) search(memory []byte, starts map[[2]byte][]trace, met func(tr trace, at int)) {
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
				met(tr, at)
			}
		}
	}
}
