package exit

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

func TestAProgramSaysWhyItEndsInOneSentenceAndWithAStatus(t *testing.T) {
	cause := errors.New("the tray is empty")
	for _, x := range []struct {
		err    error
		status int
		says   string
	}{
		{nil, OK, ""},
		{cause, Usage, "kiosk: the tray is empty\n"},
		{Failed(cause), Fault, "kiosk: the tray is empty\n"},
		{fmt.Errorf("tour: %w", With(Closed, cause)), Closed, "kiosk: tour: the tray is empty\n"},
	} {
		var errs bytes.Buffer
		if status := Say("kiosk", x.err, &errs); status != x.status || errs.String() != x.says {
			t.Errorf("%v: status %d, %q", x.err, status, &errs)
		}
	}
	if !errors.Is(Failed(cause), cause) {
		t.Error("what went wrong cannot be asked for")
	}
}
