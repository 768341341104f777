package access

import "time"

// How often something may happen. The store counts, for all instances of central
// together (store.Take); here are the numbers, each with its reason.
//
// Most may happen at once, and after that one at a time, as many as Most within
// each Window: a bucket that holds Most and runs empty evenly.
//
// What a limit does when it is reached is chosen so that no answer tells whether
// a record exists (promise P5). Requests are taken as ever; only what central does
// with them afterwards, out of the kiosk's sight, changes.
var (
	// PerContact is how many notices go to one phone or e-mail address. A parent
	// who asks for four children, with a new code or two, needs six to eight; more
	// than that on a stranger's phone is harassment. What is over it is not sent.
	// Pickup codes count apart from all else, which anybody can have sent to a number.
	// Nothing else changes, least of all what other contacts get.
	PerContact = Limit{"contact", 10, day}

	// PerSubject is how many requests that find one person are looked into. What was typed is
	// not counted, or whoever knows a neighbour's name and birth date could keep them from
	// their record. Each gives five guesses at a code of six digits, so somebody who never
	// stops has one chance in 110 within a year. Who has used up the tries of a request asks
	// once or twice more. What is over it ends like a request that matches nobody.
	PerSubject = Limit{"subject", 5, day}

	// KioskTurns is how many requests of one kiosk go before all others that came
	// later. Nobody fills in the form within twelve seconds. What is over it is worked on
	// as soon as nothing of another kiosk is left to do, so that however many a kiosk
	// hands in, nobody at another one waits for them.
	KioskTurns = Limit{"kiosk-turns", 300, time.Hour}

	// KioskRequests is how many requests of one kiosk are worked on: as many as
	// KioskTurns allows in the long run, 7,200 a day, and what that comes to in 33 hours
	// at once. So a kiosk that was without a network for a month can hand in all it has,
	// without having to say when each was made, which nobody could check: whoever has its
	// key would say so of anything. Its notices cost no more in a week than evenly
	// spread. What is over it waits; what would wait for more than store.MaxWait is not
	// taken, and the kiosk keeps it.
	KioskRequests = Limit{"kiosk-requests", 10_000, 10_000 * 12 * time.Second}

	// KioskWaiting is reached when so many requests of one kiosk wait, or so many bytes,
	// that no more are taken (store.MostWaiting). It is no bucket.
	KioskWaiting = Limit{"kiosk-waiting", 20_000, day}

	// KioskReports is how many amendments, problem reports and batches of counts, each
	// apart, are taken of one kiosk. It sends counts once an hour; the rest is typed
	// or picked, like requests. Over it, the kiosk keeps them and comes again; so
	// no kiosk fills the database.
	KioskReports = Limit{"kiosk-reports", 300, time.Hour}

	// KioskProofs is how many wrong proofs one kiosk may show: PINs and codes of
	// visitors, and PINs of staff. Twelve visitors an hour who use up all five
	// tries are one every five minutes. Over it, proofs at this kiosk wait.
	KioskProofs = Limit{"kiosk-proofs", 60, time.Hour}

	// KioskNumbers is how many receipts and tracking numbers that nobody has one kiosk may ask
	// for. Typing errors are caught by the check character at the kiosk, so this is guessing.
	// Over it, nothing is told about any number there.
	KioskNumbers = Limit{"kiosk-numbers", 20, time.Hour}

	// AllProofs is the breaker: how many wrong proofs all kiosks together may show.
	// A thousand people who collect within an hour, every fifth of them mistaken
	// once, are below it. Whoever guesses codes with however many kiosks needs
	// 3,300 hours for one hit on average, with the alarm in the log all the time.
	AllProofs = Limit{"all-proofs", 300, time.Hour}

	// StaffReleases, StaffReleasesDay and KioskReleases are how many records staff open
	// on a photo ID in place of the code: one staff member within an hour and a day, and
	// all of them at one kiosk. To ask, to look at an ID, to compare it and to print
	// takes a nurse four or five minutes, and most visitors have their code. Over them,
	// no record is opened that way; codes open theirs as ever. Each is an error in the
	// log: so many look like somebody with a nurse's PIN who empties the registry.
	StaffReleases    = Limit{"staff-releases", 12, time.Hour}
	StaffReleasesDay = Limit{"staff-releases-day", 40, day}
	KioskReleases    = Limit{"kiosk-releases", 20, time.Hour}

	// StaffTries is how many wrong PINs one staff id may get at all kiosks together. The
	// lock of a staff id is its kiosk's alone (store.MaxStaffFailures), and grows so that
	// one kiosk never gets to this many in a day: nobody at one screen locks a nurse
	// everywhere. Over it the id is locked at every kiosk.
	StaffTries = Limit{"staff-tries", 50, day}

	// CheckLooks is how often one code of the check page is looked at, with a right
	// birth date or a wrong one. A nurse looks once or twice; a whole school office
	// with a print in hand does not need more. Over it, the page asks to wait.
	CheckLooks = Limit{"check-looks", 20, time.Hour}

	// AddressChecks is how many of these come from one address. A school office mistypes
	// one in five; a mobile network has thousands of phones behind one address, and who
	// has a right code never waits. Counted in memory. Over it, the page asks whoever
	// comes from there with a code that opens nothing to wait.
	AddressChecks = Limit{"address-checks", 60, time.Hour}

	// AllChecks is how many wrong birth dates and unknown codes the check page takes
	// of everybody together. Codes have 80 bits and five tries each, so nobody gets
	// anywhere by guessing: this keeps it from being work for the database. With one
	// check in five mistyped, 18,000 an hour fit. Over it, the page asks everybody whose
	// code opens nothing to wait, and the log says so once.
	AllChecks = Limit{"all-checks", 3600, time.Hour}

	// AddressCodes is how many wrong codes of invitations come from one address: codes are
	// read from paper or a screen and typed once, by somebody who sets up many kiosks behind
	// one address at that. Codes have 130 bits, so this only keeps a flood from being work.
	// Counted in memory. Over it, wrong codes from there are told to wait; a right one never is.
	AddressCodes = Limit{"address-codes", 30, time.Hour}

	// InvitationTries is how many wrong proofs are compared for one invitation. No typing
	// error leads to another one's, so this is somebody who has seen its id on the way. Over
	// it, the invitation is answered like one that nobody has: a new one is needed.
	InvitationTries = Limit{"invitation-tries", 10, time.Hour}

	// KioskRenewals is how often a kiosk gets a new certificate. It asks once a day when its
	// own is about to end, and once is enough.
	KioskRenewals = Limit{"kiosk-renewals", 4, day}
)

const day = 24 * time.Hour

// Limit is one of the above.
type Limit struct {
	Name   string
	Most   int
	Window time.Duration
}

// Each is how long one use fills the bucket.
func (l Limit) Each() time.Duration { return l.Window / time.Duration(l.Most) }

// Use is one use of a limit by somebody. The zero Use has no limit.
type Use struct {
	Limit
	Key []byte // keyed hash: neither contact nor name rests in a counter
}

// Use is the use of a limit by whoever it counts for.
func (k *Keeper) Use(l Limit, who string) Use {
	if k.Unlimited {
		return Use{}
	}
	return Use{l, k.hash("limit", l.Name, who)}
}
