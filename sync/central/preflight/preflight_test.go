package preflight

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/authority"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

func TestMain(m *testing.M) {
	status := m.Run()
	storetest.StopServer()
	os.Exit(status)
}

// good is a new data folder on a machine that is well, and settings for it.
func good(t *testing.T) Options {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := folder.Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	machine(t, 5<<30, true)
	return Options{Settings: config.Config{
		Data: dir, Listen: "127.0.0.1:0", Metrics: ":0", Files: []string{"central.toml"}, Notices: config.Notices{Folder: filepath.Join(dir, "notices")},
	}, Now: time.Now}
}

// machine is one with so much room, and whose clock is kept or not.
func machine(t *testing.T, room uint64, clock bool) {
	t.Helper()
	before, keeps := freeRoom, isKept
	t.Cleanup(func() { freeRoom, isKept = before, keeps })
	freeRoom = func(string) (uint64, bool) { return room, true }
	isKept = func() (bool, bool) { return clock, true }
}

// bad are the findings that are not well, as STATE WHAT: SAYS; FIX.
func bad(all []Finding) (lines []string) {
	for _, f := range all {
		if f.State != Well {
			lines = append(lines, fmt.Sprintf("%s %s: %s; %s", f.State, f.What, f.Says, f.Fix))
		}
	}
	return lines
}

// wants wants these beginnings of findings, and no other findings but those that are well.
func wants(t *testing.T, all []Finding, want ...string) {
	t.Helper()
	got := bad(all)
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAServiceThatIsWellHasNothingToLookAt(t *testing.T) {
	o := good(t)
	o.Ways = []Way{{"mail relay", "central.toml:9", func(context.Context) error { return nil }}}
	all := Check(t.Context(), o)
	wants(t, all)
	var whats []string
	for _, f := range all {
		whats = append(whats, f.What)
	}
	if want := "settings, data folder, key of cards, own CA, database, disk, clock, notices, address, address of metrics, mail relay"; strings.Join(whats, ", ") != want || Worst(all) != Well {
		t.Errorf("looked at %s", strings.Join(whats, ", "))
	}
}

// tree is all that is in a folder, by name, mode, time and content.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		info, stat := d.Info()
		var content []byte
		if !d.IsDir() {
			var read error
			content, read = os.ReadFile(path)
			stat = errors.Join(stat, read)
			fmt.Fprintf(&b, "%s %v %v %x\n", path, info.Mode(), info.ModTime(), sha256.Sum256(content))
		}
		return errors.Join(err, stat)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNothingIsChanged(t *testing.T) {
	o := good(t)
	before := tree(t, o.Settings.Data)
	wants(t, Check(t.Context(), o))
	if after := tree(t, o.Settings.Data); after != before {
		t.Errorf("before\n%safter\n%s", before, after)
	}
}

func TestWhatIsWrongWithAFolderIsFound(t *testing.T) {
	for name, tt := range map[string]struct {
		does func(t *testing.T, o *Options)
		want []string
	}{
		"keys that others can read": {func(t *testing.T, o *Options) {
			chmod(t, 0o644, filepath.Join(o.Settings.Data, "pepper"), filepath.Join(o.Settings.Data, "root-key.pem"))
		}, []string{"wrong keys: DIR/pepper can be read by others (mode 0644): run chmod 600", "wrong keys: DIR/root-key.pem can be read"}},
		"an open folder": {func(t *testing.T, o *Options) { chmod(t, 0o755, o.Settings.Data) }, []string{"look data folder: others may look into it; start the service"}},
		"no folder":      {func(_ *testing.T, o *Options) { o.Settings.Data += "/none" }, []string{"wrong data folder: DIR/none is no data folder: check --data"}},
		"a lost key":     {func(t *testing.T, o *Options) { remove(t, o, "pepper") }, []string{"wrong data folder: DIR/pepper is missing, so DIR is no data folder"}},
		"another's key": {func(t *testing.T, o *Options) {
			remove(t, o, "root-key.pem")
			if _, err := card.Make(filepath.Join(o.Settings.Data, "root-key.pem")); err != nil {
				t.Fatal(err)
			}
		}, []string{"wrong data folder: root-key.pem in DIR does not belong to the database beside it"}},
		"a damaged database": {func(t *testing.T, o *Options) {
			put(t, filepath.Join(o.Settings.Data, folder.DatabaseFile), strings.Repeat("no database ", 999))
		}, []string{"wrong data folder: DIR/central.db is damaged"}},
		"a newer database": {func(t *testing.T, o *Options) {
			storetest.At(t, filepath.Join(o.Settings.Data, folder.DatabaseFile)).BeNewer()
		}, []string{"wrong database: a newer program has written it (version 9999, this one knows"}},
		"a restored one": {func(t *testing.T, o *Options) {
			storetest.At(t, filepath.Join(o.Settings.Data, folder.DatabaseFile)).Rest(time.Now())
		}, []string{"look database: it was restored: requests are taken, and nothing is sent; vaxcentral resume"}},
		"an old key":  {func(_ *testing.T, o *Options) { later(o, card.KeyLife+3*day) }, []string{"look key of cards: it signs for 368 days, longer than a year; let the service run"}},
		"an old CA":   {func(_ *testing.T, o *Options) { later(o, 3651*day) }, []string{"look key of cards:", "wrong own CA: it has ended on"}},
		"an aging CA": {func(_ *testing.T, o *Options) { later(o, 3500*day) }, []string{"look key of cards:", "look own CA: it ends on"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := good(t)
			dir := o.Settings.Data
			tt.does(t, &o)
			found := Check(t.Context(), o)
			for i := range found {
				found[i].Says = strings.ReplaceAll(found[i].Says, dir, "DIR")
			}
			wants(t, found, tt.want...)
		})
	}
}

func chmod(t *testing.T, mode os.FileMode, paths ...string) {
	t.Helper()
	for _, p := range paths {
		if err := os.Chmod(p, mode); err != nil {
			t.Fatal(err)
		}
	}
}

func remove(t *testing.T, o *Options, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(o.Settings.Data, name)); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func later(o *Options, by time.Duration) {
	o.Now = func() time.Time { return time.Now().Add(by) }
}

func TestAClockThatIsWrongByTheLastWorkIsFound(t *testing.T) {
	for off, want := range map[time.Duration]string{
		-time.Hour:     "wrong clock: it is behind: the service has worked at",
		-time.Minute:   "",
		time.Hour:      "",
		25 * time.Hour: "look clock: the service has last worked at",
	} {
		o := good(t)
		s, err := store.Open(t.Context(), filepath.Join(o.Settings.Data, folder.DatabaseFile))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Purge(t.Context(), time.Now(), 400*day), s.Close()); err != nil {
			t.Fatal(err)
		}
		later(&o, off)
		if want == "" {
			wants(t, Check(t.Context(), o))
		} else {
			wants(t, Check(t.Context(), o), want)
		}
	}
	o := good(t)
	machine(t, 5<<30, false)
	wants(t, Check(t.Context(), o), "look clock: no time service keeps it; start one")
}

func TestADatabaseOnAServerIsLookedAtAndItsClockToo(t *testing.T) {
	o := good(t)
	url := storetest.OnEmpty(t).DB.Where()
	o.Settings.Data = filepath.Join(t.TempDir(), "data")
	if err := folder.InitOn(t.Context(), o.Settings.Data, url, time.Now()); err != nil {
		t.Fatal(err)
	}
	wants(t, Check(t.Context(), o))
	later(&o, time.Hour)
	wants(t, Check(t.Context(), o), "wrong clock: it is off from that of the database's server by 1h0m0s; set the clock")
	later(&o, -2*time.Minute)
	wants(t, Check(t.Context(), o), "look clock: it is off from that of the database's server by -2m0s")
	o.Now = time.Now
	put(t, filepath.Join(o.Settings.Data, folder.ServerFile), strings.Replace(url, "host=", "host=/nowhere", 1))
	wants(t, Check(t.Context(), o), "wrong data folder: ")
}

func TestADiskThatFillsUpIsFound(t *testing.T) {
	o := good(t)
	machine(t, 900<<20, true)
	wants(t, Check(t.Context(), o), "look disk: 900 MB are free, too little for a copy of the database")
	machine(t, 100<<20, true)
	wants(t, Check(t.Context(), o), "wrong disk: only 100 MB are free; make room")
	o.Settings.Notices.Folder = t.TempDir()
	if all := bad(Check(t.Context(), o)); len(all) != 2 {
		t.Errorf("the folder of notices is on a disk of its own: %v", all)
	}
}

func TestMessagesThatWaitForNobodyAreFound(t *testing.T) {
	o := good(t)
	put(t, filepath.Join(o.Settings.Notices.Folder, "1.json"), "{}")
	wants(t, Check(t.Context(), o))
	later(&o, 3*time.Hour+time.Minute)
	wants(t, Check(t.Context(), o), "look notices: 1 messages wait, the oldest for 3 hours; see whether your gateway runs")
}

func TestAFolderThatNoHeadCanBeKeptInIsFound(t *testing.T) {
	o := good(t)
	o.Settings.Audit = filepath.Join(t.TempDir(), "heads")
	wants(t, Check(t.Context(), o))
	o.Settings.Audit = filepath.Join(t.TempDir(), "not-mounted", "heads")
	wants(t, Check(t.Context(), o), "wrong audit: no signed head can be kept there; give the folder to the user of the service")
}

func TestAMaildirAndTheCAsOfOtherEndsAreLookedAt(t *testing.T) {
	o := good(t)
	dir := filepath.Join(t.TempDir(), "bounces")
	ca, err := os.ReadFile(filepath.Join(o.Settings.Data, authority.CertFile))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "relay-ca.pem")
	put(t, file, string(ca))
	o.Settings.Notices.Email = &config.Email{Maildir: dir, CAFile: file}
	wants(t, Check(t.Context(), o), "wrong bounces: it is no folder that this user can take mail out of; make it")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "new"), 0o700), os.MkdirAll(filepath.Join(dir, "cur"), 0o700)); err != nil {
		t.Fatal(err)
	}
	wants(t, Check(t.Context(), o))
	later(&o, 3640*day)
	wants(t, Check(t.Context(), o), "look key of cards", "look own CA", "look trusted CA: it ends on")
}

func TestAnAddressThatAnotherProgramHasIsWrongAndOneOfThisServiceIsNot(t *testing.T) {
	o := good(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.Settings.Listen = l.Addr().String()
	go func() { // another program: it says nothing that we know
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	wants(t, Check(t.Context(), o), "wrong address: one cannot listen there: it is taken")
	l.Close()
	a, err := authority.Open(o.Settings.Data)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := a.Server([]string{"records.your-town.gov"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ours, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS13})
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	go func() {
		for {
			c, err := ours.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).Handshake()
			c.Close()
		}
	}()
	o.Settings.Listen = ours.Addr().String()
	wants(t, Check(t.Context(), o))
}

func TestWaysAreTriedAtOnceAndOneThatIsShutIsWrong(t *testing.T) {
	o := good(t)
	met := make(chan struct{})
	o.Ways = []Way{
		{"mail relay", "central.toml:9", func(context.Context) error { <-met; return nil }},
		{"gateway", "central.toml:17", func(context.Context) error { close(met); return errors.New("the gateway refused the secret, 401") }},
	}
	wants(t, Check(t.Context(), o), "wrong gateway: the gateway refused the secret, 401; check the settings there")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o.Ways = []Way{{"mail relay", "", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}}
	if all := Check(ctx, o); Worst(all) != Wrong {
		t.Errorf("%v", bad(all))
	}
}

func TestEachMistakeInTheSettingsIsAFindingWithItsPlaceAndItsFix(t *testing.T) {
	o := good(t)
	o.Wrong = config.Problems{{File: "/etc/x.toml", Line: 3, Key: "service.listen", Text: "is none; set it"}, {Key: "--issuer", Text: "is nobody's; give another"}}
	all := Check(t.Context(), o)
	wants(t, all, "wrong settings: service.listen is none; set it", "wrong settings: --issuer is nobody's; give another")
	if all[0].Where != "/etc/x.toml:3" || all[1].Where != "the command line" {
		t.Errorf("%+v", all[:2])
	}
	o.Wrong, o.Partly = nil, true
	wants(t, Check(t.Context(), o), "look settings: there is no file of settings")
	o.Wrong = errors.New("the relay is none")
	wants(t, Check(t.Context(), o), "wrong settings: the relay is none")
}
