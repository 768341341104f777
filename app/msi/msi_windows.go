package msi

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"golang.org/x/sys/windows"

	"vaxkiosk/sync/keyfile"
)

// rights leaves the folder to the system, administrators and the account of the kiosk: what is
// configured it may read, data and log it may write. An upgrade names no account: then the one
// that was named before keeps its rights, and only a folder for all is closed.
func rights(dir, account string) error {
	if account == "" && !keyfile.Open(dir) {
		return nil
	}
	if err := keyfile.Leave(dir, account, false); err != nil {
		return err
	}
	return errors.Join(
		keyfile.Leave(filepath.Join(dir, dataFolder), account, true),
		keyfile.Leave(filepath.Join(dir, logFolder), account, true))
}

// register writes the task that starts the kiosk when its account signs in: the package, which
// starts programs, hands it to the scheduler.
func register(dir, account string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	_, domain, _, err := windows.LookupSID("", strings.TrimPrefix(account, `.\`))
	if err != nil {
		return fmt.Errorf("the account %q is not known on this machine: make it first (%w)", account, err)
	}
	xml := task(program, dir, domain+`\`+account[strings.LastIndexByte(account, 0x5c)+1:])
	file := filepath.Join(dir, logFolder, "task.xml")
	text := []byte{0xff, 0xfe} // UTF-16, as the scheduler wants it
	for _, u := range utf16.Encode([]rune(xml)) {
		text = binary.LittleEndian.AppendUint16(text, u)
	}
	return os.WriteFile(file, text, 0o600)
}
