package clustertest

import (
	"os/exec"
	"syscall"
)

// apart has a program end with this one, and not by the Ctrl-C that this one is told.
func apart(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
