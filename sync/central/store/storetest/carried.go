package storetest

import (
	"fmt"
	"strings"
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// What tests of a registry that is carried from one database to another look at.

// Rows is how many rows a table has.
func (d DB) Rows(table string) int { d.t.Helper(); return d.number("SELECT count(*) FROM " + table) }

// Tables is how many tables a database on a server has.
func (d DB) Tables() int {
	d.t.Helper()
	return d.number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()")
}

// Shape is the columns, indexes and triggers of a database on a server, as text.
func (d DB) Shape() string {
	d.t.Helper()
	return strings.Join(d.texts(`SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS it FROM information_schema.columns WHERE table_schema = current_schema()
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
		UNION ALL SELECT pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY it`), "\n")
}

// SetLastImport makes the last import be one with this number, whose row is gone.
func (d DB) SetLastImport(n int) {
	d.t.Helper()
	d.exec("INSERT INTO imports (run, file, bulk) VALUES ($1, '', 0)", n)
	d.exec("DELETE FROM imports WHERE run = $1", n)
}

// SetGiven gives everybody a first name, whatever is in it.
func (d DB) SetGiven(text string) { d.t.Helper(); d.exec("UPDATE people SET given = $1", text) }

// AddRootKey notes the key of a folder that is never replaced.
func (d DB) AddRootKey(print string) {
	d.t.Helper()
	d.exec("INSERT INTO folder_keys (kind, print, since) VALUES ('root', $1, 0)", print)
}

// Populate puts people with the numbers 1 to n into a registry.
func Populate(t testing.TB, s *store.Store, n int) {
	t.Helper()
	var all []registry.Person
	for i := range n {
		all = append(all, registry.Person{Number: i + 1, Given: "Given", Family: fmt.Sprint("Family", i), Birth: request.Date{Year: 1980, Month: 1, Day: 2}, Gender: request.Female, Phone: fmt.Sprintf("+1617555%04d", i)})
	}
	if err := s.ImportPeople(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}
