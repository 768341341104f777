package calls

import (
	"net/http"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

// refusals are the reasons that point to central or the way from it: what it handed
// out, a kiosk did not take for what it should be (promise P7).
var refusals = map[api.PrintReportReason]bool{
	api.PrintReportReasonRecordCheck: true, api.PrintReportReasonOtherPerson: true,
	api.PrintReportReasonRevoked: true, api.PrintReportReasonPageCheck: true,
}

func (c *Calls) postPrint(w http.ResponseWriter, r *http.Request) error {
	job, err := keyOf(r)
	if err != nil {
		return err
	}
	t, err := c.tokenOf(r, store.PrintGrace)
	if err != nil {
		return err
	}
	var p api.PrintReport
	if _, err := read(r, &p); err != nil {
		return err
	}
	var reason api.PrintReportReason // none from a kiosk that does not know it yet
	if p.Reason != nil {
		reason = *p.Reason
	}
	if !p.Outcome.Valid() || p.Pages < 0 || p.Reason != nil && !reason.Valid() {
		return problem(http.StatusBadRequest, api.ProblemBadRequest, "not the JSON of the contract")
	}
	added, err := c.Store.AddPrint(r.Context(), t.Request, job, store.Print{
		Outcome: string(p.Outcome), Reason: string(reason), Pages: p.Pages, Kiosk: t.Kiosk, KioskName: kioskName(r), At: c.Now(), Person: t.Person,
	})
	if err != nil {
		return err
	}
	if added && refusals[reason] {
		c.Log.Error("a kiosk refuses what it was handed out", "event", "print.refused", "reason", string(reason), "kiosk", kioskName(r))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
