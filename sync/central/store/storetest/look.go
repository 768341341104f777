package storetest

import (
	"database/sql"
	"strings"
	"time"

	"vaxkiosk/sync/central/store"
)

// Request is what the database has of a request.
type Request struct {
	State, Held, Verdict string
	Sealed               bool          // what it says is there
	Secret               bool          // its PIN is there
	Wait                 time.Duration // for its turn
	Shown                time.Duration // from its arrival until a kiosk hears of the answer; 0 when it does not yet
	Tries                int           // that are spent
}

// Request looks one up.
func (d DB) Request(id string) (r Request) {
	d.t.Helper()
	db := d.open()
	defer db.Close()
	var held, verdict sql.NullString
	var wait, shown int64
	err := db.QueryRow(`SELECT state, held, verdict, envelope IS NOT NULL, pin_hash IS NOT NULL, due - made, shown - CASE WHEN shown > 0 THEN arrived ELSE 0 END, tries
		FROM requests WHERE id = $1`, id).Scan(&r.State, &held, &verdict, &r.Sealed, &r.Secret, &wait, &shown, &r.Tries)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Held, r.Verdict = held.String, verdict.String
	r.Wait, r.Shown = time.Duration(wait)*time.Second, time.Duration(shown)*time.Millisecond
	return r
}

// Count is how many rows a table has.
func (d DB) Count(table string) int { d.t.Helper(); return d.number("SELECT count(*) FROM " + table) }

// Opening is how many requests open a record.
func (d DB) Opening() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM requests WHERE person IS NOT NULL")
}

// Waiting is how many requests wait for their turn.
func (d DB) Waiting() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM requests WHERE due > made")
}

// Before is how many requests go before one, and how many with the same turn or an
// earlier one.
func (d DB) Before(id string) (before, with int) {
	d.t.Helper()
	return d.number("SELECT count(*) FROM requests WHERE turn < (SELECT turn FROM requests WHERE id = $1)", id),
		d.number("SELECT count(*) FROM requests WHERE turn <= (SELECT turn FROM requests WHERE id = $1)", id)
}

// CheckTries is how many tries of a code of the check page are spent.
func (d DB) CheckTries(code []byte) int {
	d.t.Helper()
	return d.number("SELECT tries FROM checks WHERE code = $1", code)
}

// AllCheckTries is how many are spent of all codes that somebody has.
func (d DB) AllCheckTries() int {
	d.t.Helper()
	return d.number("SELECT coalesce(sum(tries), 0) FROM checks WHERE length(code) > 0")
}

// Visits is the sum of all that is counted up to a day.
func (d DB) Visits(day string) int {
	d.t.Helper()
	return d.number("SELECT coalesce(sum(n), 0) FROM usage_days WHERE day <= $1", day)
}

// WithReceipt is how many requests have a receipt.
func (d DB) WithReceipt(receipt string) int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM requests WHERE receipt = $1", receipt)
}

// Unfinished is how many requests are not answered and how many new codes not sent.
func (d DB) Unfinished() int {
	d.t.Helper()
	return d.number("SELECT (SELECT count(*) FROM requests WHERE state <> 'answered') + (SELECT count(*) FROM reminders)")
}

// Secrets is how many requests have a PIN, a pickup code, a person or the mark of a contact.
func (d DB) Secrets() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM requests WHERE pin_hash IS NOT NULL OR code_hash IS NOT NULL OR person IS NOT NULL OR channel LIKE '% %'")
}

// KiosksWaiting is how many requests are counted as waiting, of all kiosks, with how many bytes.
func (d DB) KiosksWaiting() (n, bytes int) {
	d.t.Helper()
	return d.number("SELECT coalesce(sum(n), 0) FROM waiting"), d.number("SELECT coalesce(sum(bytes), 0) FROM waiting")
}

// Notices is how many notices of a kind are noted.
func (d DB) Notices(kind string) int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM notices WHERE kind = $1", kind)
}

// NoticeState is how far the notice with a ref is.
func (d DB) NoticeState(ref string) string {
	d.t.Helper()
	return strings.Join(d.texts("SELECT state FROM notices WHERE ref = $1", ref), " ")
}

// NoticeContacts is how many notices say whom they went to.
func (d DB) NoticeContacts() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM notices WHERE contact IS NOT NULL")
}

// Resends are the requests that wait for a new code.
func (d DB) Resends() []string {
	d.t.Helper()
	return d.texts("SELECT request FROM reminders ORDER BY request")
}

// Releases are the records that were opened: request, who vouched and by what, the kiosk,
// and when.
func (d DB) Releases() []string {
	d.t.Helper()
	return d.texts("SELECT request || ' ' || staff || ' ' || id_kind || ' ' || kiosk || ' ' || at FROM releases ORDER BY at, request")
}

// SealedAmendments is how many amendments have what they ask for.
func (d DB) SealedAmendments() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM amendments WHERE envelope IS NOT NULL")
}

// Looks are the looks at amendments of a time, in the order they were noted: what was
// done, in whose name, and by whom.
func (d DB) Looks(at time.Time) []string {
	d.t.Helper()
	return d.texts("SELECT action || ' ' || staff || ' ' || os_user FROM amendment_looks WHERE at = $1 ORDER BY rowid", at.Unix())
}

// KeyPrints are the thumbprints of keys, read as before a store is opened.
func (d DB) KeyPrints() []store.KeyPrint {
	d.t.Helper()
	if d.onServer() {
		s, err := store.OpenServer(d.t.Context(), d.at)
		if err != nil {
			d.t.Fatal(err)
		}
		defer s.Close()
		all, err := s.KeyPrints(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		return all
	}
	all, err := store.KeyPrints(d.t.Context(), d.at)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// Cut ends all other connections to a database on a server.
func (d DB) Cut() {
	d.t.Helper()
	d.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
}
