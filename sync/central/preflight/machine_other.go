//go:build !linux

package preflight

import "os"

// clockIsKept is not known here.
func clockIsKept() (yes, known bool) { return false, false }

// writable reports whether there is a folder; who may write there is not known here.
func writable(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}
