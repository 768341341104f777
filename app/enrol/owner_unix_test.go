//go:build unix

package enrol_test

import (
	"os"
	"strings"
	"testing"

	"vaxkiosk/app/exit"
)

func TestRootWritesNoKeyThatTheKiosksUserCannotRead(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can hand a folder to another user")
	}
	o := newOffice(t)
	data := o.installed("")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(data, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if status, said := o.enrols(o.invite("lobby", false)); status != exit.Usage || !strings.Contains(said, "runuser -u vaxkiosk") {
		t.Errorf("%d: %s", status, said)
	}
	if all := names(t, data); len(all) != 0 {
		t.Errorf("%q is left", all)
	}
}
