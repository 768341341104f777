package fleet

import (
	"time"

	"vaxkiosk/sync/metrics"
)

// States are how a kiosk stands in the table.
const (
	InUse       = "in-use"
	IsSuspended = "suspended"
	IsRevoked   = "revoked"
)

// State is how a kiosk stands in the table.
func (k Kiosk) State() string {
	switch {
	case !k.Revoked.IsZero():
		return IsRevoked
	case !k.Suspended.IsZero():
		return IsSuspended
	}
	return InUse
}

// gauge is a metric of every kiosk that is not revoked; ok is false where it is not known.
type gauge struct {
	name, help string
	of         func(k Kiosk, now time.Time) (value float64, ok bool)
	label      func(k Kiosk) [2]string // beside the kiosk's name; nil: none
}

var gauges = []gauge{
	{"vaxcentral_kiosk_online", "1 while the kiosk is heard of; left out of one that is suspended.", online, nil},
	{"vaxcentral_kiosk_suspended", "1 while the kiosk is suspended.", always(func(k Kiosk) float64 { return one(k.State() == IsSuspended) }), nil},
	{"vaxcentral_kiosk_last_seen_timestamp_seconds", "When the kiosk called last; left out of one that never did.", lastSeen, nil},
	{"vaxcentral_kiosk_certificate_left_seconds", "Time until the end of the kiosk's certificate, to the minute.", certificateLeft, nil},
	{"vaxcentral_kiosk_info", "Always 1; version is the kiosk's program, and empty where it does not say.", always(func(Kiosk) float64 { return 1 }), versionOf},
	{"vaxcentral_kiosk_out_of_service", "1 while the kiosk's screen says that nothing can be asked for.", known(func(k Kiosk) float64 { return one(k.Has(OutOfService)) }), nil},
	{"vaxcentral_kiosk_printer_fault", "1 while the kiosk can print nothing; fault says why, and is none otherwise.", printerFault, faultOf},
	{"vaxcentral_kiosk_waiting", "How much is saved at the kiosk that central has not taken.", known(func(k Kiosk) float64 { return float64(k.Heartbeat.Waiting) }), nil},
	{"vaxcentral_kiosk_waiting_oldest_seconds", "How old the oldest of that is; 0 when none waits.", known(func(k Kiosk) float64 { return k.Heartbeat.Oldest.Seconds() }), nil},
	{"vaxcentral_kiosk_refused", "How much is kept at the kiosk that central can never take.", known(func(k Kiosk) float64 { return float64(k.Heartbeat.Refused) }), nil},
	{"vaxcentral_kiosk_clock_skew_seconds", "By how much the kiosk's clock is ahead of central's.", number(func(k Kiosk) *int { return k.Heartbeat.Skew }, 1), nil},
	{"vaxcentral_kiosk_settings_age_seconds", "How long ago the kiosk knew that it has the newest settings.", number(func(k Kiosk) *int { return k.Heartbeat.Settings }, 1), nil},
	{"vaxcentral_kiosk_disk_free_bytes", "How much the kiosk may still write.", number(func(k Kiosk) *int { return k.Heartbeat.DiskFree }, 1<<20), nil},
}

// reading reads a gauge of a kiosk.
type reading = func(k Kiosk, now time.Time) (value float64, ok bool)

// always reads what is known of every kiosk, known what the last heartbeat says, and number
// what it may leave out.
func always(of func(Kiosk) float64) reading {
	return func(k Kiosk, _ time.Time) (float64, bool) { return of(k), true }
}

func known(of func(Kiosk) float64) reading {
	return func(k Kiosk, _ time.Time) (float64, bool) {
		if k.Known() == nil {
			return 0, false
		}
		return of(k), true
	}
}

func number(of func(Kiosk) *int, each float64) reading {
	return func(k Kiosk, _ time.Time) (float64, bool) {
		if k.Known() == nil || of(k) == nil {
			return 0, false
		}
		return float64(*of(k)) * each, true
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func online(k Kiosk, _ time.Time) (float64, bool) { return one(!k.Has(Offline)), k.State() == InUse }

func lastSeen(k Kiosk, _ time.Time) (float64, bool) { return float64(k.Seen.Unix()), !k.Seen.IsZero() }

func certificateLeft(k Kiosk, now time.Time) (float64, bool) {
	return k.Left(now).Truncate(time.Minute).Seconds(), true
}

func versionOf(k Kiosk) [2]string {
	if k.Heartbeat == nil {
		return [2]string{"version", ""}
	}
	return [2]string{"version", k.Heartbeat.Version}
}

func printerFault(k Kiosk, _ time.Time) (float64, bool) {
	b := k.Known()
	return one(k.Has(Printer)), b != nil && b.Printer != ""
}

func faultOf(k Kiosk) [2]string {
	if !k.Has(Printer) {
		return [2]string{"fault", "none"}
	}
	return [2]string{"fault", k.Heartbeat.Printer}
}

// needed is a sample for each need of each kiosk, so that alerts go by the limits here.
func needed(all []Kiosk) metrics.Metric {
	g := metrics.Metric{Name: "vaxcentral_kiosk_need", Help: "1 for each reason why a person has to look after the kiosk; others are left out."}
	for _, k := range all {
		for _, n := range k.Needs {
			g.Samples = append(g.Samples, metrics.Sample{Value: 1, Labels: [][2]string{{"kiosk", k.Name}, {"need", string(n)}}})
		}
	}
	return g
}

// Gauges are the metrics of kiosks, without those that are revoked. Own is the version of this
// service.
func Gauges(all []Kiosk, own string, now time.Time) []metrics.Metric {
	page := []metrics.Metric{
		{Name: "vaxcentral_info", Help: "Always 1; version is this service's program.", Samples: []metrics.Sample{{Value: 1, Labels: [][2]string{{"version", own}}}}},
	}
	kiosks := metrics.Metric{Name: "vaxcentral_kiosks", Help: "How many kiosks there are, by state."}
	for _, state := range []string{InUse, IsSuspended, IsRevoked} {
		n := 0
		for _, k := range all {
			if k.State() == state {
				n++
			}
		}
		kiosks.Samples = append(kiosks.Samples, metrics.Sample{Value: float64(n), Labels: [][2]string{{"state", state}}})
	}
	page = append(page, kiosks, needed(all))
	for _, g := range gauges {
		made := metrics.Metric{Name: g.name, Help: g.help}
		for _, k := range all {
			value, ok := g.of(k, now)
			if !ok || k.State() == IsRevoked {
				continue
			}
			labels := [][2]string{{"kiosk", k.Name}}
			if g.label != nil {
				labels = append(labels, g.label(k))
			}
			made.Samples = append(made.Samples, metrics.Sample{Value: value, Labels: labels})
		}
		page = append(page, made)
	}
	return page
}
