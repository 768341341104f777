//go:build !windows

package msi

import (
	"errors"
	"os"

	"vaxkiosk/sync/keyfile"
)

// rights leaves the folder to its owner: there are no installers here, only their tests.
func rights(dir, _ string) error { return os.Chmod(dir, keyfile.FolderMode) }

var errElsewhere = errors.New("tasks are scheduled like this on Windows alone")

func register(string, string) error { return errElsewhere }
