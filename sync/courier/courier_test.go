package courier

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

func TestTheFakeBoxAndTheRealOneConform(t *testing.T) {
	t.Run("fake", func(t *testing.T) {
		m := &memory{}
		conforms(t, m, func(p seal.Purpose) string {
			key := rand.Text()
			m.saveFor(p, key)
			return key
		})
	})
	t.Run("real", func(t *testing.T) {
		b, err := outbox.Open(filepath.Join(t.TempDir(), "kiosk.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		k, _, err := seal.NewPrivateKey()
		if err != nil {
			t.Fatal(err)
		}
		conforms(t, b, func(p seal.Purpose) string { return saveSealed(t, b, k.Public(), p) })
	})
}

// asked is a request as central takes it.
func asked(given string) []byte {
	return request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: given, Family: "Lopez", Birth: request.Date{Year: 1980, Month: 5, Day: 6},
		Gender: request.Female, Contact: request.ByPhone, Phone: "+16175550123", PIN: "7294", Lang: "en", Consent: request.Consent{Policy: "1", Declaration: "1"},
	}.Encode()
}

func saveSealed(t testing.TB, b *outbox.Box, to seal.PublicKey, p seal.Purpose) string {
	t.Helper()
	key := rand.Text()
	e, err := seal.Seal(to, p, key, asked("Maria"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Save(t.Context(), key, e.Encode()); err != nil {
		t.Fatal(err)
	}
	return key
}

func TestWhatIsSavedIsSentAtOnceTheOldestFirst(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		start := time.Now()
		var saved []string
		for i := range 2*Together + 1 {
			saved = append(saved, fmt.Sprintf("key-%02d", i))
		}
		s.box.save(saved...)
		s.Wake()
		synctest.Wait()
		sent := s.central.keys()
		if len(sent) != len(saved) || time.Since(start) != 0 {
			t.Fatalf("sent %q after %v", sent, time.Since(start))
		}
		for i := 0; i < len(sent); i += Together { // within a group any order
			slices.Sort(sent[i:min(i+Together, len(sent))])
		}
		if !slices.Equal(sent, saved) {
			t.Errorf("sent %q", sent)
		}
		for _, p := range s.central.asked() {
			if p.body != "sealed "+p.key {
				t.Errorf("the body of %s became %q", p.key, p.body)
			}
		}
		s.wantWaiting(t, 0)
		if len(s.said) != 0 || s.log.String() != "" {
			t.Errorf("said %q, logged %q, though all went well", s.said, s.log.String())
		}
	})
}

func TestAfterAFailureOneRequestFindsOutWhetherCentralIsBack(t *testing.T) {
	play(t, away(1000), func(t *testing.T, s *stage) {
		for i := range 3 * Together {
			s.box.save(fmt.Sprintf("key-%02d", i))
		}
		s.Wake()
		time.Sleep(Shortest) // the first group, and one or two tries
		if n := len(s.central.asked()); n < Together+1 || n > Together+2 {
			t.Errorf("%d tries in the first second", n)
		}
	})
}

func TestAnOutageKeepsEverythingAndIsSaidOnce(t *testing.T) {
	play(t, away(12), func(t *testing.T, s *stage) {
		s.box.save("a", "b")
		s.Wake()
		time.Sleep(12 * Longest)
		if got := s.central.keys(); len(got) != 14 || got[13] != "b" {
			t.Errorf("sent %q", got)
		}
		s.wantWaiting(t, 0)
		if want := []string{client.ErrAway.Error(), "<nil>"}; !slices.Equal(s.said, want) {
			t.Errorf("said %q, want %q", s.said, want)
		}
		if n := strings.Count(s.log.String(), "\n"); n != 2 {
			t.Errorf("%d log lines:\n%s", n, s.log.String())
		}
	})
}

func TestAnOutageThatTurnsIntoAMatterOfTheCertificateIsSaidAgain(t *testing.T) {
	play(t, func(n int, _ string) error {
		switch {
		case n < 4:
			return client.ErrAway
		case n < 8:
			return client.ErrCertificate
		}
		return nil
	}, func(t *testing.T, s *stage) {
		s.box.save("a", "b")
		s.Wake()
		time.Sleep(12 * Longest)
		s.wantWaiting(t, 0)
		if want := []string{client.ErrAway.Error(), client.ErrCertificate.Error(), "<nil>"}; !slices.Equal(s.said, want) {
			t.Errorf("said %q, want %q", s.said, want)
		}
	})
}

func TestWaitsDoubleUpToTheCapWithJitter(t *testing.T) {
	var uneven bool
	play(t, away(1000), func(t *testing.T, s *stage) {
		s.box.save("a")
		s.Wake()
		time.Sleep(2 * time.Hour)
		want := Shortest
		posts := s.central.asked()
		for i := 1; i < len(posts); i++ {
			wait := posts[i].at.Sub(posts[i-1].at)
			if wait > want || wait < want/2 {
				t.Errorf("wait %d is %v, want %v to %v", i, wait, want/2, want)
			}
			uneven = uneven || wait%time.Second != 0
			want = min(2*want, Longest)
		}
		if len(posts) < 24 || !uneven {
			t.Errorf("%d tries in two hours, uneven %v", len(posts), uneven)
		}
	})
}

func TestANewRequestCutsAWaitShortButNotCentralsOwn(t *testing.T) {
	busy := &client.Problem{Status: 503, Code: api.ProblemBusy, Left: -1, RetryAfter: 2 * time.Minute}
	for name, tt := range map[string]struct {
		first error
		tries int
	}{"an outage": {client.ErrAway, 20}, "Retry-After": {busy, 1}} {
		t.Run(name, func(t *testing.T) {
			tries := tt.tries
			play(t, func(n int, _ string) error {
				if n < tries {
					return tt.first
				}
				return nil
			}, func(t *testing.T, s *stage) {
				s.box.save("a")
				s.Wake()
				start := time.Now()
				time.Sleep(time.Minute)
				before := len(s.central.asked())
				s.box.save("b")
				s.Wake()
				synctest.Wait()
				switch now := len(s.central.asked()); {
				case tries > 1 && now != before+1:
					t.Errorf("%d more tries after a new request, want 1", now-before)
				case tries == 1 && now != before:
					t.Errorf("%d more tries within Retry-After", now-before)
				}
				time.Sleep(time.Hour)
				if at := s.central.asked()[1].at.Sub(start); tries == 1 && at != busy.RetryAfter {
					t.Errorf("tried again after %v, want %v", at, busy.RetryAfter)
				}
				s.wantWaiting(t, 0)
			})
		})
	}
}

func TestARetryAfterIsFollowedUpToTheCap(t *testing.T) {
	play(t, func(n int, _ string) error {
		if n == 0 {
			return &client.Problem{Status: 429, Code: api.ProblemBusy, RetryAfter: 24 * time.Hour}
		}
		return nil
	}, func(t *testing.T, s *stage) {
		s.box.save("a")
		s.Wake()
		time.Sleep(Longest - time.Second)
		s.wantWaiting(t, 1)
		time.Sleep(2 * time.Second)
		s.wantWaiting(t, 0)
	})
}

func TestARequestThatCentralRefusesForGoodIsSetAside(t *testing.T) {
	for _, code := range []string{api.ProblemBadEnvelope, api.ProblemKeyReused, api.ProblemBadRequest, api.ProblemTooLarge, api.ProblemExpired, api.ProblemUnknownField, api.ProblemWrongType} {
		t.Run(code, func(t *testing.T) {
			play(t, func(_ int, key string) error {
				if key == "bad" {
					return &client.Problem{Status: 422, Code: code}
				}
				return nil
			}, func(t *testing.T, s *stage) {
				s.box.save("bad", "good")
				s.Wake()
				_, err := s.Accepted(t.Context(), "bad")
				if !errors.Is(err, ErrRefused) {
					t.Errorf("accepted: %v", err)
				}
				time.Sleep(24 * time.Hour)
				if got := slices.Sorted(slices.Values(s.central.keys())); !slices.Equal(got, []string{"bad", "good"}) {
					t.Errorf("sent %q", got)
				}
				if len(s.said) != 0 || strings.Contains(s.log.String(), "sealed") || !strings.Contains(s.log.String(), code) {
					t.Errorf("said %q, logged %q", s.said, s.log.String())
				}
			})
		})
	}
}

func TestARequestThatCentralFailsOnDoesNotHoldUpTheOthers(t *testing.T) {
	play(t, func(_ int, key string) error {
		if key == "poison" {
			return &client.Problem{Status: 500, Code: api.ProblemInternal}
		}
		return nil
	}, func(t *testing.T, s *stage) {
		s.box.save("poison", "a", "b")
		s.Wake()
		time.Sleep(2 * Shortest)
		s.wantWaiting(t, 1)
		time.Sleep(24 * time.Hour)
		if n := len(s.central.asked()); n < 100 || n > 800 {
			t.Errorf("%d tries in a day", n)
		}
		s.wantWaiting(t, 1)
		if len(s.said) != 1 {
			t.Errorf("said %q", s.said)
		}
	})
}

func TestACertificateThatIsNotAcceptedRefusesNoRequest(t *testing.T) {
	for _, trouble := range []error{client.ErrCertificate, client.ErrAnswer, &client.Problem{Status: 401, Code: api.ProblemCertificate}, &client.Problem{Status: 401, Code: api.ProblemCertificateExpired}, &client.Problem{Status: 401, Code: api.ProblemKioskRevoked}, &client.Problem{Status: 400}, &client.Problem{Status: 502}} {
		play(t, func(n int, _ string) error {
			if n < 5 {
				return trouble
			}
			return nil
		}, func(t *testing.T, s *stage) {
			s.box.save("a", "b")
			s.Wake()
			time.Sleep(time.Hour)
			s.wantWaiting(t, 0)
			for _, r := range s.box.rows {
				if r.state != outbox.Sent {
					t.Errorf("after %v: %s is %s", trouble, r.Key, r.state)
				}
			}
		})
	}
}

// What is the kiosk's own trouble is not called central's, and a full disk is called one.
func TestATroubleIsSaidByItsName(t *testing.T) {
	for event, tt := range map[string]struct {
		err   error
		level slog.Level
		says  string
	}{
		"disk.full":            {here(fmt.Errorf("next: %w", outbox.ErrFull)), slog.LevelError, "the disk of this kiosk is full"},
		"sending.outbox-fails": {here(errors.New("disk I/O error")), slog.LevelError, "what it has saved"},
		"sending.barred":       {client.ErrCertificate, slog.LevelError, "certificate"},
		"sending.central-away": {client.ErrAway, slog.LevelWarn, "central takes nothing"},
	} {
		got := troubleOf(tt.err)
		if got.event != event || got.level != tt.level || !strings.Contains(got.text, tt.says) || strings.HasPrefix(got.text, "central") != (event == "sending.central-away" || event == "sending.barred") {
			t.Errorf("%v: %+v", tt.err, got)
		}
	}
}

func TestAFullDiskIsNotCentralsAndItsEndIsGoodNews(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.box.fail(fmt.Errorf("next: %w", outbox.ErrFull))
		s.box.save("a")
		s.Wake()
		time.Sleep(time.Hour)
		s.box.fail(nil)
		time.Sleep(Longest)
		s.wantWaiting(t, 0)
		said := strings.Split(strings.TrimSpace(s.log.String()), "\n")
		if len(said) != 2 || !strings.Contains(said[0], "event=disk.full") || strings.Contains(said[0], "central") ||
			!strings.Contains(said[1], "level=INFO") || !strings.Contains(said[1], "event=sending.resumed") {
			t.Errorf("said %q", said)
		}
	})
}

func TestABoxThatFailsIsSaidAndTriedAgain(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.box.fail(errors.New("disk I/O error"))
		s.box.save("a")
		s.Wake()
		time.Sleep(time.Hour)
		s.box.fail(nil)
		time.Sleep(Longest)
		s.wantWaiting(t, 0)
		if want := []string{"outbox: disk I/O error", "<nil>"}; !slices.Equal(s.said, want) {
			t.Errorf("said %q", s.said)
		}
	})
}

func TestAClockThatWasSetBackHoldsNothingUp(t *testing.T) {
	play(t, nil, func(t *testing.T, s *stage) {
		s.box.save("a")
		if err := s.box.Postpone(t.Context(), "a", time.Now().Add(1000*time.Hour), "internal"); err != nil {
			t.Fatal(err)
		}
		s.Wake()
		synctest.Wait()
		s.wantWaiting(t, 0)
	})
}

func TestAcceptedWaitsForItsRequestAndNoOther(t *testing.T) {
	play(t, func(n int, key string) error {
		if key == "b" && n < 4 {
			return client.ErrAway
		}
		return nil
	}, func(t *testing.T, s *stage) {
		s.box.save("a", "b")
		s.Wake()
		start := time.Now()
		id, err := s.Accepted(t.Context(), "b")
		if id != "id-of-b" || err != nil || time.Since(start) == 0 {
			t.Errorf("%q %v after %v", id, err, time.Since(start))
		}
		if id, err := s.Accepted(t.Context(), "a"); id != "id-of-a" || err != nil {
			t.Errorf("%q %v for one that was sent before", id, err)
		}
		if _, err := s.Accepted(t.Context(), "never saved"); !errors.Is(err, outbox.ErrUnknown) {
			t.Error(err)
		}
	})
}
