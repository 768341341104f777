//go:build unix

package relaytest

import (
	"os/exec"
	"syscall"
)

// group starts a program with whatever it starts itself in a group of their own.
func group(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// end ends all of the group.
func end(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
