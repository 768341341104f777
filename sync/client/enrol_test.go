package client

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/enrol"
)

// Staff who has mistyped central's address is told to look at that, not at the network.
func TestAnAddressThatNobodyKnowsIsSaidAsThat(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	unknown := "https://" + strings.Repeat("x", 64) + ".invalid" // no name server is asked for a name that cannot be
	for url, want := range map[string]bool{unknown: true, "https://127.0.0.1:1": false} {
		_, err := Enrol(t.Context(), EnrolOptions{URL: url, Code: enrol.NewCode(), Key: key, Now: time.Now})
		if errors.Is(err, ErrNoHost) != want || !errors.Is(err, ErrAway) {
			t.Errorf("%s: %v", url, err)
		}
	}
}
