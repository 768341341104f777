package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/people"
)

// What the visitor of a tour does, step by step; tour_scripts.go puts the steps
// in order.

// touch waits for a state and touches one thing in it.
func (g *guide) touch(s visit.State, tag string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, stateNames[s], func(v visit.Visit) bool { return v.State == s }); err != nil {
			return err
		}
		return g.tap(ctx, tag)
	}
}

func (g *guide) question(ctx context.Context, q request.Question) error {
	return g.await(ctx, string(q), func(v visit.Visit) bool { return v.State == visit.Filling && v.Question == q })
}

// next pictures the filled screen and goes on.
func (g *guide) next(ctx context.Context, name string) error {
	g.picture(name)
	return g.tap(ctx, "form.next")
}

func (g *guide) name(ctx context.Context) error {
	if err := g.question(ctx, request.AskName); err != nil {
		return err
	}
	p := g.person
	for _, f := range []struct {
		tag, text string
		arrived   func(visit.Visit) bool
	}{
		{"form.given", p.Given, func(v visit.Visit) bool { return v.Draft.Given == p.Given }},
		{"form.family", p.Family, func(v visit.Visit) bool { return v.Draft.Family == p.Family }},
	} {
		g.typed = append(g.typed, f.text)
		if err := g.tap(ctx, f.tag); err != nil {
			return err
		}
		if err := g.enter(ctx, f.text, f.arrived); err != nil {
			return err
		}
	}
	return g.next(ctx, "form-name-filled")
}

// birth turns the three wheels until they show the date.
func (g *guide) birth(ctx context.Context) error {
	if err := g.question(ctx, request.AskBirth); err != nil {
		return err
	}
	want := g.person.Birth
	g.typed = append(g.typed, want.String())
	for {
		g.mu.Lock()
		now := g.latest.Draft.Birth
		g.mu.Unlock()
		tag := turn(now, want)
		if tag == "" {
			return g.next(ctx, "form-birth-filled")
		}
		if err := g.tap(ctx, tag); err != nil {
			return err
		}
		if err := g.await(ctx, "the date to move", func(v visit.Visit) bool { return v.Draft.Birth != now }); err != nil {
			return err
		}
	}
}

// turn says which wheel to turn next to get from one date to another.
func turn(now, want request.Date) string {
	switch years := want.Year - now.Year; {
	case now.Month < want.Month:
		return "birth.month-down"
	case now.Month > want.Month:
		return "birth.month-up"
	case now.Day < want.Day:
		return "birth.day-down"
	case now.Day > want.Day:
		return "birth.day-up"
	case now.Year == 0:
		return "birth.year-down"
	case years <= -10:
		return "birth.earlier"
	case years < 0:
		return "birth.year-up"
	case years >= 10:
		return "birth.later"
	case years > 0:
		return "birth.year-down"
	}
	return ""
}

func (g *guide) gender(ctx context.Context) error {
	if err := g.question(ctx, request.AskGender); err != nil {
		return err
	}
	gender := g.person.Gender
	if err := g.tap(ctx, "gender."+string(gender)); err != nil {
		return err
	}
	if err := g.await(ctx, "the choice", func(v visit.Visit) bool { return v.Draft.Gender == gender }); err != nil {
		return err
	}
	return g.tap(ctx, "form.next")
}

func (g *guide) contact(ctx context.Context) error {
	if err := g.question(ctx, request.AskContact); err != nil {
		return err
	}
	kind, text := request.ByPhone, strings.TrimPrefix(g.person.Phone, "+1")
	if g.person.Phone == "" {
		kind, text = request.ByEmail, g.person.Email
	}
	if err := g.tap(ctx, "contact."+string(kind)); err != nil {
		return err
	}
	g.typed = append(g.typed, text, request.FormatPhone(text))
	if err := g.await(ctx, "the field", func(v visit.Visit) bool { return v.Draft.Contact == kind }); err != nil {
		return err
	}
	if err := g.tap(ctx, "form."+string(kind)); err != nil {
		return err
	}
	err := g.enter(ctx, text, func(v visit.Visit) bool {
		return kind == request.ByEmail && v.Draft.Email == text ||
			kind == request.ByPhone && request.NormalPhone(v.Draft.Phone) == g.person.Phone
	})
	if err != nil {
		return err
	}
	return g.next(ctx, "form-contact-filled")
}

func (g *guide) myPIN() string { return pinFor(g.person) }

// pinFor is the first of some PINs that the policy lets a resident take.
func pinFor(p people.Person) string {
	for _, pin := range []string{"8317", "9052", "6284", "3906"} {
		if request.CheckPIN(pin, p.Birth, p.Phone) == "" {
			return pin
		}
	}
	return "7153"
}

func (g *guide) makePIN(q request.Question, pin string, typed func(visit.Visit) string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.question(ctx, q); err != nil {
			return err
		}
		g.typed = append(g.typed, pin)
		if err := g.enter(ctx, pin, func(v visit.Visit) bool { return typed(v) == pin }); err != nil {
			return err
		}
		return g.next(ctx, "form-"+string(q)+"-filled")
	}
}

// sent waits until central has answered and the phone has rung, and remembers
// the code, as a person does.
func (g *guide) sent(ctx context.Context) error {
	if err := g.await(ctx, "the answer", func(v visit.Visit) bool { return v.State == visit.Sent && v.Answered }); err != nil {
		return err
	}
	var err error
	if g.code, err = g.phoneCode(ctx); err != nil {
		return err
	}
	g.typed = append(g.typed, g.code)
	g.mu.Lock()
	g.receipt = g.latest.Receipt
	g.mu.Unlock()
	g.picture("sent-answered")
	return nil
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// phoneCode reads the pickup code off the demo phone on the screen.
func (g *guide) phoneCode(ctx context.Context) (code string, err error) {
	err = g.until(ctx, func() error {
		fyne.DoAndWait(func() {
			for _, s := range g.robot.Texts() {
				if found := sixDigits.FindString(s.Text); found != "" {
					code = found
				}
			}
		})
		if code == "" {
			return errors.New("no pickup code on the demo phone")
		}
		return nil
	})
	return code, err
}

// unlock enters the remembered code, then a PIN.
func (g *guide) unlock(pin string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, "unlocking", func(v visit.Visit) bool { return v.State == visit.Unlocking && !v.AtPIN }); err != nil {
			return err
		}
		if err := g.enter(ctx, g.code, func(v visit.Visit) bool { return v.Code == g.code }); err != nil {
			return err
		}
		g.picture("unlocking-filled")
		if err := g.tap(ctx, "unlock.next"); err != nil {
			return err
		}
		return g.unlockPIN(pin)(ctx)
	}
}

// unlockPIN enters a PIN where the code is known, or staff has seen an ID.
func (g *guide) unlockPIN(pin string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, "the PIN", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.AtPIN }); err != nil {
			return err
		}
		if err := g.enter(ctx, pin, func(v visit.Visit) bool { return v.PIN == pin }); err != nil {
			return err
		}
		g.picture("unlocking-pin-filled")
		return g.tap(ctx, "unlock.next")
	}
}

// wiped waits for the welcome screen and reads that nothing of the visitor is on it.
func (g *guide) wiped(ctx context.Context) error {
	if err := g.await(ctx, "the welcome screen", func(v visit.Visit) bool { return v.State == visit.Welcome && v.Number > 1 }); err != nil {
		return err
	}
	var left error
	fyne.DoAndWait(func() {
		for _, s := range g.robot.Texts() {
			for _, value := range g.typed {
				if strings.Contains(s.Text, value) && len(value) > 3 {
					left = errors.New("a typed value is still on the welcome screen")
				}
			}
		}
	})
	return left
}

// collect saves what the tour leaves beside the pictures, while the kiosk still
// runs, and looks for typed values on its disk a first time.
func (g *guide) collect(ctx context.Context) error {
	if len(g.pages.printed) != g.script.records {
		return fmt.Errorf("%d records printed, want %d", len(g.pages.printed), g.script.records)
	}
	for _, doc := range g.pages.printed {
		if err := os.WriteFile(filepath.Join(g.dir, "record.pdf"), doc.PDF, 0o644); err != nil {
			return err
		}
	}
	keys, err := g.stage.kiosk.client.JWKS(ctx)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(g.dir, "jwks.json"), append(text, '\n'), 0o644); err != nil {
		return err
	}
	if err := g.stage.kiosk.box.Backup(ctx, filepath.Join(g.dir, "kiosk.db")); err != nil {
		return err
	}
	return g.searchDisk()
}
