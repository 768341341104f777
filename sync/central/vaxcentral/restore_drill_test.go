package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// The restore drill. A service is backed up under load and killed; its back-up is
// restored elsewhere, where it sends nothing until it is resumed. Every request that
// was told before the back-up is then answered exactly once by the restored service,
// or was by the first one when it was backed up. Kiosks go on as they are.
// VAXKIOSK_DRILL is how many people ask, 60 without it: with the race detector each takes long.

// drill is what the drill knows.
type drill struct {
	*testing.T
	dir, data, restored string
	key                 *age.X25519Identity
	people              []registry.Person

	mu   sync.Mutex
	told []string // in order
}

func (d *drill) run(args ...string) string {
	d.Helper()
	out, err := program(args...).CombinedOutput()
	if err != nil {
		d.Fatalf("%v: %s", args, out)
	}
	return string(out)
}

func (d *drill) kiosk(n int) string { return filepath.Join(d.dir, fmt.Sprint("kiosk-", n)) }

// load hands in the requests of all, at four kiosks at once, until the service is gone.
func (d *drill) load(addr string) (handed *sync.WaitGroup) {
	const kiosks = 4
	next := make(chan registry.Person, len(d.people))
	for _, p := range d.people {
		next <- p
	}
	close(next)
	handed = &sync.WaitGroup{}
	for n := range kiosks {
		d.run("kiosk", "add", "--data", d.data, "--name", fmt.Sprint("kiosk ", n), "--url", "https://"+addr, "--out", d.kiosk(n), "--printer", "ipp://printer/ipp/print")
		c, to := sealsTo(d.T, d.kiosk(n), addr)
		d.Cleanup(c.Close)
		handed.Go(func() {
			for p := range next {
				id, err := handInOne(d.T, c, to, p)
				if err != nil {
					return // it was killed
				}
				d.mu.Lock()
				d.told = append(d.told, id)
				d.mu.Unlock()
			}
		})
	}
	return handed
}

func (d *drill) toldSoFar() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.told...)
}

// answered tells which requests are in a folder that no service uses, and whether they
// are answered.
func (d *drill) answered(data string, ids []string) map[string]bool {
	d.Helper()
	s, err := folder.OpenRegistry(d.Context(), data)
	if err != nil {
		d.Fatal(err)
	}
	defer s.Close()
	all := map[string]bool{}
	for _, id := range ids {
		state, err := s.StateOf(d.Context(), id, time.Now().Add(time.Minute)) // what is answered is seen a moment later
		if err == nil {
			all[id] = state == store.Answered
		} else if !errors.Is(err, store.ErrUnknown) {
			d.Error(err)
		}
	}
	return all
}

// notices counts the notices of each request in a folder of notices.
func (d *drill) notices(dir string, ids []string) map[string]int {
	d.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		d.Fatal(err)
	}
	var texts []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			d.Fatal(err)
		}
		texts = append(texts, string(b))
	}
	all := map[string]int{}
	for _, id := range ids {
		for _, text := range texts {
			if strings.Contains(text, request.ReceiptFor(id)) {
				all[id]++
			}
		}
	}
	return all
}

func drillSize(t *testing.T) int {
	if text := os.Getenv("VAXKIOSK_DRILL"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 10 {
			t.Fatalf("VAXKIOSK_DRILL is %q: give it 10 or more", text)
		}
		return n
	}
	return 60
}

func TestTheRestoreDrill(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	t.Run("SQLite", func(t *testing.T) { restores(t, func() string { return "" }) })
	t.Run("PostgreSQL", func(t *testing.T) { restores(t, func() string { return storetest.OnEmpty(t).DB.Where() }) })
}

// restores is the drill with the databases that database names.
func restores(t *testing.T, database func() string) {
	n := drillSize(t)
	dir := t.TempDir()
	d := &drill{T: t, dir: dir, data: filepath.Join(dir, "data"), restored: filepath.Join(dir, "elsewhere"), people: madeup.Generate(n, madeup.DemoSeed, madeup.DemoDay)}
	d.run("init", "--data", d.data, "--database", database())
	before, backup, seconds := d.upToTheEnd()

	begin := time.Now()
	d.run("restore", backup, "--identity", filepath.Join(dir, "key.txt"), "--data", d.restored, "--database", database())
	seconds["restore"] = time.Since(begin)
	atBackup := d.answered(d.restored, d.toldSoFar())
	service, addr, err := start(d.restored)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(service.Process.Signal(os.Interrupt), service.Wait()); err != nil {
			t.Error(err)
		}
	}()
	late := handIn(t, d.kiosk(0), addr, d.people[:1]) // with the certificate and the pin of before
	if sent, err := os.ReadDir(filepath.Join(d.restored, "notices")); len(sent) != 0 || err != nil {
		t.Errorf("%d notices before it was resumed, %v", len(sent), err)
	}
	begin = time.Now()
	d.run("resume", "--data", d.restored)
	awaitAll(t, d.kiosk(1), addr, append(late, before...))
	seconds["all answered after resume"] = time.Since(begin)
	d.compare(before, atBackup)
	for what, took := range seconds {
		t.Logf("%s: %.1f s", what, took.Seconds())
	}
}

// upToTheEnd runs the first service under load until it is killed, and returns what was
// told before its back-up.
func (d *drill) upToTheEnd() (before []string, backup string, seconds map[string]time.Duration) {
	d.Helper()
	service, addr, err := start(d.data, "--demo-people", fmt.Sprint(len(d.people)))
	if err != nil {
		d.Fatal(err)
	}
	d.key, err = age.GenerateX25519Identity()
	if err == nil {
		err = os.WriteFile(filepath.Join(d.dir, "key.txt"), []byte(d.key.String()+"\n"), 0o600)
	}
	if err != nil {
		d.Fatal(err)
	}
	handed := d.load(addr)
	for late := time.Now().Add(time.Minute); len(d.toldSoFar()) < len(d.people)/2; runtime.Gosched() {
		if time.Now().After(late) {
			d.Fatal("nothing is taken")
		}
	}
	before = d.toldSoFar()
	backup = filepath.Join(d.dir, "central.age")
	begin := time.Now()
	d.run("backup", "--data", d.data, "--out", backup, "--recipient", d.key.Recipient().String())
	seconds = map[string]time.Duration{"back-up under load": time.Since(begin)}
	if err := service.Process.Kill(); err != nil {
		d.Fatal(err)
	}
	_ = service.Wait() // killed
	handed.Wait()
	d.run("backup", "verify", backup, "--identity", filepath.Join(d.dir, "key.txt"))
	return before, backup, seconds
}

// compare wants each request that was told before the back-up answered once, and says
// how many were told, answered, lost and answered by both services.
func (d *drill) compare(before []string, atBackup map[string]bool) {
	d.Helper()
	first, second := d.notices(filepath.Join(d.data, "notices"), before), d.notices(filepath.Join(d.restored, "notices"), before)
	was, both := 0, 0
	for _, id := range before {
		if _, there := atBackup[id]; !there {
			d.Error("a request that was told before the back-up is lost")
		}
		want := 1
		if atBackup[id] {
			want = 0
			was++
			if first[id] != 1 {
				d.Errorf("%d notices of the first service for a request that it had answered", first[id])
			}
		} else if first[id] > 0 {
			both++
		}
		if second[id] != want {
			d.Errorf("%d notices of the restored service, want %d", second[id], want)
		}
	}
	d.Logf("told before the back-up: %d; answered then: %d, after resume: %d, each once by the restored service or the first; of these the first had answered %d between its back-up and its end; told later: %d, of them lost: %d",
		len(before), was, len(before)-was, both, len(d.toldSoFar())-len(before), len(d.toldSoFar())-len(atBackup))
}
