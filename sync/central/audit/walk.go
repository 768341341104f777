package audit

import "fmt"

// Wrong is what is wrong with a chain.
type Wrong string

// What a Walk and ReadHeads find.
const (
	Altered   Wrong = "is not what was written: one of its fields, or its number, was altered"
	Missing   Wrong = "is missing"
	Displaced Wrong = "does not follow the row before it: one of the two was put in the place of another"
	Rewritten Wrong = "is another one than when its head was signed: it, or one before it, was written anew without the key"
	CutOff    Wrong = "is missing, and all behind it: a head was signed of a later row"
	Unsigned  Wrong = "is the first one, and no signed head says that those before it were erased"
	NoHead    Wrong = "is no head"
	Forged    Wrong = "is not signed with the key of this service"
	TwoHeads  Wrong = "says something else of a row than an earlier head: two services have written the same rows, after a restore perhaps"
	Behind    Wrong = "was the last one when the reading ended, and not when it began"
)

// Fault is the first thing that is wrong.
type Fault struct {
	N    int64 // of the row, or
	Line int   // of the file of heads
	What Wrong
}

func (f *Fault) Error() string {
	if f.Line == 0 && f.N == 0 {
		return fmt.Sprintf("what says that rows were erased %s", f.What)
	}
	if f.Line > 0 {
		return fmt.Sprintf("line %d of %s %s", f.Line, HeadsFile, f.What)
	}
	return fmt.Sprintf("row %d of the audit %s", f.N, f.What)
}

// Walk looks at all rows of a chain, in order. Use NewWalk to begin one.
type Walk struct {
	heads *Heads
	first bool
	n     int64
	sum   Sum
	seen  int64
}

// NewWalk begins a walk against signed heads.
func NewWalk(heads *Heads) *Walk { return &Walk{heads: heads, first: true} }

// Row looks at the next row; a *Fault says what is wrong with it.
func (w *Walk) Row(r Row) error {
	if w.first {
		w.first = false
		w.n, w.sum = w.heads.cut, w.heads.sums[w.heads.cut] // of row 0 the zero Sum
		if r.N > w.n+1 && w.n == 0 {
			return &Fault{N: r.N, What: Unsigned}
		}
		if r.N <= w.n { // erasing them was cut short
			w.n, w.sum = r.N-1, r.Prev
		}
	}
	switch {
	case r.N != w.n+1:
		return &Fault{N: w.n + 1, What: Missing}
	case r.Hash() != r.Sum:
		return &Fault{N: r.N, What: Altered}
	case r.Prev != w.sum:
		return &Fault{N: r.N, What: Displaced}
	}
	w.n, w.sum = r.N, r.Sum
	w.seen++
	if is, there := w.heads.sums[r.N]; there && is != r.Sum {
		return &Fault{N: r.N, What: Rewritten}
	}
	return nil
}

// End ends a walk, with the number of the last row as the database has it.
func (w *Walk) End(last int64) error {
	if w.first {
		w.n = w.heads.cut
	}
	switch {
	case w.heads.last > w.n:
		return &Fault{N: w.n + 1, What: CutOff}
	case last != w.n:
		return &Fault{N: w.n, What: Behind}
	}
	return nil
}

// Half are the lines of the file of heads that were cut short while they were written.
func (w *Walk) Half() []int { return w.heads.Half }

// Seen is how many rows were looked at.
func (w *Walk) Seen() int64 { return w.seen }

// Since is when the newest head was signed, "" when none was, and of which row.
func (w *Walk) Since() (at string, n int64) { return w.heads.at[w.heads.last], w.heads.last }
