package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// BenchmarkImport fills an empty registry from entries, as a program does that reads a file,
// beside the same rows put into the same tables one after the other. Memory at its highest
// is that of the whole process, so each is to be run alone:
//
//	go test -run xxx -bench Import/entries -benchtime 1x ./sync/central/store
func BenchmarkImport(b *testing.B) {
	const batch = 2_000
	var entries []registry.Entry
	for r := range madeup.State(madeup.Plan{Count: 30_000, Seed: 1, Today: today, History: 10}) {
		id := fmt.Sprint(r.Number)
		entries = append(entries, registry.Entry{ID: id, Person: &r.Person})
		for n, d := range r.Doses {
			entries = append(entries, registry.Entry{ID: id, Dose: &registry.Report{Dose: d, ID: fmt.Sprint(id, "-", n)}})
		}
	}
	for name, load := range map[string]func(s *Store, i *Import, some []registry.Entry) error{
		"entries": func(s *Store, i *Import, some []registry.Entry) error {
			_, err := s.Import(b.Context(), i, some)
			return err
		},
		"plain": func(s *Store, _ *Import, some []registry.Entry) error { return plainly(b.Context(), s, some) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s, err := Make(b.Context(), filepath.Join(b.TempDir(), "central.db"))
				if err != nil {
					b.Fatal(err)
				}
				i, err := s.StartImport(b.Context(), "file", "")
				if err != nil {
					b.Fatal(err)
				}
				err = s.Fill(b.Context(), true, func() error {
					for from := 0; from < len(entries) && err == nil; from += batch {
						err = load(s, &i, entries[from:min(from+batch, len(entries))])
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
			b.ReportMetric(float64(len(entries)*b.N)/b.Elapsed().Seconds(), "entries/s")
			b.ReportMetric(highest(b), "MB-highest")
		})
	}
}

// plainly puts the rows of entries in without looking at anything.
func plainly(ctx context.Context, s *Store, some []registry.Entry) error {
	keys := keysOf(len(some), func(n int) *registry.Person { return some[n].Person })
	return s.write(ctx, func(tx *transaction) error {
		w, err := newWriter(ctx, tx, stamp{})
		for n := 0; n < len(some) && err == nil; n++ {
			e := some[n]
			number, _ := plainNumber(e.ID)
			if e.Person != nil {
				_, err = w.insert(e.Person, keys[n], 0)
			} else {
				err = w.addReport(number, n, keyOf(0, e.Dose.ID), false, 0, e.Dose)
			}
		}
		return err
	})
}

// highest is how much memory the process has had at its highest, in MB; 0 where it does not say.
func highest(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	var kB float64
	for line := range strings.Lines(string(text)) {
		if _, no := fmt.Sscanf(line, "VmHWM: %f kB", &kB); no == nil {
			break
		}
	}
	if err != nil {
		return 0
	}
	return kB / 1024
}
