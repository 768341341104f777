package store_test

import (
	"database/sql"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/central/store/storetest"
)

// BenchmarkUnlocks is what unlocking writes, a try and then a token, by 16 at once: what the
// chain of the audit, in which acts come one after the other, costs them.
func BenchmarkUnlocks(b *testing.B) {
	for name, base := range map[string]storetest.Opener{"SQLite": sqlite, "PostgreSQL": storetest.OnServer} {
		b.Run(name, func(b *testing.B) {
			on := base(b)
			s, err := on.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			driver := map[string]string{"SQLite": "sqlite3", "PostgreSQL": "pgx"}[name]
			db, err := sql.Open(driver, on.DB.Where())
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			at := time.Now()
			for n := range 256 {
				id := fmt.Sprint("request-", n)
				r := store.Request{ID: id, Receipt: id, BodyHash: []byte("hash"), Envelope: []byte("sealed"), Made: at, Expires: at.Add(time.Hour)}
				if _, err := s.AddRequest(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := db.Exec("UPDATE requests SET person = 1"); err != nil {
				b.Fatal(err)
			}
			var n atomic.Int64
			b.SetParallelism(8) // of two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := n.Add(1)
					id := fmt.Sprint("request-", i%256)
					try, err := s.TakeTry(b.Context(), id, at)
					if err == nil {
						err = s.AddToken(b.Context(), store.Token{Hash: fmt.Append(nil, at.UnixNano(), i), Request: id, Person: 1, Kiosk: "k", Expires: at}, try, store.Vouch{}, at)
					}
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "unlocks/s")
		})
	}
}
