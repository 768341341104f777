package speech

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// ErrNoEngine tells that nothing on this machine makes speech, with what to do.
var ErrNoEngine = errors.New("espeak-ng is not installed: install the Debian package espeak-ng")

// voices are the ones of espeak-ng for each language. Mandarin is read from Pinyin: with the voice cmn
// Chinese signs fall into English. Haitian has a voice of its own; Cape Verdean and Khmer have none.
var voices = []Voice{
	{"en", "en-us"},
	{"es", "es-419"},
	{"pt", "pt-br"},
	{"fr", "fr-fr"},
	{"ht", "ht"},
	{"zh-Hans", "cmn-latn-pinyin"},
	{"zh-Hant", "cmn-latn-pinyin"},
	{"vi", "vi"},
	{"ru", "ru"},
	{"ar", "ar"},
}

// wordsAMinute are those of each rate, -3 to 3: half to twice the usual.
var wordsAMinute = []int{63, 80, 100, 125, 160, 200, 250}

// Percent is how fast a rate is, of the usual.
func Percent(rate int) int {
	return wordsAMinute[min(max(rate, -3), 3)+3] * 100 / wordsAMinute[3]
}

// Espeak is the engine espeak-ng: a process for each piece, which takes 10 ms and 13 MB. It is run and
// not linked, which its licence would not allow.
type Espeak struct {
	path   string
	voices []Voice
}

// NewEspeak finds espeak-ng and what it speaks; ErrNoEngine when it is not there.
func NewEspeak(ctx context.Context) (*Espeak, error) {
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		return nil, ErrNoEngine
	}
	list, err := exec.CommandContext(ctx, path, "--voices").Output()
	if err != nil {
		return nil, fmt.Errorf("espeak-ng does not say which languages it speaks (%w): install its package again", err)
	}
	has := map[string]bool{}
	for _, line := range strings.Split(string(list), "\n") {
		if f := strings.Fields(line); len(f) > 1 {
			has[f[1]] = true
		}
	}
	e := &Espeak{path: path}
	for _, v := range voices {
		if has[v.Name] {
			e.voices = append(e.voices, v)
		}
	}
	if len(e.voices) == 0 {
		return nil, errors.New("espeak-ng has none of the voices that are needed: install the Debian package espeak-ng-data")
	}
	return e, nil
}

// Voices implements Engine.
func (e *Espeak) Voices() []Voice { return e.voices }

func (e *Espeak) voice(lang string) (string, bool) {
	for _, v := range e.voices {
		if v.Lang == lang {
			return v.Name, true
		}
	}
	return "", false
}

// Say implements Engine.
func (e *Espeak) Say(ctx context.Context, p Piece, rate int, w io.Writer) error {
	voice, ok := e.voice(p.Lang)
	if !ok {
		return ErrNoVoice
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	cmd := exec.CommandContext(ctx, e.path, "--stdin", "--stdout", "-b", "1", "-v", voice, "-s", strconv.Itoa(wordsAMinute[min(max(rate, -3), 3)+3]))
	cmd.Env = []string{"LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"}
	cmd.Stdin = strings.NewReader(readable(p.Text))
	cmd.WaitDelay = time.Second
	dies(cmd)
	said, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start espeak-ng: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start espeak-ng: %w", err)
	}
	err = samples(said, w)
	if err != nil {
		end() // it would write on, to nobody
	}
	if ended := cmd.Wait(); err == nil && ended != nil {
		err = fmt.Errorf("espeak-ng: %w", ended)
	}
	return err
}

// readable leaves out what no voice says, and what ends a text for a program in C.
func readable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

var errSound = errors.New("espeak-ng makes no sound of one channel with 16 bits at 22050 Hz")

// samples copies the sound of a WAV file whose length is not known.
func samples(from io.Reader, to io.Writer) error {
	r := bufio.NewReaderSize(from, 4096)
	head := make([]byte, 12)
	switch _, err := io.ReadFull(r, head); {
	case errors.Is(err, io.EOF):
		return nil // it had nothing to say
	case err != nil:
		return err
	case !bytes.HasPrefix(head, []byte("RIFF")):
		return errSound
	}
	for {
		chunk := make([]byte, 8)
		if _, err := io.ReadFull(r, chunk); err != nil {
			return errSound
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		if string(chunk[:4]) == "data" {
			_, err := io.Copy(to, r)
			return err
		}
		body, err := io.ReadAll(io.LimitReader(r, size))
		if err != nil || string(chunk[:4]) == "fmt " && !ours(body) {
			return errSound
		}
	}
}

func ours(format []byte) bool {
	return len(format) >= 16 && binary.LittleEndian.Uint16(format[2:]) == 1 && binary.LittleEndian.Uint32(format[4:]) == SampleRate && binary.LittleEndian.Uint16(format[14:]) == 16
}
