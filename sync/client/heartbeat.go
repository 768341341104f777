package client

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// Heartbeat tells central how this kiosk does, at most once: the next one says it better. It
// returns by how much the kiosk's clock is ahead of central's, nil when central did not say.
func (c *Client) Heartbeat(ctx context.Context, h api.Heartbeat) (ahead *time.Duration, err error) {
	body, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	a, err := c.noted(ctx, call{method: http.MethodPost, path: "/v1/heartbeat", body: body})
	if err != nil {
		return nil, err
	}
	t, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return nil, nil //nolint:nilerr // it was noted, and says no more
	}
	off := c.now().Truncate(time.Second).Sub(t)
	return &off, nil
}

// PrinterState is what keeps a printer from printing anything in the contract's words; ready
// for no fault. One that the contract does not name is "printer".
func PrinterState(why fault.Code) api.HeartbeatPrinter {
	switch state := api.HeartbeatPrinter(why); {
	case why == "":
		return api.HeartbeatPrinterReady
	case state.Valid():
		return state
	}
	return api.HeartbeatPrinterPrinter
}
