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

// CountPeople tells how many people the registry has.
func (s *Store) CountPeople(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM people").Scan(&n)
	return n, err
}

const (
	selectPerson    = `SELECT number, given, family, birth, gender, phone, email FROM people `
	candidatesQuery = selectPerson + `WHERE number IN (
		SELECT number FROM people WHERE birth = ?1 AND phone_key = nullif(?2, '') UNION
		SELECT number FROM people WHERE birth = ?1 AND email_key = nullif(?3, ''))`
)

// Candidates makes the store a match.Registry.
func (s *Store) Candidates(ctx context.Context, asked match.Identity) ([]match.Candidate, error) {
	rows, err := s.db.QueryContext(ctx, candidatesQuery, asked.Birth, asked.Phone, asked.Email)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []match.Candidate
	for rows.Next() {
		p, err := scanPerson(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, match.Candidate{Number: p.Number, Identity: identityOf(p)})
	}
	return all, rows.Err()
}

func identityOf(p registry.Person) match.Identity {
	return match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, p.Email)
}

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

// Contact returns a person without doses; false when there is none. It takes the
// same time for everybody and nobody, however long the history.
func (s *Store) Contact(ctx context.Context, number int) (registry.Person, bool, error) {
	return contact(ctx, s.db, number)
}

func contact(ctx context.Context, from source, number int) (registry.Person, bool, error) {
	p, err := scanPerson(from.QueryRowContext(ctx, selectPerson+`WHERE number = ?`, number))
	if err != nil {
		p = registry.Person{}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// Person returns a person with all doses; false when there is none.
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
		err = each(ctx, from, func(row scanner) error {
			var d record.Dose
			err := row.Scan(&d.Date, &d.CVX, &d.Product, &d.Manufacturer, &d.Lot, &d.Performer, &d.Status, &d.NotValid, &d.Historical)
			p.Doses = append(p.Doses, d)
			return err
		}, `SELECT date, cvx, product, manufacturer, lot, performer, status, not_valid, historical
			FROM doses WHERE person = ? ORDER BY date DESC, cvx DESC, n`, number)
	}
	if ok && err == nil {
		err = each(ctx, from, func(row scanner) error {
			var r record.Recommendation
			err := row.Scan(&r.CVX, &r.Status, &r.Date, &r.AsOf)
			p.Recommendations = append(p.Recommendations, r)
			return err
		}, `SELECT cvx, status, date, as_of FROM recommendations WHERE person = ? ORDER BY n`, number)
	}
	if err != nil {
		return registry.Person{}, false, err
	}
	return p, ok, nil
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

// NumberOf returns the number of the person with an id of the source; false when
// there is none.
func (s *Store) NumberOf(ctx context.Context, id string) (number int, ok bool, err error) {
	number, plain := plainNumber(id)
	if !plain {
		err = s.db.QueryRowContext(ctx, selectNumber, id).Scan(&number)
	}
	if err == nil {
		_, ok, err = s.Contact(ctx, number)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return number, ok, err
}
