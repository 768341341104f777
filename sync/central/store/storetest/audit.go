package storetest

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/central/store"
)

// PutAudit puts a row in the place of the one with its number, past the service.
func (d DB) PutAudit(r audit.Row) {
	d.t.Helper()
	d.exec(`UPDATE audit SET at = $1, actor = $2, kiosk = $3, kind = $4, request = $5, person = $6, other = $7, outcome = $8, prev = $9, hash = $10 WHERE n = $11`,
		r.At.UnixMilli(), r.Actor, r.Kiosk, string(r.Kind), r.Request, r.Person, r.Other, r.Outcome, r.Prev[:], r.Sum[:], r.N)
}

// DropAudit takes rows away.
func (d DB) DropAudit(from, to int64) {
	d.t.Helper()
	d.exec(`DELETE FROM audit WHERE n BETWEEN $1 AND $2`, from, to)
}

// SwapAudit gives two rows each other's numbers.
func (d DB) SwapAudit(a, b int64) {
	d.t.Helper()
	d.exec(`UPDATE audit SET n = -1 WHERE n = $1`, a)
	d.exec(`UPDATE audit SET n = $1 WHERE n = $2`, a, b)
	d.exec(`UPDATE audit SET n = $1 WHERE n = -1`, b)
}

// audited are all rows.
func (s *subject) audited(t *testing.T) (all []audit.Row) {
	t.Helper()
	n, _, err := s.AuditHead(t.Context())
	if err == nil {
		err = s.AuditRows(t.Context(), n, func(r audit.Row) error { all = append(all, r); return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// walked is what is wrong with the audit against the heads of a folder.
func (s *subject) walked(t *testing.T, dir string, key *ecdsa.PublicKey) audit.Wrong {
	t.Helper()
	heads, err := audit.ReadHeads(dir, key)
	if err == nil {
		err = s.walk(t.Context(), heads)
	}
	var fault *audit.Fault
	if err != nil && !errors.As(err, &fault) {
		t.Fatal(err)
	}
	if fault == nil {
		return ""
	}
	return fault.What
}

func (s *subject) walk(ctx context.Context, heads *audit.Heads) error {
	n, _, err := s.AuditHead(ctx)
	if err != nil {
		return err
	}
	w := audit.NewWalk(heads)
	if err := s.AuditRows(ctx, n, w.Row); err != nil {
		return err
	}
	return w.End(n)
}

// chained is a store with ten rows, the eighth of which has a signed head.
func (on suite) chained(t *testing.T) (s *subject, dir string, key *audit.Signer) {
	t.Helper()
	s, dir = on.open(t), t.TempDir()
	key, err := audit.MakeKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		if err := s.Audit(t.Context(), audit.Row{At: now, Kind: audit.CodeAsk, Request: fmt.Sprint("request-", n)}); err != nil {
			t.Fatal(err)
		}
		if n == 7 {
			s.sign(t, dir, key, audit.Hourly)
		}
	}
	return s, dir, key
}

// sign signs the head.
func (s *subject) sign(t *testing.T, dir string, key *audit.Signer, why string) {
	t.Helper()
	n, sum, err := s.AuditHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h, err := key.Sign(n, sum, why, now)
	if err = errors.Join(err, key.Keep(dir, h)); err != nil {
		t.Fatal(err)
	}
}

func (on suite) TestWhatIsDoneToTheAuditIsFound(t *testing.T) {
	altered := func(r audit.Row) audit.Row { r.Outcome = "granted"; return r }
	for what, tt := range map[string]struct {
		do   func(s *subject, all []audit.Row)
		want audit.Wrong
	}{
		"nothing":          {func(*subject, []audit.Row) {}, ""},
		"a row is altered": {func(s *subject, all []audit.Row) { s.db.PutAudit(altered(all[3])) }, audit.Altered},
		"a row is altered and its hash with it": {func(s *subject, all []audit.Row) {
			s.db.PutAudit(altered(all[3]).Sealed(4, all[3].Prev))
		}, audit.Displaced},
		"the last row behind the head is altered": {func(s *subject, all []audit.Row) { s.db.PutAudit(altered(all[9])) }, audit.Altered},
		"a row is missing":                        {func(s *subject, _ []audit.Row) { s.db.DropAudit(5, 5) }, audit.Missing},
		"the first ones are":                      {func(s *subject, _ []audit.Row) { s.db.DropAudit(1, 3) }, audit.Unsigned},
		"two are swapped":                         {func(s *subject, _ []audit.Row) { s.db.SwapAudit(2, 6) }, audit.Altered},
		"the end is cut off":                      {func(s *subject, _ []audit.Row) { s.db.DropAudit(7, 10) }, audit.CutOff},
		"all of it is gone":                       {func(s *subject, _ []audit.Row) { s.db.DropAudit(1, 10) }, audit.CutOff},
		"it is written anew from a row on, without the key": {func(s *subject, all []audit.Row) {
			before := all[1].Sum
			for _, r := range all[2:] {
				r = altered(r).Sealed(r.N, before)
				s.db.PutAudit(r)
				before = r.Sum
			}
		}, audit.Rewritten},
	} {
		t.Run(what, func(t *testing.T) {
			s, dir, key := on.chained(t)
			tt.do(s, s.audited(t))
			if got := s.walked(t, dir, key.Public()); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func (on suite) TestAHeadThatAnotherKeyHasSignedIsFound(t *testing.T) {
	s, dir, key := on.chained(t)
	other, err := audit.MakeKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.sign(t, dir, other, audit.Hourly)
	if got := s.walked(t, dir, key.Public()); got != audit.Forged {
		t.Errorf("%q", got)
	}
}

func (on suite) TestRowsThatWereErasedAreVouchedForByASignedHead(t *testing.T) {
	s, dir, key := on.chained(t)
	later := now.Add(time.Hour)
	if err := s.Audit(t.Context(), audit.Row{At: later, Kind: audit.CodeAsk}); err != nil {
		t.Fatal(err)
	}
	n, sum, err := s.LastAuditBefore(t.Context(), later)
	if n != 10 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	h, err := key.Sign(n, sum, audit.Cut, later)
	if err = errors.Join(err, key.Keep(dir, h)); err != nil {
		t.Fatal(err)
	}
	if got := s.walked(t, dir, key.Public()); got != "" {
		t.Errorf("signed and not erased yet: %q", got)
	}
	s.db.DropAudit(1, 4)
	if got := s.walked(t, dir, key.Public()); got != "" {
		t.Errorf("signed and erased in part: %q", got)
	}
	if err := s.EraseAudit(t.Context(), n, h.Line(), later); err != nil {
		t.Fatal(err)
	}
	all := s.audited(t)
	if len(all) != 2 || all[0].N != 11 || all[1].Kind != audit.Erased || !strings.Contains(all[1].Outcome, "rows=6") {
		t.Errorf("%v", all)
	}
	if got := s.walked(t, dir, key.Public()); got != "" {
		t.Errorf("erased: %q", got)
	}
	s.db.DropAudit(11, 11)
	if got := s.walked(t, dir, key.Public()); got != audit.Missing {
		t.Errorf("one more is gone: %q", got)
	}
}

// What has gathered in years goes without keeping visitors waiting, and is noted once.
func (on suite) TestManyRowsAreErasedPieceByPiece(t *testing.T) {
	s := on.open(t)
	key, err := audit.MakeKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const rows = 2500
	if err := s.Audit(t.Context(), slices.Repeat([]audit.Row{{At: now, Kind: audit.CodeAsk}}, rows)...); err != nil {
		t.Fatal(err)
	}
	n, sum, err := s.AuditHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h, err := key.Sign(n, sum, audit.Cut, now)
	if err == nil {
		err = s.EraseAudit(t.Context(), n, h.Line(), now)
	}
	if err != nil {
		t.Fatal(err)
	}
	all := s.audited(t)
	if len(all) != 2 || all[0].N != n || all[1].N != n+1 || all[1].Outcome != fmt.Sprintf("rows=%d up-to=%d", n-1, n) {
		t.Errorf("%v", all)
	}
}

func (on suite) TestTwoInstancesWriteOneChainWithoutAGap(t *testing.T) {
	s := on.open(t)
	both := []*subject{s, s.another(t)}
	var writing sync.WaitGroup
	failed := make(chan error, 80)
	for n := range 80 {
		writing.Go(func() {
			id := fmt.Sprint("nurse.", n)
			failed <- both[n%2].AddStaff(t.Context(), store.Staff{ID: id, IDHash: []byte(id), PIN: []byte("x")})
		})
	}
	writing.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Error(err)
		}
	}
	if n := len(s.audited(t)); n != 80 {
		t.Errorf("%d rows", n)
	}
	if got := s.walked(t, t.TempDir(), nil); got != "" {
		t.Errorf("%q", got)
	}
}

func (on suite) TestWhatDoesNotComeAboutLeavesNoRowAndNoGap(t *testing.T) {
	s := on.open(t)
	nurse := store.Staff{ID: "nurse.jane", IDHash: []byte("hash"), PIN: []byte("x")}
	if err := s.AddStaff(t.Context(), nurse); err != nil {
		t.Fatal(err)
	}
	if err := s.AddStaff(t.Context(), nurse); !errors.Is(err, store.ErrStaffTaken) {
		t.Errorf("again: %v", err)
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	if err := s.AddStaff(gone, store.Staff{ID: "nurse.joe", IDHash: []byte("joe")}); err == nil {
		t.Error("without time")
	}
	if err := s.RemoveStaff(audit.As(t.Context(), audit.Actor{Login: "admin"}), "nurse.jane"); err != nil {
		t.Fatal(err)
	}
	var kinds []audit.Kind
	for _, r := range s.audited(t) {
		kinds = append(kinds, r.Kind)
	}
	if !slices.Equal(kinds, []audit.Kind{audit.StaffIn, audit.StaffOut}) || s.audited(t)[1].Actor != "operator:admin" {
		t.Errorf("%q", kinds)
	}
	if got := s.walked(t, t.TempDir(), nil); got != "" {
		t.Errorf("%q", got)
	}
}

func (on suite) TestTheAuditOfSomebodyHasAllTheirNumbersAndRequests(t *testing.T) {
	s, one, other := on.apart(t)
	ctx := t.Context()
	decided := func(request string, person int) error {
		return s.Audit(ctx, audit.Row{Kind: audit.Decided, Request: request, Person: person}, audit.Row{Kind: audit.CodeAsk, Request: request})
	}
	if err := errors.Join(decided("before", other), s.Link(ctx, one, other), decided("meanwhile", other), decided("of another", 4711),
		s.Audit(ctx, audit.Row{Kind: audit.Shown, Request: "of another", Person: one})); err != nil {
		t.Fatal(err)
	}
	before, linked, meanwhile, seen := []string{"request.decided before", "code.asked before"}, "people.linked ", []string{"request.decided meanwhile", "code.asked meanwhile"}, "person.shown of another"
	for _, number := range []int{one, other} {
		s.tells(t, number, slices.Concat(before, []string{linked}, meanwhile, []string{seen}))
	}
	if err := errors.Join(s.Unlink(ctx, other), decided("after", other)); err != nil {
		t.Fatal(err)
	}
	s.tells(t, one, slices.Concat([]string{linked}, meanwhile, []string{seen, "people.unlinked "}))
	s.tells(t, other, slices.Concat(before, []string{linked}, meanwhile, []string{seen, "people.unlinked ", "request.decided after", "code.asked after"}))
}

// tells fails unless the audit of somebody has these rows, by kind and request.
func (s *subject) tells(t *testing.T, number int, want []string) {
	t.Helper()
	all, err := s.AuditOf(t.Context(), number)
	var got []string
	for _, r := range all {
		got = append(got, string(r.Kind)+" "+r.Request)
	}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("%d: %q, %v\nwant %q", number, got, err, want)
	}
}

func (on suite) TestADoseThatIsRemovedByHandLeavesItsRow(t *testing.T) {
	s := on.open(t)
	s.run(t, "mercy", personEntry(0, "1", talia()), dose("1", "flu", "2021-03-05", "207"))
	before := len(s.audited(t))
	for _, f := range []func(context.Context, string, string) (bool, error){s.RemoveDose, s.RemoveDose, s.RestoreDose, s.RestoreDose} {
		if _, err := f(t.Context(), "mercy", "flu"); err != nil {
			t.Fatal(err)
		}
	}
	var kinds []audit.Kind
	for _, r := range s.audited(t)[before:] {
		kinds = append(kinds, r.Kind)
	}
	if !slices.Equal(kinds, []audit.Kind{audit.DoseOut, audit.DoseBack}) {
		t.Errorf("%q", kinds)
	}
}

func (on suite) TestWhatIsTooOldIsCountedByTheRulesThatEraseIt(t *testing.T) {
	s := on.open(t)
	long := now.AddDate(20, 0, 0)
	if err := errors.Join(s.Audit(t.Context(), audit.Row{At: now, Kind: audit.CodeAsk}, audit.Row{At: long, Kind: audit.CodeAsk}), quietly(s.AddPrint(t.Context(), "asked", "job", store.Print{Outcome: "printed", At: now}))); err != nil {
		t.Fatal(err)
	}
	s.db.AddToken(store.Token{Hash: []byte("old")})
	s.db.AddCase("asked", []byte("sealed"), now, now.Add(time.Hour))
	old, err := s.Old(t.Context(), long, nil)
	for key, want := range map[string]int64{"secrets": 1, "requests": 1, "tokens": 1, "audit": 1, "lists": 1, "checks": 0, "problems": 0} {
		if old[key] != want {
			t.Errorf("%s: %d, want %d", key, old[key], want)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if young, err := s.Old(t.Context(), now, nil); err != nil || young["secrets"]+young["requests"]+young["audit"]+young["lists"] != 0 {
		t.Errorf("%v, %v", young, err)
	}
	if err := errors.Join(s.PurgeLists(t.Context(), long.Add(-retention.Audit)), s.Reclaim(t.Context())); err != nil {
		t.Fatal(err)
	}
	if old, err := s.Old(t.Context(), long, nil); err != nil || old["lists"] != 0 {
		t.Errorf("%v, %v", old, err)
	}
	sameRules(t, old)
}

// sameRules wants what is counted to be what the table has.
func sameRules(t *testing.T, old map[string]int64) {
	t.Helper()
	known := retention.Table()
	for key := range old {
		if !slices.ContainsFunc(known, func(r retention.Rule) bool { return r.Key == key && r.Time > 0 }) {
			t.Errorf("%s is counted, and no rule of the table", key)
		}
	}
	for _, r := range known {
		if _, is := old[r.Key]; r.Name != "" && !is {
			t.Errorf("%s can be set, and is not counted", r.Name)
		}
	}
}

func quietly(_ bool, err error) error { return err }
