package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"vaxkiosk/app/names"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
)

// Which health cards still stand. Whoever is given cards gets one revocation id
// for each signing key: 64 random bits, made up when they are needed, so that
// they say nothing of the person and cards of two keys are not linked by them.
// Somebody who never got a card has none and is on no list.
//
// Cards are superseded, by their id and a date, when they no longer say what the
// registry says of the time before them: the name or birth date has changed, a
// dose on them is gone or is another, or a dose was added that had been given
// before the day of the newest card. A dose given since takes nothing away from a
// card, and neither does one that comes again as it was. A dose that no longer fits a
// card (record.Dose.FitsCard) is gone from it, and one that fits it now is added.
//
// Prints have more than their cards: for codes of the check page (checks.go) all doses
// are compared, with everything that is said of them.
//
// Cards are withdrawn, by their id alone, when the person is removed, when the
// number is somebody else's (somebodyElse), or when an operator says so. Later cards
// get another id.
//
// All of it happens in the transaction that changes the person. The date of a
// superseded card is before the one on the list, that of the next card after it,
// so nobody's clock and no reading of "before" matters.

// Card is how the cards of one person and key are marked.
type Card struct {
	RID string
	At  time.Time // date of issue
}

// aheadOfList is how far into the future a card may be dated to be after its entry
// on the list. Only a clock that was ahead asks for more; then there is another id.
const aheadOfList = 30 * time.Second

// TakeRecord returns the person of a token, and how to mark the cards that are to be
// made of it; false when it opens nobody's record any more. That cards were made, and
// the code of the check page, is on the disk then, so that a change from now on
// supersedes them.
func (s *Store) TakeRecord(ctx context.Context, t Token, kid string, check NewCheck, now time.Time) (p registry.Person, c Card, ok bool, err error) {
	id := make([]byte, 8)
	rand.Read(id) // never fails (crypto/rand)
	err = s.act(ctx, func(tx *transaction) error {
		p, c, ok = registry.Person{}, Card{}, false
		var number int // 0 once it was taken back
		err := tx.QueryRowContext(ctx, `SELECT coalesce(max(person), 0) FROM tokens WHERE hash = ? AND person = ?`, t.Hash, t.Person).Scan(&number)
		if err == nil {
			p, ok, err = person(ctx, tx, number)
		}
		if err != nil || !ok {
			return err
		}
		number, c.At = p.Number, now
		if err := tx.audit(ctx, audit.Row{At: now, Kind: audit.Fetched, Request: t.Request, Person: number}); err != nil {
			return err
		}
		if len(onCards(p)) == 0 {
			return addCheck(ctx, tx, check, p, c.At)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE cards SET person = NULL WHERE person = ? AND kid = ? AND revoked > ?`,
			number, kid, now.Add(aheadOfList).Unix()); err != nil {
			return err
		}
		var at int64
		err = tx.QueryRowContext(ctx, `INSERT INTO cards (kid, rid, person, issued) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (person, kid) WHERE person IS NOT NULL DO UPDATE SET issued =
				CASE WHEN cards.issued >= ?4 AND cards.issued > coalesce(cards.revoked, -1) THEN cards.issued WHEN ?4 > coalesce(cards.revoked, -1) THEN ?4 ELSE cards.revoked + 1 END
			RETURNING rid, CASE WHEN ?4 > coalesce(revoked, -1) THEN ?4 ELSE revoked + 1 END`, kid, base64.RawURLEncoding.EncodeToString(id), number, now.Unix()).Scan(&c.RID, &at)
		if c.At = time.Unix(at, 0); err == nil {
			err = addCheck(ctx, tx, check, p, c.At)
		}
		return err
	})
	return p, c, ok, err
}

// onCards is what cards say of somebody's doses, with how often.
func onCards(p registry.Person) map[record.CardDose]int {
	all := map[record.CardDose]int{}
	for _, d := range p.Doses {
		if d.FitsCard() {
			all[d.OnCard()]++
		}
	}
	return all
}

// onPrints is what prints say of the doses, with how often: all that is on file.
func onPrints(p registry.Person) map[record.Dose]int {
	all := map[record.Dose]int{}
	for _, d := range p.Doses {
		all[d]++
	}
	return all
}

// touch remembers somebody who was given a record, before a row of theirs changes.
func (w *writer) touch(number int) error {
	if !w.anyCards || w.touched[number] {
		return nil
	}
	w.touched[number] = true
	var root int
	var has bool
	_, err := w.one(`SELECT q.r, EXISTS (SELECT 1 FROM cards WHERE person = q.r) OR EXISTS (SELECT 1 FROM checks WHERE person = q.r)
		FROM (SELECT coalesce(root, number) AS r FROM people WHERE number = ?) AS q`, []any{number}, &root, &has)
	if _, done := w.before[root]; done || err != nil || !has {
		return err
	}
	p, _, err := person(w.ctx, w.tx, root)
	w.before[root] = p
	return err
}

// revoke revokes the cards of those who were touched and say something else now.
func (w *writer) revoke() error {
	r := revoker{ctx: w.ctx, tx: w.tx, lists: map[string]bool{}}
	for number, before := range w.before {
		now, there, err := person(w.ctx, w.tx, number)
		if err != nil {
			return err
		}
		switch {
		case !there || w.parted[number] || somebodyElse(before, now):
			err = r.withdraw(number)
		case now.Given != before.Given || now.Family != before.Family || now.Birth != before.Birth:
			err = errors.Join(r.supersedeChecks(number, ""), r.supersedeCards(number, ""))
		default:
			err = errors.Join(r.supersedeByPrints(number, before, now), r.supersedeByCards(number, before, now))
		}
		if err == nil && there && now.Number != number {
			err = r.move(number, now.Number)
		}
		if err != nil {
			return err
		}
	}
	return r.count()
}

// somebodyElse reports whether a number has got another person: of given name, family
// name and birth date at most one has stayed. A correction changes one; upper and
// lower case make nobody another, and neither does a name that is on file of both as an
// earlier one. While the birth date stays, a middle name, a suffix or an accent may come and go.
func somebodyElse(before, now registry.Person) bool {
	given, family := shared(before, now, givenName), shared(before, now, familyName)
	if now.Birth != before.Birth {
		return !given || !family
	}
	return !given && !family && !shared(before, now, firstWord) && !shared(before, now, withoutSuffix)
}

func givenName(n request.Name) string { return n.Given }

func familyName(n request.Name) string { return n.Family }

func firstWord(n request.Name) string {
	if words, _ := names.Given(names.Words(n.Given)); len(words) > 0 {
		return words[0]
	}
	return n.Given
}

func withoutSuffix(n request.Name) string {
	if words, _ := names.Family(names.Words(n.Family)); len(words) > 0 {
		return strings.Join(words, " ")
	}
	return n.Family
}

// shared reports whether two people have a part of a name in common, of today or of before.
func shared(a, b registry.Person, part func(request.Name) string) bool {
	for _, x := range append([]request.Name{{Given: a.Given, Family: a.Family}}, a.Also...) {
		for _, y := range append([]request.Name{{Given: b.Given, Family: b.Family}}, b.Also...) {
			if strings.EqualFold(part(x), part(y)) {
				return true
			}
		}
	}
	return false
}

// revoker puts cards on the lists of one transaction.
type revoker struct {
	ctx   context.Context
	tx    *transaction
	lists map[string]bool // keys whose lists have changed
}

func (r *revoker) supersedeByPrints(number int, before, now registry.Person) error {
	if day, differ := changed(onPrints(before), onPrints(now), func(d record.Dose) string { return d.Date }); differ {
		return r.supersedeChecks(number, day)
	}
	return nil
}

func (r *revoker) supersedeByCards(number int, before, now registry.Person) error {
	if day, differ := changed(onCards(before), onCards(now), func(d record.CardDose) string { return d.Date }); differ {
		return r.supersedeCards(number, day)
	}
	return nil
}

// changed reports whether what is said of doses has changed, and since when that
// matters: since the earliest day of a dose that was added, or "" for always when
// something that was said holds no longer.
func changed[D comparable](old, all map[D]int, day func(D) string) (since string, differ bool) {
	for d, n := range old {
		if n > all[d] {
			return "", true
		}
	}
	for d, n := range all {
		if n > old[d] && (since == "" || day(d) < since) {
			since = day(d)
		}
	}
	return since, since != ""
}

// supersedeCards revokes the cards so far, with a day only those issued after it,
// wherever the day ends last: doses have the date of their place, cards have UTC.
func (r *revoker) supersedeCards(number int, since string) error {
	return r.change(`UPDATE cards SET revoked = issued + 1
		WHERE person = ? AND coalesce(revoked, 0) <= issued AND issued >= ? RETURNING kid`, number, endOf(since))
}

// endOf is when a day ends last, anywhere, in seconds since 1970: what is dated from then on is
// of a later one. "" is before all days.
func endOf(day string) int64 {
	const early, late = -719_162, 2_932_896 // the years 1 and 9999
	next := early + sort.Search(late-early, func(n int) bool {
		return time.Unix(int64(early+n)*86400, 0).UTC().Format(time.DateOnly) > day
	})
	return int64(next)*86400 + 12*3600
}

// withdraw revokes all cards permanently.
func (r *revoker) withdraw(number int) error {
	return errors.Join(r.withdrawChecks(number), r.change(`UPDATE cards SET revoked = 0, person = NULL WHERE person = ? RETURNING kid`, number))
}

// move hands what somebody was given over to who they are now, so that later changes
// reach it. Of two ids for one key the one that goes is superseded.
func (r *revoker) move(number, to int) error {
	_, err := r.tx.ExecContext(r.ctx, `UPDATE checks SET person = ? WHERE person = ?`, to, number)
	if err == nil {
		err = r.change(`UPDATE cards SET revoked = CASE WHEN coalesce(revoked, 0) <= issued THEN issued + 1 ELSE revoked END, person = NULL
			WHERE person = ?1 AND kid IN (SELECT kid FROM cards WHERE person = ?2) RETURNING kid`, number, to)
	}
	if err == nil {
		_, err = r.tx.ExecContext(r.ctx, `UPDATE cards SET person = ? WHERE person = ?`, to, number)
	}
	return err
}

func (r *revoker) change(q string, args ...any) error {
	return each(r.ctx, r.tx, func(row scanner) error {
		var kid string
		err := row.Scan(&kid)
		r.lists[kid] = true
		return err
	}, q, args...)
}

// count counts the change of each list. It counts on from the time, so that after an
// older backup the count is above what verifiers have kept of the list.
func (r *revoker) count() error {
	for kid := range r.lists {
		_, err := r.tx.ExecContext(r.ctx, `INSERT INTO card_lists (kid, ctr) VALUES (?1, ?2)
			ON CONFLICT (kid) DO UPDATE SET ctr = CASE WHEN card_lists.ctr >= ?2 THEN card_lists.ctr + 1 ELSE ?2 END`, kid, max(2, time.Now().Unix()))
		if err != nil {
			return err
		}
	}
	return nil
}

// WithdrawCards withdraws all cards that somebody was given, by whichever of their
// numbers. The record stays.
func (s *Store) WithdrawCards(ctx context.Context, number int) error {
	return s.act(ctx, func(tx *transaction) error {
		var root int
		err := tx.QueryRowContext(ctx, `SELECT coalesce(max(root), ?1) FROM people WHERE number = ?1`, number).Scan(&root)
		r := revoker{ctx: ctx, tx: tx, lists: map[string]bool{}}
		err = errors.Join(err, r.withdraw(root), r.count())
		if err != nil {
			return err
		}
		return tx.audit(ctx, audit.Row{Kind: audit.CardsOut, Person: root})
	})
}

// RevocationList is the list of a key, as the SMART Health Cards Framework has it.
type RevocationList struct {
	Count int      // grows with each change; 1 before the first
	RIDs  []string // of revoked cards: all with the id, or those dated before ".SECONDS"
}

// Revoked returns the list of a key.
func (s *Store) Revoked(ctx context.Context, kid string) (l RevocationList, err error) {
	l.RIDs = []string{}
	err = each(ctx, s.db, func(row scanner) error {
		var rid string
		var before int64
		if err := row.Scan(&l.Count, &rid, &before); err != nil || rid == "" {
			return err
		}
		if before != 0 {
			rid = fmt.Sprintf("%s.%d", rid, before)
		}
		l.RIDs = append(l.RIDs, rid)
		return nil
		// One statement, so that count and ids belong together.
	}, `SELECT l.ctr, coalesce(c.rid, ''), coalesce(c.revoked, 0)
		FROM (SELECT coalesce(max(ctr), 1) AS ctr FROM card_lists WHERE kid = ?1) AS l
		LEFT JOIN cards AS c ON c.kid = ?1 AND c.revoked IS NOT NULL ORDER BY c.rid`, kid)
	return l, err
}

// RevocationCounts returns the count of each key's list; a key that
// is not there has the count 1.
func (s *Store) RevocationCounts(ctx context.Context) (map[string]int, error) {
	all := map[string]int{}
	err := each(ctx, s.db, func(row scanner) error {
		var kid string
		var n int
		err := row.Scan(&kid, &n)
		all[kid] = n
		return err
	}, `SELECT kid, ctr FROM card_lists`)
	return all, err
}

// CardKeys returns the ids of all keys that cards were handed out of.
func (s *Store) CardKeys(ctx context.Context) (kids []string, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var kid string
		err := row.Scan(&kid)
		kids = append(kids, kid)
		return err
	}, `SELECT DISTINCT kid FROM cards`)
	return kids, err
}
