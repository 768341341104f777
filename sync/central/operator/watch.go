package operator

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/metrics"
	"vaxkiosk/sync/version"
)

// Unusual is what somebody has to ask about at the kiosks.
func (o *Operator) Unusual(ctx context.Context) ([]fleet.Found, error) {
	all, err := o.f.Store.Volumes(ctx, o.now(), request.Life)
	return fleet.Odd(all), err
}

// odd is Unusual as it was within the hour: it is work for the database, and a number that
// changed with each request would say what became of that one.
type odd struct {
	mu    sync.Mutex
	at    time.Time
	found []fleet.Found
}

func (o *Operator) oddOfTheHour(ctx context.Context) ([]fleet.Found, error) {
	o.odd.mu.Lock()
	defer o.odd.mu.Unlock()
	hour := o.now().Truncate(fleet.OddEvery)
	if o.odd.at.Equal(hour) {
		return o.odd.found, nil
	}
	found, err := o.Unusual(ctx)
	if err != nil {
		return nil, err
	}
	o.odd.at, o.odd.found = hour, found
	return found, nil
}

// Metrics are what those who watch the service are shown: of its kiosks, of what waits, of the
// database and its keys, and what this process has counted (package watch, which says what is
// not shown and why).
func (o *Operator) Metrics(ctx context.Context) ([]metrics.Metric, error) {
	kiosks, err := o.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	all := fleet.Gauges(kiosks, version.Number, o.now())
	found, err := o.oddOfTheHour(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, fleet.OddGauge(found))
	q, err := o.f.Store.Queues(ctx, o.now())
	if err != nil {
		return nil, err
	}
	all = append(all, queues(q, o.now())...)
	keys, err := o.keeping(ctx)
	if err != nil {
		return nil, err
	}
	all = append(append(all, keys...), pools(o.f.Store)...)
	counted, err := o.state.Counts.Page(ctx)
	return append(all, counted...), err
}

func single(name, help string, value float64) metrics.Metric {
	return metrics.Metric{Name: name, Help: help, Samples: []metrics.Sample{{Value: value}}}
}

// when is a time as a metric; it is left out when there is none.
func when(name, help string, at time.Time) metrics.Metric {
	m := metrics.Metric{Name: name, Help: help}
	if !at.IsZero() {
		m.Samples = []metrics.Sample{{Value: float64(at.Unix())}}
	}
	return m
}

// queues are what waits. Of cases for review only the days are told: that there is one more
// would say what became of the request that has just come.
func queues(q store.Queues, now time.Time) []metrics.Metric {
	age := func(at time.Time) float64 {
		if at.IsZero() {
			return 0
		}
		return max(0, now.Sub(at).Truncate(time.Second).Seconds())
	}
	days := 0.0
	if !q.OldestReview.IsZero() {
		days = max(0, midnight(now).Sub(midnight(q.OldestReview)).Hours()/24)
	}
	return []metrics.Metric{
		single("vaxcentral_requests_waiting", "Requests that are due and not answered.", float64(q.Waiting)),
		single("vaxcentral_requests_oldest_waiting_seconds", "For how long the oldest of them is due; 0 when none waits.", age(q.Oldest)),
		single("vaxcentral_requests_failing", "Requests whose notice could not be handed over last time.", float64(q.Failing)),
		single("vaxcentral_requests_oldest_failing_seconds", "How old the oldest of them is; 0 when there is none.", age(q.OldestFailing)),
		single("vaxcentral_notices_dead", "Notices that did not go out and are not tried any more, of requests that live.", float64(q.Dead)),
		single("vaxcentral_requests_held", "Requests that this program cannot read.", float64(q.Held)),
		single("vaxcentral_reviews_oldest_days", "On how many days before today the oldest case for review was made that waits; 0 also when none does.", days),
		single("vaxcentral_corrections_open", "Corrections that are not closed.", float64(q.Corrections)),
		single("vaxcentral_corrections_oldest_seconds", "How old the oldest of them is; 0 when there is none.", age(q.OldestOpen)),
		when("vaxcentral_import_last_timestamp_seconds", "When an import of people was finished last.", q.Imported),
	}
}

func midnight(at time.Time) time.Time {
	y, m, d := at.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// keeping is how old keys and back-up are.
func (o *Operator) keeping(ctx context.Context) ([]metrics.Metric, error) {
	since, err := o.f.Store.KeysSince(ctx)
	if err != nil {
		return nil, err
	}
	backedUp, err := o.f.BackedUp()
	if err != nil {
		return nil, err
	}
	_, schema := o.f.Store.Migrated()
	keys := metrics.Metric{Name: "vaxcentral_key_since_timestamp_seconds", Help: "Since when the newest key of a kind is there."}
	for _, kind := range slices.Sorted(maps.Keys(since)) {
		keys.Samples = append(keys.Samples, metrics.Sample{Value: float64(since[kind].Unix()), Labels: [][2]string{{"key", kind}}})
	}
	return []metrics.Metric{
		keys,
		when("vaxcentral_backup_last_success_timestamp_seconds", "When the data folder was backed up last.", backedUp),
		single("vaxcentral_schema_version", "Version of the database.", float64(schema)),
	}, nil
}

// pools are the connections to the database.
func pools(s *store.Store) []metrics.Metric {
	open := metrics.Metric{Name: "vaxcentral_db_connections", Help: "Connections to the database, by pool; max is how many there may be."}
	waits := metrics.Metric{Name: "vaxcentral_db_waits_total", Help: "How often somebody had to wait for a connection.", Kind: metrics.Counter}
	waited := metrics.Metric{Name: "vaxcentral_db_wait_seconds_total", Help: "For how long, all together.", Kind: metrics.Counter}
	all := s.Pools()
	for _, pool := range slices.Sorted(maps.Keys(all)) {
		p, label := all[pool], [2]string{"pool", pool}
		for _, state := range []struct {
			name string
			n    int
		}{{"in-use", p.InUse}, {"idle", p.Idle}, {"max", p.MaxOpenConnections}} {
			open.Samples = append(open.Samples, metrics.Sample{Value: float64(state.n), Labels: [][2]string{label, {"state", state.name}}})
		}
		waits.Samples = append(waits.Samples, metrics.Sample{Value: float64(p.WaitCount), Labels: [][2]string{label}})
		waited.Samples = append(waited.Samples, metrics.Sample{Value: p.WaitDuration.Seconds(), Labels: [][2]string{label}})
	}
	return []metrics.Metric{open, waits, waited}
}
