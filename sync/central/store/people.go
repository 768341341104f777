package store

import (
	"context"
	"database/sql"
	"errors"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/people"
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

// Candidates finds all people who share birth date and phone or e-mail: with one
// left out, a second who agrees could be overlooked.
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
		all = append(all, match.Candidate{
			Number:   p.Number,
			Identity: match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, p.Email),
		})
	}
	return all, rows.Err()
}

type scanner interface{ Scan(...any) error }

func scanPerson(row scanner) (people.Person, error) {
	var p people.Person
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
func (s *Store) Contact(ctx context.Context, number int) (people.Person, bool, error) {
	p, err := scanPerson(s.db.QueryRowContext(ctx, selectPerson+`WHERE number = ?`, number))
	if err != nil {
		p = people.Person{}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// Person returns a person with all doses; false when there is none.
func (s *Store) Person(ctx context.Context, number int) (people.Person, bool, error) {
	p, ok, err := s.Contact(ctx, number)
	if !ok || err != nil {
		return people.Person{}, false, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT date, cvx, product, manufacturer, lot, performer, status
		FROM doses WHERE person = ? ORDER BY date DESC, cvx DESC, n`, number)
	if err != nil {
		return people.Person{}, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var d record.Dose
		if err := rows.Scan(&d.Date, &d.CVX, &d.Product, &d.Manufacturer, &d.Lot, &d.Performer, &d.Status); err != nil {
			return people.Person{}, false, err
		}
		p.Doses = append(p.Doses, d)
	}
	return p, true, rows.Err()
}
