//go:build unix

package printertest

import (
	"os/exec"
	"syscall"
)

// ownGroup has a program start in a process group of its own.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// endGroup ends a program and what it started.
func endGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

func fifo(path string) error { return syscall.Mkfifo(path, 0o600) }
