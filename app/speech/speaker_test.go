package speech_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/speech"
	"vaxkiosk/app/speech/speechtest"
)

// rig is a speaker that nobody hears, on a clock of its own. A letter takes a twentieth of a second.
type rig struct {
	*speech.Speaker
	t      *testing.T
	engine *speechtest.Recorder
	ear    *speechtest.Ear
	spoken []uint64
}

func aloud(t *testing.T, do func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, engine: &speechtest.Recorder{}, ear: &speechtest.Ear{}}
		r.Speaker = speech.New(r.engine, r.ear, func(visit uint64) { r.spoken = append(r.spoken, visit) })
		r.Begin(1)
		do(r)
		r.Close()
		if n := r.ear.AtOnce(); n != 0 {
			t.Errorf("closed, and %d plays go on", n)
		}
	})
}

func (r *rig) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
	if n := r.ear.AtOnce(); n > 1 {
		r.t.Errorf("%d are said at once", n)
	}
}

func (r *rig) says(want ...string) {
	r.t.Helper()
	if got := r.engine.Texts(); !slices.Equal(got, want) {
		r.t.Errorf("said %q, want %q", got, want)
	}
}

// of is an utterance of public texts.
func of(kind speech.Kind, texts ...string) speech.Utterance {
	u := speech.Utterance{Visit: 1, Kind: kind}
	for _, text := range texts {
		u.Pieces = append(u.Pieces, speech.Piece{Text: text, Lang: "en"})
	}
	return u
}

func personal(texts ...string) speech.Utterance {
	u := of(speech.Focus, texts...)
	for i := range u.Pieces {
		u.Pieces[i].Level = speech.Personal
	}
	return u
}

const long = "This takes two whole seconds, as it has 40." // letters

func TestWhatIsNewSilencesWhatWasBeingSaid(t *testing.T) {
	for _, kind := range []speech.Kind{speech.Focus, speech.Screen, speech.Echo, speech.Warning} {
		aloud(t, func(r *rig) {
			r.Say(of(speech.Focus, long, "never"))
			r.pass(time.Second)
			r.Say(of(kind, "next"))
			r.pass(time.Second)
			r.says(long, "next")
			if len(r.spoken) != 1 {
				t.Errorf("%d pieces were said to their end", len(r.spoken))
			}
		})
	}
}

func TestOfManyThatComeAtOnceTheLastIsSaid(t *testing.T) {
	aloud(t, func(r *rig) {
		for range 50 {
			r.Say(of(speech.Focus, "not this one, since there is another"))
		}
		r.Say(of(speech.Focus, "this"))
		r.pass(time.Second)
		if said := r.engine.Texts(); said[len(said)-1] != "this" || len(r.spoken) != 1 {
			t.Errorf("said %q, %d to the end", said, len(r.spoken))
		}
	})
}

func TestAnAnnouncementLetsAStopBeSaidForAMoment(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Say(of(speech.Focus, "Short."))
		r.pass(100 * time.Millisecond)
		r.Say(of(speech.Announce, "It prints."))
		r.pass(2 * time.Second)
		if len(r.spoken) != 2 {
			t.Errorf("%d were said to the end: %q", len(r.spoken), r.engine.Texts())
		}
	})
	aloud(t, func(r *rig) {
		r.Say(of(speech.Focus, strings.Repeat(long, 5)))
		r.pass(100 * time.Millisecond)
		r.Say(of(speech.Announce, "It prints."))
		r.pass(speech.AnnounceWaits - 10*time.Millisecond)
		if n := len(r.engine.Said()); n != 1 {
			t.Errorf("%d were begun too early", n)
		}
		r.pass(time.Second)
		if n := len(r.engine.Said()); n != 2 || len(r.spoken) != 1 {
			t.Errorf("%d were begun, %d said", n, len(r.spoken))
		}
	})
}

func TestAKeyIsSilence(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Say(of(speech.Focus, long, long))
		r.pass(time.Second)
		r.Stop()
		r.pass(speech.Silence)
		heard := r.ear.Heard()
		r.pass(10 * time.Second)
		if r.ear.Heard() != heard || r.ear.AtOnce() != 0 || len(r.spoken) != 0 {
			t.Errorf("%v more were heard", r.ear.Heard()-heard)
		}
	})
}

// Nothing of one visitor is said to the next, however late it comes.
func TestWhatIsOfAnotherVisitIsNotSaid(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Private: true, Louder: 3, Faster: 2})
		r.Say(personal("Camillo Hays, born on October 16"))
		r.pass(500 * time.Millisecond)
		r.Begin(2)
		r.pass(speech.Silence)
		heard := r.ear.Heard()
		r.Say(personal("Camillo Hays"))
		r.Again()
		r.Set(speech.Settings{Paused: true})
		r.Set(speech.Settings{})
		r.pass(5 * time.Second)
		r.says("Camillo Hays, born on October 16")
		if r.ear.Heard() != heard {
			t.Error("something was heard")
		}
	})
}

func TestWhatIsPersonalIsForHeadphonesAlone(t *testing.T) {
	hidden := speech.Piece{Text: "It is on the screen.", Lang: "en"}
	u := of(speech.Focus, "First name.", "Camillo", "Hays", "Field.")
	u.Pieces[1].Level, u.Pieces[2].Level = speech.Personal, speech.Personal
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Hidden: hidden})
		r.Say(u)
		r.pass(5 * time.Second)
		r.says("First name.", hidden.Text, "Field.")
	})
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Hidden: hidden, Private: true})
		r.Say(u)
		r.pass(5 * time.Second)
		r.says("First name.", "Camillo", "Hays", "Field.")
	})
}

func TestHeadphonesTakenOutAreSilence(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Private: true})
		r.Say(personal(long))
		r.pass(500 * time.Millisecond)
		r.Set(speech.Settings{})
		r.pass(speech.Silence)
		heard := r.ear.Heard()
		r.Again()
		r.pass(5 * time.Second)
		if r.ear.Heard() != heard || len(r.engine.Said()) != 1 {
			t.Errorf("%v more were heard, said %q", r.ear.Heard()-heard, r.engine.Texts())
		}
	})
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Private: true})
		r.Say(of(speech.Screen, long))
		r.pass(500 * time.Millisecond)
		r.Set(speech.Settings{})
		r.pass(5 * time.Second)
		if len(r.spoken) != 1 {
			t.Error("what anybody may hear was cut off")
		}
	})
}

func TestASecretIsNeverSaid(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Set(speech.Settings{Private: true})
		u := of(speech.Echo, "8", "1 of 4")
		u.Pieces[0].Level = speech.Secret
		r.Say(u)
		r.pass(time.Second)
		r.says("1 of 4")
		r.Set(speech.Settings{Hidden: speech.Piece{Text: "8", Lang: "en", Level: speech.Secret}})
		r.Say(personal("x"))
		r.pass(time.Second)
		r.says("1 of 4")
	})
}

func TestAgainRepeatsAndSoonAfterwardsSpells(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Again()
		u := of(speech.Focus, "Hays")
		u.Spelled = of(speech.Focus, "H", "a", "y", "s").Pieces
		r.Say(u)
		r.pass(time.Second)
		r.Say(of(speech.Echo, "x"))
		r.pass(time.Second)
		r.Again()
		r.pass(time.Second)
		r.Again()
		r.pass(time.Second)
		r.pass(5 * time.Second)
		r.Again()
		r.pass(time.Second)
		r.says("Hays", "x", "Hays", "H", "a", "y", "s", "Hays")
	})
}

func TestAPauseGoesOnWithThePieceThatItCutOff(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Say(of(speech.Screen, "One.", long, "Three."))
		r.pass(time.Second)
		r.Set(speech.Settings{Paused: true})
		r.pass(time.Minute)
		r.Say(of(speech.Warning, "Soon it ends."))
		r.pass(time.Second)
		r.Say(of(speech.Focus, "four", "five"))
		r.pass(time.Second)
		r.says("One.", long, "Soon it ends.")
		r.Set(speech.Settings{})
		r.pass(5 * time.Second)
		r.says("One.", long, "Soon it ends.", "four", "five")
	})
	aloud(t, func(r *rig) {
		r.Say(of(speech.Screen, "One.", long, "Three."))
		r.pass(time.Second)
		r.Set(speech.Settings{Paused: true})
		r.pass(time.Minute)
		r.Set(speech.Settings{})
		r.pass(5 * time.Second)
		r.says("One.", long, long, "Three.")
	})
}

// Ten decibels are three times as loud.
func TestVolumeIsInStepsOfFourDecibels(t *testing.T) {
	for louder, want := range map[int]int16{5: 0x2020, 0: 822, -5: 82} {
		if got := speech.Loudness(0x2020, louder); got != want {
			t.Errorf("%d: %d, want %d", louder, got, want)
		}
	}
}

func TestTroubleIsToldWithoutAWordOfWhatWasToBeSaid(t *testing.T) {
	aloud(t, func(r *rig) {
		r.Say(speech.Utterance{Visit: 1, Pieces: []speech.Piece{{Text: "Camillo", Lang: "km"}}})
		r.pass(time.Second)
		if err := r.Trouble(); !errors.Is(err, speech.ErrNoVoice) || strings.Contains(err.Error(), "Camillo") {
			t.Errorf("%v", err)
		}
		r.Say(of(speech.Focus, long))
		r.pass(time.Second)
		r.Stop()
		r.Say(of(speech.Focus, "All is well."))
		r.pass(2 * time.Second)
		if err := r.Trouble(); err != nil {
			t.Errorf("%v", err)
		}
	})
}
