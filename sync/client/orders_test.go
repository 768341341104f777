package client

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

func TestOnlyWhatThePinnedKeyAsksOfThisKioskNowFromTheListIsDone(t *testing.T) {
	key, now := newECKey(t), time.Now()
	mine := &x509.Certificate{Raw: []byte("mine")}
	fingerprint := func(raw string) string {
		sum := sha256.Sum256([]byte(raw))
		return hex.EncodeToString(sum[:])
	}
	good := api.Order{Id: "0123456789abcdef", Kiosk: fingerprint("mine"), What: api.OrderWhatRestart, Expires: now.Add(time.Minute).UTC().Truncate(time.Second)}
	pin := pinOf(t, key.Public())
	asked := func(change func(o *api.Order)) string {
		o := good
		change(&o)
		return signedAs(t, api.OrderType, jose.ES256, key, true, o)
	}
	if o, err := VerifyOrder(asked(func(*api.Order) {}), pin, mine, now); err != nil || o != good {
		t.Errorf("%+v, %v", o, err)
	}
	for name, jws := range map[string]string{
		"another key's":      signedAs(t, api.OrderType, jose.ES256, newECKey(t), true, good),
		"without its type":   signed(t, jose.ES256, key, true, good),
		"a bootstrap":        signed(t, jose.ES256, key, true, goodBootstrap(t)),
		"no JWS":             "restart",
		"no JSON":            signedAs(t, api.OrderType, jose.ES256, key, true, "restart"),
		"another kiosk's":    asked(func(o *api.Order) { o.Kiosk = fingerprint("theirs") }),
		"of nobody":          asked(func(o *api.Order) { o.Kiosk = "" }),
		"not on the list":    asked(func(o *api.Order) { o.What = "run rm -rf /" }),
		"too late":           asked(func(o *api.Order) { o.Expires = now.Add(-time.Second) }),
		"of another form":    asked(func(o *api.Order) { o.Id = "x" }),
		"changed on the way": strings.Replace(asked(func(*api.Order) {}), ".", ".e30", 1),
	} {
		if o, err := VerifyOrder(jws, pin, mine, now); !errors.Is(err, ErrOrder) || o != (api.Order{}) || strings.Contains(err.Error(), "rm -rf") {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	if _, err := VerifyBootstrap([]byte(signedAs(t, api.OrderType, jose.ES256, key, true, goodBootstrap(t))), pin); !errors.Is(err, ErrBootstrap) || !errors.Is(err, fault.Impostor) {
		t.Errorf("an order in the place of a bootstrap: %v", err)
	}
}

func TestAHeartbeatIsAnsweredWithWhatIsAsked(t *testing.T) {
	c := serve(t, nil, reply(200, jsonType, `{"orders":["a.b.c"]}`))
	if heard, err := c.kiosk(t, nil).Heartbeat(t.Context(), api.Heartbeat{}); err != nil || len(heard.Orders) != 1 || heard.Orders[0] != "a.b.c" {
		t.Errorf("%+v, %v", heard, err)
	}
}
