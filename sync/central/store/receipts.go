package store

import (
	"context"
	"time"

	"vaxkiosk/app/request"
)

// Whose request a receipt means. Two can share one by chance, or because somebody has made
// a key for it who has seen the other's: so the one that was there first has it, as long as
// it lives, and nobody who comes later takes it away. An old receipt stands for all of
// today's that begin like it.

// span is where the receipts are that a receipt stands for: from the first to before the second.
func span(receipt string) (from, to string) {
	if start, old := request.ReceiptStart(receipt); old {
		return start, start + "~" // behind every sign of a receipt
	}
	return receipt, receipt + " " // before every sign that could go on
}

// byReceipt returns the request with a receipt: the oldest that lives, or else one that has
// lived. sql.ErrNoRows when there is none.
func byReceipt(ctx context.Context, tx *transaction, receipt string, now time.Time) (id string, err error) {
	from, to := span(receipt)
	err = tx.QueryRowContext(ctx, `SELECT id FROM requests WHERE receipt >= ? AND receipt < ? ORDER BY expires <= ?, made, rowid LIMIT 1`,
		from, to, now.Unix()).Scan(&id)
	return id, err
}
