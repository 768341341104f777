package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/usage"
	"vaxkiosk/app/visit"
)

// moreWorld is what a world keeps of corrections, reports, counts and slips.
type moreWorld struct {
	reportErr   error
	usageErr    error
	track       func() (visit.Progress, error)
	slipErr     error
	corrections []request.Correction
	reports     []string
	batches     []usage.Batch
	slips       []string
}

const trackedKey = "abcdefghijklmnop"

func (w *world) SaveAmendment(ctx context.Context, c request.Correction) (Saved, error) {
	if w.saving != nil {
		return Saved{}, w.saving(ctx)
	}
	w.corrections = append(w.corrections, c)
	return Saved{Key: trackedKey, Receipt: request.TrackingFor(trackedKey)}, w.saveErr
}

func (w *world) SaveReport(_ context.Context, kind, screen string) error {
	w.reports = append(w.reports, kind+" on "+screen)
	return w.reportErr
}

func (w *world) SaveUsage(ctx context.Context, b usage.Batch) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.batches = append(w.batches, b)
	if w.usageErr != nil {
		return w.usageErr
	}
	return ctx.Err()
}

func (w *world) Track(context.Context, string) (visit.Progress, error) { return w.track() }

func (w *world) Slip(kind visit.SlipKind, number, lang string) (Document, error) {
	w.slips = append(w.slips, strings.Join([]string{string(kind), number, lang}, " "))
	return Document{PDF: []byte("%PDF"), Pages: 1}, w.slipErr
}

func (w *world) TestPage(lang string) (Document, error) {
	w.slips = append(w.slips, "test page "+lang)
	return Document{PDF: []byte("%PDF"), Pages: 1}, w.slipErr
}

// toCorrected corrects the name of the open record.
func (w *world) toCorrected() {
	w.toReady()
	w.do(visit.Amend{}, visit.PickFix{Kind: request.WrongName},
		visit.Type{Field: request.FieldNewGiven, Text: "Lin"}, visit.Type{Field: request.FieldNewFamily, Text: "Trần"}, visit.Next{}, visit.Send{})
}

func TestACorrectionIsSavedWithThePassAndItsNumberGoesOnASlip(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toCorrected()
		w.want(t, visit.Amended)
		number := request.TrackingFor(trackedKey)
		if len(w.corrections) != 1 || w.corrections[0].Token != "pass" || w.corrections[0].New.Family != "Trần" || w.seen().Track.Number != number {
			t.Fatalf("saved %d corrections, tracking number %q", len(w.corrections), w.seen().Track.Number)
		}
		w.do(visit.Slip{})
		w.want(t, visit.Amended)
		if len(w.slips) != 1 || w.slips[0] != "tracking "+number+" en" || w.seen().Print.Slip != fault.Printed || len(w.audits) != 0 {
			t.Errorf("slips %q, outcome %q, audits %v", w.slips, w.seen().Print.Slip, w.audits)
		}
		w.do(visit.Back{})
		w.want(t, visit.Ready)
	})
}

func TestACorrectionThatIsNotSavedIsToldAndCanBeSentAgain(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.toReady()
		w.saveErr = errors.New("disk full")
		w.do(visit.Amend{}, visit.PickFix{Kind: request.AddContact}, visit.PickContact{Kind: request.ByEmail},
			visit.Type{Field: request.FieldEmail, Text: "linh@example.org"}, visit.Next{}, visit.Send{})
		w.want(t, visit.Review)
		if w.seen().Fault == nil || w.seen().Fault.Code != fault.Database || w.seen().Form.Draft.Email == "" {
			t.Errorf("fault %v", w.seen().Fault)
		}
		w.saveErr = nil
		w.do(visit.Send{})
		w.want(t, visit.Amended)
	})
}

func TestHowASlipEndsIsTold(t *testing.T) {
	for name, tt := range map[string]struct {
		print   func(context.Context, func(Progress)) Result
		drawing error
		want    fault.Outcome
		fault   fault.Code
	}{
		"jam": {func(context.Context, func(Progress)) Result {
			return Result{fault.Failed, fault.Fault{Code: fault.Jam}}
		}, nil, fault.Failed, fault.Jam},
		"no answer": {func(context.Context, func(Progress)) Result {
			return Result{fault.Unknown, fault.Fault{Code: fault.NoAnswer}}
		}, nil, fault.Unknown, fault.NoAnswer},
		"not drawn": {func(context.Context, func(Progress)) Result { panic("printed") }, errors.New("the page has another number"), fault.Failed, fault.Page},
		"out of time": {func(ctx context.Context, _ func(Progress)) Result {
			<-ctx.Done()
			return Result{fault.Failed, fault.Fault{Code: fault.Paper}}
		}, nil, fault.Failed, fault.Paper},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				w.print, w.slipErr = tt.print, tt.drawing
				w.toReview()
				w.do(visit.Send{}, visit.Slip{})
				time.Sleep(visit.SlipLimit - time.Second) // the printer is told in time
				synctest.Wait()
				w.want(t, visit.Sent)
				if v := w.seen(); v.Print.Slip != tt.want || v.Fault == nil || v.Fault.Code != tt.fault {
					t.Errorf("outcome %q, fault %v", v.Print.Slip, v.Fault)
				}
			})
		})
	}
}

func TestHowFarACorrectionIsComesFromCentral(t *testing.T) {
	for name, tt := range map[string]struct {
		progress visit.Progress
		err      error
		fault    fault.Code
	}{
		"in review":  {visit.InReview, nil, ""},
		"no such":    {"", fault.NoTracking, fault.NoTracking},
		"away":       {"", fault.Away, fault.Away},
		"forbidden?": {"", errors.New("what nobody thought of"), fault.Away},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, w *world) {
				w.track = func() (visit.Progress, error) { return tt.progress, tt.err }
				w.do(visit.Begin{Lang: "en"}, visit.Amend{}, visit.Agree{}, visit.LookUp{},
					visit.TypeReceipt{Text: request.TrackingFor(trackedKey)}, visit.Next{})
				w.want(t, visit.Tracking)
				v := w.seen()
				if v.Track.Progress != tt.progress || (v.Fault != nil) != (tt.fault != "") || v.Fault != nil && v.Fault.Code != tt.fault {
					t.Errorf("progress %q, fault %v", v.Track.Progress, v.Fault)
				}
			})
		})
	}
}

func TestAProblemReportSaysItsKindAndScreen(t *testing.T) {
	run(t, func(t *testing.T, w *world) {
		w.do(visit.Begin{Lang: "en"}, visit.Ask{}, visit.Help{Topic: visit.ReportTopic})
		w.reportErr = errors.New("disk full")
		w.do(visit.Report{Kind: "touch"})
		w.want(t, visit.Helping)
		if w.seen().Help.Reported || !w.seen().Help.Unreported {
			t.Error("a report that was not kept is told as kept")
		}
		w.reportErr = nil
		w.do(visit.Report{Kind: "touch"})
		if got := strings.Join(w.reports, ", "); !w.seen().Help.Reported || got != "touch on consent, touch on consent" {
			t.Errorf("reported %v: %s", w.seen().Help.Reported, got)
		}
	})
}
