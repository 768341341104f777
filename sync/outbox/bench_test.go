package outbox

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vaxkiosk/sync/seal"
)

// BenchmarkSave compares a sealed, durable save with the least that any durable
// store does on the same disk: a bare SQLite insert, and an append with fsync.
// The goal is sealed ≤ 3 × insert.
func BenchmarkSave(b *testing.B) {
	dir := b.TempDir()
	box := open(b, filepath.Join(dir, "kiosk.db"))
	bare, err := connect(filepath.Join(dir, "bare.db"), "rwc", "NORMAL")
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	if _, err := bare.Exec(`PRAGMA journal_mode = WAL; CREATE TABLE t (body BLOB)`); err != nil {
		b.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	k, _, err := seal.NewPrivateKey()
	if err != nil {
		b.Fatal(err)
	}
	plain := make([]byte, 400)
	body := make([]byte, 700) // as long as the envelope

	var sealedSave, insert, appendSync time.Duration
	for b.Loop() {
		start := time.Now()
		key := rand.Text()
		e, err := seal.Seal(k.Public(), seal.ForRequest, key, plain)
		if err != nil {
			b.Fatal(err)
		}
		if err := box.Save(b.Context(), key, e.Encode()); err != nil {
			b.Fatal(err)
		}
		sealedSave += time.Since(start)

		start = time.Now()
		if _, err := bare.Exec(`INSERT INTO t VALUES (?)`, body); err != nil {
			b.Fatal(err)
		}
		insert += time.Since(start)

		start = time.Now()
		if _, err := log.Write(body); err != nil {
			b.Fatal(err)
		}
		if err := log.Sync(); err != nil {
			b.Fatal(err)
		}
		appendSync += time.Since(start)
	}
	b.ReportMetric(float64(sealedSave.Microseconds())/float64(b.N), "sealed-µs")
	b.ReportMetric(float64(insert.Microseconds())/float64(b.N), "insert-µs")
	b.ReportMetric(float64(appendSync.Microseconds())/float64(b.N), "append-µs")
	b.ReportMetric(float64(sealedSave)/float64(insert), "sealed/insert")
}
