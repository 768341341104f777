package calls

import (
	"net/http"
	"testing"
	"time"
)

func TestWaitIsReadAsRFC7240Says(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"wait=10": 10 * time.Second, "respond-async, Wait=3": 3 * time.Second, `wait="7"`: 7 * time.Second,
		"wait=600": MaxWait, "wait=99999999999": MaxWait, "wait=-1": 0, "wait=x": 0, "": 0, "return=minimal": 0,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Prefer", line)
		if got := waitOf(r); got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
	}
}
