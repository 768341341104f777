package speech_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/app/speech"
)

// A machine without a sound card has a loudspeaker, too: a sink whose monitor is what a visitor
// would hear.

// loud starts PipeWire of its own, with a sink "ear", until the test ends.
func loud(t *testing.T) {
	t.Helper()
	for program, pkg := range map[string]string{"pipewire": "pipewire", "wireplumber": "wireplumber", "pw-cli": "pipewire-bin", "pw-cat": "pipewire-bin", "dbus-daemon": "dbus"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install the Debian package %s", program, pkg)
		}
	}
	run := t.TempDir()
	if err := os.Chmod(run, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", run)
	t.Setenv("XDG_CONFIG_HOME", run)
	t.Setenv("XDG_STATE_HOME", run)
	t.Setenv("PIPEWIRE_REMOTE", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+run+"/bus")
	for _, args := range [][]string{{"dbus-daemon", "--session", "--nofork", "--address=unix:path=" + run + "/bus"}, {"pipewire"}, {"wireplumber"}} {
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.WaitDelay = time.Second
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		eventually(t, "pw-cli", func(out string, err error) bool { return args[0] == "dbus-daemon" || err == nil && out != "" }, "ls", "Node")
	}
	const node = `{ factory.name=support.null-audio-sink node.name=ear media.class=Audio/Sink object.linger=true audio.position=[MONO] }`
	if out, err := exec.CommandContext(t.Context(), "pw-cli", "create-node", "adapter", node).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	eventually(t, "pw-cli", func(out string, _ error) bool { return strings.Contains(out, `"ear"`) }, "ls", "Node")
}

// eventually runs a program until it says what is wanted.
func eventually(t *testing.T, program string, wanted func(out string, err error) bool, args ...string) {
	t.Helper()
	for late := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
		if wanted(string(out), err) {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("%s %v says %v\n%s", program, args, err, out)
		}
	}
}

// listener hears what the sink plays.
type listener struct {
	mu   sync.Mutex
	got  []int16
	more chan struct{}
}

func listens(t *testing.T) *listener {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "pw-cat", "--record", "--target", "ear", "-P", "{ stream.capture.sink=true }", "--latency", "10ms",
		"--rate", "22050", "--channels", "1", "--format", "s16", "-")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := &listener{more: make(chan struct{}, 1)}
	go l.hear(out)
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	l.until(t, "the sink is heard", func() bool { return len(l.got) > 0 })
	return l
}

func (l *listener) hear(r io.Reader) {
	for b := make([]byte, 256); ; {
		if _, err := io.ReadFull(r, b); err != nil {
			return
		}
		l.mu.Lock()
		for i := 0; i < len(b); i += 2 {
			l.got = append(l.got, int16(binary.LittleEndian.Uint16(b[i:]))) //nolint:gosec // bits
		}
		l.mu.Unlock()
		select {
		case l.more <- struct{}{}:
		default:
		}
	}
}

// until waits until what was heard is as wanted.
func (l *listener) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	late := time.After(time.Minute)
	for {
		l.mu.Lock()
		ok := is()
		l.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-l.more:
		case <-late:
			t.Fatalf("not in a minute: %s", what)
		}
	}
}

// at is how much was heard so far, in samples.
func (l *listener) at() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.got)
}

const noise = 100 // of 32767

// first is the first sample from one on that is a sound; last the last one. -1 for none.
func (l *listener) first(from int) int {
	for i := from; i < len(l.got); i++ {
		if l.got[i] > noise || l.got[i] < -noise {
			return i
		}
	}
	return -1
}

func (l *listener) last() int {
	for i := len(l.got) - 1; i >= 0; i-- {
		if l.got[i] > noise || l.got[i] < -noise {
			return i
		}
	}
	return -1
}

func ms(samples int) time.Duration {
	return (time.Duration(samples) * time.Second / speech.SampleRate).Round(time.Millisecond)
}

// The goals are a first sound within 150 ms of a key and silence within 100 ms of the next. What it
// was is printed; here a sentence of half a minute is heard, and ends long before it is over.
func TestWhatIsSaidIsHeardAndAKeyIsSilence(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	loud(t)
	l := listens(t)
	out, err := speech.NewPipeWire("ear")
	if err != nil {
		t.Fatal(err)
	}
	s := speech.New(espeak(t), out, nil)
	defer s.Close()
	s.Begin(1)
	var firsts, silences []time.Duration
	for range 5 {
		from := l.at()
		s.Say(speech.Utterance{Visit: 1, Pieces: []speech.Piece{{Text: strings.Repeat("Your request is saved. ", 20), Lang: "en"}}})
		l.until(t, "a sound", func() bool { return l.first(from) >= 0 })
		l.until(t, "half a second of it", func() bool { return len(l.got) > l.first(from)+speech.SampleRate/2 })
		key := l.at()
		s.Stop()
		l.until(t, "two seconds of silence", func() bool { return len(l.got)-max(key, l.last()) > 2*speech.SampleRate })
		l.mu.Lock()
		firsts, silences = append(firsts, ms(l.first(from)-from)), append(silences, ms(max(0, l.last()-key)))
		if over := l.last() - key; over > 10*speech.SampleRate {
			t.Errorf("it went on for %v", ms(over))
		}
		l.mu.Unlock()
	}
	t.Logf("figures: first sound after %v (goal 150ms), silence after %v (goal 100ms)", firsts, silences)
	if err := s.Trouble(); err != nil {
		t.Error(err)
	}
}

func TestAnOutputWithoutASinkSaysSo(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
	t.Setenv("PIPEWIRE_REMOTE", "nobody")
	out, err := speech.NewPipeWire("")
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Play(t.Context(), bytes.NewReader(make([]byte, 1000))); err == nil || !strings.Contains(err.Error(), "is PipeWire there") {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := out.Play(ctx, bytes.NewReader(nil)); err == nil {
		t.Error("silenced before it began")
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := speech.NewPipeWire(""); !errors.Is(err, speech.ErrNoOutput) {
		t.Errorf("%v", err)
	}
}
