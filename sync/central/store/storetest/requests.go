package storetest

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

func add(t testing.TB, s *subject, id string) {
	t.Helper()
	_, err := s.AddRequest(t.Context(), store.Request{
		ID: id, Receipt: "R-" + id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: now, Expires: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, s *subject, at time.Time) (string, bool) {
	t.Helper()
	j, ok, err := s.TakeJob(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	return j.ID, ok
}

// opens is the answer that opens the record of resident 1, who is imported for it.
func opens(t testing.TB, s *subject, id string) store.Answer {
	t.Helper()
	p := madeup.Generate(1, 1, today)[0]
	if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
		t.Fatal(err)
	}
	return finds(id, p)
}

// finds is the answer that opens somebody's record.
func finds(id string, p registry.Person) store.Answer {
	return store.Answer{ID: id, Decision: match.Decision{Verdict: match.Release, Person: p.Number}, Found: match.Candidate{
		Number: p.Number, Identity: match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, p.Email),
	}}
}

func (on suite) TestARequestIsKeptOnceUnderItsKey(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	kept, err := s.AddRequest(t.Context(), store.Request{
		ID: "a", Receipt: "other", BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: now.Add(time.Minute), Expires: now.Add(2 * time.Hour),
	})
	if err != nil || kept.Receipt != "R-a" || !kept.Expires.Equal(now.Add(time.Hour)) {
		t.Errorf("the same again: %v, expires %v, %v", kept.Receipt, kept.Expires, err)
	}
	if _, err := s.AddRequest(t.Context(), store.Request{ID: "a", BodyHash: []byte("another")}); !errors.Is(err, store.ErrReused) {
		t.Errorf("another body: %v", err)
	}
}

func (on suite) TestJobsComeUntilTheyAreAnswered(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	add(t, s, "b")
	first, _ := take(t, s, now)
	if again, _ := take(t, s, now); again != first { // as after a crash
		t.Errorf("got %s, then %s", first, again)
	}
	if err := s.PutOff(t.Context(), first, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	second, _ := take(t, s, now)
	if second == first {
		t.Error("a job that was put off came at once")
	}
	if err := s.PutAnswer(t.Context(), store.Answer{ID: second, Decision: match.Decision{Verdict: match.None}}, now); err != nil {
		t.Fatal(err)
	}
	if due, ok, err := s.NextDue(t.Context(), now); !ok || err != nil || !due.Equal(now.Add(time.Minute)) {
		t.Errorf("next at %v, %v, %v", due, ok, err)
	}
	if id, ok := take(t, s, now); ok {
		t.Errorf("%s came before its time", id)
	}
	if id, _ := take(t, s, now.Add(time.Minute)); id != first {
		t.Errorf("got %q", id)
	}
	if id, ok := take(t, s, now.Add(2*time.Hour)); ok {
		t.Errorf("%s came after its end", id)
	}
	if _, ok, _ := s.NextDue(t.Context(), now.Add(2*time.Hour)); ok {
		t.Error("an expired request is still waited for")
	}
}

func (on suite) TestAnAnswerErasesTheEnvelopeAndCountsNoTryAway(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	take(t, s, now)
	if try, err := s.TakeTry(t.Context(), "a", now); err != nil || try.Left != 4 || try.Person != 0 || try.Lock.PIN != nil {
		t.Errorf("a try before the answer: %d left, person %d, %v", try.Left, try.Person, err)
	}
	a := opens(t, s, "a")
	a.Lock, a.CodeExpires, a.Notice = access.Lock{PIN: []byte("p"), Code: []byte("c")}, now.Add(time.Hour), store.Notice{Kind: "found", Channel: "phone"}
	if err := s.PutAnswer(t.Context(), a, now); err != nil {
		t.Fatal(err)
	}
	if sealed, notices := s.db.Request("a").Sealed, s.db.Notices("found"); sealed || notices != 1 {
		t.Errorf("the envelope is there: %v, %d notices", sealed, notices)
	}
	try, err := s.TakeTry(t.Context(), "a", now)
	if err != nil || try.Left != 3 || try.Person != 1 || string(try.Lock.PIN) != "p" || !try.Expires.Equal(a.CodeExpires) {
		t.Errorf("a try after the answer: %d left, person %d, %v", try.Left, try.Person, err)
	}
}

func (on suite) TestANumberThatIsSomebodyElsesNowOpensNothing(t *testing.T) {
	s := on.open(t)
	before, other := madeup.Generate(3, 1, today), madeup.Generate(2, 2, today)
	if err := s.ImportPeople(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"a", "b", "c"} {
		add(t, s, id)
		take(t, s, now)
		err := errors.Join(
			s.PutAnswer(t.Context(), finds(id, before[i]), now),
			s.AddToken(t.Context(), store.Token{Hash: []byte(id), Request: id, Person: i + 1, Kiosk: "k", Expires: now.Add(time.Minute)}, store.Try{}, store.Vouch{}, now))
		if err != nil {
			t.Fatal(err)
		}
	}
	// Still the same person, also with another family name and in other letters.
	before[0].Doses, before[0].Phone = before[0].Doses[1:], "+16175550199"
	before[2].Given, before[2].Family = strings.ToUpper(before[2].Given), "Lopez"
	if err := s.ImportPeople(t.Context(), []registry.Person{before[0], other[1], before[2]}); err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"a", "b", "c"} {
		try, err := s.TakeTry(t.Context(), id, now)
		_, noToken := s.TokenOf(t.Context(), []byte(id), "k")
		if same := i != 1; err != nil || (try.Person == i+1) != same || (noToken == nil) != same {
			t.Errorf("request %s opens the record of %d, token: %v, %v", id, try.Person, noToken, err)
		}
	}
}

// The number becomes somebody else's between the try and the token.
func (on suite) TestARightProofOpensNothingOfWhoHasGotTheNumberSince(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	take(t, s, now)
	if err := s.PutAnswer(t.Context(), opens(t, s, "a"), now); err != nil {
		t.Fatal(err)
	}
	try, err := s.TakeTry(t.Context(), "a", now)
	if err = errors.Join(err, s.ImportPeople(t.Context(), madeup.Generate(1, 9, today))); err != nil {
		t.Fatal(err)
	}
	token := store.Token{Hash: []byte("t"), Request: "a", Person: try.Person, Kiosk: "k", Expires: now.Add(time.Minute)}
	if err := s.AddToken(t.Context(), token, try, store.Vouch{Staff: "nurse", IDKind: "passport"}, now); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a token for another person's record: %v", err)
	}
	tries, releases := s.db.Request("a").Tries, s.db.Releases()
	if _, none := s.TokenOf(t.Context(), token.Hash, "k"); tries != 1 || len(releases) != 0 || !errors.Is(none, store.ErrUnknown) {
		t.Errorf("%d tries, released %q, token: %v", tries, releases, none)
	}
}

// The number becomes somebody else's, or the contact another one, between the
// decision and the answer.
func (on suite) TestAnAnswerForWhoHasChangedSinceIsDecidedAnew(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	take(t, s, now)
	a := opens(t, s, "a")
	moved := madeup.Generate(1, 1, today)[0]
	moved.Phone, moved.Email = "+16175550166", ""
	for name, p := range map[string]registry.Person{"somebody else": madeup.Generate(1, 9, today)[0], "another contact": moved} {
		if err := s.ImportPeople(t.Context(), []registry.Person{p}); err != nil {
			t.Fatal(err)
		}
		if err := s.PutAnswer(t.Context(), a, now); !errors.Is(err, store.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
		if id, _ := take(t, s, now); id != "a" {
			t.Errorf("%s: it does not come again", name)
		}
	}
}

func (on suite) TestANewCodeForAnExpiredRequestIsNobodys(t *testing.T) {
	s := on.open(t)
	add(t, s, "a") // for an hour
	take(t, s, now)
	err := s.PutAnswer(t.Context(), opens(t, s, "a"), now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddResend(t.Context(), "a", false, now); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time]int{now: 1, now.Add(time.Hour): 0} {
		if r, ok, err := s.NextResend(t.Context(), at); r.Person != want || !ok || err != nil {
			t.Errorf("at %v: person %d, %v, %v", at, r.Person, ok, err)
		}
	}
}

func (on suite) TestWhichContactACodeWentToIsKnownUntilItsRequestExpires(t *testing.T) {
	s := on.open(t)
	add(t, s, "a") // for an hour
	take(t, s, now)
	a := opens(t, s, "a")
	a.Notice = store.Notice{Kind: "found", Channel: "phone", Mark: "first"}
	if err := s.PutAnswer(t.Context(), a, now); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"first", "second"} {
		if _, err := s.AddResend(t.Context(), "a", false, now); err != nil {
			t.Fatal(err)
		}
		r, _, err := s.NextResend(t.Context(), now)
		if r.Channel != "phone" || r.Mark != want || err != nil {
			t.Errorf("it went to %s %s, want %s, %v", r.Channel, r.Mark, want, err)
		}
		if err := s.EndResend(t.Context(), r, a.Lock, a.CodeExpires, store.Notice{Kind: "found", Channel: "phone", Mark: "second"}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Purge(t.Context(), now.Add(time.Hour), time.Hour); err != nil || s.db.Secrets() != 0 {
		t.Errorf("%d requests keep something, %v", s.db.Secrets(), err)
	}
}

func (on suite) TestThereAreFiveTriesHoweverManyAsk(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	for name, takeTry := range map[string]func() error{
		"request": func() error { _, err := s.TakeTry(t.Context(), "a", now); return err },
		"stray": func() error {
			_, err := s.TakeTryByReceipt(t.Context(), "nobody's", now, time.Hour, access.Use{})
			return err
		},
	} {
		var mu sync.Mutex
		given := 0
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				err := takeTry()
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					given++
				} else if !errors.Is(err, store.ErrOver) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if given != store.MaxTries {
			t.Errorf("%s: %d tries given", name, given)
		}
	}
	if _, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, access.Use{}); !errors.Is(err, store.ErrOver) {
		t.Errorf("by receipt: %v", err)
	}
	take(t, s, now)
	err := errors.Join(
		s.PutAnswer(t.Context(), opens(t, s, "a"), now),
		s.AddToken(t.Context(), store.Token{Hash: []byte("t"), Request: "a", Person: 1}, store.Try{ID: "a"}, store.Vouch{}, now))
	if err != nil {
		t.Fatal(err)
	}
	if try, err := s.TakeTryByReceipt(t.Context(), "R-a", now, time.Hour, access.Use{}); err != nil || try.ID != "a" || try.Left != 0 {
		t.Errorf("given back: %d left, %v", try.Left, err)
	}
}

func (on suite) TestWithoutADatabaseThereIsNoTry(t *testing.T) {
	s := on.open(t)
	add(t, s, "a")
	s.Close()
	if _, err := s.TakeTry(t.Context(), "a", now); err == nil {
		t.Error("a try without a count")
	}
	if _, err := s.TakeTryByReceipt(t.Context(), "nobody's", now, time.Hour, access.Use{}); err == nil {
		t.Error("a stray try without a count")
	}
}

func (on suite) TestPurgeErasesSecretsFirstAndRequestsLater(t *testing.T) {
	s := on.open(t)
	add(t, s, "old")
	take(t, s, now)
	a := opens(t, s, "old")
	a.Lock = access.Lock{PIN: []byte("p"), Code: []byte("c")}
	err := errors.Join(
		s.PutAnswer(t.Context(), a, now),
		s.AddToken(t.Context(), store.Token{Hash: []byte("t"), Request: "old", Person: 1, Kiosk: "k", Expires: now}, store.Try{}, store.Vouch{}, now),
		s.Purge(t.Context(), now.Add(30*time.Minute), 24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if s.db.Secrets() != 1 || s.db.Count("tokens") != 1 {
		t.Error("purged too early")
	}
	if err := s.Purge(t.Context(), now.Add(time.Hour), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if s.db.Secrets() != 0 || s.db.Request("old").State != string(store.Expired) {
		t.Error("secrets outlive the request")
	}
	if err := s.Purge(t.Context(), now.Add(25*time.Hour), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	if s.db.Count("requests") != 0 || s.db.Count("tokens") != 1 {
		t.Error("the request is never forgotten, or its token too early")
	}
	if err := s.Purge(t.Context(), now.Add(store.TokenGrace), 24*time.Hour); err != nil || s.db.Count("tokens") != 0 {
		t.Errorf("a token is never forgotten: %v", err)
	}
}
