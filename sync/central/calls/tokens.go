package calls

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

var errToken = problem(http.StatusUnauthorized, api.ProblemToken, "no token of this kiosk that is still valid")

// tokenOf returns the token of a call if it is this kiosk's and was valid until
// at most grace ago.
func (c *Calls) tokenOf(r *http.Request, grace time.Duration) (store.Token, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return store.Token{}, errToken
	}
	return c.tokenValue(r, token, grace)
}

func (c *Calls) tokenValue(r *http.Request, token string, grace time.Duration) (store.Token, error) {
	t, err := c.Store.TokenOf(r.Context(), c.Keeper.TokenHash(token), kioskOf(r))
	if errors.Is(err, store.ErrUnknown) || err == nil && !c.Now().Before(t.Expires.Add(grace)) {
		return store.Token{}, errToken
	}
	return t, err
}
