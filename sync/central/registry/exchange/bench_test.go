package exchange

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"vaxkiosk/sync/central/madeup"
)

// How fast files are read, beside encoding/json and encoding/csv on the same machine: a
// fifth of the time that taking the entries in costs would be felt.
func BenchmarkRead(b *testing.B) {
	people, doses, lines := &bytes.Buffer{}, &bytes.Buffer{}, &bytes.Buffer{}
	c, err := NewCSV(people, doses)
	if err != nil {
		b.Fatal(err)
	}
	j := NewNDJSON(lines)
	for r := range madeup.State(madeup.Plan{Count: 5000, Seed: 3, Today: today, History: 3}) {
		if err := errors.Join(c.Write(r.Person), j.Write(r.Person)); err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(c.Flush(), j.Flush()); err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string][]byte{"people.csv": people.Bytes(), "doses.csv": doses.Bytes(), "ndjson": lines.Bytes()} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := NewReader(bytes.NewReader(text), Options{Today: today})
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = r.Next()
				}
				if !errors.Is(err, io.EOF) {
					b.Fatal(err)
				}
			}
		})
	}
}
