package central

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"vaxkiosk/sync/metrics"
)

// What those who watch the service are shown stands on a listener of its own, which nobody
// else reaches: /metrics for Prometheus, /healthz that the process lives, and /readyz with why it
// is not ready. Kiosks and phones are told the status of the last two alone.

// Watch answers on the listener of those who watch.
func (c *Central) Watch() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/metrics", metrics.Handler(c.Metrics))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ready := c.calls.Ready(r.Context())
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !ready.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(ready) // whoever asked is gone if this fails
	})
	return mux
}

// Metrics are those of the operator, and of how this process is reached.
func (c *Central) Metrics(ctx context.Context) ([]metrics.Metric, error) {
	all, err := c.Operator.Metrics(ctx)
	if err != nil {
		return nil, err
	}
	now := c.o.Now()
	left := metrics.Metric{Name: "vaxcentral_certificate_left_seconds", Help: "Time until the end of the service's own certificates, to the minute. That of the server is made anew at each start."}
	until := func(which string, seconds float64) {
		left.Samples = append(left.Samples, metrics.Sample{Value: seconds, Labels: [][2]string{{"which", which}}})
	}
	until("ca", c.folder.CA.Cert.NotAfter.Sub(now).Truncate(time.Minute).Seconds())
	if s := c.serving.Load(); s != nil {
		until("server", s.until.Sub(now).Truncate(time.Minute).Seconds())
		kiosks, strangers := s.open.Open()
		all = append(all, metrics.Metric{Name: "vaxcentral_connections", Help: "Connections that are open, of kiosks and of those without a certificate.", Samples: []metrics.Sample{
			{Value: float64(kiosks - strangers), Labels: [][2]string{{"of", "kiosks"}}},
			{Value: float64(strangers), Labels: [][2]string{{"of", "strangers"}}},
		}})
	}
	up := metrics.Metric{Name: "vaxcentral_ready", Help: "1 while what comes is kept and what is kept can be answered; /readyz beside this page says why not.", Samples: []metrics.Sample{{}}}
	if c.calls.Ready(ctx).Ready {
		up.Samples[0].Value = 1
	}
	head := metrics.Metric{Name: "vaxcentral_audit_signed_timestamp_seconds", Help: "When this instance has signed the head of the audit last; its start when it has not yet."}
	if at := c.heads.signed.Load(); at != 0 {
		head.Samples = []metrics.Sample{{Value: float64(at)}}
	}
	return append(append(all, left, up, head), c.texts()...), nil
}

// texts are how gateways for text messages and their receipts do. How many messages a gateway has
// taken, or told us of, is left out: who gives two contacts gets two only when on file (package watch).
func (c *Central) texts() (all []metrics.Metric) {
	if c.o.Gateways != nil {
		failing := metrics.Metric{Name: "vaxcentral_gateway_failing", Help: "1 since a gateway for text messages fails, until it takes one again; it is tried once a minute."}
		failed := metrics.Metric{Name: "vaxcentral_gateway_failures_total", Help: "Messages that a gateway failed at, which went to the next if there is one.", Kind: metrics.Counter}
		for _, g := range c.o.Gateways.Health() {
			label := [][2]string{{"gateway", g.Name}}
			now := metrics.Sample{Labels: label}
			if g.Open {
				now.Value = 1
			}
			failing.Samples = append(failing.Samples, now)
			failed.Samples = append(failed.Samples, metrics.Sample{Value: float64(g.Failed), Labels: label})
		}
		all = append(all, failing, failed)
	}
	if c.receipts != nil {
		n := c.receipts.Counts()
		all = append(all,
			metrics.Metric{Name: "vaxcentral_receipts_refused_total", Help: "Receipts of text messages that were not signed with a key of ours, or too late.", Kind: metrics.Counter, Samples: []metrics.Sample{{Value: float64(n.Refused)}}},
			metrics.Metric{Name: "vaxcentral_receipts_waiting", Help: "Receipts that could not be noted yet.", Samples: []metrics.Sample{{Value: float64(n.Waiting)}}})
	}
	return all
}
