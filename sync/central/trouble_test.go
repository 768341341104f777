package central_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
	"vaxkiosk/sync/seal"
)

// What goes wrong in the middle of something.

// sending is a Sender made of a function.
type sending func(context.Context, notice.Message) error

func (f sending) Send(ctx context.Context, m notice.Message) error { return f(ctx, m) }

// job keeps a request in a town that has no worker any more, and takes it.
func (w *town) job(r request.Request) store.Job {
	w.t.Helper()
	return w.jobOf(rand.Text(), r)
}

func (w *town) jobOf(key string, r request.Request) store.Job {
	w.t.Helper()
	now := w.now()
	_, err := w.Store.AddRequest(w.t.Context(), store.Request{
		ID: key, Receipt: request.ReceiptFor(key), BodyHash: []byte(key), Made: now, Expires: now.Add(request.Life),
		Envelope: w.sealed(seal.ForRequest, key, r.Encode()),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	j, ok, err := w.Store.TakeJob(w.t.Context(), now)
	if !ok || err != nil {
		w.t.Fatalf("no job: %v", err)
	}
	return j
}

// finish works on a job as a worker does.
func (w *town) finish(ctx context.Context, j store.Job) error {
	return w.Worker.Finish(ctx, j)
}

// idle is a town whose service is open and does not serve.
func idle(t *testing.T, sender notice.Sender) *town {
	w := newTown(t, nil)
	w.stop()
	c, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: sender, Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	w.Central, w.Rooms = c, c.Rooms()
	return w
}

func TestAStopAfterTheNoticeKeepsTheAnswer(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w := idle(t, sending(func(context.Context, notice.Message) error {
		stop()
		return nil
	}))
	j := w.job(asks(w.people[0]))
	if err := w.finish(ctx, j); err != nil {
		t.Error(err)
	}
	if s := w.state(j.ID); s != store.Answered {
		t.Errorf("the code is with the visitor, and the request is %s", s)
	}
}

// While the notice is on its way, the number becomes somebody else's: the code opens
// nothing, and the request is decided on once more.
func TestWhoHasGotTheNumberMeanwhileIsNotOpened(t *testing.T) {
	phone, other := &notice.Phone{}, madeup.Generate(1, 9, request.DateOf(time.Now()))
	var w *town
	w = idle(t, sending(func(ctx context.Context, m notice.Message) error {
		return errors.Join(phone.Send(ctx, m), w.ImportPeople(w.t.Context(), other))
	}))
	j := w.job(asks(w.people[0]))
	for range 2 {
		if err := w.finish(t.Context(), j); err != nil {
			t.Error(err)
		}
	}
	try, err := w.Store.TakeTry(t.Context(), j.ID, w.now())
	if err != nil || try.Person != 0 || w.state(j.ID) != store.Answered {
		t.Errorf("it opens the record of %d, %v", try.Person, err)
	}
	if all := phone.Messages(); len(all) != 2 || sixDigits.FindString(all[1].Text) != "" {
		t.Errorf("%d notices, or a second code", len(all))
	}
}

func TestAGatewayThatHangsIsLeft(t *testing.T) {
	var limited atomic.Bool
	w := idle(t, sending(func(ctx context.Context, _ notice.Message) error {
		end, ok := ctx.Deadline()
		limited.Store(ok && time.Until(end) <= worker.SendLimit)
		return nil
	}))
	if err := w.finish(t.Context(), w.job(asks(w.people[0]))); err != nil || !limited.Load() {
		t.Errorf("a sender may take for ever, %v", err)
	}
}

func TestWhatBreaksOnOneRequestIsPutOff(t *testing.T) {
	w := idle(t, sending(func(context.Context, notice.Message) error { panic("a value") }))
	j := w.job(asks(w.people[0]))
	if err := w.finish(t.Context(), j); err == nil || strings.Contains(err.Error(), "a value") {
		t.Errorf("got %v", err)
	}
	if _, ok, err := w.Store.TakeJob(t.Context(), w.now()); ok || err != nil {
		t.Errorf("it comes again at once: %v", err)
	}
}

func TestANewCodeIsSentBeforeNewRequestsAndMayBreakToo(t *testing.T) {
	var sent []notice.Message
	breaks := false
	w := idle(t, sending(func(_ context.Context, m notice.Message) error {
		if breaks {
			panic("a value")
		}
		sent = append(sent, m)
		return nil
	}))
	j := w.job(asks(w.people[0]))
	if err := w.finish(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	w.job(asks(w.people[1])) // waits
	for _, breaks = range []bool{true, false} {
		if _, err := w.Store.AddResend(t.Context(), j.ID, false, w.now()); err != nil {
			t.Fatal(err)
		}
		worked, err := w.Worker.Next(t.Context(), w.now())
		if !worked || (err != nil) != breaks || err != nil && strings.Contains(err.Error(), "a value") {
			t.Errorf("breaks %v: worked %v, %v", breaks, worked, err)
		}
	}
	if len(sent) != 2 || sent[1].To != sent[0].To {
		t.Errorf("%d messages, and the second is not the new code", len(sent))
	}
	if j, ok, err := w.Store.TakeJob(t.Context(), w.now()); !ok || j.Failures != 0 || err != nil {
		t.Errorf("a new request was worked on before: %v", err)
	}
}

func TestALanguageNobodyOffersIsNotKept(t *testing.T) {
	w := idle(t, &notice.Phone{})
	r := asks(w.people[0])
	r.Lang = "Maria Lopez, 5 Elm Street"
	j := w.job(r)
	if err := w.finish(t.Context(), j); err != nil {
		t.Fatal(err)
	}
	for name, b := range filesIn(t, w.dir) {
		if bytes.Contains(b, []byte("Elm Street")) {
			t.Errorf("it is in %s", name)
		}
	}
}

func TestARequestOfAKioskWhoseDayHasBegunEarlierIsRead(t *testing.T) {
	w := newTown(t, nil)
	r := asks(w.people[0])
	r.Relation, r.Birth = request.Self, request.DateOf(w.now().AddDate(-18, 0, 1)) // 18 where the kiosk stands
	key := rand.Text()
	j := store.Job{ID: key, Envelope: w.sealed(seal.ForRequest, key, r.Encode())}
	if _, err := w.opener().Job(j, w.now()); err != nil {
		t.Error(err)
	}
	if _, err := w.opener().Job(j, w.now().AddDate(0, 0, -2)); err == nil {
		t.Error("a birthday in three days is one today")
	}
}

func TestReadyTellsThatRequestsCannotBeAnswered(t *testing.T) {
	var broken atomic.Bool
	broken.Store(true)
	phone := &notice.Phone{}
	w := newTown(t, sending(func(ctx context.Context, m notice.Message) error {
		if broken.Load() {
			return errors.New("gateway is away")
		}
		return phone.Send(ctx, m)
	}))
	k := w.kiosk("one")
	key := k.post(asks(w.people[0]))
	for k.call("GET", "/readyz", nil).status != http.StatusServiceUnavailable {
	}
	broken.Store(false)
	k.await(key)
	for k.call("GET", "/readyz", nil).status != http.StatusOK {
	}
}

func TestAStopAnswersLongPolls(t *testing.T) {
	closed := newGate(&notice.Phone{})
	w := newTown(t, closed)
	k := w.kiosk("one")
	key := k.post(asks(w.people[0]))
	<-closed.knocked
	state := make(chan reply)
	go func() { state <- k.call("GET", "/v1/requests/"+key, nil, "Prefer", "wait=25") }()
	for !w.State.Changed.Awaited() {
		runtime.Gosched()
	}
	w.stop()
	if s := into[api.RequestStatus](t, <-state, http.StatusOK).State; s != api.RequestStatusStateProcessing {
		t.Errorf("state %s", s)
	}
}

func TestAStopDoesNotWaitForACallerWhoStalls(t *testing.T) {
	defer central.StallFor(50 * time.Millisecond)()
	w := newTown(t, nil)
	k := w.kiosk("one")
	tr := k.http.Transport.(*http.Transport)
	tr.ForceAttemptHTTP2, tr.ExpectContinueTimeout = false, time.Minute
	body, never := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/v1/pickups", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Expect", "100-continue") // the body is sent when central reads it
	ended := make(chan error, 1)
	go func() {
		res, err := k.http.Do(r)
		if err == nil {
			res.Body.Close()
		}
		ended <- err
	}()
	if _, err := never.Write([]byte("{")); err != nil {
		t.Fatal(err)
	}
	w.stop() // fails the test when Serve ends with an error
	never.Close()
	if err := <-ended; err == nil {
		t.Error("half a call was answered")
	}
}

func TestACodeGoesToThePhoneOnFileInTheFormOfGateways(t *testing.T) {
	w := newTown(t, nil)
	p := w.people[0]
	p.Number, p.Given, p.Phone, p.Email = 1000, "Zuzanna", "(617) 555-0142", ""
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	r := asks(p)
	r.Phone = "+16175550142"
	k := w.kiosk("one")
	k.await(k.post(r))
	if w.codeFor(r.Phone) == "" {
		t.Error("no code went to the number in E.164")
	}
}
