// Package speechtest has an engine that writes down what it is to say and an output that is heard
// by nobody, for tests without sound; and Conform, which every engine passes, that one too.
package speechtest

import (
	"context"
	"io"
	"sync"
	"time"

	"vaxkiosk/app/speech"
)

// perLetter is how much speech the recorder makes of each letter: 20 letters a second.
const perLetter = speech.SampleRate / 20 * 2

// Recorder is an engine. It takes no time by itself; an output gives it some.
type Recorder struct {
	mu   sync.Mutex
	said []speech.Piece
	Err  error // of the next Say
}

// Voices are those of English and Spanish.
func (r *Recorder) Voices() []speech.Voice {
	return []speech.Voice{{Lang: "en", Name: "recorder"}, {Lang: "es", Name: "recorder"}}
}

// Said are the pieces that were begun.
func (r *Recorder) Said() []speech.Piece {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]speech.Piece(nil), r.said...)
}

// Texts are their texts.
func (r *Recorder) Texts() (all []string) {
	for _, p := range r.Said() {
		all = append(all, p.Text)
	}
	return all
}

// Say implements speech.Engine: a sound for each letter.
func (r *Recorder) Say(ctx context.Context, p speech.Piece, rate int, w io.Writer) error {
	if !speaks(r, p.Lang) {
		return speech.ErrNoVoice
	}
	r.mu.Lock()
	r.said = append(r.said, p)
	err := r.Err
	r.mu.Unlock()
	if err != nil {
		return err
	}
	sound := make([]byte, perLetter*(8-rate)/8&^1)
	for i := range sound {
		sound[i] = 0x20
	}
	for range []rune(p.Text) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := w.Write(sound); err != nil {
			return err
		}
	}
	return nil
}

func speaks(e speech.Engine, lang string) bool {
	for _, v := range e.Voices() {
		if v.Lang == lang {
			return true
		}
	}
	return false
}

// Ear is an output that takes as long as a loudspeaker does, by the clock.
type Ear struct {
	mu    sync.Mutex
	heard int64 // bytes that are no silence
	busy  int
}

// Heard is how much sound was heard so far.
func (e *Ear) Heard() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return time.Duration(e.heard) * time.Second / (2 * speech.SampleRate)
}

// AtOnce is how many plays there are at present.
func (e *Ear) AtOnce() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.busy
}

// Play implements speech.Output, a hundredth of a second at a time.
func (e *Ear) Play(ctx context.Context, r io.Reader) error {
	e.mu.Lock()
	e.busy++
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.busy--
		e.mu.Unlock()
	}()
	for tick := make([]byte, 2*speech.SampleRate/100); ; {
		n, err := io.ReadFull(r, tick)
		late := time.NewTimer(time.Second / 100)
		select {
		case <-ctx.Done():
			late.Stop()
			return ctx.Err()
		case <-late.C:
		}
		e.mu.Lock()
		for _, b := range tick[:n] {
			if b != 0 {
				e.heard++
			}
		}
		e.mu.Unlock()
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return nil
		default:
			return err
		}
	}
}
