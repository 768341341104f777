package demo

import (
	"encoding/json"
	"net/http"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
	"vaxkiosk/sync/api"
)

// Central makes the kiosk wait, because somebody has shown too many wrong proofs or
// asked for too many numbers. Whoever comes meanwhile is told just that.

// busy is how central answers one call then.
const busy when = "busy"

func makeWait(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Retry-After", "60")
	w.WriteHeader(http.StatusTooManyRequests)
	_ = json.NewEncoder(w).Encode(api.Problem{Type: api.ProblemPrefix + api.ProblemBusy, Title: "wait", Status: http.StatusTooManyRequests})
}

func busyDrills() []drill {
	return []drill{
		{"central makes wait", "a code is tried", fault.Busy, func(g *guest) {
			g.start()
			g.send()
			g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
			code := g.message()
			g.line.breakAt(unlockRoute, busy)
			g.wants(g.call("a try", g.unlocks(code)...), visit.Unlocking, fault.Busy)
			g.onward("an open record", func() []visit.Action { return g.unlocks(code) })
			g.print()
		}},
		{"central makes wait", "staff signs in", fault.Busy, func(g *guest) {
			g.start()
			g.send()
			g.until("the answer", func(v visit.Visit) bool { return v.Unlock.Answered })
			g.line.breakAt(signInRoute, busy)
			g.do(visit.CallStaff{})
			g.await(visit.StaffIn)
			g.wants(g.call("a sign-in", g.signsIn()...), visit.StaffIn, fault.Busy)
			g.vouched()
			g.onward("an open record", func() []visit.Action { return g.unlocks("") })
			g.print()
		}},
		{"central makes wait", "a correction is looked up", fault.Busy, func(g *guest) {
			g.start()
			number := g.correct()
			g.line.await(amendRoute, 1)
			g.leave()
			g.line.breakAt(trackRoute, busy)
			g.do(visit.Begin{Lang: "en"}, visit.Amend{}, visit.Agree{}, visit.LookUp{}, visit.TypeReceipt{Text: number})
			g.wants(g.call("how far it is", visit.Next{}), visit.Tracking, fault.Busy)
			if f := g.call("how far it is", visit.Next{}); f != nil || g.seen().Track.Progress == "" {
				g.t.Errorf("progress %q, fault %v", g.seen().Track.Progress, f)
			}
			g.leave()
		}},
	}
}
