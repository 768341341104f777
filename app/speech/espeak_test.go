package speech_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/speech"
	"vaxkiosk/app/speech/speechtest"
)

func espeak(t *testing.T) *speech.Espeak {
	t.Helper()
	e, err := speech.NewEspeak(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestTheRecorderConforms(t *testing.T) { speechtest.Conform(t, &speechtest.Recorder{}) }

func TestEspeakConforms(t *testing.T) { speechtest.Conform(t, espeak(t)) }

func TestEspeakSpeaksTheLanguagesOfTheDesign(t *testing.T) {
	if got := len(espeak(t).Voices()); got != 10 {
		t.Errorf("%d languages", got)
	}
}

func TestWithoutEspeakStaffIsToldWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := speech.NewEspeak(t.Context()); err == nil || !strings.Contains(err.Error(), "install the Debian package espeak-ng") {
		t.Errorf("%v", err)
	}
}

// blocks is a writer that looks at the processes of this machine while espeak-ng waits for it.
type blocks struct{ look func() }

func (b *blocks) Write(p []byte) (int, error) {
	if b.look != nil {
		b.look()
		b.look = nil
	}
	return len(p), nil
}

func TestWhatIsSaidIsInNoArgumentAndNoFile(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	seen := 0
	look := func() {
		all, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			b, _ := os.ReadFile(f) // many have ended meanwhile
			env, _ := os.ReadFile(filepath.Join(filepath.Dir(f), "environ"))
			if strings.HasPrefix(string(b), "/usr/bin/espeak-ng\x00") {
				seen++
				if strings.Contains(string(b)+string(env), "Zebulon") {
					t.Errorf("%q", b)
				}
			}
		}
	}
	e := espeak(t)
	if err := e.Say(t.Context(), speech.Piece{Text: strings.Repeat("Zebulon ", 400), Lang: "en"}, 0, &blocks{look}); err != nil || seen == 0 {
		t.Errorf("%d processes seen, %v", seen, err)
	}
	if files, _ := os.ReadDir(tmp); len(files) != 0 {
		t.Errorf("%d files are left", len(files))
	}
}

// What is cancelled leaves no process, which would go on reading a name.
func TestASilencedPieceLeavesNoProcess(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	e := espeak(t)
	if err := e.Say(ctx, speech.Piece{Text: strings.Repeat("Zebulon ", 400), Lang: "en"}, 0, &blocks{stop}); err == nil {
		t.Error("said to the end")
	}
	for late := time.Now().Add(20 * time.Second); ; {
		children, err := os.ReadFile("/proc/self/task/" + filepath.Base(must(os.Readlink("/proc/thread-self"))) + "/children")
		if err != nil || len(strings.Fields(string(children))) == 0 {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("left are %s", children)
		}
	}
}

func must(s string, _ error) string { return s }
