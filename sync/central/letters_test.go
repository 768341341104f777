package central_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/worker"
)

// What becomes of notices that do not go out.

// faulty takes messages, or says what it is told to.
type faulty struct {
	notice.Phone
	says   error
	loses  bool // it takes them all the same
	called atomic.Int64
}

func (m *faulty) Send(ctx context.Context, n notice.Message) error {
	m.called.Add(1)
	if m.says == nil || m.loses {
		if err := m.Phone.Send(ctx, n); err != nil {
			return err
		}
	}
	return m.says
}

// codes are those of all messages that were taken.
func (m *faulty) codes() (all []string) {
	for _, sent := range m.Messages() {
		all = append(all, sixDigits.FindString(sent.Text))
	}
	return all
}

// opensWith reports whether a code opens a request's record.
func (w *town) opensWith(id, code string) bool {
	w.t.Helper()
	try, err := w.Store.TakeTry(w.t.Context(), id, w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	return w.now().Before(try.Expires) && w.Keeper.Check(try.Lock, id, testPIN, code)
}

func (w *town) letters() []store.Letter {
	w.t.Helper()
	all, err := w.Store.Letters(w.t.Context(), w.now())
	must(w.t, err)
	return all
}

// next works on what is due.
func (w *town) next() {
	w.t.Helper()
	if worked, err := w.Worker.Next(w.t.Context(), w.now()); !worked || err != nil {
		w.t.Fatalf("worked %v, %v", worked, err)
	}
}

// noSuchMailbox is what a relay says of an address that nobody has.
var noSuchMailbox = &notice.Fault{What: "the relay refused the recipient", Code: 550, Status: "5.1.1", Final: true}

func TestARequestWhoseContactIsRefusedForGoodIsAnsweredAndNothingIsSentThereAgain(t *testing.T) {
	m := &faulty{says: noSuchMailbox}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	must(t, w.finish(t.Context(), j))
	if w.state(j.ID) != store.Answered || w.opensWith(j.ID, "000000") {
		t.Errorf("it is %s", w.state(j.ID))
	}
	if l := w.letters(); len(l) != 1 || l[0].Fault != "the relay refused the recipient, 550 5.1.1" || l[0].State != notice.Failed || !l[0].Again {
		t.Fatalf("the dead letters: %+v", l)
	}
	second := w.jobOf("a-second-request-00001", asks(w.people[0]))
	must(t, w.finish(t.Context(), second))
	if l := w.letters(); m.called.Load() != 1 || len(l) != 2 || w.state(second.ID) != store.Answered {
		t.Errorf("it was asked %d times to send where nobody is; %d dead letters", m.called.Load(), len(l))
	}
}

func TestStaffSendsANewCodeWhereTheFirstWasRefused(t *testing.T) {
	m := &faulty{says: noSuchMailbox}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	must(t, w.finish(t.Context(), j))
	m.says = nil
	again, lost, err := w.Store.RetryNotices(t.Context(), "", w.now())
	must(t, err)
	w.next()
	codes := m.codes()
	if again != 1 || lost != 0 || len(codes) != 1 || len(w.letters()) != 0 || !w.opensWith(j.ID, codes[0]) {
		t.Errorf("%d are sent again, %d not; %d codes; %d letters are left", again, lost, len(codes), len(w.letters()))
	}
}

// What a kiosk hears is the same, byte by byte, whether or not somebody is on file, and whatever
// becomes of the notice.
func TestWhateverBecomesOfANoticeAKioskHearsTheSameOfNobody(t *testing.T) {
	for name, c := range map[string]struct {
		says  error
		state store.State
	}{
		"taken":            {nil, store.Answered},
		"refused for good": {noSuchMailbox, store.Answered},
		"down":             {&notice.Fault{What: "the relay cannot be reached"}, store.Processing},
	} {
		m := &faulty{says: c.says}
		w := newTown(t, m)
		k := w.kiosk("one")
		stranger := asks(w.people[1])
		stranger.Family = "Known-Nowhere"
		var heard []string
		for i, key := range []string{k.post(asks(w.people[0])), k.post(stranger)} {
			for m.called.Load() <= int64(i) || w.state(key) != c.state {
				k.call("GET", "/v1/requests/"+key, nil)
			}
			w.pass(store.AnswerStep)
			res := k.call("GET", "/v1/requests/"+key, nil)
			heard = append(heard, strings.ReplaceAll(string(res.body), key, ""))
		}
		if heard[0] != heard[1] || !strings.Contains(heard[0], string(c.state)) {
			t.Errorf("%s: of a record %s, of nobody %s", name, heard[0], heard[1])
		}
		w.stop()
	}
}

// Two messages at worst, and the newer one counts.
func TestOfMessagesOfWhichNobodyKnowsWhetherTheyArriveThereAreTwoAtMost(t *testing.T) {
	m := &faulty{says: &notice.Fault{What: "the relay did not say whether it took the message", Unknown: true}, loses: true}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	if err := w.finish(t.Context(), j); err == nil || w.state(j.ID) == store.Answered {
		t.Fatalf("it is not tried again: %v", err)
	}
	w.pass(worker.LastPutOff)
	w.next()
	codes := m.codes()
	if len(codes) != 2 || w.state(j.ID) != store.Answered || w.opensWith(j.ID, codes[0]) || !w.opensWith(j.ID, codes[1]) {
		t.Errorf("%d messages, %s, or the older code counts", len(codes), w.state(j.ID))
	}
	if l := w.letters(); len(l) != 1 || l[0].State != notice.Unknown || l[0].Tries != 2 {
		t.Errorf("staff is told %+v", l)
	}
	if refs := m.Messages(); refs[0].Ref == "" || refs[0].Ref != refs[1].Ref {
		t.Error("the two are not one notice")
	}
}

// A wish for a new code that is refused leaves the code before.
func TestANewCodeThatIsRefusedLeavesTheOneBefore(t *testing.T) {
	m := &faulty{}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	must(t, w.finish(t.Context(), j))
	m.says = &notice.Fault{What: "the relay refused the message", Code: 554, Final: true}
	_, err := w.Store.AddResend(t.Context(), j.ID, false, w.now())
	must(t, err)
	w.next()
	if !w.opensWith(j.ID, m.codes()[0]) || len(w.letters()) != 1 || w.db().Count("reminders") != 0 {
		t.Errorf("the code before opens nothing any more, or %d dead letters", len(w.letters()))
	}
}

// Who replies STOP gets nothing until START, and no kiosk can tell.
func TestWhoWantsNoMessagesGetsNoneUntilTheyDo(t *testing.T) {
	m := &faulty{}
	w := newTown(t, m)
	k, p := w.kiosk("one"), w.people[0]
	must(t, w.Ledger().OptOut(t.Context(), p.Phone, true))
	key := k.post(asks(p))
	k.await(key)
	if sent := len(m.Messages()); sent != 0 || k.unlock(key, testPIN, "000000").status != http.StatusForbidden {
		t.Errorf("%d messages", sent)
	}
	must(t, w.Ledger().OptOut(t.Context(), p.Phone, false))
	key = k.post(asks(p))
	k.await(key)
	if sent := m.codes(); len(sent) != 1 || k.unlock(key, testPIN, sent[0]).status != http.StatusOK {
		t.Errorf("%d messages", len(sent))
	}
}

// A bounce has staff told and nothing sent there for a while; what the kiosk hears stays.
func TestWhatComesBackChangesNothingThatAKioskHears(t *testing.T) {
	m := &faulty{}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	must(t, w.finish(t.Context(), j))
	before, ref := w.db().Request(j.ID), m.Messages()[0].Ref
	must(t, w.Ledger().Receipt(t.Context(), ref, notice.Failed, "5.2.1"))
	if w.db().Request(j.ID) != before || !w.opensWith(j.ID, m.codes()[0]) {
		t.Error("the request is another")
	}
	if l := w.letters(); len(l) != 1 || l[0].Fault != "it came back, 5.2.1" {
		t.Errorf("staff is told %+v", l)
	}
	must(t, w.finish(t.Context(), w.jobOf("a-second-request-00001", asks(w.people[0]))))
	if m.called.Load() != 1 {
		t.Error("it is sent to again")
	}
	if len(ref) != 16 || w.Keeper.NoticeRef("another") == ref {
		t.Errorf("a ref of %d signs", len(ref))
	}
}

func TestAPauseThatASenderAsksForIsMade(t *testing.T) {
	m := &faulty{says: &notice.Fault{What: "later", Code: 429, After: 90 * time.Second}}
	w := idle(t, m)
	j := w.job(asks(w.people[0]))
	if w.finish(t.Context(), j) == nil {
		t.Fatal("it went out")
	}
	m.says = nil
	w.pass(85 * time.Second)
	if _, ok, err := w.Store.TakeJob(t.Context(), w.now()); ok || err != nil {
		t.Errorf("it is tried before its time, %v", err)
	}
	w.pass(6 * time.Second)
	w.next()
	if len(m.Messages()) != 1 {
		t.Error("it is not tried in time")
	}
}
