package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// Cases for review, for the staff who decide them. Whoever opens one is noted, with
// the user of this machine and the staff account they name.

func listReviews(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		list, err := o.Reviews(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "RECEIPT\tWHY\tMAY BE\tDAYS OLD\tDAYS LEFT")
		for _, r := range list {
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\n", r.Receipt, strings.Join(r.Reasons, ", "), len(r.Candidates), days(time.Since(r.Made)), days(time.Until(r.Expires)))
		}
		return w.Flush()
	})
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

func showReview(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onReview(ctx, f, args, func(o *operator.Operator, receipt string, by operator.Looker) error {
		r, err := o.OpenReview(ctx, receipt, by)
		if err != nil {
			return err
		}
		return printCase(stdout, r)
	})
}

func releaseReview(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	person := f.Int("person", 0, "`number` of the person whose record it is, as review show prints it (required)")
	return onReview(ctx, f, args, func(o *operator.Operator, receipt string, by operator.Looker) error {
		if *person == 0 {
			return fmt.Errorf("--person is missing: the number of one of those who may be meant; see vaxcentral review show %s", receipt)
		}
		if err := o.ReleaseReview(ctx, receipt, *person, by); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is released: the running service sends a pickup code to the contact on file within a minute\n", receipt)
		return nil
	})
}

func closeReview(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	return onReview(ctx, f, args, func(o *operator.Operator, receipt string, by operator.Looker) error {
		if err := o.CloseReview(ctx, receipt, by); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s is closed and what it said is erased\n", receipt)
		return nil
	})
}

// onReview runs f on the case that the first argument names.
func onReview(ctx context.Context, f *flag.FlagSet, args []string, run func(*operator.Operator, string, operator.Looker) error) error {
	typed, args := firstArgument(args)
	dir, staff := lookerFlags(f)
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	receipt, ok := request.ParseReceipt(typed)
	if !ok {
		return fmt.Errorf("first give the receipt number of a case for review: %s 7KQ2-M4V0 …; see vaxcentral review list", f.Name())
	}
	err := withOperator(ctx, *dir, func(o *operator.Operator) error {
		return run(o, receipt, operator.Looker{Staff: *staff, OSUser: osUser()})
	})
	switch {
	case errors.Is(err, store.ErrStaffUnknown):
		return fmt.Errorf("nobody has the id %q: see vaxcentral staff list", *staff)
	case errors.Is(err, store.ErrUnknown):
		return fmt.Errorf("no case for review has the receipt %s: see vaxcentral review list", receipt)
	case errors.Is(err, store.ErrNoCandidate):
		return fmt.Errorf("that person is none of those who may be meant by %s: see vaxcentral review show %s", receipt, receipt)
	case errors.Is(err, store.ErrOver):
		return fmt.Errorf("all tries of %s are used up, so a code would open nothing: close it and ask for a new request", receipt)
	}
	return err
}

// printCase prints what was asked for, and then those who may be meant.
func printCase(out io.Writer, r operator.Case) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value = strings.TrimSpace(value); value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, printable(value))
		}
	}
	a := r.Asked
	line("receipt", r.Receipt)
	line("asked", r.Made.Local().Format(time.DateTime))
	for _, reason := range r.Reasons {
		line("why", strings.TrimSuffix(reason+": "+whyReview[match.Reason(reason)], ": "))
	}
	line("for", string(a.Relation))
	line("name", words(a.Given, a.Middle, a.Family, a.Suffix))
	line("other name used", words(a.Other.Given, a.Other.Family))
	line("asked by", words(a.Asker.Given, a.Asker.Family))
	line("born", day(a.Birth))
	line("gender", string(a.Gender))
	line("phone", a.Phone)
	line("e-mail", a.Email)
	for _, p := range r.MayBe {
		fmt.Fprintln(w, "\t")
		printMayBe(line, p)
	}
	return w.Flush()
}

// printMayBe prints one of those who may be meant.
func printMayBe(line func(name, value string), p registry.Person) {
	line("may be person", fmt.Sprint(p.Number))
	if p.Restricted {
		line("note", string(match.Restricted))
	}
	if p.Deceased {
		line("note", string(match.Deceased))
	}
	line("name", p.Given+" "+p.Family)
	for _, other := range p.Also {
		line("other name on file", other.Given+" "+other.Family)
	}
	line("born", day(p.Birth))
	line("gender", string(p.Gender))
	for _, c := range append([]registry.Contact{{Phone: p.Phone}, {Email: p.Email}}, p.More...) {
		of := ""
		if c.Guardian {
			of = " of a parent"
		}
		line("phone"+of, c.Phone)
		line("e-mail"+of, c.Email)
	}
}

// whyReview is what the reasons mean for whoever decides a case. README.md has more on each.
var whyReview = map[match.Reason]string{
	match.GivenDiffers:   "all but the first name agrees; it may be a brother, a sister or a twin",
	match.MiddleDiffers:  "all but the middle name agrees; it may be a twin",
	match.FamilyDiffers:  "all but the last name agrees",
	match.SuffixDiffers:  "all but the suffix agrees; it may be father or son",
	match.GenderDiffers:  "a name agrees but for a typing error, and the gender is another",
	match.BirthDiffers:   "all but the birth date agrees",
	match.ContactDiffers: "all but the contact agrees, or it is a parent's and counts for a minor's parent only; nobody can be released",
	match.SeveralAgree:   "more than one person agrees",
	match.FormerName:     "somebody had this name and has another one now; ask them to ask again and give the name of today as well",
	match.Restricted:     "all agrees, and the record or a dose on it is restricted",
	match.Deceased:       "all agrees, and the person has died; the request says that it is for their own record",
}

// words puts a space between those that there are.
func words(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }
