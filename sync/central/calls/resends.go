package calls

import (
	"net/http"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/store"
)

// postResend keeps the wish for a new code.
func (c *Calls) postResend(w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	return c.wish(w, r, func(other bool) (left int, err error) {
		return c.Store.AddResend(r.Context(), id, other, c.Now())
	})
}

// postPickupResend keeps the wish of somebody who has the receipt only, at any kiosk.
func (c *Calls) postPickupResend(w http.ResponseWriter, r *http.Request) error {
	receipt := r.PathValue("receipt")
	if canonical, ok := request.ParseReceipt(receipt); !ok || canonical != receipt {
		return store.ErrUnknown
	}
	return c.wish(w, r, func(other bool) (left int, err error) {
		return c.Store.AddResendByReceipt(r.Context(), receipt, other, c.Now(), request.Life, c.Keeper.Use(access.KioskNumbers, kioskOf(r)))
	})
}

// wish reads which contact a new code should go to, and has it kept.
func (c *Calls) wish(w http.ResponseWriter, r *http.Request, keep func(other bool) (left int, err error)) error {
	var wish api.NoticeRequest
	if _, err := read(r, &wish); err != nil {
		return err
	}
	if !wish.Contact.Valid() {
		return problem(http.StatusBadRequest, api.ProblemBadRequest, "contact is neither same nor other")
	}
	left, err := keep(wish.Contact == api.NoticeRequestContactOther)
	if err != nil {
		return err
	}
	c.State.Work.Ring()
	return answer(w, http.StatusAccepted, api.NoticeTicket{Left: left})
}
