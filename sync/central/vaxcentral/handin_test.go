package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/seal"
)

// handsIn sends what a kiosk has in its outbox: handsin FOLDER request|amendment|problem|usage.
// A request, when it is answered, sets $REF to its receipt, an amendment to its tracking number.
func handsIn(ts *testscript.TestScript, _ bool, args []string) {
	c, pin, err := connect(ts.MkAbs(args[0]), ts.Getenv("ADDR"))
	ts.Check(err)
	defer c.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	jws, _, err := c.Bootstrap(ctx, "")
	ts.Check(err)
	b, err := client.VerifyBootstrap(jws, pin)
	ts.Check(err)
	hour := time.Now().UTC().Truncate(time.Hour)
	var purpose seal.Purpose
	var plain []byte
	switch args[1] {
	case "request":
		purpose, plain = seal.ForRequest, asks(registry.Person{
			Given: "Zuzanna", Family: "Elm", Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female, Phone: "+16175550142",
		}).Encode()
	case "correction":
		purpose, plain = seal.ForAmend, correction(ts)
	case "problem":
		purpose = seal.ForReport
		plain, err = json.Marshal(api.ProblemReport{Kind: api.ProblemReportKindPrinter, Screen: "print-failed", Hour: hour})
	case "usage": // of today, which no housework publishes, whenever it comes
		purpose = seal.ForUsage
		plain, err = json.Marshal(api.UsageBatch{Hour: hour, Counts: map[string]int{"visit": 4, "request": 3, "help": 1}})
	}
	ts.Check(err)
	key := rand.Text()
	e, err := seal.Seal(client.SealingKey(b), purpose, key, plain)
	ts.Check(err)
	taken, err := c.Post(ctx, purpose, key, e.Encode())
	ts.Check(err)
	if taken.ID != "" {
		ts.Setenv("REF", taken.ID)
	}
	if purpose == seal.ForRequest {
		answered(ctx, ts, c, key)
		ts.Setenv("REF", request.ReceiptFor(key))
	}
}

// answered waits until a request is answered.
func answered(ctx context.Context, ts *testscript.TestScript, c *client.Client, id string) {
	for {
		state, err := c.Status(ctx, id, time.Second)
		ts.Check(err)
		if state == api.RequestStatusStateAnswered {
			return
		}
	}
}

func correction(ts *testscript.TestScript) []byte {
	d := request.Draft{
		Given: "Zuzanna", Family: "Elm", Birth: request.Date{Year: 1980, Month: 5, Day: 6},
		Contact: request.ByPhone, Phone: "617-555-0142", Consent: request.Consent{Policy: "1"},
		Fix: request.Fix{Kind: request.MissingDose, Vaccine: "Flu shot", Place: "Elm Street pharmacy", Day: request.Date{Year: 2025, Month: 10, Day: 2}},
	}
	c, problems := d.Correction("en", "", request.DateOf(time.Now()))
	if problems != nil {
		ts.Fatalf("not a correction: %v", problems)
	}
	c.Vaccine += "\x1b[2J" // which no kiosk sends that folds what is typed
	return c.Encode()
}

func TestAnAmendmentIsPrintedForStaffWithWhatIsKnownOfWhoAsks(t *testing.T) {
	c := request.Correction{
		Kind: request.WrongName, Given: "Zuzanna", Family: "Elm", Birth: request.Date{Year: 1980, Month: 5, Day: 6},
		New: request.Name{Given: "Zuzanna", Family: "Oak"}, Lang: "es",
	}
	var verified, claimed bytes.Buffer
	for out, a := range map[*bytes.Buffer]operator.Amendment{
		&verified: {Ref: "7KQ2-M4VD", Verified: true, Person: 17},
		&claimed:  {Ref: "7KQ2-M4VD"},
	} {
		if err := printCorrection(out, a, c); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"7KQ2-M4VD", "Zuzanna Elm", "1980-05-06", "Zuzanna Oak", "es"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is missing:\n%s", want, out)
			}
		}
	}
	if !strings.Contains(verified.String(), "open record of person 17") || strings.Contains(claimed.String(), "person 17") ||
		!strings.Contains(claimed.String(), "not verified: find out who asks") {
		t.Errorf("verified:\n%snot verified:\n%s", &verified, &claimed)
	}
}

func TestUsageIsShownByDayMonthAndKiosk(t *testing.T) {
	all := []operator.Usage{
		{Period: "2026-10", Name: "visit", N: 412, Exact: true},
		{Period: "2026-10", Kiosk: "lobby", Name: "visit", N: 400},
		{Period: "2026-11-23", Name: "help", N: 6, Exact: true},
		{Period: "2026-11-23", Name: "visit", N: 17},
		{Period: "2026-11-23", Kiosk: "lobby, left", Name: "visit", N: 17, Exact: true},
	}
	for _, c := range []struct{ by, format, want string }{
		{"day", "text", "DAY         WHAT   COUNT\n2026-11-23  help   6\n2026-11-23  visit  at least 17\n"},
		{"month", "text", "MONTH    WHAT   COUNT\n2026-10  visit  412\n"},
		{"kiosk", "csv", "month,kiosk,what,count,exact\n2026-10,lobby,visit,400,no\n"},
		{"kiosk,day", "csv", "day,kiosk,what,count,exact\n2026-11-23,\"lobby, left\",visit,17,yes\n"},
		{"month", "csv", "month,what,count,exact\n2026-10,visit,412,yes\n"},
	} {
		var out bytes.Buffer
		v, err := viewOf(c.by, c.format)
		if err == nil {
			err = v.print(&out, all)
		}
		if err != nil || out.String() != c.want {
			t.Errorf("by %s as %s: %v\n%s", c.by, c.format, err, &out)
		}
	}
	for _, wrong := range [][2]string{{"hour", "text"}, {"day,month", "text"}, {"", "csv"}, {"day", "xlsx"}} {
		if _, err := viewOf(wrong[0], wrong[1]); err == nil {
			t.Errorf("by %q as %q is taken", wrong[0], wrong[1])
		}
	}
}

func TestAPrintIsListedWithWhyItFailed(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 5, 0, 0, time.Local)
	var out bytes.Buffer
	err := printPrints(&out, []operator.Print{
		{Outcome: "failed", Reason: "other-person", KioskName: "lobby", At: at}, {Outcome: "unknown", Pages: 2, At: at},
	})
	want := "WHEN              KIOSK  OUTCOME  WHY           PAGES\n" +
		"2026-11-23 09:05  lobby  failed   other-person  0\n" +
		"2026-11-23 09:05  -      unknown  -             2\n"
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, &out)
	}
}
