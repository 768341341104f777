package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// sqlite makes an empty database in a file.
func sqlite(t testing.TB) storetest.Base {
	t.Helper()
	path := filepath.Join(t.TempDir(), "central.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return storetest.Base{DB: storetest.At(t, path), Open: func() (*store.Store, error) { return store.Open(t.Context(), path) }}
}

func TestMain(m *testing.M) {
	status := m.Run()
	storetest.StopServer()
	os.Exit(status)
}

func TestSQLite(t *testing.T) { storetest.Run(t, sqlite) }

func TestPostgreSQL(t *testing.T) { storetest.Run(t, storetest.OnServer) }

func TestEveryStatementPrepares(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		b := sqlite(t)
		prepared(t, b, "sqlite3", b.DB.Where(), func(q string) string { return q })
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		b := storetest.OnServer(t)
		prepared(t, b, "pgx", b.DB.Where(), store.Numbered)
	})
}

// What a transaction leaves behind is the same when it has to run again.
func TestSQLiteWhenEveryTransactionRunsTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as the suite")
	}
	storetest.Run(t, func(t testing.TB) storetest.Base {
		b := sqlite(t)
		open := b.Open
		b.Open = func() (*store.Store, error) {
			s, err := open()
			if err == nil {
				s.RunTwice()
			}
			return s, err
		}
		return b
	})
}

// BenchmarkAddRequest is what a POST waits for: one durable transaction each.
func BenchmarkAddRequest(b *testing.B) {
	s, err := sqlite(b).Open()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for b.Loop() {
		at := time.Now()
		_, err := s.AddRequest(b.Context(), store.Request{
			ID: at.Format(time.RFC3339Nano), Receipt: "R", BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: at, Expires: at.Add(time.Hour),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
