package tour

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/paper"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/central"
)

// Tours with numbers to keep: slips, corrections and how far they are; and help.

// slip prints the number on the screen.
func (g *guide) slip(s visit.State) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.touch(s, "slip.print")(ctx); err != nil {
			return err
		}
		err := g.await(ctx, "the slip", func(v visit.Visit) bool { return v.State == s && v.Print.Slip == fault.Printed })
		g.picture(s.String() + "-slip")
		return err
	}
}

// scan reads the code of the last slip and types it as a scanner does, Enter at
// the end; wanted is what must be in the code.
func (g *guide) scan(s visit.State, wanted func() string) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, s.String(), func(v visit.Visit) bool { return v.State == s }); err != nil {
			return err
		}
		slips := g.pages.slips
		if len(slips) == 0 {
			return errors.New("no slip was printed")
		}
		number, err := paper.Number(slips[len(slips)-1].PDF)
		if err != nil || number != wanted() {
			return errors.Join(errors.New("the slip has another number than the screen"), err)
		}
		if err := g.wedge(number, false); err != nil {
			return err
		}
		if err := g.await(ctx, "what was scanned", func(v visit.Visit) bool { return v.State == s && v.Track.Typed == number }); err != nil {
			return err
		}
		g.picture(s.String() + "-scanned")
		return g.wedge("", true)
	}
}

// correction says from the open record that the date of a dose is wrong, and
// prints the record all the same.
func (g *guide) correction() []step {
	return slices.Concat(g.ask(), g.unlocked(g.person), []step{
		{"something is wrong", g.touch(visit.Ready, "record.correct")},
		{"a dose", g.touch(visit.Amending, "fix.wrong-dose")},
		{"which dose", g.pick(request.AskDose, "dose.1", func(v visit.Visit) bool { return v.Form.Draft.Fix.Dose == 1 })},
		{"what is wrong", g.pick(request.AskWrong, "wrong.day", func(v visit.Visit) bool { return v.Form.Draft.Fix.Wrong == request.WrongDay })},
		{"the right date", g.date(request.AskRightDay, request.Date{Year: 2015, Month: 12, Day: 27}, func(d request.Draft) request.Date { return d.Fix.RightDay })},
		{"review", g.touch(visit.Review, "review.send")},
		{"tracking number", g.corrected(true)},
		{"slip", g.slip(visit.Amended)},
		{"back to the record", g.touch(visit.Amended, "corrected.back")},
	}, g.paper())
}

// correctionMenu says from the start that a dose is missing, and comes back with
// the tracking number after staff has opened the correction.
func (g *guide) correctionMenu() []step {
	p := g.person
	vaccine := blank{"form.vaccine", "Japanese encephalitis", func(d request.Draft) string { return d.Fix.Vaccine }}
	place := blank{"form.place", "Okinawa Harbor Clinic", func(d request.Draft) string { return d.Fix.Place }}
	start := []step{
		{"welcome", g.touch(visit.Welcome, "welcome."+g.lang)},
		{"choosing", g.touch(visit.Choosing, "choose.correct")},
		{"consent", g.touch(visit.Consent, "consent.agree")},
	}
	return slices.Concat(start, []step{
		{"a dose is missing", g.touch(visit.Amending, "fix.missing-dose")},
		{"name", g.fill(request.AskName, nameOf(p)...)},
		{"birth date", g.date(request.AskBirth, p.Birth, func(d request.Draft) request.Date { return d.Birth })},
		{"which vaccine", g.fill(request.AskVaccine, vaccine, place)},
		{"when", g.date(request.AskDay, request.Date{Year: 2014, Month: 8, Day: 19}, func(d request.Draft) request.Date { return d.Fix.Day })},
		{"contact", g.contact(p)},
		{"contact", g.next(request.AskContact)},
		{"review", g.touch(visit.Review, "review.send")},
		{"tracking number", g.corrected(false)},
		{"slip", g.slip(visit.Amended)},
		{"finish", g.touch(visit.Amended, "corrected.finish")},
		{"wipe", g.wiped},
		{"staff opens it", g.looked},
	}, start, []step{
		{"a number", g.touch(visit.Amending, "correcting.look-up")},
		{"scan", g.scan(visit.Tracking, func() string { return g.tracking })},
		{"how far", func(ctx context.Context) error {
			return g.await(ctx, "how far it is", func(v visit.Visit) bool { return v.State == visit.Tracking && v.Track.Progress == visit.InReview })
		}},
		{"finish", g.touch(visit.Tracking, "progress.finish")},
		{"wipe", g.wiped},
	})
}

// corrected waits for the tracking number and until central has the correction:
// verified and with the visitor when it was asked for from the open record.
func (g *guide) corrected(known bool) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := g.await(ctx, "the tracking number", func(v visit.Visit) bool { return v.State == visit.Amended }); err != nil {
			return err
		}
		g.tracking = g.now().Track.Number
		want := 0
		if known {
			want = g.person.Number
		}
		return g.until(ctx, func() error {
			all, err := g.stage.Central.Amendments(ctx, false)
			if err != nil || len(all) != 1 {
				return errors.Join(fmt.Errorf("central has %d corrections", len(all)), err)
			}
			if a := all[0]; a.Ref != g.tracking || a.Verified != known || a.Person != want {
				return errors.New("central has the correction of somebody else")
			}
			return nil
		})
	}
}

// looked has a staff member open the correction at central.
func (g *guide) looked(ctx context.Context) error {
	_, c, err := g.stage.Central.OpenAmendment(ctx, g.tracking, central.Looker{Staff: demo.Staff[0].ID})
	if err == nil && c.Family != g.person.Family {
		err = errors.New("central reads another name than was typed")
	}
	return err
}

// helpWords is what the visitor of a tour looks for in help, by language.
var helpWords = map[string]string{"en": "pharmacy", "es": "farmacia"}

// help looks for an answer, reports a problem, and gets help on a screen.
func (g *guide) help() []step {
	return []step{
		{"welcome", g.touch(visit.Welcome, "welcome."+g.lang)},
		{"choosing", g.touch(visit.Choosing, "choose.help")},
		{"search", g.search(helpWords[g.lang])},
		{"found", g.touch(visit.Helping, "help.pharmacy")},
		{"read", g.topic("pharmacy", "form.back")},
		{"all questions", g.topic("", "helping.all")},
		{"report", g.touch(visit.Helping, "help."+visit.ReportTopic)},
		{"the touch screen", g.topic(visit.ReportTopic, "report.touch")},
		{"thanks", g.reported},
		{"back to the questions", g.touch(visit.Helping, "form.back")},
		{"back to the start", g.topic("", "form.back")},
		{"choosing again", g.touch(visit.Choosing, "choose.ask")},
		{"help with privacy", g.touch(visit.Consent, "top.help")},
		{"who sees it", g.touch(visit.Helping, "help.who-sees")},
		{"read that too", g.topic("who-sees", "form.back")},
		{"back to consent", g.topic("", "form.back")},
		{"back", g.touch(visit.Consent, "form.back")},
		{"start over", g.touch(visit.Choosing, "form.back")},
		{"wipe", g.wiped},
	}
}

// topic waits for a topic, "" for the list, and touches something.
func (g *guide) topic(topic, tag string) func(context.Context) error {
	return func(ctx context.Context) error {
		err := g.await(ctx, "help", func(v visit.Visit) bool { return v.State == visit.Helping && v.Help.Topic == topic })
		if err != nil {
			return err
		}
		return g.tap(ctx, tag)
	}
}

// search types what is looked for.
func (g *guide) search(words string) func(context.Context) error {
	return func(ctx context.Context) error {
		g.typed = append(g.typed, words)
		if err := g.topic("", "helping.search")(ctx); err != nil {
			return err
		}
		err := g.enter(ctx, words, func(v visit.Visit) bool { return strings.EqualFold(v.Help.Query, words) })
		g.picture("helping-searched")
		return err
	}
}

// reported waits until the report is told as kept, and until central has it.
func (g *guide) reported(ctx context.Context) error {
	err := g.await(ctx, "the report", func(v visit.Visit) bool { return v.State == visit.Helping && v.Help.Reported })
	if err != nil {
		return err
	}
	g.picture("helping-reported")
	return g.until(ctx, func() error {
		all, err := g.stage.Central.Problems(ctx)
		if err != nil || len(all) != 1 || all[0].Kind != "touch" {
			return errors.Join(fmt.Errorf("central has %d reports", len(all)), err)
		}
		return nil
	})
}
