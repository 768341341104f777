package visit

import "time"

// How the visitor is spoken to, for whoever does not see the screen. Speech is a wish of
// the present visitor and ends with the visit; headphones are in the kiosk or not,
// whoever is there. What is personal goes into headphones alone: who speaks asks Private.
//
// Whoever listens needs longer than whoever reads: with speech the visit waits
// SpokenIdle in place of IdleLimit, after the last key or the last thing that was said.

// Voice is how the visitor wants to be spoken to.
type Voice struct {
	On     bool
	Paused bool // nothing is said until the visitor goes on
	Dark   bool // the screen shows nothing of the visit
	Louder int  // steps above the usual volume, at most Volumes of them up or down
	Faster int  // steps above the usual rate, at most Rates of them up or down
}

// Steps of Voice, and how long a visit waits for whoever listens.
const (
	Volumes    = 5
	Rates      = 3
	SpokenIdle = 5 * time.Minute
	SpokenDone = time.Minute // in place of DoneLimit
)

// What the visitor does about it, and the kiosk.
type (
	// Listen turns speech on or off; it goes off with the screen lit.
	// The screens send it; it counts in every state but FirstStart and Enrolling.
	Listen struct{ On bool }
	// Hush holds speech, or goes on.
	// The screens send it; it counts while speech is on.
	Hush struct{}
	// Louder changes the volume by steps, cut off at both ends.
	// The screens send it; it counts while speech is on.
	Louder struct{ By int }
	// Faster changes the rate of speech by steps, cut off at both ends.
	// The screens send it; it counts while speech is on.
	Faster struct{ By int }
	// Darken makes the screen dark, or lights it.
	// The screens send it; it counts while speech is on.
	Darken struct{}
	// Spoken tells that a piece was said to its end: somebody may have listened. It is no
	// touch, and ends no question whether somebody is there.
	// The desk sends it; it counts while speech is on.
	Spoken struct{}
	// Plug tells that headphones were put in or taken out, which also says whether somebody
	// wants speech, and at the end of a visit that nobody is there. It is no visit's.
	// The desk sends it; it counts in every state.
	Plug struct{ In bool }
)

func (Listen) action() {}
func (Hush) action()   {}
func (Louder) action() {}
func (Faster) action() {}
func (Darken) action() {}
func (Spoken) action() {}
func (Plug) action()   {}

// Private reports whether what is said reaches nobody but the visitor.
func (v Visit) Private() bool { return v.Headphones || v.Site.Handset }

// speakable reports whether there is somebody to speak to: a machine that is no kiosk
// yet is set up by who sees it.
func (v Visit) speakable() bool { return v.State != FirstStart && v.State != Enrolling }

// spoken handles what is about speech, in every state.
func spoken(v Visit, a Action) (Visit, bool) {
	if a, is := a.(Listen); is {
		if v.speakable() {
			v.Voice.On, v.Voice.Paused, v.Voice.Dark = a.On, false, v.Voice.Dark && a.On
		}
		return v, true
	}
	next := v
	switch a := a.(type) {
	case Hush:
		next.Voice.Paused = !v.Voice.Paused
	case Louder:
		next.Voice.Louder = min(max(v.Voice.Louder+a.By, -Volumes), Volumes)
	case Faster:
		next.Voice.Faster = min(max(v.Voice.Faster+a.By, -Rates), Rates)
	case Darken:
		next.Voice.Dark = !v.Voice.Dark
	default:
		return v, false
	}
	if !v.Voice.On {
		return v, true
	}
	return next, true
}

// listened counts what was said to its end as time in which somebody was there.
func listened(v Visit, now time.Time) Visit {
	if v.Voice.On && !v.IdleWarning {
		v.Touched = now
	}
	return v
}

// plugged is headphones that are put in, which ask for speech, or taken out.
func plugged(v Visit, in bool, now time.Time) (Visit, []Effect) {
	v.Headphones = in
	switch {
	case !v.speakable():
	case in:
		v.Voice.On, v.Touched, v.IdleWarning = true, now, v.IdleWarning && v.tooLong(now)
	case v.Voice.On && (v.State == Done || v.State == Welcome):
		return leave(v)
	}
	return v, nil
}

// idleLimit is how long the visit waits for the visitor.
func (v Visit) idleLimit() time.Duration {
	if v.Voice.On && v.Lang != "" {
		return SpokenIdle
	}
	return IdleLimit
}

// warnAfter is when the visitor is asked whether they are still there.
func (v Visit) warnAfter() time.Duration { return v.idleLimit() - (IdleLimit - WarnAfter) }

// doneLimit is how long the end of a visit stays.
func (v Visit) doneLimit() time.Duration {
	if v.Voice.On {
		return SpokenDone
	}
	return DoneLimit
}
