package store

import (
	"context"
	"database/sql"
	"errors"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

// CountPeople tells how many people the registry has. Those who are linked or merged are one.
func (s *Store) CountPeople(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM people) - (SELECT count(*) FROM people WHERE root IS NOT NULL)").Scan(&n)
	return n, err
}

// Candidates makes the store a match.Registry. A person comes once, under the number of the
// root, with all names and contacts.
func (s *Store) Candidates(ctx context.Context, asked match.Identity) ([]match.Candidate, error) {
	found, grouped, err := groupsOf(ctx, s.candidates, candidatesQuery, asked.Birth, asked.Phone, asked.Email)
	if err == nil && grouped {
		found, err = groups(ctx, s.db, groupedQuery, asked.Birth, asked.Phone, asked.Email)
	}
	var all []match.Candidate
	for _, g := range found {
		all = append(all, g.candidate())
	}
	return all, err
}

// selectPerson is what a row of people has had from the first migration on.
const selectPerson = `SELECT number, given, family, birth, gender, phone, email FROM people `

type scanner interface{ Scan(...any) error }

func scanPerson(row scanner) (registry.Person, error) {
	var p registry.Person
	var birth, gender string
	if err := row.Scan(&p.Number, &p.Given, &p.Family, &birth, &gender, &p.Phone, &p.Email); err != nil {
		return p, err
	}
	p.Gender = request.Gender(gender)
	var err error
	p.Birth, err = request.ParseDate(birth)
	return p, err
}

// Contact returns a person without doses, with all names and contacts; false when there is
// none. It takes the same time for everybody and nobody, however long the history. Of
// a number that was linked or merged it is who that is now.
func (s *Store) Contact(ctx context.Context, number int) (registry.Person, bool, error) {
	return contact(ctx, s.contact, number)
}

func contact(ctx context.Context, from source, number int) (registry.Person, bool, error) {
	found, err := groups(ctx, from, contactQuery, number)
	if err != nil || len(found) == 0 {
		return registry.Person{}, false, err
	}
	p, _ := found[0].person()
	return p, true, nil
}

// Person returns a person with all doses, composed of all reports of them; false when
// there is none. Of a number that was linked or merged it is who that is now.
func (s *Store) Person(ctx context.Context, number int) (registry.Person, bool, error) {
	return person(ctx, s.db, number)
}

// source is a database or a transaction.
type source interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func person(ctx context.Context, from source, number int) (registry.Person, bool, error) {
	p, ok, err := contact(ctx, from, number)
	if ok && err == nil {
		var reports []registry.Report
		if reports, err = reportsOf(ctx, from, p.Number); err == nil {
			p.Doses, p.Unread = registry.Compose(p.Birth.String(), reports)
			err = forecast(ctx, from, &p)
		}
	}
	if err != nil {
		return registry.Person{}, false, err
	}
	return p, ok, nil
}

// rowsOf are the numbers of all rows of a root, ?1.
const rowsOf = `WITH those (n) AS MATERIALIZED (SELECT CAST(?1 AS BIGINT) UNION ALL SELECT number FROM people WHERE root = ?1) `

// reportsOf are all reports of doses of a person. Those of one day come as they did.
func reportsOf(ctx context.Context, from source, root int) (all []registry.Report, err error) {
	err = each(ctx, from, func(row scanner) error {
		var r registry.Report
		err := row.Scan(&r.Date, &r.CVX, &r.Product, &r.Manufacturer, &r.Lot, &r.Performer, &r.Status, &r.NotValid, &r.Historical, &r.About,
			&r.ID, &r.Site, &r.Unread)
		all = append(all, r)
		return err
	}, rowsOf+`SELECT d.date, d.cvx, d.product, d.manufacturer, d.lot, d.performer, d.status, d.not_valid, d.historical, d.about, d.id, d.site, d.unread
		FROM those CROSS JOIN doses AS d WHERE d.person = those.n AND `+notRemoved+` ORDER BY d.date DESC, d.cvx DESC, d.person <> ?1, d.person, d.n`, root)
	return all, err
}

// forecast reads the newest that any source has made of a person.
func forecast(ctx context.Context, from source, p *registry.Person) error {
	var of int
	err := from.QueryRowContext(ctx, rowsOf+`SELECT f.person, f.unread FROM those CROSS JOIN forecasts AS f WHERE f.person = those.n
		ORDER BY f.as_of DESC, f.updated DESC, f.person <> ?1, f.person LIMIT 1`, p.Number).Scan(&of, &p.UnreadRecommendations)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Recommendations, err = recommended(ctx, from, of)
	return err
}

// recommended is what is recommended by one row of people.
func recommended(ctx context.Context, from source, row int) (all []record.Recommendation, err error) {
	err = each(ctx, from, func(row scanner) error {
		var r record.Recommendation
		err := row.Scan(&r.CVX, &r.Disease, &r.Status, &r.Date, &r.AsOf)
		all = append(all, r)
		return err
	}, `SELECT cvx, disease, status, date, as_of FROM recommendations WHERE person = ? ORDER BY n`, row)
	return all, err
}

// each runs f on every row of a query.
func each(ctx context.Context, from source, f func(scanner) error, query string, args ...any) error {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// NumberOf returns the number of the row with an id of a source; false when there is none.
// What is done to a number is done to that row, or to the person it is part of: each
// method says which.
func (s *Store) NumberOf(ctx context.Context, source, id string) (number int, ok bool, err error) {
	err = s.db.QueryRowContext(ctx, selectNumber, source, id).Scan(&number)
	if n, plain := plainNumber(id); plain && source == "" {
		number, err = n, nil
	}
	if err == nil {
		err = s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE number = ?)`, number).Scan(&ok)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return number, ok, err
}
