package central_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/metrics"
	"vaxkiosk/sync/version"
)

const (
	aBeat     = `{"version":"0.3.0-rc.1","screen":"in-service","waiting":3,"refused":1,"oldest":125,"printer":"paper","settings":40,"diskFree":9000}`
	leastBeat = `{"version":"0.3.0","screen":"out-of-service","waiting":0,"refused":0,"oldest":0}`
)

// beats are the heartbeats that are kept, as one line.
func (w *town) beats() (text string) {
	all, err := w.Store.Heartbeats(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	kiosks, err := w.Kiosks(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	number := func(n *int) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	for _, k := range kiosks {
		if h, is := all[k.ID]; is {
			text += fmt.Sprintf("%s %s %s %d %d %s %q %s %s %s; ", k.Name, h.Version, h.Screen, h.Waiting, h.Refused, h.Oldest, h.Printer,
				number(h.Settings), number(h.DiskFree), number(h.Skew))
		}
	}
	return text
}

func (k *kiosk) beat(body string, headers ...string) reply {
	return k.call("POST", "/v1/heartbeat", []byte(body), headers...)
}

func TestTheLastHeartbeatOfEachKioskIsKeptAndNoOther(t *testing.T) {
	w := newTown(t, nil)
	hall, lobby := w.kiosk("hall"), w.kiosk("lobby")
	noted(t, "a first", hall.beat(aBeat))
	noted(t, "without what is not known", lobby.beat(leastBeat, "Date", w.now().Add(-61*time.Minute).UTC().Format(http.TimeFormat)))
	want := `^hall 0\.3\.0-rc\.1 in-service 3 1 2m5s "paper" 40 9000 \?; lobby 0\.3\.0 out-of-service 0 0 0s "" \? \? -36\d\d; $`
	if got := w.beats(); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("%s\nwant %s", got, want)
	}
	noted(t, "one at once", hall.beat(leastBeat))
	if got := w.beats(); !strings.Contains(got, "hall 0.3.0-rc.1") {
		t.Errorf("one that came too soon was kept: %s", got)
	}
	w.later(time.Minute)
	noted(t, "the next", hall.beat(leastBeat))
	if got := w.beats(); !strings.Contains(got, "hall 0.3.0 out-of-service") || strings.Count(got, "hall") != 1 {
		t.Error(got)
	}
}

func TestAHeartbeatGoesWithItsKiosk(t *testing.T) {
	w := newTown(t, nil)
	hall := w.kiosk("hall")
	noted(t, "a first", hall.beat(aBeat))
	if err := w.RevokeKiosk(t.Context(), "hall", "stolen", "ana"); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	code(t, "of one that is revoked", hall.beat(aBeat), http.StatusUnauthorized, api.ProblemKioskRevoked)
	if got := w.beats(); got != "" {
		t.Error(got)
	}
}

// As a kiosk sends it, as IT reads it.
func TestTheFleetIsSeenAsItsKiosksSayItIs(t *testing.T) {
	w := newTown(t, nil)
	lobby, hall := w.ownClient("lobby"), w.ownClient("hall")
	paper := api.HeartbeatPrinterPaper
	for c, h := range map[*client.Client]api.Heartbeat{
		lobby.Client: {Version: version.Number, Screen: api.InService},
		hall.Client:  {Version: version.Number, Screen: api.InService, Printer: &paper},
	} {
		if heard, err := c.Heartbeat(t.Context(), h); err != nil || heard.Ahead == nil || heard.Ahead.Abs() > time.Minute || heard.Orders != nil {
			t.Fatalf("%v, %v", heard, err)
		}
	}
	needs := func() string {
		all, err := w.Fleet(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, k := range all {
			text += fmt.Sprint(k.Name, k.Needs)
		}
		return text
	}
	if got := needs(); got != "hall[printer]lobby[]" {
		t.Error(got)
	}
	w.pass(time.Hour)
	if got := needs(); got != "hall[offline]lobby[offline]" {
		t.Error(got)
	}
	page, err := w.Metrics(t.Context())
	if text := string(metrics.Text(page)); err != nil || !strings.Contains(text, `vaxcentral_kiosk_online{kiosk="hall"} 0`) {
		t.Errorf("%v\n%s", err, text)
	}
}

// Whatever somebody with a kiosk's key sends, nothing but numbers and codes is kept.
func TestAHeartbeatHoldsNothingButWhatIsOnTheLists(t *testing.T) {
	w := newTown(t, nil)
	hall := w.kiosk("hall")
	for _, change := range [][2]string{
		{`"0.3.0"`, `"Maria Lopez 1980-05-06"`},
		{`"0.3.0"`, `""`},
		{`"out-of-service"`, `"unlocking"`},
		{`"waiting":0`, `"waiting":-1`},
		{`"oldest":0`, `"oldest":99999999999`},
		{`"oldest":0`, `"oldest":0,"printer":"Maria"`},
		{`"oldest":0`, `"oldest":0,"diskFree":-5`},
		{`,"oldest":0`, ``},
		{`"oldest":0`, `"oldest":0,"answers":[{"id":"Maria Lopez","outcome":"done"}]`},
		{`"oldest":0`, `"oldest":0,"answers":[{"id":"0123456789abcdef","outcome":"Maria"}]`},
	} {
		code(t, change[1], hall.beat(strings.Replace(leastBeat, change[0], change[1], 1)), http.StatusBadRequest, api.ProblemBadRequest)
	}
	code(t, "another member", hall.beat(strings.Replace(leastBeat, "{", `{"receipt":"7KQ2-M4V9-3X1",`, 1)), http.StatusBadRequest, api.ProblemUnknownField)
	code(t, "a long one", hall.beat(leastBeat+strings.Repeat(" ", 1<<10)), http.StatusRequestEntityTooLarge, api.ProblemTooLarge)
	if got := w.beats(); got != "" {
		t.Error(got)
	}
	if strings.Contains(w.log.String(), "Maria") {
		t.Error("the log has what was sent")
	}
}

// asked is what is asked of a kiosk that says what came of orders before.
func (c ownClient) asked(t *testing.T, answers ...api.OrderAnswer) []string {
	t.Helper()
	h := api.Heartbeat{Version: version.Number, Screen: api.InService}
	if answers != nil {
		h.Answers = &answers
	}
	heard, err := c.Heartbeat(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	return heard.Orders
}

// From the operator to the kiosk and back, over the real thing.
func TestWhatIsAskedOfAKioskComesSignedUntilItHasAnswered(t *testing.T) {
	w := newTown(t, nil)
	lobby, hall := w.ownClient("lobby"), w.ownClient("hall")
	beat := func(c ownClient, answers ...api.OrderAnswer) []string { t.Helper(); return c.asked(t, answers...) }
	if err := w.AskKiosk(t.Context(), "lobby", api.OrderWhatRestart, "ana"); err != nil {
		t.Fatal(err)
	}
	if len(beat(hall)) > 0 {
		t.Error("another kiosk is asked")
	}
	asked := beat(lobby)
	if again := beat(lobby); len(asked) != 1 || len(again) != 1 || again[0] != asked[0] {
		t.Fatalf("asked %d and %d times", len(asked), len(again))
	}
	order, err := client.VerifyOrder(asked[0], w.Root.Thumbprint(), lobby.Certificate(), w.now())
	if err != nil || order.What != api.OrderWhatRestart {
		t.Errorf("%+v, %v", order, err)
	}
	if _, err := client.VerifyOrder(asked[0], w.Root.Thumbprint(), hall.Certificate(), w.now()); !errors.Is(err, client.ErrOrder) {
		t.Errorf("taken by another kiosk: %v", err)
	}
	done := api.OrderAnswer{Id: order.Id, Outcome: api.Done}
	beat(hall, done) // is none of its business
	if len(beat(lobby)) != 1 || len(beat(lobby, done)) != 0 {
		t.Error("answered by another, or not by its own")
	}
	log := ""
	changes, err := w.KioskChanges(t.Context(), "lobby")
	for _, c := range changes {
		log += c.What + ", "
	}
	if err != nil || !strings.HasSuffix(log, "asked: restart, restart: done, ") {
		t.Errorf("%s, %v", log, err)
	}
}

func TestWhatIsAskedOfAKioskThatDoesNotCallIsNotAskedLater(t *testing.T) {
	w := newTown(t, nil)
	lobby := w.ownClient("lobby")
	if err := w.AskKiosk(t.Context(), "lobby", api.OrderWhatSettings, "ana"); err != nil {
		t.Fatal(err)
	}
	if w.pass(time.Hour); len(lobby.asked(t)) > 0 {
		t.Error("asked when it is too late")
	}
}
