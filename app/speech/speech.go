// Package speech says what a screen says, for whoever does not see it.
//
//	s := speech.New(engine, output, spoken)
//	s.Begin(visit)                      // somebody else: nothing of before is said again
//	s.Set(speech.Settings{Private: true})
//	s.Say(speech.Utterance{Visit: visit, Kind: speech.Focus, Pieces: pieces})
//	s.Stop()                            // any key, any touch
//
// One thing is said at a time, and nothing waits for its turn: what is new silences what was
// being said. Only what the kiosk announces lets the stop that the visitor has just come to be
// said to its end, for AnnounceWaits at most. What belongs to another visit is never said (promise P4).
//
// Every piece has a level. What is personal goes into headphones alone; without them Hidden is
// said in its place, and when they are taken out there is silence at once. A secret, which is
// the PIN, is not said by anybody: whoever makes utterances has a tone or a count in its place.
//
// Values are made into pieces by our own rules (values.go), never by the engine: it would read a
// pickup code as a quarter of a million. Texts go to an engine over a pipe, never as an argument
// that a list of processes shows, and never into a file (promise P9).
//
// It knows no screen, no catalogue and no visit but its number. It writes no log: what is wrong
// with engine or output is told to whoever asks (Trouble), without a word of what was to be said.
package speech

import (
	"context"
	"io"
	"time"
)

// SampleRate is that of all sound here: 16-bit samples of one channel, least byte first.
const SampleRate = 22050

// Level says who may hear a piece.
type Level int

// The levels.
const (
	Public   Level = iota // a text of the catalogue
	Personal              // a name, a date, a dose, a code, a receipt
	Secret                // a PIN
)

// Kind says why something is said.
type Kind int

// The kinds.
const (
	Focus    Kind = iota // what the visitor has come to
	Screen               // a new screen
	Announce             // something has happened by itself
	Echo                 // what was typed
	Warning              // the visit will end: it is said also while speech pauses
)

// Piece is a part of an utterance that is said in one voice.
type Piece struct {
	Key   string // of the catalogue, for recorded clips; "" for a value
	Text  string // in the form that is spoken
	Lang  string // BCP 47
	Level Level
	Pause time.Duration // after it
}

// Utterance is what is said at once.
type Utterance struct {
	Visit   uint64
	Kind    Kind
	Pieces  []Piece
	Spelled []Piece // said in their place when the visitor asks twice; nil for the same again
}

// Voice is a language that an engine speaks.
type Voice struct{ Lang, Name string }

// Engine makes speech of text.
//
// Obligations: Say writes samples (SampleRate) until all is said or ctx ends, and returns soon after
// ctx has ended, or a write has failed; then nothing of it is left, no process and no file. The text
// is in no argument, no file and no error. Rate is steps above the usual one, -3 to 3. A language
// that it does not speak is ErrNoVoice.
type Engine interface {
	Voices() []Voice
	Say(ctx context.Context, p Piece, rate int, w io.Writer) error
}

// Output makes samples audible.
//
// Obligations: Play returns when all was heard, or when ctx has ended; then it is silent, within
// Silence. It reads no further ahead than Ahead, so that what is heard is what is being said.
type Output interface {
	Play(ctx context.Context, r io.Reader) error
}

// What an output promises.
const (
	Silence = 100 * time.Millisecond
	Ahead   = 200 * time.Millisecond
)

// Settings are how the visitor wants it, and where it goes. The zero value is the usual.
type Settings struct {
	Louder  int  // steps of 4 dB, -5 to 5
	Faster  int  // steps of rate, -3 to 3
	Private bool // nobody else hears it
	Paused  bool
	Hidden  Piece // said in the place of what is personal while others would hear it
}
