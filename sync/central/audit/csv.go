package audit

import (
	"encoding/csv"
	"io"
)

// CSV writes rows as CSV with a line of Columns first. Use NewCSV to get one.
type CSV struct{ w *csv.Writer }

// NewCSV begins a file.
func NewCSV(out io.Writer) (*CSV, error) {
	c := &CSV{csv.NewWriter(out)}
	return c, c.w.Write(Columns)
}

// Row writes one row.
func (c *CSV) Row(r Row) error { return c.w.Write(r.Fields()) }

// Flush writes what is left.
func (c *CSV) Flush() error {
	c.w.Flush()
	return c.w.Error()
}
