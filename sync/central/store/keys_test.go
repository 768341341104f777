package store

import (
	"fmt"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

// Until migration 19 a number whose area code a library did not know had its digits as
// the key, and what nobody sees in an address was part of its key.
func TestPeopleOnFileUnderOlderKeysAreFound(t *testing.T) {
	s, _ := open(t)
	person := func(n int, phone, email string) registry.Person {
		return registry.Person{
			Number: n, Given: "Ana", Family: "Ruiz", Birth: request.Date{Year: 1980, Month: 5, Day: n}, Gender: request.Female, Phone: phone, Email: email,
		}
	}
	all := []registry.Person{
		person(1, "(436) 234-0123", ""), person(2, "", "ana\u200b.ruiz@example.org"), person(3, "+44 20 7946 0958", "Ana@example.org"), person(4, "617-555-0123", ""),
		person(5, "617-911-0123", ""), person(6, "٤٣٦٢٣٤٠١٢٣", "ana’s@example.org"), person(7, "none", "none@none.com"),
	}
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	for n, keys := range map[int][2]string{1: {"4362340123", ""}, 2: {"", "ana\u200b.ruiz@example.org"}, 6: {"4362340123", "ana’s@example.org"}} {
		if _, err := s.one.Exec(`UPDATE people SET phone_key = nullif(?, ''), email_key = nullif(?, '') WHERE number = ?`, keys[0], keys[1], n); err != nil {
			t.Fatal(err)
		}
	}
	s.migrateAgain(t, 19)
	for n, asked := range map[int][2]string{
		1: {"4362340123", ""}, 2: {"", "ana.ruiz@example.org"}, 3: {"+442079460958", ""}, 4: {"(617) 555-0123", ""}, 5: {"617-911-0123", ""},
		6: {"+14362340123", ""},
	} {
		id := match.Of("Ana", "Ruiz", fmt.Sprintf("1980-05-%02d", n), request.Female, asked[0], asked[1])
		found, err := s.Candidates(t.Context(), id)
		if err != nil || len(found) != 1 || found[0].Number != n {
			t.Errorf("person %d: found %v, %v", n, found, err)
		}
	}
	var without int
	if err := s.db.QueryRow(`SELECT count(*) FROM people WHERE phone_key IS NULL AND email_key IS NULL`).Scan(&without); err != nil || without != 1 {
		t.Errorf("%d people without a key, %v", without, err)
	}
}
