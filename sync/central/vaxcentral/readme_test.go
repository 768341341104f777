package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheCommandsToDeployAreGood runs every command of central in the README's
// chapter and in those of central's own README, in a shell, as somebody would who
// has set the variables.
func TestTheCommandsToDeployAreGood(t *testing.T) {
	first := chapter(t, "../README.md", "")
	commands := chapter(t, "../../../README.md", "Deploy") + chapter(t, "../README.md", "Every day") +
		strings.NewReplacer("\nvaxcentral ", "\nbuild/vaxcentral ", "/srv/vaxcentral", "$OTHER").Replace(first)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "build"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(exe, filepath.Join(dir, "build", "vaxcentral")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	ran := 0
	for line := range strings.Lines(commands) {
		if !strings.HasPrefix(line, "build/vaxcentral ") {
			continue
		}
		c := exec.CommandContext(ctx, "bash", "-c", "exec "+strings.Replace(line, "--listen :8443", "--listen 127.0.0.1:0", 1))
		c.Dir, c.Stdin = dir, strings.NewReader("704158\n")
		c.Env = append(os.Environ(), "DATA="+filepath.Join(dir, "data"), "OTHER="+filepath.Join(dir, "other"), "HOST=records.our-town.gov", "PHONE=413-200-0100", "REGISTRY=Registry of Our State",
			"BACKUP_KEY=age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
		if strings.Contains(line, " serve ") {
			serveBeside(t, c)
		} else if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s%v: %s", line, err, out)
		}
		ran++
	}
	if ran < 15 {
		t.Errorf("only %d commands found", ran)
	}
}

// chapter is one chapter of a README, up to the next; "" is what stands before the first.
func chapter(t *testing.T, file, name string) string {
	t.Helper()
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(readme)
	if name != "" {
		_, text, _ = strings.Cut(text, "\n## "+name+"\n")
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// serveBeside runs the service until the test ends.
func serveBeside(t *testing.T, c *exec.Cmd) {
	t.Helper()
	var says bytes.Buffer
	c.Stderr = &says
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(os.Interrupt) // gone already when it could not start
		_ = c.Wait()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		_ = c.Wait() // it says why
		t.Fatalf("%q %v: %s", line, err, says.String())
	}
}
