package central

import (
	"context"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/store"
)

// refusals are the reasons that point to central or the way from it: what it handed
// out, a kiosk did not take for what it should be (promise P7).
var refusals = map[api.PrintReportReason]bool{
	api.PrintReportReasonRecordCheck: true, api.PrintReportReasonOtherPerson: true,
	api.PrintReportReasonRevoked: true, api.PrintReportReasonPageCheck: true,
}

// Print is the audit of one print, or of a record that a kiosk refused.
type Print = store.Print

// Prints lists the audit of prints since a time, oldest first.
func (c *Central) Prints(from time.Time) ([]Print, error) {
	return c.Store.Prints(context.Background(), from)
}
