//go:build !windows

package msi

import (
	"errors"
	"testing"
)

func TestWhereThereIsNoWindowsNoTaskIsWritten(t *testing.T) {
	if _, err := install(t, t.TempDir(), "--account", "kiosk"); !errors.Is(err, errElsewhere) {
		t.Error(err)
	}
}
