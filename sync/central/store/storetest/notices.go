package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/store"
)

// code is a notice with a code, as it is begun.
func code(ref string) store.Notice {
	return store.Notice{Kind: "found", Channel: "email", Mark: "m", Ref: ref, Contact: "contact of " + ref}
}

// ended is a notice that ended so.
func ended(n store.Notice, s notice.State, fault string) store.Notice {
	n.State, n.Fault = s, fault
	return n
}

// begins begins a notice.
func begins(t *testing.T, s *subject, id string, n store.Notice, at time.Time) store.Before {
	t.Helper()
	b, err := s.BeginNotice(t.Context(), id, n, at)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// letters are the dead letters of a time, each in one text.
func letters(t *testing.T, s *subject, at time.Time) string {
	t.Helper()
	all, err := s.Letters(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range all {
		lines = append(lines, fmt.Sprint(l.Receipt, " ", l.Kind, " ", l.State, " ", l.Tries, " ", l.Fault, " ", l.Again))
	}
	return strings.Join(lines, "\n")
}

// lives keeps a request for a week and takes it.
func lives(t *testing.T, s *subject, id string) {
	t.Helper()
	_, err := s.AddRequest(t.Context(), store.Request{
		ID: id, Receipt: "R-" + id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: now, Expires: now.AddDate(0, 0, 7),
	})
	if err != nil {
		t.Fatal(err)
	}
	take(t, s, now)
}

// putOff is a request whose notice was tried twice within a minute, and put off for over an hour.
func putOff(t *testing.T, s *subject) {
	t.Helper()
	lives(t, s, "a")
	if b := begins(t, s, "a", code("1"), now); b != (store.Before{}) {
		t.Errorf("the first try: %+v", b)
	}
	err := errors.Join(s.PutOffNotice(t.Context(), "1", "who knows", true, now), s.PutOff(t.Context(), "a", now.Add(store.LateNotice+time.Minute)))
	if b := begins(t, s, "a", code("1"), now.Add(time.Minute)); b.Doubts != 1 || err != nil {
		t.Errorf("%d doubts, %v", b.Doubts, err)
	}
}

// triedStill is how many notices are tried until they go out, and since when the oldest.
func triedStill(t *testing.T, s *subject, at time.Time) (n int, oldest time.Time) {
	t.Helper()
	all, err := s.NoticesWaiting(t.Context(), at)
	if err != nil || len(all) > 1 {
		t.Fatalf("%d channels, %v", len(all), err)
	}
	for _, w := range all {
		n, oldest = w.Count, w.Oldest
	}
	return n, oldest
}

func (on suite) TestANoticeThatIsPutOffForLongIsADeadLetterUntilItGoesOut(t *testing.T) {
	s := on.open(t)
	putOff(t, s)
	late := now.Add(store.LateNotice)
	if early, l := letters(t, s, late.Add(-time.Second)), letters(t, s, late); early != "" || l != "R-a found waiting 2 who knows true" {
		t.Errorf("before an hour %q, after it %q", early, l)
	}
	if n, oldest := triedStill(t, s, late); n != 1 || !oldest.Equal(now) {
		t.Errorf("%d wait, since %v", n, oldest)
	}
	take(t, s, late.Add(time.Minute))
	a := opens(t, s, "a")
	a.Notice = ended(code("1"), notice.HandedOver, "")
	if err := s.PutAnswer(t.Context(), a, late); err != nil {
		t.Fatal(err)
	}
	if n, _ := triedStill(t, s, late); n != 0 || letters(t, s, late) != "" || s.db.Count("notices") != 1 {
		t.Errorf("%q, %d wait", letters(t, s, late), n)
	}
}

func (on suite) TestWhatIsPutOffIsTriedAtOnceWhenStaffWants(t *testing.T) {
	s := on.open(t)
	putOff(t, s)
	late := now.Add(store.LateNotice)
	if again, lost, err := s.RetryNotices(t.Context(), "", late); again != 1 || lost != 0 || err != nil {
		t.Errorf("%d are tried again, %d not, %v", again, lost, err)
	}
	if all := s.audited(t); len(all) == 0 || all[len(all)-1].Kind != audit.Retried || all[len(all)-1].Request != "a" {
		t.Errorf("the audit has %v", all)
	}
	if id, _ := take(t, s, late); id != "a" {
		t.Error("it is not due at once")
	}
}

// twoFailed are a request that opens a record and one of nobody's, whose notices were refused for good.
func twoFailed(t *testing.T, s *subject) (dead store.Notice, a store.Answer) {
	t.Helper()
	for _, id := range []string{"a", "b"} {
		lives(t, s, id)
		begins(t, s, id, code(id), now)
	}
	dead = ended(code("a"), notice.Failed, "no such mailbox")
	dead.Dead = true
	a = opens(t, s, "a")
	b := store.Answer{ID: "b", Decision: match.Decision{Verdict: match.None}}
	a.Notice, b.Notice = dead, ended(store.Notice{Kind: "not-found", Channel: "email", Ref: "b", Contact: "b"}, notice.Failed, "no such mailbox")
	if err := errors.Join(s.PutAnswer(t.Context(), a, now), s.PutAnswer(t.Context(), b, now)); err != nil {
		t.Fatal(err)
	}
	return dead, a
}

const (
	lettersOfA = "R-a found failed 1 no such mailbox true"
	lettersOfB = "R-b not-found failed 1 no such mailbox false"
)

func (on suite) TestOfWhatHasFailedANewCodeIsSentWhereOneIsLeftToSend(t *testing.T) {
	s := on.open(t)
	dead, a := twoFailed(t, s)
	if l := letters(t, s, now); l != lettersOfA+"\n"+lettersOfB {
		t.Errorf("%q", l)
	}
	for range 2 { // the second time there is nothing left
		if _, _, err := s.RetryNotices(t.Context(), "", now); err != nil {
			t.Fatal(err)
		}
	}
	r, ok, err := s.NextResend(t.Context(), now)
	if !ok || r.ID != "a" || r.Mark != "m" || err != nil || len(s.db.Resends()) != 1 {
		t.Fatalf("no wish for a new code, or several: %v, %v, %v", r, ok, err)
	}
	again := code("a again")
	again.Contact = dead.Contact
	if b := begins(t, s, "a", again, now); b.Refused {
		t.Error("the contact is refused still")
	}
	if err := s.EndResend(t.Context(), r, a.Lock, now.Add(time.Hour), ended(again, notice.HandedOver, ""), now); err != nil {
		t.Fatal(err)
	}
	if l := letters(t, s, now); l != lettersOfB {
		t.Errorf("%q is left", l)
	}
}

func (on suite) TestWhatNobodyIsOnFileForCannotBeSentAgainAndIsGoneWithItsRequest(t *testing.T) {
	s := on.open(t)
	twoFailed(t, s)
	if again, lost, err := s.RetryNotices(t.Context(), "R-b", now); again != 0 || lost != 1 || err != nil {
		t.Errorf("of nobody's %d, %d, %v", again, lost, err)
	}
	if l := letters(t, s, now.AddDate(0, 0, 7)); l != "" {
		t.Errorf("%q of a request that is over", l)
	}
}

func (on suite) TestACodeThatGoesOutSettlesThoseOfItsRequestThatDidNot(t *testing.T) {
	s := on.open(t)
	lives(t, s, "a")
	a := opens(t, s, "a")
	a.Notice = ended(code("1"), notice.Unknown, "who knows")
	if err := s.PutAnswer(t.Context(), a, now); err != nil || letters(t, s, now) == "" {
		t.Fatal("no dead letter", err)
	}
	_, err := s.AddResend(t.Context(), "a", false, now)
	r, _, none := s.NextResend(t.Context(), now)
	if err := errors.Join(err, none, s.EndResend(t.Context(), r, a.Lock, now, ended(code("2"), notice.HandedOver, ""), now)); err != nil || letters(t, s, now) != "" {
		t.Errorf("%q, %v", letters(t, s, now), err)
	}
}

func (on suite) TestAWishWithoutAContactLeavesNothingWaiting(t *testing.T) {
	s := on.open(t)
	lives(t, s, "a")
	a := opens(t, s, "a")
	a.Notice = ended(code("1"), notice.HandedOver, "")
	_, wish := s.AddResend(t.Context(), "a", false, now)
	if err := errors.Join(wish, s.PutAnswer(t.Context(), a, now)); err != nil {
		t.Fatal(err)
	}
	r, _, err := s.NextResend(t.Context(), now)
	begins(t, s, "a", code("2"), now)
	err = errors.Join(err, s.PutOffResend(t.Context(), r, now.Add(time.Minute)))
	again, _, none := s.NextResend(t.Context(), now.Add(time.Minute))
	if err := errors.Join(err, none, s.EndResend(t.Context(), again, a.Lock, now, store.Notice{}, now)); err != nil || again.Failures != 1 {
		t.Errorf("%d failures, %v", again.Failures, err)
	}
	if n, _ := triedStill(t, s, now); n != 0 {
		t.Errorf("%d wait", n)
	}
}

func (on suite) TestNothingIsSentToWhoIsThereNoMoreForAWhileNorToWhoWantsNoneUntilTheyDo(t *testing.T) {
	s := on.open(t)
	lives(t, s, "a")
	a := store.Answer{ID: "a", Notice: ended(code("1"), notice.Failed, "no such mailbox"), Decision: match.Decision{Verdict: match.None}}
	a.Notice.Dead = true
	if err := errors.Join(s.PutAnswer(t.Context(), a, now), s.OptOut(t.Context(), "stops", true), s.OptOut(t.Context(), "stops", true)); err != nil {
		t.Fatal(err)
	}
	refused := func(contact string, at time.Time) bool {
		n := code("another")
		n.Contact, n.Owner = contact, contact
		return begins(t, s, "a", n, at).Refused
	}
	over := now.Add(store.DeadLife)
	if err := s.Purge(t.Context(), over.Add(-time.Hour), 365*24*time.Hour); err != nil || s.db.Count("refused") != 2 {
		t.Errorf("purged too early, %v", err)
	}
	for name, is := range map[string]bool{
		"dead": refused("contact of 1", over.Add(-time.Second)), "stopped": refused("stops", over.AddDate(10, 0, 0)),
		"not any more": !refused("contact of 1", over), "another": !refused("another", now),
	} {
		if !is {
			t.Errorf("%s is taken for something else", name)
		}
	}
	if err := errors.Join(s.OptOut(t.Context(), "stops", false), s.Purge(t.Context(), over, 365*24*time.Hour)); err != nil || refused("stops", now) || s.db.Count("refused") != 0 {
		t.Errorf("who wants messages again gets none, or %d are kept, %v", s.db.Count("refused"), err)
	}
}

func (on suite) TestAReceiptMovesItsNoticeForwardOnly(t *testing.T) {
	s := on.open(t)
	lives(t, s, "a")
	for i, c := range []struct {
		was, said, is notice.State
	}{
		{notice.HandedOver, notice.Delivered, notice.Delivered},
		{notice.HandedOver, notice.Failed, notice.Failed},
		{notice.HandedOver, notice.Unknown, notice.Unknown},
		{notice.Unknown, notice.HandedOver, notice.HandedOver},
		{notice.Unknown, notice.Delivered, notice.Delivered},
		{notice.Waiting, notice.Delivered, notice.Delivered},
		{notice.Waiting, notice.HandedOver, notice.Waiting},
		{notice.HeldBack, notice.Delivered, notice.HeldBack},
		{notice.Failed, notice.Delivered, notice.Failed},
	} {
		n := code(fmt.Sprint(i))
		begins(t, s, "a", n, now)
		if c.was != notice.Waiting {
			if err := s.EndResend(t.Context(), store.Resend{ID: "a"}, opens(t, s, "a").Lock, now, ended(n, c.was, ""), now); err != nil {
				t.Fatal(err)
			}
		}
		err := s.Receipt(t.Context(), n.Ref, c.said, "5.1.1", c.said == notice.Failed, now)
		if is := s.db.NoticeState(n.Ref); err != nil || is != string(c.is) {
			t.Errorf("%s and then %s: %s, %v", c.was, c.said, is, err)
		}
		n.Ref += " again"
		if b := begins(t, s, "a", n, now); b.Refused != (c.said == notice.Failed) {
			t.Errorf("%s and then %s: refused: %v", c.was, c.said, b.Refused)
		}
	}
	if err := s.Receipt(t.Context(), "made up", notice.Failed, "5.1.1", true, now); !errors.Is(err, notice.ErrNoRef) {
		t.Errorf("a ref that is made up: %v", err)
	}
	if err := s.Receipt(t.Context(), "0", notice.Waiting, "", false, now); err == nil {
		t.Error("a receipt puts a notice back")
	}
}

// text hands over a text message.
func text(t *testing.T, s *subject, id string, at time.Time) string {
	t.Helper()
	lives(t, s, id)
	n := code("text " + id)
	n.Channel = "phone"
	begins(t, s, id, n, at)
	a := opens(t, s, id)
	a.Notice = ended(n, notice.HandedOver, "")
	if err := s.PutAnswer(t.Context(), a, at); err != nil {
		t.Fatal(err)
	}
	return n.Ref
}

// Only since there are receipts does one say something that is not there, and whoever has opened
// their record has got the code.
func (on suite) TestATextWithoutAReceiptMayNotHaveArrived(t *testing.T) {
	s := on.open(t)
	before, told := text(t, s, "a", now), text(t, s, "b", now.Add(time.Minute))
	silent, opened := text(t, s, "c", now.Add(2*time.Minute)), text(t, s, "d", now.Add(2*time.Minute))
	try, err := s.TakeTry(t.Context(), "d", now)
	if err = errors.Join(err, s.AddToken(t.Context(), store.Token{Hash: []byte("d"), Request: "d", Person: try.Person, Kiosk: "k", Expires: now}, try, store.Vouch{}, now),
		s.Receipt(t.Context(), told, notice.Delivered, "", false, now.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	day := now.Add(2*time.Minute + store.Unheard)
	for _, at := range []time.Time{day.Add(-time.Second), day} {
		want := notice.HandedOver
		if at.Equal(day) {
			want = notice.Unknown
		}
		if err := s.LackReceipts(t.Context(), "phone", at); err != nil || s.db.NoticeState(silent) != string(want) {
			t.Errorf("%v: %s, %v", at, s.db.NoticeState(silent), err)
		}
	}
	for _, ref := range []string{before, opened} {
		if is := s.db.NoticeState(ref); is != string(notice.HandedOver) {
			t.Errorf("%s: %s", ref, is)
		}
	}
	if l := letters(t, s, day); l != "R-c found unknown 1 no receipt came within a day true" {
		t.Errorf("the list: %q", l)
	}
}

func (on suite) TestWhatHasComeBackStaysWhenItsTryEndsLater(t *testing.T) {
	s := on.open(t)
	lives(t, s, "a")
	begins(t, s, "a", code("1"), now)
	a := opens(t, s, "a")
	a.Notice = ended(code("1"), notice.HandedOver, "")
	if err := errors.Join(s.Receipt(t.Context(), "1", notice.Failed, "5.2.1", true, now), s.PutAnswer(t.Context(), a, now)); err != nil {
		t.Fatal(err)
	}
	if l := letters(t, s, now); l != "R-a found failed 1 5.2.1 true" {
		t.Errorf("%q", l)
	}
	if err := s.Purge(t.Context(), now.Add(store.ReturnLife), 365*24*time.Hour); err != nil || s.db.NoticeContacts() != 0 {
		t.Errorf("whom it went to is kept, %v", err)
	}
}
