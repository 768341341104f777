//go:build unix

package enrol

import (
	"fmt"
	"os"
	"syscall"
)

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
