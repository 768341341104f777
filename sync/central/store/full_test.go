package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/sync/central/madeup"
)

func TestAFullDiskIsCalledOne(t *testing.T) {
	s, path := open(t)
	if _, err := s.one.Exec(`PRAGMA max_page_count = 1`); err != nil { // SQLite takes the present size
		t.Fatal(err)
	}
	err := s.ImportPeople(context.Background(), madeup.Generate(500, 1, today))
	if !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), "the disk is full: "+path) {
		t.Errorf("got %v", err)
	}
}

func TestOpenTellsFromWhichMigrationItCame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "central.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // older than all migrations
		t.Fatal(err)
	}
	last := 0
	for i := range 2 {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		from, to := s.Migrated()
		if to == 0 || from != last || i > 0 && from != to {
			t.Errorf("from %d to %d", from, to)
		}
		last = to
		s.Close()
	}
}
