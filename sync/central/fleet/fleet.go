// Package fleet says how kiosks do, and which of them need a person.
//
//	all := fleet.Of(kiosks, heartbeats, version.Number, now) // those that need a person first
//	metrics.Text(fleet.Gauges(all, version.Number, now))
//	found := fleet.Odd(volumes)   // what is unusual at a kiosk
//
// It goes by the table of kiosks and the last heartbeat of each, and asks nobody. A kiosk from
// before there were heartbeats is judged by when it called last. What a kiosk said last is not
// taken for how it is once it is silent: then it is offline, and no more is known.
//
// It knows no visitor: nothing in it is about one, and no label of a metric is anything but a
// kiosk's name, a version, or a code from a list.
package fleet

import (
	"cmp"
	"slices"
	"time"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/store"
)

// Need is why a person has to look after a kiosk.
type Need string

// The needs, the most urgent first.
const (
	Offline      Need = "offline"        // it is not heard of, or never was
	OutOfService Need = "out-of-service" // its screen says that nothing can be asked for
	Clock        Need = "clock"          // its clock differs too much for anything to be opened
	Expired      Need = "expired"        // its certificate is over
	Printer      Need = "printer"        // it can print nothing
	Certificate  Need = "certificate"    // its certificate ends soon, and should have been renewed
	Waiting      Need = "waiting"        // what is saved there does not get here
	Refused      Need = "refused"        // it has what can never be taken here
	Disk         Need = "disk"           // its disk is nearly full
	Settings     Need = "settings"       // it works with settings of long ago
	Suspended    Need = "suspended"      // somebody has to resume it
	Version      Need = "version"        // its program is another version than this service
)

var order = []Need{Offline, OutOfService, Clock, Expired, Printer, Certificate, Waiting, Refused, Disk, Settings, Suspended, Version}

// When something is one. Heartbeats come each minute; a kiosk without them asks for its
// settings every quarter of an hour.
const (
	SilentAfter   = 3 * time.Minute
	SilentBefore  = 35 * time.Minute // of a kiosk from before there were heartbeats
	CertificateIn = 14 * 24 * time.Hour
	WaitingFor    = time.Hour
	SettingsOf    = time.Hour
	DiskUnder     = 200 // MiB
)

// Ready is what a kiosk says of a printer that can print.
const Ready = "ready"

// Kiosk is a kiosk with what it said last.
type Kiosk struct {
	store.Kiosk

	Heartbeat *store.Heartbeat // nil: there was none
	Needs     []Need           // the most urgent first; none of one that is revoked
	Seen      time.Time        // when it called last, by heartbeat or otherwise; zero: never
}

// Has reports whether a kiosk has a need.
func (k Kiosk) Has(n Need) bool { return slices.Contains(k.Needs, n) }

// Missed is since when heartbeats, or calls, are missed; zero when none is.
func (k Kiosk) Missed() time.Time {
	if !k.Has(Offline) || k.Seen.IsZero() {
		return time.Time{}
	}
	return k.Seen.Add(time.Minute)
}

// Known is the last heartbeat as long as it says how the kiosk is; else nil.
func (k Kiosk) Known() *store.Heartbeat {
	if k.Has(Offline) || k.State() != InUse {
		return nil
	}
	return k.Heartbeat
}

// Left is how long the certificate of a kiosk is good for.
func (k Kiosk) Left(now time.Time) time.Duration { return k.Until.Sub(now) }

// Of judges kiosks by their last heartbeats. Own is the version of this service. Those that
// need a person come first, by how urgent that is, and those that are revoked last.
func Of(kiosks []store.Kiosk, beats map[string]store.Heartbeat, own string, now time.Time) []Kiosk {
	all := make([]Kiosk, 0, len(kiosks))
	for _, k := range kiosks {
		one := Kiosk{Kiosk: k, Seen: k.LastSeen}
		if beat, is := beats[k.ID]; is && k.LastSeen.Sub(beat.At) <= SilentBefore { // else it is back at a program without
			one.Heartbeat = &beat
			if beat.At.After(one.Seen) {
				one.Seen = beat.At
			}
		}
		one.Needs = needs(one, own, now)
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b Kiosk) int { return cmp.Or(a.rank()-b.rank(), cmp.Compare(a.Name, b.Name)) })
	return all
}

// rank is the place of a kiosk in a list.
func (k Kiosk) rank() int {
	switch {
	case !k.Revoked.IsZero():
		return len(order) + 1
	case len(k.Needs) == 0:
		return len(order)
	}
	return slices.Index(order, k.Needs[0])
}

// needs are why a person has to look after a kiosk.
func needs(k Kiosk, own string, now time.Time) (all []Need) {
	if !k.Revoked.IsZero() {
		return nil
	}
	if !k.Suspended.IsZero() { // that it is silent, or out of service, is meant
		return []Need{Suspended}
	}
	is := map[Need]bool{Expired: k.Left(now) <= 0, Offline: silent(k, now)}
	is[Certificate] = !is[Expired] && k.Left(now) <= CertificateIn
	if b := k.Heartbeat; b != nil && !is[Offline] {
		is[OutOfService] = b.Screen != "in-service"
		is[Clock] = b.Skew != nil && (time.Duration(*b.Skew)*time.Second).Abs() > record.ClockSlack
		is[Printer] = b.Printer != "" && b.Printer != Ready
		is[Waiting] = b.Oldest > WaitingFor
		is[Refused] = b.Refused > 0
		is[Disk] = b.DiskFree != nil && *b.DiskFree < DiskUnder
		is[Settings] = b.Settings != nil && time.Duration(*b.Settings)*time.Second > SettingsOf
		is[Version] = b.Version != own
	}
	for _, n := range order {
		if is[n] {
			all = append(all, n)
		}
	}
	return all
}

// silent reports whether a kiosk is not heard of.
func silent(k Kiosk, now time.Time) bool {
	if k.Heartbeat == nil {
		return now.Sub(k.Seen) > SilentBefore
	}
	return now.Sub(k.Heartbeat.At) > SilentAfter
}
