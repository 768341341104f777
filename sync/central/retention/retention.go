// Package retention is the table of what central keeps, where, for how long, by which rule, and
// what erases it. Whoever erases takes its times from here.
//
// Table is the whole of it. What has a Name can be set by a department, above its floor: Set
// reads one such time as an operator writes it, "400d" or "7y", and refuses what is shorter than
// a law wants it. The time of the table holds where nothing is set.
//
// It refuses to know what is legal elsewhere: a floor stands with its source, and where none is
// known it is zero and says so. It erases nothing itself.
package retention

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/request"
)

const (
	day  = 24 * time.Hour
	year = 366 * day // so that none is too short
)

// The times of what is not for a department to set, and those that hold where nothing is.
const (
	Tokens      = 7 * day   // after a token's end
	Amendments  = 180 * day // content of a correction that nobody closes
	Checks      = 400 * day // code of a print: a school year, and the summer before
	Diagnostics = 30 * day
	Returns     = 14 * day // whom a notice went to: what comes back does so by then
	Dead        = 30 * day // a mailbox that there is not may be there again
	Requests    = 90 * day // what is left of a request or correction after its end
	Problems    = 180 * day
	Counts      = 400 * day // until the same month has come again
	Audit       = 6 * year
)

// Name is a row of the table that can be set, and the key of it in [retention].
type Name string

// What can be set.
const (
	OfRequests Name = "requests"
	OfProblems Name = "problems"
	OfCounts   Name = "counts"
	OfAudit    Name = "audit"
)

// Rule is one row of the table.
type Rule struct {
	Name   Name          // "" when it is not for a department to set
	Key    string        // tells the row from others
	What   string        // is kept
	Where  string        // table or file
	Time   time.Duration // that holds where nothing is set; 0: until what Until says
	Until  string        // from when the time runs, or until when it is kept
	Floor  time.Duration // not shorter than
	Source string        // of it, and of the floor
	By     string        // what erases it
}

const (
	hourly = "the service, every hour"
	noLaw  = "none known: as long as needed (the portal's privacy policy)"
)

// Table is the table.
func Table() []Rule { return slices.Clone(table) }

var table = []Rule{
	{Key: "secrets", What: "a request: what was sealed, hashes of PIN and code, whose record it opens", Where: "requests", Time: request.Life, Until: "from its arrival; what was sealed only until it is answered", Source: "what visitors are told: a receipt is good for seven days", By: hourly},
	{Name: OfRequests, Key: "requests", What: "what is left of a request: receipt, times, verdict; of a correction: number, kind", Where: "requests, amendments", Time: Requests, Until: "after its end", Source: noLaw, By: hourly},
	{Key: "tokens", What: "what a right PIN and code opened, at one kiosk", Where: "tokens", Time: Tokens, Until: "after its five minutes", Source: "a correction may come so much later from a kiosk without a network", By: hourly},
	{Key: "amendments", What: "what a correction says, sealed", Where: "amendments", Time: Amendments, Until: "from its arrival, or until it is closed", Source: noLaw, By: hourly},
	{Key: "checks", What: "code of a print, hashes of birth date and doses", Where: "checks", Time: Checks, Until: "from the print", Source: "it stands on the paper", By: hourly},
	{Name: OfProblems, Key: "problems", What: "a technical problem that a visitor picked from a list", Where: "problems", Time: Problems, Until: "from its arrival", Source: noLaw, By: hourly},
	{Name: OfCounts, Key: "counts", What: "counts that are published; they point to nobody", Where: "usage_batches, usage_published", Time: Counts, Until: "from their day", Source: noLaw, By: hourly},
	{Key: "diagnostics", What: "what a kiosk said of itself", Where: "diagnostics", Time: Diagnostics, Until: "from then, or until it is revoked", Source: noLaw, By: "the next diagnostics"},
	{Name: OfAudit, Key: "audit", What: "who did what, when, with whose data (by number)", Where: "audit", Time: Audit, Until: "from the act", Floor: Audit, Source: "six years: 45 CFR 164.316(b)(2)(i); every access is to be on record: M.G.L. c. 66A § 2(f)", By: hourly + ", behind a signed head"},
	{Key: "lists", What: "the same by kind, for lists: prints, notices, vouched releases, looks, acts by hand", Where: "prints, notices, releases, review_looks, amendment_looks, acts", Time: Audit, Until: "from the act, as long as the audit", Floor: Audit, Source: "as the audit", By: hourly},
	{Key: "returns", What: "keyed hash of whom a notice went to", Where: "notices", Time: Returns, Until: "from its last try", Source: "what comes back does so by then", By: hourly},
	{Key: "dead", What: "keyed hash of a contact that there is not", Where: "refused", Time: Dead, Until: "from when it came back", Source: noLaw, By: hourly},
	{Key: "stopped", What: "keyed hash of a contact that wants no messages", Where: "refused", Until: "until it wants some again", Source: "whoever says STOP gets nothing", By: "START, or notice start"},
	{Key: "people", What: "people, doses, forecasts", Where: "people, doses, contacts, recommendations", Until: "until their source or people remove says so", Source: "the registry's own: M.G.L. c. 111 § 24M, 105 CMR 222", By: "people import, people remove"},
	{Key: "kiosks", What: "kiosks, and what was done to them", Where: "kiosks, kiosk_changes", Until: "without end: a name is one place's", Source: noLaw, By: "nothing"},
	{Key: "staff", What: "staff accounts", Where: "staff", Until: "until staff remove", Source: noLaw, By: "staff remove"},
	{Key: "notices", What: "messages that wait for the gateway", Where: "notices/", Until: "until it takes them", Source: noLaw, By: "the gateway"},
	{Key: "heads", What: "signed heads of the audit; they are about nobody", Where: "the folder of --audit-dir", Until: "without end", Source: "as the audit", By: "nothing"},
	{Key: "copies", What: "back-ups, and a server's archive", Where: "where you put them", Until: "as you say: what was erased is in them until they are deleted", Source: "no longer than the longest of the above", By: "you"},
}

// Periods are the times of what can be set. The zero Periods are the defaults.
type Periods map[Name]time.Duration

// Of is the time of one.
func (p Periods) Of(n Name) time.Duration {
	if set, is := p[n]; is {
		return set
	}
	return rule(n).Time
}

func rule(n Name) Rule {
	i := slices.IndexFunc(table, func(r Rule) bool { return r.Name == n && n != "" })
	if i < 0 {
		return Rule{}
	}
	return table[i]
}

// Names are what can be set.
func Names() (all []string) {
	for _, r := range table {
		if r.Name != "" {
			all = append(all, string(r.Name))
		}
	}
	return all
}

// With are the times with others over them.
func (p Periods) With(over Periods) Periods {
	all := Periods{}
	maps.Copy(all, p)
	maps.Copy(all, over)
	return all
}

// Set sets one time as an operator writes it: NAME and a number of days or years, "400d" or "7y".
func (p Periods) Set(name, text string) error {
	r := rule(Name(name))
	if r.Key == "" {
		return fmt.Errorf("%q is nothing whose time can be set: it is one of %s", name, strings.Join(Names(), ", "))
	}
	unit := map[byte]time.Duration{'d': day, 'y': year}
	var n int
	var err error
	if len(text) > 1 {
		n, err = strconv.Atoi(text[:len(text)-1])
	}
	if err != nil || n < 1 || n > 100_000 || unit[text[len(text)-1]] == 0 {
		return fmt.Errorf("the time of %s is a number of days or years, like 400d or 7y", name)
	}
	is := time.Duration(n) * unit[text[len(text)-1]]
	if is < r.Floor {
		return fmt.Errorf("%s must be kept for %s at least (%s)", name, Text(r.Floor), r.Source)
	}
	p[Name(name)] = is
	return nil
}

// Text is a time as Set reads it.
func Text(d time.Duration) string {
	if d >= 366*day && d%(366*day) == 0 {
		return fmt.Sprintf("%dy", d/(366*day))
	}
	return fmt.Sprintf("%dd", d/day)
}
