package fault

import (
	"errors"
	"fmt"
	"testing"
)

func TestAnErrorHasTheFirstCodeInItsChain(t *testing.T) {
	cut := fmt.Errorf("%w: the file is cut off", Record)
	for want, err := range map[Code]error{
		Record: fmt.Errorf("call: %w", cut), Jam: Fault{Jam, "media-jam"}, Clock: errors.Join(Fault{Code: Clock}, Away),
	} {
		if CodeOf(err) != want || !errors.Is(err, want) {
			t.Errorf("%v: code %q, want %q", err, CodeOf(err), want)
		}
	}
	if CodeOf(nil) != "" || CodeOf(errors.New("jam")) != "" || errors.Is(cut, Page) {
		t.Error("a code out of nowhere")
	}
	if says := (Fault{Jam, "media-jam"}).Error() + " " + (Fault{Code: Jam}).Error(); says != "media-jam jam" {
		t.Errorf("the log says %q", says)
	}
}
