// Package receipts takes what gateways say of text messages afterwards, and who wants none.
//
//	h, err := receipts.New(receipts.Options{
//		URL: url, Keys: map[sms.Profile][]string{sms.Twilio: {token}}, Ledger: l, Now: time.Now, Log: log})
//	sms.Options{Receipts: receipts.Address(url, sms.Twilio), …} // with which messages say where their receipts go
//	go h.Run(ctx)                                   // what came too early is tried again
//	http.Server{Handler: h, …}                      // on a listener of its own: gateways have no certificate of a kiosk
//
// It answers POST /v1/deliveries/PROFILE, up to 16 KiB, and nothing else. What is not signed as the
// profile signs is refused with 403 (signed.go); what is gets 200, whatever is in it, since
// gateways stop to send to who refuses. What comes again does nothing, and neither does what is
// older than five minutes where the signature has a time in it.
//
// A receipt moves a notice on, by the Ref in its address, to handed-over, delivered, failed or
// unknown, with a reason from a closed list (statuses of RFC 3463, see package sms). STOP from a number
// has nothing sent there until it says START. Neither changes what a kiosk hears, nor the tries of a
// request. What the ledger does not know yet, or cannot keep at the moment, is kept here for ten
// minutes, in memory: a receipt may be there before the sender has noted what it sent.
//
// No number, text or Ref is in a log.
package receipts

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
)

// Ledger is who is told.
//
// Obligations: what has returned nil is kept; the same may be told again, and a notice only goes
// forward. Receipt returns notice.ErrNoRef when no notice has the ref.
type Ledger interface {
	Receipt(ctx context.Context, ref string, to notice.State, reason string) error
	OptOut(ctx context.Context, contact string, out bool) error
}

// Options of New. All are required.
type Options struct {
	// URL is what gateways have before /v1/deliveries/: Twilio signs the address that it calls,
	// whatever a proxy makes of it.
	URL string
	// Keys are what each profile signs with: Twilio's tokens, Telnyx's public keys in base64, or
	// secrets. Of several, one is enough.
	Keys   map[sms.Profile][]string
	Ledger Ledger
	Now    func() time.Time
	Log    *slog.Logger
}

// String keeps the keys out of logs.
func (o Options) String() string { return "receipts of text messages" }

// GoString is String, so that %#v tells no more.
func (o Options) GoString() string { return o.String() }

// Limits.
const (
	largest   = 16 << 10         // of a body
	patience  = 10 * time.Minute // with what the ledger does not take
	most      = 10_000           // kept in memory, of each kind
	again     = 5 * time.Second  // between tries
	atOnce    = time.Second      // that the ledger may take: Telnyx waits for two
	seenLife  = 24 * time.Hour
	complains = time.Hour // one line in the log, of what is signed wrong
)

const path = "/v1/deliveries/"

// Handler is an http.Handler.
type Handler struct {
	o    Options
	keys map[sms.Profile][]key
	mux  *http.ServeMux

	mu        sync.Mutex
	seen      map[[32]byte]bool // signatures
	seenAt    []seen            // the same, oldest first
	late      []late
	said      time.Time // when the log has got a line of wrong signatures
	troubled  bool
	took, not int
}

type seen struct {
	at  time.Time
	sum [32]byte
}

// late is what the ledger did not take yet.
type late struct {
	event
	until time.Time
}

// event is what is to be told: a receipt, or with contact that somebody wants no messages, or does.
type event struct {
	ref     string
	state   notice.State
	reason  string
	contact string
	out     bool
}

// New checks the keys.
func New(o Options) (*Handler, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address of receipts is not https://HOST")
	}
	o.URL = strings.TrimRight(o.URL, "/")
	h := &Handler{o: o, keys: map[sms.Profile][]key{}, mux: http.NewServeMux(), seen: map[[32]byte]bool{}}
	for p, all := range o.Keys {
		for _, text := range all {
			k, err := keyOf(p, text)
			if err != nil {
				return nil, err
			}
			h.keys[p] = append(h.keys[p], k)
		}
	}
	h.mux.HandleFunc("POST "+path+"{profile}", h.take)
	return h, nil
}

// Address is where receipts of a profile are sent, without a Ref, by the URL of Options.
func Address(at string, p sms.Profile) string { return strings.TrimRight(at, "/") + path + string(p) }

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// take answers one call.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) {
	p := sms.Profile(r.PathValue("profile"))
	keys := h.keys[p]
	if len(keys) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	now := h.o.Now()
	c := call{head: r.Header, uri: r.URL.RequestURI(), query: r.URL.Query(), address: h.o.URL + r.URL.RequestURI(), body: body}
	var by []byte
	for _, k := range keys {
		if by = k.signed(c, now); by != nil {
			break
		}
	}
	if by == nil {
		h.complain(p, now)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if e, is := read(p, c); h.fresh(by, now) && is {
		h.tell(r.Context(), e, now)
	}
	w.WriteHeader(http.StatusOK)
}

// fresh reports whether what is signed so has not been here, and notes it.
func (h *Handler) fresh(by []byte, now time.Time) bool {
	sum := sha256.Sum256(by)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.took++
	for len(h.seenAt) > 0 && (len(h.seenAt) >= most || now.Sub(h.seenAt[0].at) > seenLife) {
		delete(h.seen, h.seenAt[0].sum)
		h.seenAt = h.seenAt[1:]
	}
	if h.seen[sum] {
		return false
	}
	h.seen[sum] = true
	h.seenAt = append(h.seenAt, seen{now, sum})
	return true
}

// tell tells the ledger, and keeps what it does not take.
func (h *Handler) tell(ctx context.Context, e event, now time.Time) {
	h.overtake(e)
	short, cancel := context.WithTimeout(ctx, atOnce)
	defer cancel()
	if h.note(short, e) == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.late) >= most {
		h.late = h.late[1:]
	}
	h.late = append(h.late, late{e, now.Add(patience)})
}

// overtake forgets what a contact said before, which must not come after what it says now.
func (h *Handler) overtake(e event) {
	if e.contact == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.late = slices.DeleteFunc(h.late, func(l late) bool { return l.contact == e.contact })
}

func (h *Handler) note(ctx context.Context, e event) error {
	if e.contact != "" {
		return h.o.Ledger.OptOut(ctx, e.contact, e.out)
	}
	return h.o.Ledger.Receipt(ctx, e.ref, e.state, e.reason)
}

// Run tells the ledger again what it did not take, until ctx ends.
func (h *Handler) Run(ctx context.Context) {
	tick := time.NewTicker(again)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.retry(ctx)
		}
	}
}

// retry tells all of it once more, and says the begin and the end of trouble.
func (h *Handler) retry(ctx context.Context) {
	h.mu.Lock()
	all := h.late
	h.late = nil
	h.mu.Unlock()
	var left []late
	var trouble error
	for _, l := range all {
		err := h.note(ctx, l.event)
		if err != nil && h.o.Now().Before(l.until) {
			left = append(left, l)
		}
		if err != nil && !errors.Is(err, notice.ErrNoRef) {
			trouble = err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	left = slices.DeleteFunc(left, func(old late) bool { // what has come in the meantime is newer
		return old.contact != "" && slices.ContainsFunc(h.late, func(l late) bool { return l.contact == old.contact })
	})
	h.late = append(left, h.late...)
	switch {
	case ctx.Err() != nil:
	case trouble != nil && !h.troubled:
		h.troubled = true
		h.o.Log.Error("receipts of text messages cannot be noted", "event", "receipts.stopped", "why", trouble.Error())
	case trouble == nil && h.troubled:
		h.troubled = false
		h.o.Log.Info("receipts of text messages are noted again", "event", "receipts.resumed")
	}
}

// complain counts what is signed wrong, and says so once an hour.
func (h *Handler) complain(p sms.Profile, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.not++
	if !h.said.IsZero() && now.Sub(h.said) < complains {
		return
	}
	h.said = now
	h.o.Log.Warn("a receipt of text messages is not signed with a key of ours, or too late: is it the key of this gateway?", "event", "receipts.refused", "profile", string(p))
}

// Counts are for metrics; but Signed would tell how many messages went out (package watch).
type Counts struct {
	Signed, Refused int // since the start
	Waiting         int // that the ledger has not taken yet
}

// Counts says how it does.
func (h *Handler) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Counts{h.took, h.not, len(h.late)}
}
