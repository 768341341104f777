package client

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
)

func TestEveryReasonThatKeepsAPrinterFromPrintingHasAWordInTheContract(t *testing.T) {
	for _, row := range fault.PrinterFaults {
		if row.Gate && PrinterState(row.Code) != api.HeartbeatPrinter(row.Code) {
			t.Errorf("%s is %s", row.Code, PrinterState(row.Code))
		}
	}
	if PrinterState("") != api.HeartbeatPrinterReady || PrinterState(fault.Away) != api.HeartbeatPrinterPrinter {
		t.Error("no fault, or another one")
	}
}

func TestAHeartbeatTellsHowFarTheClockIsAhead(t *testing.T) {
	for said, want := range map[string]time.Duration{
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):    time.Hour,
		time.Now().Add(2 * time.Hour).UTC().Format(http.TimeFormat): -2 * time.Hour,
		"sometime": 0,
	} {
		c := serve(t, nil, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", said)
			w.WriteHeader(http.StatusNoContent)
		})
		heard, err := c.kiosk(t, nil).Heartbeat(t.Context(), api.Heartbeat{})
		if err != nil || (heard.Ahead == nil) != (want == 0) || heard.Ahead != nil && (*heard.Ahead-want).Abs() > time.Minute {
			t.Errorf("%s: %v, %v", said, heard, err)
		}
	}
}

// A page of a proxy is no word of central.
func TestAnAnswerThatIsNotTheContractsIsNoHeartbeat(t *testing.T) {
	for _, answer := range []http.HandlerFunc{reply(200, "text/html", "<html>"), problem(404, api.ProblemUnknown)} {
		c := serve(t, nil, answer)
		if heard, err := c.kiosk(t, nil).Heartbeat(t.Context(), api.Heartbeat{}); heard.Ahead != nil || heard.Orders != nil || !errors.Is(err, fault.Away) {
			t.Errorf("%v, %v", heard, err)
		}
	}
}
