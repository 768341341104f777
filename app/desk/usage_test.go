package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
)

func TestEachStepIsCountedUnderItsName(t *testing.T) {
	at := func(s visit.State, change ...func(*visit.Visit)) visit.Visit {
		v := visit.Visit{Number: 7, State: s, Person: visit.Person{Lang: "es"}}
		for _, c := range change {
			c(&v)
		}
		return v
	}
	next := func(v *visit.Visit) { v.Number, v.Lang = 8, "" }
	key := func(v *visit.Visit) { v.Unlock.Key = "0123456789abcdef" }
	tracking := func(v *visit.Visit) { v.Track.Number = "7KQ2-M4VD" }
	for name, tt := range map[string]struct {
		before, after visit.Visit
		do            visit.Action
		want          string
	}{
		"picks a language":        {at(visit.Welcome, func(v *visit.Visit) { v.Lang = "" }), at(visit.Choosing), visit.Begin{}, "visit language-es"},
		"changes the language":    {at(visit.Choosing), at(visit.Choosing, func(v *visit.Visit) { v.Lang = "en" }), visit.Speak{}, ""},
		"request is saved":        {at(visit.Saving), at(visit.Sent, key), visit.Saved{}, "request"},
		"saved after its time":    {at(visit.Review), at(visit.Sent, key), visit.Saved{}, "request"},
		"back to the receipt":     {at(visit.NoCode, key), at(visit.Sent, key), visit.Back{}, ""},
		"comes to collect":        {at(visit.Choosing), at(visit.Collecting), visit.Collect{}, "collect"},
		"back to the number":      {at(visit.Unlocking), at(visit.Collecting), visit.Back{}, ""},
		"correction is saved":     {at(visit.Saving), at(visit.Amended, tracking), visit.Saved{}, "correction"},
		"slip of a correction":    {at(visit.Slipping, tracking), at(visit.Amended, tracking, func(v *visit.Visit) { v.Print.Slip = fault.Printed }), visit.Ended{Outcome: fault.Printed}, "slip"},
		"slip that failed":        {at(visit.Slipping, key), at(visit.Sent, key, func(v *visit.Visit) { v.Print.Slip = fault.Failed }), visit.Ended{Outcome: fault.Failed}, ""},
		"opens help":              {at(visit.Consent), at(visit.Helping), visit.Help{}, "help"},
		"another topic":           {at(visit.Helping), at(visit.Helping), visit.Help{}, ""},
		"report is kept":          {at(visit.Reporting), at(visit.Helping, func(v *visit.Visit) { v.Help.Reported = true }), visit.Reported{}, "report"},
		"report is not kept":      {at(visit.Reporting), at(visit.Helping), visit.ReportFailed{}, ""},
		"code and PIN fit":        {at(visit.Fetching), at(visit.Fetching, func(v *visit.Visit) { v.Unlock.Token = "pass" }), visit.Unlocked{}, "unlocked"},
		"printed":                 {at(visit.Printing), at(visit.Done), visit.Ended{Outcome: fault.Printed}, "printed"},
		"not printed":             {at(visit.Printing), at(visit.PrintFailed), visit.Ended{Outcome: fault.Failed}, "not-printed"},
		"nobody knows":            {at(visit.Printing), at(visit.PrintUnknown), visit.Ended{Outcome: fault.Unknown}, "print-unsure"},
		"nobody can know":         {at(visit.Printing), at(visit.Done, func(v *visit.Visit) { v.Print.HandedOn = true }), visit.Ended{Outcome: fault.HandedOn}, "print-unsure"},
		"larger":                  {at(visit.Filling), at(visit.Filling, func(v *visit.Visit) { v.Look.Size = 1 }), visit.Resize{}, "larger-text"},
		"contrast":                {at(visit.Filling), at(visit.Filling, func(v *visit.Visit) { v.Look.Contrast = 1 }), visit.Recolour{}, "contrast"},
		"staff":                   {at(visit.StaffAsking, key), at(visit.StaffCheck, key, func(v *visit.Visit) { v.Staff.Token = "pass" }), visit.SignedIn{}, "staff"},
		"another record":          {at(visit.Done), at(visit.Declaring, func(v *visit.Visit) { v.Number = 8 }), visit.Another{}, "another"},
		"ends when done":          {at(visit.Done), at(visit.Welcome, next), visit.Leave{}, ""},
		"walks away when done":    {at(visit.Done), at(visit.Welcome, next), visit.Tick{}, ""},
		"walks away":              {at(visit.Filling), at(visit.Welcome, next), visit.Tick{}, "left-idle"},
		"gives up":                {at(visit.Filling), at(visit.Welcome, next), visit.Leave{}, "left-early"},
		"goes back to the start":  {at(visit.Choosing), at(visit.Welcome, next), visit.Back{}, "left-early"},
		"comes back later":        {at(visit.Sent, key), at(visit.Welcome, next), visit.Leave{}, ""},
		"has a tracking number":   {at(visit.Amended, tracking), at(visit.Welcome, next), visit.Leave{}, ""},
		"knows how far it is":     {at(visit.Tracking, func(v *visit.Visit) { v.Track.Progress = visit.Closed }), at(visit.Welcome, next), visit.Leave{}, ""},
		"only changed the look":   {at(visit.Welcome, func(v *visit.Visit) { v.Lang, v.Look.Size = "", 2 }), at(visit.Welcome, next), visit.Tick{}, ""},
		"kiosk is repaired":       {at(visit.OutOfService, func(v *visit.Visit) { v.Lang = "" }), at(visit.Welcome, next), visit.Repair{}, ""},
		"nothing happens for now": {at(visit.Filling), at(visit.Filling), visit.Tick{}, ""},
	} {
		if got := strings.Join(names(tt.before, tt.after, tt.do), " "); got != tt.want {
			t.Errorf("%s: counted as %q, want %q", name, got, tt.want)
		}
	}
}

// kept are the batches that were to be kept.
func (w *world) kept() []usage.Batch {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.batches)
}

// visits has n visitors come and leave at once, in one hour.
func (w *world) visits(n int) {
	for range n {
		w.do(visit.Begin{Lang: "en"}, visit.Leave{})
	}
}

func TestWhatHappensInAnHourIsKeptOnceItIsOver(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		hour := time.Now().UTC()
		w.visits(5)
		w.do(visit.Begin{Lang: "en"}, visit.Help{}, visit.Back{}, visit.Resize{By: 1})
		time.Sleep(visit.IdleLimit)
		synctest.Wait()
		if len(w.kept()) != 0 {
			t.Fatalf("%v was kept before its hour was over", w.kept())
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		want := map[string]int{
			usage.Visit: 6, usage.Language("en"): 6, usage.LeftEarly: 5, usage.Help: 1, usage.LargerText: 1, usage.LeftIdle: 1,
		}
		if len(w.kept()) != 1 || !w.kept()[0].Hour.Equal(hour) || !maps.Equal(w.kept()[0].Counts, want) {
			t.Errorf("kept %v, want %v", w.kept(), want)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(w.kept()) != 1 {
			t.Errorf("an hour in which nobody came was kept: %v", w.kept()[1:])
		}
	})
}

func TestTheCountsOfTheLastHourAreKeptAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.desk.Run(ctx, visit.New(house())); close(done) }()
		synctest.Wait()
		w.visits(5)
		stop()
		<-done
		if len(w.kept()) != 1 || w.kept()[0].Counts[usage.Visit] != 5 {
			t.Errorf("kept %v", w.kept())
		}
	})
}

func TestCountsThatCannotBeKeptAreToldOnceWithoutThem(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.usageErr = errors.New("disk full")
		w.visits(5)
		time.Sleep(3 * time.Hour)
		synctest.Wait()
		if log := w.log.String(); strings.Count(log, "counts of an hour are lost") != 1 || strings.Contains(log, "language") {
			t.Errorf("logged:\n%s", log)
		}
	})
}

func TestNoCountHoldsWhatSomebodyTyped(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.record = func() (record.Record, error) {
			return record.Record{Given: "Linh", Family: "Nguyễn", Birth: "1970-02-28"}, nil
		}
		for range 5 {
			w.toCorrected()
			w.do(visit.Slip{}, visit.Back{}, visit.Print{}, visit.Another{}, visit.Back{}, visit.Help{Topic: visit.ReportTopic},
				visit.Report{Kind: "other"}, visit.Leave{})
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(w.kept()) != 1 {
			t.Fatalf("kept %v", w.kept())
		}
		got := slices.Sorted(maps.Keys(w.kept()[0].Counts))
		want := []string{"another", "correction", "help", "language-en", "left-early", "printed", "report", "request", "slip", "unlocked", "visit"}
		if !slices.Equal(got, want) {
			t.Errorf("counted %v, want %v", got, want)
		}
		for _, secret := range []string{"Linh", "Nguy", "Tr", "1970", "8317", "482913", request.TrackingFor(trackedKey)} {
			if strings.Contains(string(w.kept()[0].Encode()), secret) {
				t.Errorf("the counts hold %q", secret)
			}
		}
	})
}
