package client

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

// Heard is central's answer to a heartbeat.
type Heard struct {
	Ahead  *time.Duration // by how much the kiosk's clock is ahead of central's; nil: central did not say
	Orders []string       // what is asked of this kiosk, for VerifyOrder
}

// Heartbeat tells central how this kiosk does, at most once: the next one says it better.
func (c *Client) Heartbeat(ctx context.Context, h api.Heartbeat) (heard Heard, err error) {
	body, err := json.Marshal(h)
	if err != nil {
		return heard, err
	}
	a, err := c.do(ctx, call{method: http.MethodPost, path: "/v1/heartbeat", body: body})
	if err != nil {
		return heard, err
	}
	if a.status != http.StatusNoContent {
		var o api.Orders
		media, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
		if a.status != http.StatusOK || media != jsonType || json.Unmarshal(a.body, &o) != nil {
			return heard, fmt.Errorf("%w: status %d, and no orders", ErrAnswer, a.status)
		}
		heard.Orders = o.Orders
	}
	if t, err := http.ParseTime(a.header.Get("Date")); err == nil {
		off := c.now().Truncate(time.Second).Sub(t)
		heard.Ahead = &off
	}
	return heard, nil
}

// Diagnostics hands in what an order asked for.
func (c *Client) Diagnostics(ctx context.Context, order, text string) error {
	body, err := json.Marshal(api.Diagnostics{Order: order, Text: text})
	if err != nil {
		return err
	}
	return c.noted(ctx, call{method: http.MethodPost, path: "/v1/diagnostics", body: body, repeat: true})
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
