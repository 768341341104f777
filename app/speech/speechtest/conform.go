package speechtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"vaxkiosk/app/speech"
)

// first is a writer that calls something at the first sound, and fails when told so.
type first struct {
	bytes.Buffer
	do  func()
	err error
}

func (f *first) Write(b []byte) (int, error) {
	if f.do != nil {
		f.do()
		f.do = nil
	}
	if f.err != nil {
		return 0, f.err
	}
	return f.Buffer.Write(b)
}

// Conform holds an engine against the obligations of the port.
func Conform(t *testing.T, e speech.Engine) {
	t.Helper()
	say := func(ctx context.Context, text, lang string, rate int, w io.Writer) error {
		return e.Say(ctx, speech.Piece{Text: text, Lang: lang, Level: speech.Personal}, rate, w)
	}
	length := func(text string, rate int) int {
		var sound bytes.Buffer
		if err := say(t.Context(), text, "en", rate, &sound); err != nil {
			t.Fatalf("%d letters: %v", len(text), err)
		}
		return sound.Len()
	}
	usual := length(text, 0)
	if usual < speech.SampleRate || usual%2 != 0 {
		t.Errorf("a sentence is %d bytes of sound", usual)
	}
	if slow, fast := length(text, -3), length(text, 3); slow <= usual || fast >= usual {
		t.Errorf("slow, usual and fast it is %d, %d and %d bytes", slow, usual, fast)
	}
	if long := length(strings.Repeat(text+" ", 5), 0); long < 3*usual {
		t.Errorf("five times it is %d bytes, once %d", long, usual)
	}
	languages(t, say, e.Voices())
	silenced(t, say, usual)
	for _, odd := range []string{"", " ", "<break time='9s'/>", "-v fr", "\x00one\x1b", "§ → \U0001F489"} {
		length(odd, 0)
	}
}

const text = "Your request is saved. Please keep this number."

// says is Engine.Say of something personal.
type says func(ctx context.Context, text, lang string, rate int, w io.Writer) error

func languages(t *testing.T, say says, voices []speech.Voice) {
	t.Helper()
	for _, v := range voices {
		var sound bytes.Buffer
		if err := say(t.Context(), "123", v.Lang, 0, &sound); err != nil || sound.Len() == 0 {
			t.Errorf("%s: %v, %d bytes", v.Lang, err, sound.Len())
		}
	}
	if err := say(t.Context(), "Camillo", "tlh", 0, io.Discard); !errors.Is(err, speech.ErrNoVoice) || strings.Contains(err.Error(), "Camillo") {
		t.Errorf("in a language that it has not: %v", err)
	}
}

func silenced(t *testing.T, say says, usual int) {
	t.Helper()
	gone := errors.New("the output is gone")
	if err := say(t.Context(), strings.Repeat(text, 50), "en", 0, &first{err: gone}); !errors.Is(err, gone) {
		t.Errorf("to an output that is gone: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	cut := &first{do: stop}
	if err := say(ctx, strings.Repeat(text, 500), "en", 0, cut); err == nil || cut.Len() > 50*usual {
		t.Errorf("silenced: %v after %d bytes", err, cut.Len())
	}
	if err := say(ctx, text, "en", 0, io.Discard); err == nil {
		t.Error("silenced before it began, and it says so to the end")
	}
}
