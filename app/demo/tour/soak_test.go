package tour

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/visit"
)

func TestASoakGoesThroughEveryScreenOfAVisitAndTakesThePagesAlong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	pages := t.TempDir()
	s, err := demo.Open("folder:"+pages, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	k := newSoaker(s, pages, io.Discard)
	seen := map[visit.State]bool{}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Kiosk.Run(ctx, func(v visit.Visit, _ time.Time) { seen[v.State] = true; k.see(ctx, v) })
	}()
	for n := range 2 {
		if err := k.visit(t.Context(), n); err != nil {
			t.Fatalf("visit %d: %v", n, err)
		}
	}
	stop()
	<-done
	s.Kiosk.Close()
	s.Close()
	for _, state := range []visit.State{
		visit.Welcome, visit.Choosing, visit.Helping, visit.Consent, visit.Declaring, visit.Filling, visit.Review, visit.Saving,
		visit.Sent, visit.Collecting, visit.Unlocking, visit.Fetching, visit.Ready, visit.Printing, visit.Done,
		visit.Amending, visit.Amended, visit.Slipping,
	} {
		if !seen[state] {
			t.Errorf("no visitor saw %s", state)
		}
	}
}

func TestTheCrowdHasShortAndLongHistories(t *testing.T) {
	all := crowd()
	if first, last := len(all[0].Doses), len(all[len(all)-1].Doses); len(all) != soakCrowd || first > 3 || last < 30 {
		t.Errorf("%d residents, from %d to %d doses", len(all), first, last)
	}
}

func TestASoakFailsWhenMemoryGrowsByTwentyMegabytes(t *testing.T) {
	for _, x := range []struct {
		end  memory
		fail bool
		want string
	}{
		{memory{42, 139.9, 205}, false, "soak: 2000 visits, heap 40.0 → 42.0 MB, PSS with libraries 200.0 → 205.0 MB, all that was allocated 120.0 → 139.9 MB: growth 19.9 MB\n"},
		{memory{39, 118, 230}, false, "growth -2.0 MB\n"},
		{memory{60, 140, 220}, true, "growth 20.0 MB\n"},
	} {
		var out bytes.Buffer
		k := &soaker{out: &out}
		if err := k.verdict(2000, memory{40, 120, 200}, x.end); (err != nil) != x.fail || !strings.HasSuffix(out.String(), x.want) {
			t.Errorf("%v: %v, %q", x.end, err, out.String())
		}
	}
}

func TestWhatIsAllocatedIsReadInMegabytes(t *testing.T) {
	var got memory
	err := got.read([]byte("5581a-7ffe [rollup]\nRss:  409600 kB\nPss:  204800 kB\nPss_Dirty: 7 kB\nPss_Anon: 102400 kB\nPss_File: 2048 kB\nPss_Shmem: 1024 kB\n"))
	if err != nil || got != (memory{0, 101, 200}) {
		t.Errorf("%v, %v, want 101 of 200", got, err)
	}
	if err := got.read([]byte("Pss: 1 kB\n")); err == nil {
		t.Error("no Pss_Anon and no error")
	}
}

func TestMemoryIsMeasured(t *testing.T) {
	m, err := measure()
	if err != nil || m.heap < 0.1 || m.own < m.heap || m.pss < m.own {
		t.Errorf("%+v, %v", m, err)
	}
}
