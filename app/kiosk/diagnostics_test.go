package kiosk

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestALineThatMightBeAboutSomebodyDoesNotLeave(t *testing.T) {
	for line, leaves := range map[string]bool{
		`time=2026-11-30T20:17:29.123Z level=WARN msg="printer cannot print" event=printer.blind fault=paper detail=media-empty`:            true,
		`time=2026-11-30T20:17:29.123-05:00 level=INFO msg="the kiosk starts" event=kiosk.start version=0.2.0 certificate_until=2027-02-28`: true,
		`time=2026-11-30T20:17:29Z msg=x cause="central cannot be reached: 10.0.0.5:8443" revision=3f2a9c1b7d04 pages=2 status=503`:         true,
		`msg=x cause=maria.lopez@example.org`: false,
		`msg=x to="(351) 555-0169"`:           false,
		`msg=x to=+13515550169`:               false,
		`msg=x to=351-555-0169`:               false,
		`msg=x birth=1988-10-16`:              false,
		`msg=x birth=10/16/1988`:              false,
		`msg=x receipt=7KQ2-M4V9-3X1`:         false,
		`msg=x code=482913`:                   false,
	} {
		if got := searched(line); (got == line) != leaves || !leaves && got != withheld {
			t.Errorf("%s: %s", line, got)
		}
	}
}

func TestTheLastLinesOfTheLogAreKeptAndAsManyLeaveAsThereIsRoomFor(t *testing.T) {
	var out bytes.Buffer
	log, kept := keepTail(slog.New(slog.NewTextHandler(&out, nil)))
	log.Debug("too little", "event", "a.b")
	for i := range 2 * tailLines {
		log.With("n", i).WithGroup("g").Info(strings.Repeat("é", tailLine), "event", "a.b")
	}
	lines := kept.last()
	if len(lines) != tailLines || strings.Count(out.String(), "\n") != 2*tailLines {
		t.Fatalf("%d lines kept, %d logged", len(lines), strings.Count(out.String(), "\n"))
	}
	log.Info("the last", "event", "a.c")
	text := within("head\n", kept.last())
	if len(text) > maxBundle || !strings.HasPrefix(text, "head\n") || !strings.HasSuffix(text, " event=a.c\n") || strings.Count(text, "\n") < 20 {
		t.Errorf("%d bytes: %s", len(text), fmt.Sprintf("%.200s", text))
	}
}
