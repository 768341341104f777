package main

import (
	"os"

	"golang.org/x/sys/windows"
)

// ofWhoStartedUs is ATTACH_PARENT_PROCESS.
const ofWhoStartedUs = ^uintptr(0)

// toConsole has what is said to people go to the console of whoever started the program, which
// gets none as a program with windows. What they have redirected into a file or a pipe stays so.
func toConsole() {
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if there(os.Stdout) && there(os.Stderr) {
		return
	}
	if done, _, _ := attach.Call(ofWhoStartedUs); done == 0 {
		return // started by no console
	}
	for _, s := range []struct {
		file **os.File
		name string
		flag int
	}{{&os.Stdin, "CONIN$", os.O_RDONLY}, {&os.Stdout, "CONOUT$", os.O_RDWR}, {&os.Stderr, "CONOUT$", os.O_RDWR}} {
		if there(*s.file) {
			continue
		}
		if f, err := os.OpenFile(s.name, s.flag, 0); err == nil {
			*s.file = f
		}
	}
}

// there reports whether a standard file leads anywhere.
func there(f *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}
