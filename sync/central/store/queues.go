package store

import (
	"context"
	"database/sql"
	"time"
)

// What those who watch the service have to know of the database.

// Queues are what waits. A time is zero when nothing does.
type Queues struct {
	Waiting       int       // requests that are due and not answered
	Oldest        time.Time // since when the oldest of them is due
	Failing       int       // requests whose notice could not be handed over last time
	OldestFailing time.Time // when the oldest of these was made
	Dead          int       // notices that did not go out and are not tried any more (Letters)
	Held          int       // requests that this program cannot read
	OldestReview  time.Time // when the oldest case for review was made that nobody has decided
	Corrections   int       // that are not closed
	OldestOpen    time.Time // when the oldest of these was made
	Imported      time.Time // when an import was finished last
}

// Queues looks at all of them.
func (s *Store) Queues(ctx context.Context, now time.Time) (q Queues, err error) {
	for _, one := range []struct {
		query string
		n     *int
		at    *time.Time
	}{
		{`SELECT count(*), coalesce(min(CASE WHEN due > made THEN due ELSE made END), 0) FROM requests
			WHERE state IN ('received', 'processing') AND held = '' AND due <= ?1 AND expires > ?1`, &q.Waiting, &q.Oldest},
		{`SELECT count(*), coalesce(min(made), 0) FROM requests
			WHERE state IN ('received', 'processing') AND held = '' AND failures > 0 AND expires > ?1`, &q.Failing, &q.OldestFailing},
		{`SELECT count(*), coalesce(min(n.since), 0) FROM notices n JOIN requests q ON q.id = n.request
			WHERE n.settled = 0 AND n.state IN ('waiting', 'failed', 'unknown') AND n.state <> 'waiting' AND q.expires > ?1`, &q.Dead, new(time.Time)},
		{`SELECT count(*), coalesce(min(made), 0) FROM requests WHERE held <> '' AND expires > ?1`, &q.Held, new(time.Time)},
		{`SELECT count(*), coalesce(min(made), 0) FROM requests WHERE verdict = 'review' AND envelope IS NOT NULL AND chosen IS NULL AND expires > ?1`, new(int), &q.OldestReview},
		{`SELECT count(*), coalesce(min(made), 0) FROM amendments WHERE state <> 'closed' AND expires > ?1`, &q.Corrections, &q.OldestOpen},
		{`SELECT count(*), coalesce(max(finished), 0) FROM imports WHERE finished BETWEEN 1 AND ?1`, new(int), &q.Imported},
	} {
		var at int64
		if err := s.db.QueryRowContext(ctx, one.query, now.Unix()).Scan(one.n, &at); err != nil {
			return q, err
		}
		if at != 0 {
			*one.at = time.Unix(at, 0)
		}
	}
	return q, nil
}

// Volume is how much was asked for at a kiosk.
type Volume struct {
	Kiosk    string // its name; its id when it has none any more
	Hour     int    // requests of the last hour
	Day      int    // of the last 24
	Answered int    // of those of the last 24
	Nobody   int    // of those, how many found nobody
	Spent    int    // of those of the last 24, how many have no tries left
	Before   int    // in VolumeDays before those
	Days     int    // of them, on how many there was one at least
}

// VolumeDays are the days that one is compared with.
const VolumeDays = 14

// Volumes are those of all kiosks with requests in the last days.
func (s *Store) Volumes(ctx context.Context, now time.Time, life time.Duration) (all []Volume, err error) {
	day := now.Add(-24 * time.Hour)
	err = each(ctx, s.db, func(row scanner) error {
		var v Volume
		err := row.Scan(&v.Kiosk, &v.Hour, &v.Day, &v.Answered, &v.Nobody, &v.Spent, &v.Before, &v.Days)
		all = append(all, v)
		return err
	}, `SELECT coalesce(k.name, q.kiosk), q.hour, q.day, q.answered, q.nobody, q.spent, q.earlier, q.days FROM (
			SELECT kiosk, sum(CASE WHEN made > ?2 THEN 1 ELSE 0 END) AS hour, sum(CASE WHEN made > ?3 THEN 1 ELSE 0 END) AS day,
				sum(CASE WHEN made > ?3 AND verdict <> '' THEN 1 ELSE 0 END) AS answered, sum(CASE WHEN made > ?3 AND verdict = 'none' THEN 1 ELSE 0 END) AS nobody,
				sum(CASE WHEN made > ?3 AND tries >= ?4 THEN 1 ELSE 0 END) AS spent, sum(CASE WHEN made > ?3 THEN 0 ELSE 1 END) AS earlier,
				count(DISTINCT CASE WHEN made > ?3 THEN NULL ELSE made / 86400 END) AS days
			FROM requests WHERE expires > ?1 GROUP BY kiosk) AS q LEFT JOIN kiosks k ON k.fingerprint = q.kiosk ORDER BY 1`,
		day.AddDate(0, 0, -VolumeDays).Add(life).Unix(), now.Add(-time.Hour).Unix(), day.Unix(), MaxTries)
	return all, err
}

// KeysSince is since when each key of a kind is in use that is trusted, the newest of each kind.
func (s *Store) KeysSince(ctx context.Context) (map[string]time.Time, error) {
	all := map[string]time.Time{}
	err := each(ctx, s.db, func(row scanner) error {
		var kind string
		var since int64
		err := row.Scan(&kind, &since)
		all[kind] = time.Unix(since, 0)
		return err
	}, `SELECT kind, max(since) FROM folder_keys WHERE gone IS NULL GROUP BY kind`)
	return all, err
}

// Pools are the connections to the database, by what they are for.
func (s *Store) Pools() map[string]sql.DBStats {
	if s.one == s.db {
		return map[string]sql.DBStats{"all": s.db.Stats()}
	}
	return map[string]sql.DBStats{"read": s.db.Stats(), "write": s.one.Stats()}
}
