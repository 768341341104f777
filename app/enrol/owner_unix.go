//go:build unix

package enrol

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// alone lets one enrolment into a folder at a time: another one would clear away what this one
// has not settled yet. It is let go of with the program, however that ends.
func alone(dir string) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return func() { _ = f.Close() }, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.New("this machine is being enrolled already, at its screen or elsewhere: wait for that")
	}
	return nil, fmt.Errorf("cannot lock %s (%w)", dir, err)
}

// ownedByUs refuses the folder of another user: what root writes into it the kiosk cannot read.
func ownedByUs(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if of, is := info.Sys().(*syscall.Stat_t); is && int(of.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is another user's, who could not read the key: run this as the kiosk's user, runuser -u vaxkiosk -- vaxkiosk enrol …", dir)
	}
	return nil
}
