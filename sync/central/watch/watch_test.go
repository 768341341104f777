package watch

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/metrics"
)

func TestWhatIsCountedStandsOnThePage(t *testing.T) {
	var c Counts
	c.Call("POST /v1/requests", 202, 30*time.Millisecond)
	c.Call("POST /v1/requests", 202, time.Minute)
	c.Call("", 404, 0)
	c.Problem("POST /v1/pickups", "refused")
	c.Problem("POST /v1/pickups", "refused")
	c.Limit("all-proofs")
	c.Limits("all-proofs", "staff-releases")
	c.Work(PutOff)
	c.NotSent("email", 451)
	c.NotSent("phone", 0)
	end := c.Polling()
	c.Polling()
	end()
	c.Show(func(context.Context) ([]metrics.Metric, error) {
		return []metrics.Metric{gauge("vaxcentral_own", "Its own.", 2)}, nil
	})
	all, err := c.Page(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	page := string(metrics.Text(all))
	for _, want := range []string{
		`vaxcentral_http_request_duration_seconds_bucket{route="POST /v1/requests",code="2xx",le="0.05"} 1`,
		`vaxcentral_http_request_duration_seconds_bucket{route="POST /v1/requests",code="2xx",le="+Inf"} 2`,
		`vaxcentral_http_request_duration_seconds_count{route="/",code="4xx"} 1`,
		`vaxcentral_problems_total{route="POST /v1/pickups",code="refused"} 2`,
		`vaxcentral_limit_reached_total{limit="all-proofs"} 1`,
		`vaxcentral_limit_reached_total{limit="staff-releases"} 0`,
		`vaxcentral_work_total{outcome="put-off"} 1`,
		`vaxcentral_notice_failures_total{channel="email",code="451"} 1`,
		`vaxcentral_notice_failures_total{channel="phone",code="none"} 1`,
		`vaxcentral_long_polls 1`,
		`vaxcentral_own 2`,
	} {
		if !strings.Contains(page, "\n"+want+"\n") {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
}

func TestNothingButAWordGetsIntoALabel(t *testing.T) {
	for _, said := range []string{
		"550 <jane.doe@example.org> unknown", "jane.doe@example.org", "7KQ2-M4V9-3X1", "+16175550100", "6175550100", "Jane", "1988-10-16", "",
		"a-word-that-is-far-too-long-to-be-one-of-a-list", "jane doe",
	} {
		var c Counts
		c.NotSent(said, 6175550100)
		c.Limit(said)
		c.Work(said)
		c.Problem("GET /", said)
		page := string(metrics.Text(c.Metrics()))
		if said != "" && strings.Contains(page, said) || strings.Count(page, `"other"`) != 5 {
			t.Errorf("%q is in\n%s", said, page)
		}
	}
}

func TestAPartThatCannotSayItsNumbersIsAnErrorOfThePage(t *testing.T) {
	var c Counts
	broken := errors.New("broken")
	c.Show(func(context.Context) ([]metrics.Metric, error) { return nil, broken })
	if _, err := c.Page(t.Context()); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
