package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store/storetest"
)

// What a service can do, measured at real processes of it, as kiosks call them: over mutual TLS on
// loopback, with real hashes, a real disk and both databases. Beside it stands what one hash and one
// fsync cost on the same machine in the same minutes, which nothing gets around.
//
//	make bench-central REQUESTS=2000 INSTANCES=1,3 POLLS=1000
//
// Without flags it is a test that a small run prints its table. Numbers depend on the machine, so
// nothing fails by being slow.
var (
	loadProgram   = flag.String("load-program", "", "vaxcentral to measure (this test's own)")
	loadRequests  = flag.Int("load-requests", 24, "how many requests are made, unlocked and read")
	loadInstances = flag.String("load-instances", "1", "how many instances, with commas; more than one on PostgreSQL only")
	loadPolls     = flag.Int("load-polls", 8, "how many kiosks wait")
	loadMinute    = flag.Duration("load-minute", 2*time.Second, "for how long they are watched")
)

// loadKiosks is how many kiosks make requests at once.
const loadKiosks = 16

// loadTimes are how long calls took, and all of them together.
type loadTimes struct {
	each []time.Duration
	all  time.Duration
}

func (l loadTimes) String() string {
	if len(l.each) == 0 {
		return "—"
	}
	each := slices.Sorted(slices.Values(l.each))
	return fmt.Sprintf("%.0f/s, %.1f / %.1f ms", float64(len(each))/l.all.Seconds(),
		each[len(each)/2].Seconds()*1e3, each[min(len(each)-1, len(each)*99/100)].Seconds()*1e3)
}

// loadResult is a column of the table.
type loadResult struct {
	title                   string
	taken, unlocks, records loadTimes
	answered                float64 // a second
	memory                  string
	why                     string // there is none
}

func TestHowMuchTheServiceCanDo(t *testing.T) {
	if testing.Short() && *loadProgram == "" {
		t.Skip("takes long")
	}
	began, load := time.Now(), loadAverage()
	var all []loadResult
	for n := range strings.SplitSeq(*loadInstances, ",") {
		instances, err := strconv.Atoi(n)
		if err != nil || instances < 1 {
			t.Fatalf("%q instances", n)
		}
		if instances == 1 {
			all = append(all, measureLoad(t, "SQLite, 1 instance", "", 1))
		}
		all = append(all, measureLoad(t, fmt.Sprintf("PostgreSQL, %d %s", instances, map[bool]string{true: "instance", false: "instances"}[instances == 1]), storetest.OnEmpty(t).DB.Where(), instances))
	}
	t.Cleanup(storetest.StopServer)
	limits := loadLimits(t)
	polls := measurePolls(t)
	fmt.Print(loadTable(all))
	fmt.Printf("\n%s: %d requests of %d kiosks at once, each then unlocked and read; %s. %s\n%s, %d cores, load average %s at the begin and %s at the end, %s.\n",
		began.Format("2006-01-02 15:04"), *loadRequests, loadKiosks, limits, polls, runtime.GOARCH, runtime.NumCPU(), load, loadAverage(), runtime.Version())
}

// loadTable is what was measured, as Markdown.
func loadTable(all []loadResult) string {
	var b strings.Builder
	line := func(what string, of func(loadResult) string) {
		b.WriteString("| " + what + " |")
		for _, r := range all {
			if r.why != "" {
				fmt.Fprintf(&b, " %s |", r.why)
				continue
			}
			fmt.Fprintf(&b, " %s |", of(r))
		}
		b.WriteString("\n")
	}
	b.WriteString("| |")
	for _, r := range all {
		fmt.Fprintf(&b, " %s |", r.title)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(all)) + "\n")
	line("requests taken, p50 / p99", func(r loadResult) string { return r.taken.String() })
	line("requests answered", func(r loadResult) string { return fmt.Sprintf("%.0f/s", r.answered) })
	line("unlocks, p50 / p99", func(r loadResult) string { return r.unlocks.String() })
	line("records, p50 / p99", func(r loadResult) string { return r.records.String() })
	line("memory at the end", func(r loadResult) string { return r.memory })
	return b.String()
}

// measureLoad measures instances over one database.
func measureLoad(t *testing.T, title, database string, instances int) loadResult {
	r := loadResult{title: title}
	s := newLoad(t, database, instances, loadKiosks)
	if s == nil {
		r.why = "refused"
		return r
	}
	defer s.stop()
	visits := s.visits(*loadRequests)
	began := time.Now()
	r.taken = s.each(visits, (*loadVisit).ask)
	s.answered(len(visits))
	r.answered = float64(len(visits)) / time.Since(began).Seconds()
	s.codes(visits)
	r.unlocks = s.each(visits, (*loadVisit).unlock)
	r.records = s.each(visits, (*loadVisit).record)
	var memory int64
	for _, p := range s.processes {
		memory += memoryOf(t, p.Process.Pid)
	}
	r.memory = fmt.Sprintf("%d MB", memory>>20)
	return r
}

// each does something for each visit, as many at once as there are kiosks.
func (s *loadService) each(visits []*loadVisit, do func(*loadVisit) error) (l loadTimes) {
	s.Helper()
	var mu sync.Mutex
	var crew sync.WaitGroup
	next := make(chan *loadVisit)
	began := time.Now()
	for range loadKiosks {
		crew.Go(func() {
			for v := range next {
				start := time.Now()
				err := do(v)
				took := time.Since(start)
				mu.Lock()
				l.each = append(l.each, took)
				mu.Unlock()
				if err != nil {
					s.Error(err)
				}
			}
		})
	}
	for _, v := range visits {
		next <- v
	}
	close(next)
	crew.Wait()
	l.all = time.Since(began)
	return l
}

// loadLimits is what one hash and one fsync cost.
func loadLimits(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := access.Make(dir); err != nil {
		t.Fatal(err)
	}
	k, err := access.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	const hashes, syncs = 50, 200
	k.NewLock("warm", "7294", "123456")
	start := time.Now()
	for range hashes {
		k.NewLock("id", "7294", "123456")
	}
	one := time.Since(start) / hashes
	var cores sync.WaitGroup
	start = time.Now()
	for range runtime.NumCPU() {
		cores.Go(func() {
			for range hashes {
				k.NewLock("id", "7294", "123456")
			}
		})
	}
	cores.Wait()
	rate := float64(hashes*runtime.NumCPU()) / time.Since(start).Seconds()
	f, err := os.Create(filepath.Join(t.TempDir(), "synced"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var each []time.Duration
	for range syncs {
		_, err := f.Write(make([]byte, 4096))
		start := time.Now()
		if err = errors.Join(err, f.Sync()); err != nil {
			t.Fatal(err)
		}
		each = append(each, time.Since(start))
	}
	slices.Sort(each)
	return fmt.Sprintf("one hash of a PIN takes %.0f ms, all cores do %.0f a second; one fsync of 4 KiB takes %.2f ms (p99 %.1f)",
		one.Seconds()*1e3, rate, each[syncs/2].Seconds()*1e3, each[syncs*99/100].Seconds()*1e3)
}

func loadAverage() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(b), " ")
	return one
}
