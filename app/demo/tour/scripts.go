package tour

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// The tours there are. Each is a whole visit, or what a visitor makes of one.

// script is one tour.
type script struct {
	resident int // who visits unless --resident says another
	records  int // how many records come out of the printer
	slips    int // and how many slips
	tests    int // and test pages
	steps    func(*guide) []step
}

// step is one thing the visitor does, or that happens around the kiosk.
type step struct {
	name string
	do   func(context.Context) error
}

// PlainScript is the tour without --script.
const PlainScript = "visit"

var scripts = map[string]script{
	PlainScript:       {resident: 1, records: 1, steps: (*guide).plainVisit},
	"another-record":  {resident: 3, records: 2, steps: (*guide).anotherRecord},
	"child":           {resident: 4, records: 1, steps: (*guide).plainVisit},
	"collect-later":   {resident: 3, records: 1, slips: 1, steps: (*guide).collectLater},
	"correction":      {resident: 3, records: 1, slips: 1, steps: (*guide).correction},
	"correction-menu": {resident: 3, records: 0, slips: 1, steps: (*guide).correctionMenu},
	"five-wrong-pins": {resident: 3, records: 0, steps: (*guide).fiveWrongPINs},
	"help":            {resident: 3, records: 0, steps: (*guide).help},
	"more-names":      {resident: 3, records: 1, steps: (*guide).moreNames},
	"no-code":         {resident: 3, records: 1, steps: (*guide).noCode},
	"offline":         {resident: 3, records: 1, steps: (*guide).offline},
	"printer-jam":     {resident: 64, records: 1, steps: (*guide).printerJam},
	"staff":           {resident: 3, records: 1, tests: 1, steps: (*guide).staff},
}

// ScriptNames are those of all tours, for people.
func ScriptNames() string { return strings.Join(slices.Sorted(maps.Keys(scripts)), ", ") }

// drive goes through the script, from the first touch to the wipe.
func (g *guide) drive(ctx context.Context) error {
	for _, s := range g.script.steps(g) {
		before := g.touched() - g.letters
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		g.count.add(s.name, g.touched()-g.letters-before)
	}
	return nil
}

// ask is the way from the first touch to the reviewed request.
func (g *guide) ask() []step { return slices.Concat(g.begin(), g.form(g.person)) }

// unlocked is the way from the reviewed request of somebody to the open record.
func (g *guide) unlocked(p registry.Person) []step {
	return []step{
		{"review", g.touch(visit.Review, "review.send")},
		{"sent", g.sent},
		{"on to the code", g.touch(visit.Sent, "sent.unlock")},
		{"code and PIN", g.unlock(pinFor(p))},
	}
}

// printed prints the open record.
func (g *guide) printed() []step {
	return []step{
		{"record", g.touch(visit.Ready, "record.print")},
		{"printed", g.isPrinted},
	}
}

func (g *guide) isPrinted(ctx context.Context) error {
	g.owners = append(g.owners, g.person)
	return g.await(ctx, "the printed record", func(v visit.Visit) bool { return v.State == visit.Done })
}

// paper is the way from the open record to the wipe.
func (g *guide) paper() []step {
	return append(g.printed(),
		step{"done", g.touch(visit.Done, "done.finish")},
		step{"wipe", g.wiped})
}

func (g *guide) plainVisit() []step {
	return slices.Concat(g.ask(), g.unlocked(g.person), g.paper())
}

// anotherRecord prints one's own record and then one's child's.
func (g *guide) anotherRecord() []step {
	child := childOf(g.person)
	return slices.Concat(g.ask(), g.unlocked(g.person), g.printed(), []step{
		{"another", g.touch(visit.Done, "done.another")},
		{"still the same visitor", g.recall(pinFor(g.person))},
	}, g.form(child), g.unlocked(child), g.paper())
}

// childOf is the first child who is reached by somebody's contact, or the next
// resident, whose own record it is then.
func childOf(p registry.Person) registry.Person {
	all := demo.People()
	for _, c := range all {
		if c.Phone == p.Phone && c.Email == p.Email && c.Birth.Age(madeup.DemoDay) < request.AdultAge && c.Number != p.Number {
			return c
		}
	}
	return all[p.Number%len(all)]
}

// moreNames has a middle name, a suffix, another name and a second contact.
func (g *guide) moreNames() []step {
	p := g.person
	middle := blank{"form.middle", "Araminta", func(d request.Draft) string { return d.Middle }}
	other := blank{"form.other-family", "Featherstone", func(d request.Draft) string { return d.Other.Family }}
	second := blank{"form.email", "araminta@example.org", func(d request.Draft) string { return d.Email }}
	return slices.Concat(g.begin(), g.whose(p), []step{
		{"name", g.typeInto(request.AskName, nameOf(p)...)},
		{"more", g.on(request.AskName, "name.more")},
		{"middle name", g.on(request.AskMore, "more.middle")},
		{"middle name typed", g.typeInto(request.AskMiddle, middle)},
		{"suffix", g.pick(request.AskMiddle, "suffix.II", func(v visit.Visit) bool { return v.Form.Draft.Suffix == "II" })},
		{"back to the name", g.on(request.AskBirth, "form.back")},
		{"still more", g.on(request.AskName, "name.more")},
		{"other name", g.on(request.AskMore, "more.other")},
		{"other name typed", g.fill(request.AskOther, other)},
		{"birth date", g.date(request.AskBirth, p.Birth, func(d request.Draft) request.Date { return d.Birth })},
		{"gender", g.pick(request.AskGender, "gender."+string(p.Gender), func(v visit.Visit) bool { return v.Form.Draft.Gender == p.Gender })},
		{"contact", g.contact(p)},
		{"second contact", g.on(request.AskContact, "contact.second")},
		{"second contact typed", g.fill(request.AskSecond, second)},
	}, g.makePIN(p), g.unlocked(p), g.paper())
}

// collectLater leaves with a slip and comes back with it.
func (g *guide) collectLater() []step {
	return slices.Concat(g.ask(), []step{
		{"review", g.touch(visit.Review, "review.send")},
		{"sent", g.sent},
		{"slip", g.slip(visit.Sent)},
		{"leave", g.touch(visit.Sent, "sent.leave")},
		{"wipe", g.wiped},
		{"welcome again", g.touch(visit.Welcome, "welcome."+g.lang)},
		{"collect", g.touch(visit.Choosing, "choose.collect")},
		{"scan", g.scan(visit.Collecting, func() string { return g.receipt })},
		{"code and PIN", g.unlock(pinFor(g.person))},
	}, g.paper())
}

// fiveWrongPINs ends a request by guessing.
func (g *guide) fiveWrongPINs() []step {
	all := append(g.ask(),
		step{"review", g.touch(visit.Review, "review.send")},
		step{"sent", g.sent},
		step{"on to the code", g.touch(visit.Sent, "sent.unlock")})
	for left := visit.TriesInAll - 1; left >= 0; left-- {
		all = append(all, step{fmt.Sprintf("wrong PIN, %d tries left", left), func(ctx context.Context) error {
			if err := g.unlock("7150")(ctx); err != nil {
				return err
			}
			err := g.await(ctx, "the refusal", func(v visit.Visit) bool { return v.State == visit.Unlocking && v.Unlock.Left == left })
			g.picture(fmt.Sprintf("refused-%d-left", left))
			return err
		}})
	}
	return append(all,
		step{"over", g.touch(visit.Unlocking, "over.finish")},
		step{"wipe", g.wiped})
}

// noCode asks for a new code; the old one opens nothing after that.
func (g *guide) noCode() []step {
	var old string
	return slices.Concat(g.ask(), []step{
		{"review", g.touch(visit.Review, "review.send")},
		{"sent", g.sent},
		{"no code", g.touch(visit.Sent, "sent.no-code")},
		{"again", g.touch(visit.NoCode, "nocode.again")},
		{"new code", func(ctx context.Context) error {
			old = g.code
			return g.resent(ctx)
		}},
		{"on to the code", g.touch(visit.Sent, "sent.unlock")},
		{"old code", func(ctx context.Context) error {
			wanted := g.code
			g.code = old
			defer func() { g.code = wanted }()
			return g.unlock(pinFor(g.person))(ctx)
		}},
		{"refusal", func(ctx context.Context) error {
			err := g.await(ctx, "the refusal", func(v visit.Visit) bool {
				return v.State == visit.Unlocking && v.Unlock.Left == visit.TriesInAll-1
			})
			g.picture("old-code-refused")
			return err
		}},
		{"new code and PIN", g.unlock(pinFor(g.person))},
	}, g.paper())
}

// resent waits for a code that is not the one before.
func (g *guide) resent(ctx context.Context) error {
	old := g.code
	if err := g.await(ctx, "the new code", func(v visit.Visit) bool { return v.State == visit.Sent && v.Unlock.Resent }); err != nil {
		return err
	}
	err := g.until(ctx, func() (err error) {
		if g.code, err = g.phoneCode(ctx); err == nil && g.code == old {
			err = errors.New("the old code is still on the demo phone")
		}
		return err
	})
	g.typed = append(g.typed, g.code)
	g.picture("sent-new-code")
	return err
}

// staff has a staff member print a test page, and then see a visitor's passport; no
// code is typed.
func (g *guide) staff() []step {
	nurse := demo.Staff[0]
	return slices.Concat(g.testPage(), g.ask(), []step{
		{"review", g.touch(visit.Review, "review.send")},
		{"sent", g.sent},
		{"ask staff", g.touch(visit.Sent, "sent.staff")},
		{"staff sign-in", g.signIn(nurse.ID, nurse.PIN)},
		{"passport", g.touch(visit.StaffCheck, "staff.saw.passport")},
		{"the ID matches", func(ctx context.Context) error {
			if err := g.await(ctx, "the choice", func(v visit.Visit) bool { return v.Staff.IDKind == visit.Passport }); err != nil {
				return err
			}
			g.picture("staff-check-passport")
			return g.tap(ctx, "staff.vouch")
		}},
		{"PIN", g.unlockPIN(pinFor(g.person))},
	}, g.paper())
}

// testPage has a staff member look after the kiosk before anybody comes.
func (g *guide) testPage() []step {
	clerk := demo.Staff[1]
	return []step{
		{"welcome", g.touch(visit.Welcome, "welcome."+g.lang)},
		{"for staff", g.touch(visit.Choosing, "choose.staff")},
		{"staff sign-in for the kiosk", g.signIn(clerk.ID, clerk.PIN)},
		{"a test page", g.touch(visit.Upkeep, "upkeep.print")},
		{"what to do with it", func(ctx context.Context) error {
			if err := g.await(ctx, "the test page", func(v visit.Visit) bool { return v.State == visit.Upkeep && v.Print.Test == fault.Printed }); err != nil {
				return err
			}
			g.picture("upkeep-printed")
			return g.tap(ctx, "upkeep.finish")
		}},
		{"wipe", g.wiped},
	}
}

// signIn enters id and PIN of a staff member.
func (g *guide) signIn(id, pin string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, "the staff sign-in", func(v visit.Visit) bool { return v.State == visit.StaffIn }); err != nil {
			return err
		}
		g.typed = append(g.typed, pin)
		if err := g.enter(ctx, id, func(v visit.Visit) bool { return v.Staff.ID == id }); err != nil {
			return err
		}
		g.picture("staff-in-id")
		if err := g.tap(ctx, "staff.pin"); err != nil {
			return err
		}
		if err := g.enter(ctx, pin, func(v visit.Visit) bool { return v.Staff.PIN == pin }); err != nil {
			return err
		}
		g.picture("staff-in-filled")
		return g.tap(ctx, "staff.next")
	}
}

// offline loses the network before the request is sent, and gets it back.
func (g *guide) offline() []step {
	return slices.Concat(g.ask(), []step{
		{"central goes away", g.cutOff},
		{"review", g.touch(visit.Review, "review.send")},
		{"saved all the same", func(ctx context.Context) error {
			return g.await(ctx, "the saved request", func(v visit.Visit) bool { return v.State == visit.Sent })
		}},
		{"on to the code", g.touch(visit.Sent, "sent.unlock")},
		{"a code that cannot be checked", func(ctx context.Context) error {
			g.code = "482913"
			return g.unlock(pinFor(g.person))(ctx)
		}},
		{"away", func(ctx context.Context) error {
			err := g.await(ctx, "the fault", func(v visit.Visit) bool {
				return v.State == visit.Unlocking && v.Fault != nil && v.Fault.Code == fault.Away
			})
			g.picture("central-away")
			return err
		}},
		{"central comes back", g.reconnect},
		{"back", func(ctx context.Context) error { return g.tap(ctx, "form.back") }},
		{"sent", g.sent},
		{"on to the code again", g.touch(visit.Sent, "sent.unlock")},
		{"code and PIN", g.unlock(pinFor(g.person))},
	}, g.paper())
}

// printerJam has the first print fail, and prints again.
func (g *guide) printerJam() []step {
	return slices.Concat(g.ask(), g.unlocked(g.person), []step{
		{"a printer about to jam", func(context.Context) error {
			g.pages.jams.Store(1)
			return nil
		}},
		{"record", g.touch(visit.Ready, "record.print")},
		{"jam", g.touch(visit.PrintFailed, "printed.again")},
		{"printed", g.isPrinted},
		{"done", g.touch(visit.Done, "done.finish")},
		{"wipe", g.wiped},
	})
}

// cutOff stops central; its port stays the kiosk's configuration.
func (g *guide) cutOff(context.Context) error {
	g.stage.Stop()
	g.stage.Stop = func() {}
	return nil
}

// reconnect serves central again where it was.
func (g *guide) reconnect(context.Context) error {
	return g.stage.Serve(g.stage.Address) //nolint:contextcheck // it serves until Stop, longer than this step
}
