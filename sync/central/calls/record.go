package calls

import (
	"net/http"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

// getRecord signs the record behind a token. That cards were made, and the code of
// the check page, is committed before they are: from then on a change supersedes them.
func (c *Calls) getRecord(w http.ResponseWriter, r *http.Request) error {
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
