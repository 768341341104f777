package main

import (
	"bytes"
	"testing"
	"time"
)

// steps runs a progress over 1,000 bytes, a tenth of them every so often.
func steps(p *progress, every time.Duration) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p.now = func() time.Time { return now }
	p.begun, p.said = now, now
	for done := int64(100); done <= 1000; done += 100 {
		now = now.Add(every)
		p.at(done, int(done)/10)
	}
}

func TestProgressIsQuietLinesWhereNobodyWatches(t *testing.T) {
	var out bytes.Buffer
	steps(newProgress(&out, "lines", 1000, 0), 3*time.Second)
	want := "40 %, 40 lines, 18s left\n80 %, 80 lines, 6s left\n"
	if out.String() != want {
		t.Errorf("said %q, want %q", out.String(), want)
	}
	out.Reset()
	p := newProgress(&out, "lines", 1000, 0)
	steps(p, 100*time.Millisecond)
	p.clear()
	if out.Len() > 0 {
		t.Errorf("a short run said %q", out.String())
	}
}

func TestProgressIsABarOnATerminal(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "lines", 1000, 500)
	p.terminal = true
	steps(p, time.Second)
	p.clear()
	first := "\r\x1b[K[###...........................] 10 %, 10 lines"
	last := "\r\x1b[K[##############################] 100 %, 100 lines, 0s left\r\x1b[K"
	if !bytes.HasPrefix(out.Bytes(), []byte(first)) || !bytes.HasSuffix(out.Bytes(), []byte(last)) {
		t.Errorf("said %q", out.String())
	}
}

func TestAFileThatGrowsIsNoMoreThanAllOfIt(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "lines", 500, 0)
	steps(p, 10*time.Second)
	if !bytes.HasSuffix(out.Bytes(), []byte("100 %, 100 lines, 0s left\n")) {
		t.Errorf("said %q", out.String())
	}
}
