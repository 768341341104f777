package notice

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/keyfile"
)

var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// conforms is what every Sender must do. Arrived returns the texts that have.
func conforms(t *testing.T, s Sender, arrived func() []string) {
	t.Helper()
	ctx := t.Context()
	for _, to := range []string{"+16175550123", "a.b@example.org"} {
		if err := s.Send(ctx, Message{To: to, Text: "to " + to, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	if got := arrived(); len(got) != 2 || got[0] != "to +16175550123" || got[1] != "to a.b@example.org" {
		t.Errorf("%d messages arrived", len(got))
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Send(over, Message{To: "+16175550199", Text: "late", At: at}); err == nil || strings.Contains(err.Error(), "0199") {
		t.Errorf("after the end: %v", err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := s.Send(ctx, Message{To: "+16175550123", Text: "one of many", At: at}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(arrived()); got != 22 {
		t.Errorf("%d messages arrived, want 22: all that were taken and none that was refused", got)
	}
}

func TestPhoneConforms(t *testing.T) {
	var p Phone
	var mu sync.Mutex
	told := 0
	p.Subscribe(func(Message) { mu.Lock(); told++; mu.Unlock() })
	conforms(t, &p, func() (all []string) {
		for _, m := range p.Messages() {
			all = append(all, m.Text)
		}
		return all
	})
	if told != 22 {
		t.Errorf("the subscriber was told of %d messages", told)
	}
}

func TestAPhoneKeepsTheNewestMessagesOnly(t *testing.T) {
	var p Phone
	for n := range phoneHolds + 3 {
		if err := p.Send(t.Context(), Message{Text: strconv.Itoa(n)}); err != nil {
			t.Fatal(err)
		}
	}
	all := p.Messages()
	if len(all) != phoneHolds || all[0].Text != "3" || all[len(all)-1].Text != strconv.Itoa(phoneHolds+2) {
		t.Errorf("%d messages, from %s to %s", len(all), all[0].Text, all[len(all)-1].Text)
	}
}

func TestOutboxConforms(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "notices")
	o := NewOutbox(dir)
	if err := o.Prepare(); err != nil {
		t.Fatal(err)
	}
	step := 0
	conforms(t, stepping{o, &step}, func() (all []string) {
		for _, f := range files(t, dir) {
			all = append(all, f["text"])
		}
		return all
	})
}

// stepping gives every message its own time, as life does, so that names sort.
type stepping struct {
	Sender
	n *int
}

var stepMu sync.Mutex

func (s stepping) Send(ctx context.Context, m Message) error {
	stepMu.Lock()
	*s.n++
	m.At = m.At.Add(time.Duration(*s.n) * time.Second)
	stepMu.Unlock()
	return s.Sender.Send(ctx, m)
}

func files(t *testing.T, dir string) (all []map[string]string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		var m map[string]string
		if err != nil || json.Unmarshal(b, &m) != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		all = append(all, m)
	}
	return all
}

func TestOutboxFilesSayHowToSendThem(t *testing.T) {
	dir := t.TempDir()
	o := NewOutbox(dir)
	if err := o.Prepare(); err != nil {
		t.Fatal(err)
	}
	if err := o.Send(t.Context(), Message{To: "a.b@example.org", Subject: "s", Text: "t", At: at}); err != nil {
		t.Fatal(err)
	}
	f := files(t, dir)[0]
	if f["to"] != "a.b@example.org" || f["channel"] != "email" || f["subject"] != "s" || f["at"] != "2026-11-23T09:00:00Z" {
		t.Errorf("file %v", f)
	}
}

func TestWhatAKilledSenderLeftHalfWrittenIsErased(t *testing.T) {
	dir := t.TempDir()
	o := NewOutbox(dir)
	if err := o.Prepare(); err != nil {
		t.Fatal(err)
	}
	if err := o.Send(t.Context(), Message{To: "a@example.org", At: at}); err != nil {
		t.Fatal(err)
	}
	half, err := os.CreateTemp(dir, keyfile.Unfinished)
	if err != nil {
		t.Fatal(err)
	}
	half.Close()
	again := NewOutbox(dir)
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("%d files in the folder before it is known whether another service sends there, %v", len(left), err)
	}
	if err := again.Prepare(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || filepath.Ext(left[0].Name()) != ".json" {
		t.Errorf("%d files in the folder, %v", len(left), err)
	}
}

func TestAnOutboxThatCannotBeWrittenIsRefusedAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewOutbox(file).Prepare(); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
}

var relations = []request.Relation{request.Self, request.Child, request.Represented}

// parts is how many text messages a text takes (3GPP TS 23.038): 153 characters
// each in the alphabet of phones, 67 when one is not in it, as the Spanish á.
func parts(text string) int {
	n, each := len([]rune(text)), 153
	if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7e && !strings.ContainsRune("éèùìòñÑÉüÜ¿¡", r) }) {
		each = 67
	}
	return (n + each - 1) / each
}

func TestEveryLanguageHasEveryNotice(t *testing.T) {
	d := Details{Code: "043210", Receipt: "7KQ2-M4V9-3X1", Help: "617-555-0100"}
	seen := map[string]string{}
	for _, l := range assets.Languages {
		for _, k := range []Kind{Found, NotFound, NotHere} {
			for _, d.Relation = range relations {
				subject, text := Text(l.Tag, k, d)
				name := l.Tag + " " + string(k)
				if subject == "" || text == "" || strings.ContainsAny(text, "{}") || !strings.Contains(text, d.Receipt) {
					t.Errorf("%s: %q", name, text)
				}
				if strings.Contains(text, d.Code) != (k == Found) {
					t.Errorf("%s: the code is in the wrong notice", name)
				}
				if strings.Contains(text, " "+Reason(d.Relation)+":") != (k != Found) {
					t.Errorf("%s: the reason code is in the wrong notice", name)
				}
				if most := map[bool]int{true: 2, false: 4}[l.Tag == "en"]; parts(text) > most {
					t.Errorf("%s: a gateway splits %d characters into %d parts", name, len([]rune(text)), parts(text))
				}
				if other, ok := seen[text]; ok {
					t.Errorf("%s reads like %s", name, other)
				}
				seen[text] = name
			}
		}
	}
}

func TestAnUnknownLanguageReadsEnglish(t *testing.T) {
	_, en := Text("en", NotFound, Details{})
	if _, got := Text("xx", NotFound, Details{}); got != en {
		t.Errorf("got %q", got)
	}
}
