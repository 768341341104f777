package store

import (
	"context"
	"time"

	"vaxkiosk/sync/central/counts"
)

// Counts of what happened at kiosks. They are added up by day as they come, and nobody is
// shown them: Publish turns days and months that are over into what may be shown, by the
// rules of package counts, once. Then nothing is counted into them any more; what comes
// later, from a kiosk that was without a network, counts on the day that it comes.

const (
	dayForm   = time.DateOnly
	monthForm = "2006-01"
)

// AddUsage adds the counts of a kiosk's hour to those of its day.
func (s *Store) AddUsage(ctx context.Context, r Report, kiosk string, hour time.Time, counted map[string]int) error {
	return s.write(ctx, func(tx *transaction) error {
		added, err := once(ctx, tx, r, `SELECT body_hash FROM usage_batches WHERE key = ?`)
		if !added || err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO usage_batches (key, body_hash, made) VALUES (?, ?, ?)`, r.Key, r.BodyHash, r.Made.Unix()); err != nil {
			return err
		}
		day, err := openDay(ctx, tx, hour, r.Made)
		if err != nil {
			return err
		}
		for name, n := range counted {
			_, err := tx.ExecContext(ctx, `INSERT INTO usage_days (day, kiosk, name, n) VALUES (?, ?, ?, ?)
				ON CONFLICT (day, kiosk, name) DO UPDATE SET n = usage_days.n + excluded.n`, day, kiosk, name, n)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// openDay is the day of an hour, if it is not over; or else today, or the first day that is not.
func openDay(ctx context.Context, tx *transaction, hour, now time.Time) (string, error) {
	var over string
	err := tx.QueryRowContext(ctx, `SELECT coalesce(max(period), '') FROM usage_periods WHERE length(period) = ?`, len(dayForm)).Scan(&over)
	if err != nil {
		return "", err
	}
	if day := hour.Local().Format(dayForm); day > over {
		return day, nil
	}
	if today := now.Local().Format(dayForm); today > over { // a clock that was ahead may have ended it
		return today, nil
	}
	last, err := time.Parse(dayForm, over)
	return last.AddDate(0, 0, 1).Format(dayForm), err
}

// Publish publishes the days that ended a day ago or longer, so that kiosks could hand in
// what they counted, and the months of which all days did. Spoken are the languages of the kiosks.
func (s *Store) Publish(ctx context.Context, now time.Time, spoken []string) error {
	yesterday := now.Local().AddDate(0, 0, -1)
	err := s.write(ctx, func(tx *transaction) error {
		for _, q := range []struct {
			text   string
			before string
		}{
			{`INSERT INTO usage_periods (period) SELECT DISTINCT day FROM usage_days WHERE day < ? ON CONFLICT DO NOTHING`, yesterday.Format(dayForm)},
			{`INSERT INTO usage_periods (period) SELECT DISTINCT substr(day, 1, 7) FROM usage_days WHERE substr(day, 1, 7) < ? ON CONFLICT DO NOTHING`, yesterday.Format(monthForm)},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	over, err := s.unpublished(ctx)
	for i := 0; err == nil && i < len(over); i++ {
		err = s.publish(ctx, over[i], spoken)
	}
	return err
}

// unpublished are the periods that are over and not published, days before their months.
func (s *Store) unpublished(ctx context.Context) (over []string, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var period string
		err := row.Scan(&period)
		over = append(over, period)
		return err
	}, `SELECT period FROM usage_periods WHERE published = 0 ORDER BY length(period) DESC, period`)
	return over, err
}

// publish publishes a day or a month. What is counted of it stays as it is meanwhile, so
// it is worked out before anybody has to wait for the database.
func (s *Store) publish(ctx context.Context, period string, spoken []string) error {
	cells, err := s.counted(ctx, period)
	if err != nil {
		return err
	}
	var out []counts.Published
	month := len(period) == len(monthForm)
	if month {
		days, err := s.publishedOf(ctx, selectPublished+`WHERE period > ? AND period < ?`+byPeriod, period, period+"~")
		if err != nil {
			return err
		}
		out = counts.Month(period, cells, days, spoken)
	} else {
		out = counts.Day(cells)
	}
	return s.write(ctx, func(tx *transaction) error {
		res, err := tx.ExecContext(ctx, `UPDATE usage_periods SET published = 1 WHERE period = ? AND published = 0`, period)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); n == 0 || err != nil {
			return err // another instance was faster
		}
		for _, p := range out {
			if _, err := tx.ExecContext(ctx, `INSERT INTO usage_published (period, kiosk, name, n, exact) VALUES (?, ?, ?, ?, ?)`, p.Period, p.Kiosk, p.Name, p.N, p.Exact); err != nil {
				return err
			}
		}
		if month {
			_, err = tx.ExecContext(ctx, `DELETE FROM usage_days WHERE day >= ? AND day < ?`, period, period+"~")
		}
		return err
	})
}

// counted is what kiosks counted in a period.
func (s *Store) counted(ctx context.Context, period string) (all []counts.Cell, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var c counts.Cell
		err := row.Scan(&c.Day, &c.Kiosk, &c.Name, &c.N)
		all = append(all, c)
		return err
	}, `SELECT day, kiosk, name, n FROM usage_days WHERE day >= ? AND day < ?`, period, period+"~") // behind every sign of a day
	return all, err
}

// Published returns what was published of the days since a time, and of the months since its month.
func (s *Store) Published(ctx context.Context, from time.Time) ([]counts.Published, error) {
	return s.publishedOf(ctx, selectPublished+`WHERE period >= substr(CAST(? AS TEXT), 1, CAST(length(period) AS INTEGER))`+byPeriod, from.Local().Format(dayForm))
}

const (
	selectPublished = `SELECT period, kiosk, name, n, exact FROM usage_published `
	byPeriod        = ` ORDER BY period, kiosk, name`
)

func (s *Store) publishedOf(ctx context.Context, query string, args ...any) (all []counts.Published, err error) {
	err = each(ctx, s.db, func(row scanner) error {
		var p counts.Published
		err := row.Scan(&p.Period, &p.Kiosk, &p.Name, &p.N, &p.Exact)
		all = append(all, p)
		return err
	}, query, args...)
	return all, err
}

// forgetUsage erases what was counted and published of days and months before a time.
func forgetUsage(ctx context.Context, tx *transaction, before time.Time) error {
	day := before.Local().Format(dayForm)
	for _, q := range []string{
		`DELETE FROM usage_published WHERE period < substr(CAST(? AS TEXT), 1, CAST(length(period) AS INTEGER))`,
		`DELETE FROM usage_periods WHERE period < substr(CAST(? AS TEXT), 1, CAST(length(period) AS INTEGER))`,
	} {
		if _, err := tx.ExecContext(ctx, q, day); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM usage_days WHERE day < ?`, day)
	return err
}
