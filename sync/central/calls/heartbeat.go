package calls

import (
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

// How kiosks themselves do. Nothing is kept but numbers and codes of the contract, so that no
// visitor can be in it, and nothing is opened for it, so that a kiosk whose clock is wrong can
// say so.

const (
	maxHeartbeat   = 1 << 10 // bytes
	heartbeatEvery = 10 * time.Second
	mostAnswers    = 4
	mostOfAny      = 1 << 31 // no count, age or size of a kiosk is as much
)

var programVersion = regexp.MustCompile(`^[0-9A-Za-z.+-]{1,32}$`)

// beats keeps a kiosk from writing more often than it has something to say.
type beats struct {
	mu   sync.Mutex
	last map[string]time.Time // by the kiosk's ID
}

// due reports whether a heartbeat is to be kept, which the next one within heartbeatEvery is not.
func (b *beats) due(kiosk string, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last, is := b.last[kiosk]; is && now.Sub(last).Abs() < heartbeatEvery {
		return false
	}
	if b.last == nil {
		b.last = map[string]time.Time{}
	}
	b.last[kiosk] = now
	return true
}

func (c *Calls) postHeartbeat(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxHeartbeat)
	var sent api.Heartbeat
	if _, err := read(r, &sent); err != nil {
		return err
	}
	if !goodHeartbeat(sent) {
		return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
	}
	if now := c.Now(); c.beats.due(kioskOf(r), now) {
		h := store.Heartbeat{
			Kiosk: kioskOf(r), At: now, Version: sent.Version, Screen: string(sent.Screen), Waiting: sent.Waiting, Refused: sent.Refused,
			Oldest: time.Duration(sent.Oldest) * time.Second, Settings: sent.Settings, DiskFree: sent.DiskFree, Skew: skewOf(r, now),
		}
		if sent.Printer != nil {
			h.Printer = string(*sent.Printer)
		}
		if err := c.Store.KeepHeartbeat(r.Context(), h); err != nil {
			return err
		}
	}
	orders, err := c.orders(r, sent.Answers)
	if err != nil {
		return err
	}
	if len(orders) > 0 {
		return answer(w, http.StatusOK, api.Orders{Orders: orders})
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// orders notes what came of what was asked of the kiosk, and returns what still is.
func (c *Calls) orders(r *http.Request, answers *[]api.OrderAnswer) ([]string, error) {
	k, _ := r.Context().Value(caller{}).(store.Kiosk)
	if answers != nil {
		for _, a := range *answers {
			if err := c.Store.AnswerOrder(r.Context(), k, a.Id, string(a.Outcome), c.Now()); err != nil {
				return nil, err
			}
		}
	}
	return c.Store.Orders(r.Context(), k.ID, c.Now())
}

func goodHeartbeat(h api.Heartbeat) bool {
	if h.Answers != nil && (len(*h.Answers) > mostAnswers || slices.ContainsFunc(*h.Answers, func(a api.OrderAnswer) bool {
		return !ids.MatchString(a.Id) || !a.Outcome.Valid()
	})) {
		return false
	}
	good := func(n *int) bool { return n == nil || 0 <= *n && *n < mostOfAny }
	return programVersion.MatchString(h.Version) && h.Screen.Valid() && (h.Printer == nil || h.Printer.Valid()) &&
		good(&h.Waiting) && good(&h.Refused) && good(&h.Oldest) && good(h.Settings) && good(h.DiskFree)
}

// skewOf is by how many seconds the clock of who calls is ahead; nil when it does not say.
func skewOf(r *http.Request, now time.Time) *int {
	t, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return nil
	}
	ahead := int(t.Sub(now.Truncate(time.Second)) / time.Second)
	return &ahead
}

// maxDiagnostics is how long diagnostics may be, in bytes.
const maxDiagnostics = 32 << 10

func (c *Calls) postDiagnostics(w http.ResponseWriter, r *http.Request) error {
	var sent api.Diagnostics
	if _, err := read(r, &sent); err != nil {
		return err
	}
	if !ids.MatchString(sent.Order) || len(sent.Text) > maxDiagnostics {
		return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
	}
	k, _ := r.Context().Value(caller{}).(store.Kiosk)
	if err := c.Store.KeepDiagnostics(r.Context(), k, sent.Order, sent.Text, c.Now()); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
