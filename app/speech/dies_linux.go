package speech

import (
	"os/exec"
	"syscall"
)

// dies has a program end with this one, however that ends.
func dies(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
