package fleet

import (
	"slices"
	"time"

	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/metrics"
)

// What is unusual at a kiosk is no proof of anything: an outage that is over, a flu clinic or a
// queue of parents in August look like it. It is for somebody to ask why.

// Unusual is what somebody has to ask about.
type Unusual string

// What is unusual.
const (
	Fast   Unusual = "fast"   // more requests within an hour than people type
	Many   Unusual = "many"   // many more within a day than the kiosk has otherwise
	Nobody Unusual = "nobody" // most requests of a day name people who are not on file: somebody tries names
	Spent  Unusual = "spent"  // requests of a day whose tries are all used up: somebody guesses
)

// When something is. A visit takes two minutes or three, of which the form is most.
const (
	fastAnHour  = 60
	manyADay    = 40  // at least, and
	timesUsual  = 4   // so many times a usual day, or
	manyAtFirst = 150 // where there were hardly any days before
	daysToKnow  = 3
	askedToKnow = 30 // answered, of which
	nobodyIn    = 75 // percent found nobody
	spentADay   = 5
)

// Found is what is unusual at a kiosk: n, of so many where that means something.
type Found struct {
	Kiosk string
	What  Unusual
	N, Of int
}

// Odd are all that is unusual.
func Odd(all []store.Volume) (found []Found) {
	for _, v := range all {
		if v.Hour > fastAnHour {
			found = append(found, Found{v.Kiosk, Fast, v.Hour, 0})
		}
		usual := v.Before / max(1, v.Days)
		if v.Days >= daysToKnow && v.Day >= manyADay && v.Day > timesUsual*usual || v.Days < daysToKnow && v.Day >= manyAtFirst {
			found = append(found, Found{v.Kiosk, Many, v.Day, usual})
		}
		if v.Answered >= askedToKnow && v.Nobody*100 >= nobodyIn*v.Answered {
			found = append(found, Found{v.Kiosk, Nobody, v.Nobody, v.Answered})
		}
		if v.Spent >= spentADay {
			found = append(found, Found{v.Kiosk, Spent, v.Spent, v.Day})
		}
	}
	return found
}

// OddEvery is how often numbers of what is unusual may change.
const OddEvery = time.Hour

// OddGauge is what is unusual as a metric. Where most find nobody it does not say at which kiosk:
// who stands at one and sees the numbers must not learn from them whether somebody is on file.
// vaxcentral kiosk unusual says it, to those who have the data folder.
func OddGauge(found []Found) metrics.Metric {
	g := metrics.Metric{Name: "vaxcentral_unusual", Help: "1 for what is unusual at a kiosk, looked for once an hour; others are left out."}
	var said []Found
	for _, f := range found {
		if f.What == Nobody {
			f.Kiosk = ""
		}
		f.N, f.Of = 0, 0
		if !slices.Contains(said, f) {
			said = append(said, f)
			g.Samples = append(g.Samples, metrics.Sample{Value: 1, Labels: [][2]string{{"kiosk", f.Kiosk}, {"what", string(f.What)}}})
		}
	}
	return g
}
