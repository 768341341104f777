package calls

import (
	"vaxkiosk/sync/api"
)

// refusals are the reasons that point to central or the way from it: what it handed
// out, a kiosk did not take for what it should be (promise P7).
var refusals = map[api.PrintReportReason]bool{
	api.PrintReportReasonRecordCheck: true, api.PrintReportReasonOtherPerson: true,
	api.PrintReportReasonRevoked: true, api.PrintReportReasonPageCheck: true,
}
