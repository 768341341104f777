// Package metrics shows numbers to Prometheus, for both ends.
//
//	metrics.Serve(ctx, listener, metrics.Handler(func(ctx context.Context) ([]metrics.Metric, error) { … }))
//
// Handler answers GET /metrics with what page says at that moment, in the text format 0.0.4. It is
// written here, in so few lines, because the usual library brings a dozen modules and a
// registry of its own; most of ours are gauges that are read anew for each answer, of a
// database or of a running kiosk. Serve answers until its ctx ends, with this and whatever else
// is for those who look after the machine.
//
// Addr is where to listen: an address without a host is this machine alone. There is neither
// TLS nor a password, so whoever reaches the address reads the numbers. Nothing personal gets
// into one, nor into a label: a label is a name that IT chose, a version, or a code from a list.
package metrics

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Metric is a number, once for each set of labels.
type Metric struct {
	Name, Help string
	Samples    []Sample
	Kind       Kind
}

// Kind is how a number goes.
type Kind string

// The kinds.
const (
	Gauge     Kind = ""          // up and down
	Counter   Kind = "counter"   // up, and from zero after a start
	Histogram Kind = "histogram" // its samples are those of Distribution
)

// Sample is a value with its labels, each a name and a value.
type Sample struct {
	Value  float64
	Labels [][2]string
	Suffix string // of the name, in a histogram
}

// Text is the page of some metrics; those without samples are left out.
func Text(all []Metric) []byte {
	var b bytes.Buffer
	for _, m := range all {
		if len(m.Samples) == 0 {
			continue
		}
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", m.Name, inHelp.Replace(m.Help), m.Name, cmp.Or(m.Kind, "gauge"))
		for _, s := range m.Samples {
			fmt.Fprintf(&b, "%s%s%s %s\n", m.Name, s.Suffix, labels(s.Labels), number(s.Value))
		}
	}
	return b.Bytes()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Distribution are the samples of one set of labels in a histogram. In are how many values
// were in each of the ranges that end with bounds, which grow, and beyond the last; sum is what
// all values come to.
func Distribution(bounds []float64, in []uint64, sum float64, labels ...[2]string) []Sample {
	var all []Sample
	n := uint64(0)
	for i, count := range in {
		n += count
		end := "+Inf"
		if i < len(bounds) {
			end = number(bounds[i])
		}
		all = append(all, Sample{Value: float64(n), Labels: append(slices.Clone(labels), [2]string{"le", end}), Suffix: "_bucket"})
	}
	return append(all, Sample{Value: sum, Labels: labels, Suffix: "_sum"}, Sample{Value: float64(n), Labels: labels, Suffix: "_count"})
}

var (
	inHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	inLabel = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

func labels(all [][2]string) string {
	if len(all) == 0 {
		return ""
	}
	texts := make([]string, len(all))
	for i, l := range all {
		texts[i] = l[0] + `="` + inLabel.Replace(strings.ToValidUTF8(l[1], "\uFFFD")) + `"`
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// Addr is the address to listen at: one without a host gets that of this machine alone.
func Addr(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("%q is no address to listen at: give one like :9465 or 127.0.0.1:9465", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// callLimit is how long a call may take, from its first byte to the last of the answer.
const callLimit = 10 * time.Second

// Serve answers on a listener until ctx ends, which is no error.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler: h, ReadTimeout: callLimit, WriteTimeout: callLimit, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler answers GET /metrics, and nothing else.
func Handler(page func(context.Context) ([]Metric, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		all, err := page(r.Context())
		if err != nil { // Prometheus has the target down then, which is true
			http.Error(w, "not readable at present", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = w.Write(Text(all)) // whoever asked is gone if this fails
	})
	return mux
}
