package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/people"
)

// ImportPeople adds people or replaces those with the same numbers, all or none.
// What was released to a number that is somebody else's now is taken back.
func (s *Store) ImportPeople(ctx context.Context, all []people.Person) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		i := importer{tx: tx} // its statements end with the transaction
		for _, step := range []struct {
			into **sql.Stmt
			text string
		}{
			{&i.changed, `SELECT EXISTS (SELECT 1 FROM people WHERE number = ? AND (given, family, birth) <> (?, ?, ?))`},
			{&i.person, `INSERT OR REPLACE INTO people VALUES (?,?,?,?,?,?,?,nullif(?,''),nullif(?,''))`},
			{&i.dose, `INSERT INTO doses VALUES (?,?,?,?,?,?,?,?,?)`},
		} {
			var err error
			if *step.into, err = tx.PrepareContext(ctx, step.text); err != nil {
				return err
			}
		}
		for _, p := range all {
			if err := i.add(ctx, p); err != nil {
				return fmt.Errorf("import of %v: %w", p, err)
			}
		}
		return nil
	})
}

// importer holds the statements of one import.
type importer struct {
	tx                    *sql.Tx
	changed, person, dose *sql.Stmt
}

func (i importer) add(ctx context.Context, p people.Person) error {
	var changed bool
	if err := i.changed.QueryRowContext(ctx, p.Number, p.Given, p.Family, p.Birth.String()).Scan(&changed); err != nil {
		return err
	}
	if changed {
		for _, q := range []string{
			`UPDATE requests SET person = NULL WHERE person = ?`,
			`DELETE FROM tokens WHERE person = ?`,
			`UPDATE amendments SET person = NULL, verified = 0 WHERE person = ?`,
		} {
			if _, err := i.tx.ExecContext(ctx, q, p.Number); err != nil {
				return err
			}
		}
	}
	_, err := i.person.ExecContext(ctx, p.Number, p.Given, p.Family, p.Birth.String(), string(p.Gender), p.Phone, p.Email,
		match.PhoneOf(p.Phone), match.EmailOf(p.Email))
	if err != nil {
		return err
	}
	for n, d := range p.Doses {
		_, err := i.dose.ExecContext(ctx, p.Number, n, d.Date, d.CVX, d.Product, d.Manufacturer, d.Lot, d.Performer, d.Status)
		if err != nil {
			return fmt.Errorf("dose %d: %w", n+1, err)
		}
	}
	return nil
}

// CountPeople tells how many people the registry has.
func (s *Store) CountPeople(ctx context.Context) (n int, err error) {
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM people").Scan(&n)
	return n, err
}

const (
	selectPerson    = `SELECT number, given, family, birth, gender, phone, email FROM people `
	candidatesQuery = selectPerson + `WHERE number IN (
		SELECT number FROM people WHERE birth = ?1 AND phone_key = ?2 UNION
		SELECT number FROM people WHERE birth = ?1 AND email_key = ?3)`
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
		FROM doses WHERE person = ? ORDER BY n`, number)
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
