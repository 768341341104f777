// Package watch counts what one process of central does, for those who watch it.
//
//	var counts watch.Counts                       // ready
//	counts.Call("POST /v1/requests", 202, took)
//	counts.Problem("POST /v1/pickups", api.ProblemRefused)
//	metrics.Text(counts.Metrics())
//
// Everything is counted for the whole service and begins at zero with each start: Prometheus
// takes care of that, and adds several instances up. A part that has something of its own to
// show (a queue, a gateway) adds it with Show.
//
// What is counted must not tell what is on file, to somebody who watches a kiosk and the numbers
// at once. So no count has a kiosk's label, and nothing is counted that happens only
// when somebody was found: neither verdicts, nor notices that go out (who has two contacts gets one
// at each only then), nor those that a contact's limit holds back, nor requests that the limit
// of a person ends. Notices that fail are counted, or nobody would see an outage. That a record was opened is
// counted, like every call: who opens one has proved that it is theirs. Labels are routes, codes
// and names of limits; nothing else can be passed, or it is called "other".
package watch

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/metrics"
)

// Counts are those of one process. The zero Counts are ready.
type Counts struct {
	mu       sync.Mutex
	calls    map[route]*call
	problems map[[2]string]float64
	limits   map[string]float64
	work     map[string]float64
	unsent   map[[2]string]float64
	shown    []func(context.Context) ([]metrics.Metric, error)

	polls, looks atomic.Int64
}

type route struct{ pattern, class string }

// call is how long calls of one route and class took.
type call struct {
	in  []uint64
	sum float64
}

// bounds end the ranges of what calls take, in seconds. A long poll takes up to 25.
var bounds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// What becomes of work on requests.
const (
	Answered = "answered"
	PutOff   = "put-off" // it comes again
	Held     = "held"    // it cannot be read here
)

// add counts in a map that may not be there yet.
func add[K comparable](m *map[K]float64, key K) {
	if *m == nil {
		*m = map[K]float64{}
	}
	(*m)[key]++
}

// Call counts a call by its route and the class of its status.
func (c *Counts) Call(pattern string, status int, took time.Duration) {
	key := route{cmp.Or(pattern, "/"), fmt.Sprintf("%dxx", status/100)}
	at, _ := slices.BinarySearch(bounds, took.Seconds())
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[route]*call{}
	}
	if c.calls[key] == nil {
		c.calls[key] = &call{in: make([]uint64, len(bounds)+1)}
	}
	c.calls[key].in[at]++
	c.calls[key].sum += took.Seconds()
}

// Problem counts an answer that is a problem, by its route and code.
func (c *Counts) Problem(pattern, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.problems, [2]string{cmp.Or(pattern, "/"), word(code)})
}

// Limit counts that a limit is reached, by its name.
func (c *Counts) Limit(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.limits, word(name))
}

// Limits has limits on the page before they are reached: what comes up with its first count is no
// rise to Prometheus.
func (c *Counts) Limits(names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits == nil {
		c.limits = map[string]float64{}
	}
	for _, name := range names {
		c.limits[word(name)] += 0
	}
}

// Work counts what became of a request that was worked on: Answered, PutOff or Held.
func (c *Counts) Work(outcome string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.work, word(outcome))
}

// NotSent counts a notice that could not be handed over this time, by its channel (phone, email)
// and the code that the relay (SMTP) or gateway (HTTP) gave, 0 for none: never by what it says,
// which may have a contact in it.
func (c *Counts) NotSent(channel string, code int) {
	said := "none"
	if code != 0 {
		said = word(strconv.Itoa(code))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	add(&c.unsent, [2]string{word(channel), said})
}

// Polling counts a call that waits for news, until its end is called.
func (c *Counts) Polling() (end func()) {
	c.polls.Add(1)
	return func() { c.polls.Add(-1) }
}

// Looked counts that a call that waits has looked for news in the database.
func (c *Counts) Looked() { c.looks.Add(1) }

// Show has a part's own metrics shown with these. What it returns is for everybody who reaches
// the page: see above. An error of it is one of the page.
func (c *Counts) Show(more func(context.Context) ([]metrics.Metric, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = append(c.shown, more)
}

// words are what a code or a name may be; a contact, a receipt or a sentence is none.
var words = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$|^[1-5][0-9][0-9]$`)

func word(s string) string {
	if len(s) > 40 || !words.MatchString(s) {
		return "other"
	}
	return s
}

// Page is everything that is counted, and what parts show.
func (c *Counts) Page(ctx context.Context) ([]metrics.Metric, error) {
	all := c.Metrics()
	c.mu.Lock()
	shown := slices.Clone(c.shown)
	c.mu.Unlock()
	for _, more := range shown {
		m, err := more(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, m...)
	}
	return all, nil
}

// Metrics is what is counted.
func (c *Counts) Metrics() []metrics.Metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]metrics.Metric{
		c.took(),
		counter("vaxcentral_problems_total", "Answers that are problems, by route and code.", c.problems, "route", "code"),
		counter("vaxcentral_limit_reached_total", "Calls that a limit has told to wait, by its name.", single(c.limits), "limit"),
		counter("vaxcentral_work_total", "Requests that were worked on, by whether they are answered, come again or are held; whatever was found.", single(c.work), "outcome"),
		counter("vaxcentral_notice_failures_total", "Notices that could not be handed over at a try, by channel and the code of relay (SMTP) or gateway (HTTP).", c.unsent, "channel", "code"),
		{Name: "vaxcentral_long_poll_looks_total", Help: "How often such calls have looked into the database.", Kind: metrics.Counter, Samples: []metrics.Sample{{Value: float64(c.looks.Load())}}},
		gauge("vaxcentral_long_polls", "Calls that wait for news at present.", float64(c.polls.Load())),
	}, process()...)
}

func (c *Counts) took() metrics.Metric {
	m := metrics.Metric{Name: "vaxcentral_http_request_duration_seconds", Help: "How long calls took, by route and class of status.", Kind: metrics.Histogram}
	for _, key := range slices.SortedFunc(maps.Keys(c.calls), func(a, b route) int { return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.class, b.class)) }) {
		one := c.calls[key]
		m.Samples = append(m.Samples, metrics.Distribution(bounds, one.in, one.sum, [2]string{"route", key.pattern}, [2]string{"code", key.class})...)
	}
	return m
}

// single makes counts by one label of those of a name.
func single(m map[string]float64) map[[2]string]float64 {
	all := map[[2]string]float64{}
	for k, n := range m {
		all[[2]string{k}] = n
	}
	return all
}

func counter(name, help string, counts map[[2]string]float64, labels ...string) metrics.Metric {
	m := metrics.Metric{Name: name, Help: help, Kind: metrics.Counter}
	for _, key := range slices.SortedFunc(maps.Keys(counts), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		s := metrics.Sample{Value: counts[key]}
		for i, l := range labels {
			s.Labels = append(s.Labels, [2]string{l, key[i]})
		}
		m.Samples = append(m.Samples, s)
	}
	return m
}

func gauge(name, help string, value float64) metrics.Metric {
	return metrics.Metric{Name: name, Help: help, Samples: []metrics.Sample{{Value: value}}}
}

var begun = time.Now()

// process is what this program takes of the machine; systemd and node_exporter know the rest.
func process() []metrics.Metric {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return []metrics.Metric{
		gauge("process_start_time_seconds", "When this process started.", float64(begun.Unix())),
		gauge("go_goroutines", "Goroutines at present.", float64(runtime.NumGoroutine())),
		gauge("go_memstats_heap_inuse_bytes", "Memory of the heap that is in use.", float64(m.HeapInuse)),
	}
}
