package central_test

import (
	"database/sql"
	"path/filepath"

	"vaxkiosk/sync/central/folder"
)

// forgetTries empties every counter.
func (w *town) forgetTries() {
	w.t.Helper()
	w.exec("UPDATE requests SET tries = 0; DELETE FROM strays; DELETE FROM limits")
}

// exec changes the database past the service, as only a test may.
func (w *town) exec(q string) {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	if _, err := db.Exec(q); err != nil {
		w.t.Fatal(err)
	}
}

// value reads one value of the database past the service.
func (w *town) value(q string, args ...any) (v string) {
	w.t.Helper()
	db := w.database()
	defer db.Close()
	if err := db.QueryRow(q, args...).Scan(&v); err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *town) database() *sql.DB {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, folder.DatabaseFile)+"?_busy_timeout=5000")
	if err != nil {
		w.t.Fatal(err)
	}
	return db
}
