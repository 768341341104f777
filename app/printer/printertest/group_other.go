//go:build !unix

package printertest

import (
	"errors"
	"os/exec"
)

// Neither program exists here; what needs them says so and everything compiles.

func ownGroup(*exec.Cmd) {}

func endGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func fifo(string) error { return errors.ErrUnsupported }
