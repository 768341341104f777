package first

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"vaxkiosk/app/config"
	"vaxkiosk/app/enrol"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/client"
)

func TestEachErrorOfAnEnrolmentIsTheSnagThatSaysWhatToDo(t *testing.T) {
	for want, err := range map[visit.Snag]error{
		visit.NotTaken:  client.ErrCode,
		visit.Stranger:  client.ErrStranger,
		visit.NoHost:    client.ErrNoHost,
		visit.NoCentral: client.ErrAway,
		visit.WrongTime: client.ErrClock,
		visit.Pause:     client.ErrBusy,
		visit.OtherHost: client.ErrCertificate,
		visit.UsedTwice: fmt.Errorf("%w (%w)", enrol.ErrTaken, client.ErrCertificate),
		visit.Unwritten: fs.ErrPermission,
	} {
		if got, detail := snagOf(fmt.Errorf("%w: and so on", err)); got != want || detail != "" {
			t.Errorf("%v is %q, %q, want %q", err, got, detail, want)
		}
	}
	for _, err := range []error{context.DeadlineExceeded, context.Canceled} {
		if got, _ := snagOf(err); got != visit.NoCentral {
			t.Errorf("%v is %q", err, got)
		}
	}
	if got, _ := snagOf(client.ErrAnswer); got != visit.Stranger {
		t.Errorf("what is no central is %q", got)
	}
	if got, detail := snagOf(fmt.Errorf("%w; and so on", &enrol.KeyError{Cause: fs.ErrPermission})); got != visit.NoKey || detail != fs.ErrPermission.Error() {
		t.Errorf("%q, %q", got, detail)
	}
	wrong := config.Problems{{File: "a", Line: 1, Key: "x.y", Text: "is missing"}, {File: "b", Text: "is wrong"}}
	if got, detail := snagOf(errors.Join(wrong, fs.ErrInvalid)); got != visit.Unusable || detail != "a:1: x.y is missing; b: is wrong" {
		t.Errorf("%q, %q", got, detail)
	}
}
