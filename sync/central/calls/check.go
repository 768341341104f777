package calls

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/checkpage"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// The check page, which anybody may open: package checkpage writes it, the store
// counts. A code comes into being with each record that is handed out. What does not
// fit has one answer, whatever it is: 403 and the form again.

// newCheck draws the code of a record that is about to be handed out, and says where
// it will be answered.
func (c *Calls) newCheck() (store.NewCheck, card.Issuer) {
	code, by := access.NewCheckCode(), c.issuer()
	by.Check = record.CheckURL(by.URL, code)
	return store.NewCheck{
		Code:  c.Keeper.CheckHash(code),
		Birth: func(birth string) []byte { return c.Keeper.BirthHash(code, birth) },
		Dose:  func(dose string) []byte { return c.Keeper.DoseHash(code, dose) },
		Life:  access.CheckLife,
	}, by
}

// issuer is who stands behind records.
func (c *Calls) issuer() card.Issuer { return card.Issuer{URL: c.Issuer, Registry: c.Registry} }

// checkPage is the page at an address; without a whole code in it, it asks for one.
func (c *Calls) checkPage(r *http.Request) checkpage.Page {
	code, _ := access.ParseCheckCode(r.PathValue("code"))
	return checkpage.Page{
		Lang: checkpage.Lang(r), Registry: c.Registry, HelpPhone: c.HelpPhone,
		Code: code, Deep: strings.HasPrefix(r.URL.Path, record.CheckPath),
	}
}

func (c *Calls) getCheck(w http.ResponseWriter, r *http.Request) error {
	p := c.checkPage(r)
	if p.Code == "" && r.PathValue("code") != "" {
		p.Problems = []checkpage.Problem{{Field: "code", Key: "link-wrong"}}
		return checkpage.Write(w, http.StatusNotFound, p)
	}
	return checkpage.Write(w, http.StatusOK, p)
}

func getCheckStyle(w http.ResponseWriter, _ *http.Request) error {
	checkpage.WriteStyle(w)
	return nil
}

func (c *Calls) postCheck(w http.ResponseWriter, r *http.Request) error {
	p := c.checkPage(r)
	p.Form = checkpage.ReadForm(r)
	if p.Code != "" {
		p.Form.Code = p.Code
	}
	code, birth, problems := p.Form.Check(c.Now())
	if len(problems) > 0 {
		p.Problems = problems
		return checkpage.Write(w, http.StatusUnprocessableEntity, p)
	}
	p.Form.Code = code
	a, err := c.check(r, code, birth.String())
	if err != nil {
		return c.failCheck(w, r, p, err)
	}
	p.Answer = &a
	return checkpage.Write(w, http.StatusOK, p)
}

var errNoCheck = errors.New("code and birth date open nothing")

// check says what has become of a print. The try is taken before anything is
// compared, and the same work is done for a code that nobody has.
func (c *Calls) check(r *http.Request, code, birth string) (checkpage.Answer, error) {
	ctx := r.Context()
	taken, err := c.takeCheck(r, code)
	if err != nil {
		return checkpage.Answer{}, err
	}
	if subtle.ConstantTimeCompare(c.Keeper.BirthHash(code, birth), taken.Birth) != 1 {
		if taken.Live() { // others were counted when it was taken
			c.wrong.Take(c.Trusted.AddressOf(r), access.AddressChecks, c.Now())
		}
		return checkpage.Answer{}, errNoCheck
	}
	state, p, err := c.Store.OpenCheck(context.WithoutCancel(ctx), taken)
	if errors.Is(err, store.ErrUnknown) {
		err = errNoCheck
	}
	return c.answerOf(code, state, p, taken), err
}

// takeCheck takes a try of a code. One that opens something has 80 bits, so whoever
// knows it holds a print: only its own limits hold it back, never other people's wrong
// codes. All others are counted by address, in memory, and then all together; what is
// over a limit is found out by reading, so that a flood is no work for the one writer.
func (c *Calls) takeCheck(r *http.Request, code string) (store.Check, error) {
	ctx, now, hash := r.Context(), c.Now(), c.Keeper.CheckHash(code)
	look, all := c.Keeper.Use(access.CheckLooks, code), c.Keeper.Use(access.AllChecks, "")
	live, err := c.Store.LiveCheck(ctx, hash, now)
	if err != nil {
		return store.Check{}, err
	}
	if !live && !c.Keeper.Unlimited {
		if wait := c.wrong.Take(c.Trusted.AddressOf(r), access.AddressChecks, now); wait > 0 {
			return store.Check{}, &store.LimitError{Limit: access.AddressChecks, Wait: wait}
		}
	}
	full := c.Store.Fit(ctx, now, all)
	var over *store.LimitError
	if live && errors.As(full, &over) {
		full = nil
	}
	if err := cmp.Or(c.Store.Fit(ctx, now, look), full); err != nil {
		return store.Check{}, err
	}
	return c.Store.TakeCheck(ctx, hash, now, look, all)
}

// answerOf is what the page says of a code.
func (c *Calls) answerOf(code string, state store.CheckState, p registry.Person, taken store.Check) checkpage.Answer {
	a := checkpage.Answer{State: string(state), Issued: taken.Issued}
	if state == store.Unchanged {
		a.Name, a.Birth = strings.TrimSpace(p.Given+" "+p.Family), p.Birth.String()
		for _, d := range taken.AsPrinted(p.Doses, func(dose string) []byte { return c.Keeper.DoseHash(code, dose) }) {
			a.Doses = append(a.Doses, d.Coded())
		}
	}
	return a
}

// failCheck says on the page what kept it from an answer.
func (c *Calls) failCheck(w http.ResponseWriter, r *http.Request, p checkpage.Page, err error) error {
	if errors.Is(err, errNoCheck) {
		p.Refused, p.Problems = true, []checkpage.Problem{{Field: "birth", Key: "refused"}}
		return checkpage.Write(w, http.StatusForbidden, p)
	}
	no := problemOf(err)
	c.tellStaff(r, no, err)
	p.Notice = "down"
	if no.again > 0 {
		no.retryAfter(w)
		p.Notice = "wait"
	}
	return checkpage.Write(w, no.Status, p)
}
