package central

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// ImportPeople adds people to the registry or replaces those with the same numbers.
func (c *Central) ImportPeople(all []registry.Person) error {
	return c.Store.ImportPeople(context.Background(), all)
}

// RecordOf returns a person as the registry has them.
func (c *Central) RecordOf(number int) (registry.Person, bool) {
	p, ok, err := c.Store.Person(context.Background(), number)
	return p, ok && err == nil
}

// ErrNobody is returned for an id that nobody in the registry has.
var ErrNobody = errors.New("nobody in the registry has this id: it is the one in the file that was imported")

// WithdrawCards revokes all health cards that somebody was given, for good; the
// record stays. The id is that of the source, or the number.
func (c *Central) WithdrawCards(id string) error {
	return c.onPerson(id, func(ctx context.Context, number int) error { return c.Store.WithdrawCards(ctx, number) })
}

// RemovePerson removes somebody from the registry, takes back what was released
// to them and revokes all their health cards for good.
func (c *Central) RemovePerson(id string) error {
	return c.onPerson(id, func(ctx context.Context, number int) error {
		there, err := c.Store.RemovePerson(ctx, number)
		if err == nil && !there {
			err = ErrNobody
		}
		return err
	})
}

func (c *Central) onPerson(id string, f func(context.Context, int) error) error {
	ctx := context.Background()
	number, ok, err := c.Store.NumberOf(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNobody
	}
	return f(ctx, number)
}

// getRecord signs the record behind a token. That cards were made, and the code of
// the check page, is committed before they are: from then on a change supersedes them.
func (c *Central) getRecord(w http.ResponseWriter, r *http.Request) error {
	t, err := c.tokenOf(r, 0)
	if err != nil {
		return err
	}
	signer := c.Cards.Signer()
	check, by := c.newCheck()
	p, mark, ok, err := c.Store.TakeRecord(r.Context(), t, signer.Thumbprint(), check, c.Now())
	if err != nil {
		return err
	}
	if !ok {
		return store.ErrExpired // removed from the registry since, or somebody else
	}
	a, err := signer.Issue(p, by, mark.RID, mark.At)
	if err != nil {
		return err
	}
	return answer(w, http.StatusOK, api.RecordAnswer{Record: a.Record, Cards: a.Cards})
}

// turnKeys replaces the key that signs cards when its time has come.
func (c *Central) turnKeys(now time.Time) error {
	changed, err := c.Cards.Turn(now)
	if err != nil || !changed {
		return err
	}
	if err := c.renewBootstrap(); err != nil {
		return err
	}
	c.Log.Info("the keys of health cards have changed", "event", "keys.changed", "signing", c.Cards.Signer().Thumbprint(), "published", len(c.Cards.Keys().Keys))
	return nil
}

// CardKeys lists the keys of health cards, the newest first, and tells which signs.
func (c *Central) CardKeys() (all []card.Key, signing string) {
	return c.Cards.List(), c.Cards.Signer().Thumbprint()
}

// AnnounceKey makes the next key of health cards now; it signs in card.KeyAhead.
func (c *Central) AnnounceKey() error { return c.Cards.Announce(c.Now()) }

// DistrustKey takes a key of health cards out of the published ones (card.Ring).
func (c *Central) DistrustKey(kid string) error { return c.Cards.Distrust(kid, c.Now()) }

// JWKS returns the public keys that verify health cards, as JSON.
func (c *Central) JWKS() []byte {
	b, err := json.Marshal(c.Cards.Keys())
	if err != nil {
		panic(fmt.Sprintf("central: public keys: %v", err)) // they are strings
	}
	return b
}
