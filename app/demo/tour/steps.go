package tour

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// What the visitor of a tour does, step by step; scripts.go puts the steps
// in order.

// now is what is on the screen.
func (g *guide) now() visit.Visit {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.latest
}

// touch waits for a state and touches one thing in it.
func (g *guide) touch(s visit.State, tag string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, s.String(), func(v visit.Visit) bool { return v.State == s }); err != nil {
			return err
		}
		return g.tap(ctx, tag)
	}
}

func (g *guide) question(ctx context.Context, q request.Question) error {
	return g.await(ctx, string(q), func(v visit.Visit) bool { return v.State == visit.Filling && v.Form.Question == q })
}

// sent waits until central has answered and the phone has rung, and remembers
// the code, as a person does.
func (g *guide) sent(ctx context.Context) error {
	if err := g.await(ctx, "the answer", func(v visit.Visit) bool { return v.State == visit.Sent && v.Unlock.Answered }); err != nil {
		return err
	}
	var err error
	if g.code, err = g.phoneCode(ctx); err != nil {
		return err
	}
	g.typed = append(g.typed, g.code)
	g.receipt = g.now().Unlock.Receipt
	g.picture("sent-answered")
	return nil
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// phoneCode reads the pickup code off the demo phone on the screen.
func (g *guide) phoneCode(ctx context.Context) (code string, err error) {
	err = g.until(ctx, func() error {
		g.window.Wait(func() {
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
		if err := g.await(ctx, "unlocking", func(v visit.Visit) bool { return v.State == visit.Unlocking && !v.Unlock.AtPIN }); err != nil {
			return err
		}
		if err := g.enter(ctx, g.code, func(v visit.Visit) bool { return v.Unlock.Code == g.code }); err != nil {
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
		if err := g.await(ctx, "the PIN", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Unlock.AtPIN }); err != nil {
			return err
		}
		if err := g.enter(ctx, pin, func(v visit.Visit) bool { return v.Unlock.PIN == pin }); err != nil {
			return err
		}
		g.picture("unlocking-pin-filled")
		return g.tap(ctx, "unlock.next")
	}
}

// recall types the PIN of the record before.
func (g *guide) recall(pin string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, "the PIN of the record before", func(v visit.Visit) bool { return v.State == visit.ConfirmPIN }); err != nil {
			return err
		}
		if err := g.enter(ctx, pin, func(v visit.Visit) bool { return v.Unlock.PIN == pin }); err != nil {
			return err
		}
		g.picture("recalling-filled")
		return g.tap(ctx, "recall.next")
	}
}

// wiped waits for the welcome screen and reads that nothing of the visitor is on it.
func (g *guide) wiped(ctx context.Context) error {
	if err := g.await(ctx, "the welcome screen", func(v visit.Visit) bool { return v.State == visit.Welcome && v.Number > 1 }); err != nil {
		return err
	}
	var left error
	g.window.Wait(func() {
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
