package central

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/access"
	"vaxkiosk/sync/central/card"
	"vaxkiosk/sync/central/checkpage"
	"vaxkiosk/sync/central/store"
)

// The check page, which anybody may open: package checkpage writes it, the store
// counts. A code comes into being with each record that is handed out. What does not
// fit has one answer, whatever it is: 403 and the form again.

// newCheck draws the code of a record that is about to be handed out, and says where
// it will be answered.
func (c *Central) newCheck() (store.NewCheck, card.Issuer) {
	code, by := access.NewCheckCode(), c.issuer()
	by.Check = record.CheckURL(by.URL, code)
	return store.NewCheck{
		Code:  c.keeper.CheckHash(code),
		Birth: func(birth string) []byte { return c.keeper.BirthHash(code, birth) },
		Dose:  func(dose string) []byte { return c.keeper.DoseHash(code, dose) },
		Life:  access.CheckLife,
	}, by
}

// checkPage is the page at an address; without a whole code in it, it asks for one.
func (c *Central) checkPage(r *http.Request) checkpage.Page {
	code, _ := access.ParseCheckCode(r.PathValue("code"))
	return checkpage.Page{
		Lang: checkpage.Lang(r), Registry: c.o.Registry, HelpPhone: c.o.HelpPhone,
		Code: code, Deep: strings.HasPrefix(r.URL.Path, record.CheckPath),
	}
}

func (c *Central) getCheck(w http.ResponseWriter, r *http.Request) error {
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

func (c *Central) postCheck(w http.ResponseWriter, r *http.Request) error {
	p := c.checkPage(r)
	p.Form = checkpage.ReadForm(r)
	if p.Code != "" {
		p.Form.Code = p.Code
	}
	code, birth, problems := p.Form.Check(c.o.Now())
	if len(problems) > 0 {
		p.Problems = problems
		return checkpage.Write(w, http.StatusUnprocessableEntity, p)
	}
	p.Form.Code = code
	a, err := c.check(r.Context(), code, birth.String())
	if err != nil {
		return c.failCheck(w, r, p, err)
	}
	p.Answer = &a
	return checkpage.Write(w, http.StatusOK, p)
}

var errNoCheck = errors.New("code and birth date open nothing")

// check says what has become of a print. The try is taken before anything is
// compared, and the same work is done for a code that nobody has.
func (c *Central) check(ctx context.Context, code, birth string) (checkpage.Answer, error) {
	taken, err := c.store.TakeCheck(ctx, c.keeper.CheckHash(code), c.o.Now(), c.use(access.CheckLooks, code), c.use(access.AllChecks, ""))
	if err != nil {
		return checkpage.Answer{}, err
	}
	if subtle.ConstantTimeCompare(c.keeper.BirthHash(code, birth), taken.Birth) != 1 {
		return checkpage.Answer{}, errNoCheck
	}
	state, p, err := c.store.OpenCheck(context.WithoutCancel(ctx), taken)
	if errors.Is(err, store.ErrUnknown) {
		err = errNoCheck
	}
	a := checkpage.Answer{State: string(state), Issued: taken.Issued}
	if state == store.Unchanged {
		a.Name, a.Birth = strings.TrimSpace(p.Given+" "+p.Family), p.Birth.String()
		a.Doses = taken.AsPrinted(p.Doses, func(dose string) []byte { return c.keeper.DoseHash(code, dose) })
	}
	return a, err
}

// failCheck says on the page what kept it from an answer.
func (c *Central) failCheck(w http.ResponseWriter, r *http.Request, p checkpage.Page, err error) error {
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
