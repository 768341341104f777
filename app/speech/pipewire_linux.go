package speech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// ErrNoOutput tells that nothing on this machine plays sound, with what to do.
var ErrNoOutput = errors.New("pw-cat is not installed: install the Debian packages pipewire, wireplumber and pipewire-bin")

// PipeWire is the output that PipeWire sends where the session wants it, or to one sink of it.
type PipeWire struct {
	path   string
	target string
}

// NewPipeWire finds what plays sound; ErrNoOutput when it is not there. Target is the name of a sink,
// "" for that of the session.
func NewPipeWire(target string) (*PipeWire, error) {
	path, err := exec.LookPath("pw-cat")
	if err != nil {
		return nil, ErrNoOutput
	}
	return &PipeWire{path, target}, nil
}

// little is how much a pipe holds: a tenth of a second.
const little = 4096

// Play implements Output.
func (p *PipeWire) Play(ctx context.Context, r io.Reader) error {
	args := []string{"--playback", "--rate", strconv.Itoa(SampleRate), "--channels", "1", "--format", "s16", "--latency", "20ms", "--media-role", "Accessibility"}
	if p.target != "" {
		args = append(args, "--target", p.target)
	}
	cmd := exec.CommandContext(ctx, p.path, append(args, "-")...)
	cmd.WaitDelay = time.Second
	dies(cmd)
	from, to, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("play: %w", err)
	}
	defer to.Close()
	_, _ = unix.FcntlInt(to.Fd(), unix.F_SETPIPE_SZ, little) // a longer one only says less exactly what was heard
	cmd.Stdin = from
	err = cmd.Start()
	from.Close()
	if err != nil {
		return fmt.Errorf("play: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { to.Close() })
	defer stop()
	_, err = io.Copy(to, r)
	to.Close()
	if ended := cmd.Wait(); ctx.Err() != nil {
		return ctx.Err()
	} else if ended != nil {
		return fmt.Errorf("pw-cat does not play (%w): is PipeWire there for the user of the kiosk, with a sink?", ended)
	}
	return err
}
