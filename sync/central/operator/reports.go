package operator

import (
	"context"
	"time"

	"vaxkiosk/sync/central/counts"
	"vaxkiosk/sync/central/store"
)

// What kiosks report: problems that visitors had, counts, and how prints ended.

// Problem is a technical problem that a visitor reported.
type Problem = store.Problem

// Usage is a count that may be shown to anybody.
type Usage = counts.Published

// Problems lists the problems that visitors reported, oldest first.
func (o *Operator) Problems(ctx context.Context) ([]Problem, error) { return o.f.Store.Problems(ctx) }

// Usage returns what was published of the days since a time, and of the months since
// its month.
func (o *Operator) Usage(ctx context.Context, from time.Time) ([]Usage, error) {
	return o.f.Store.Published(ctx, from)
}

// Print is the audit of one print, or of a record that a kiosk refused.
type Print = store.Print

// Prints lists the audit of prints since a time, oldest first.
func (o *Operator) Prints(ctx context.Context, from time.Time) ([]Print, error) {
	return o.f.Store.Prints(ctx, from)
}
