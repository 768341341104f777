package calls

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestReadyWritesOnceInAFewSecondsHoweverManyAsk(t *testing.T) {
	var p probe
	at, writes := time.Unix(1_800_000_000, 0), 0
	down := errors.New("down")
	write := func(context.Context, time.Time) error { writes++; return down }
	for range 100 {
		if err := p.ask(t.Context(), at, write); !errors.Is(err, down) {
			t.Fatal(err)
		}
	}
	if writes != 1 {
		t.Errorf("%d writes", writes)
	}
	for i, off := range []time.Duration{probeEvery, -time.Hour} { // a clock that was set back
		if at = at.Add(off); p.ask(t.Context(), at, write) == nil || writes != i+2 {
			t.Errorf("%d writes after %v", writes, off)
		}
	}
}
