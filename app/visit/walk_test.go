package visit_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vaxkiosk/app/fault"
	"vaxkiosk/app/visit"
)

// shape is what tells visits apart for the walk: everything but the clock and
// the visit number.
func shape(v visit.Visit) string {
	record := v.Unlock.Record != nil
	waiting := visit.What(-1)
	if v.Waiting != nil {
		waiting = v.Waiting.For
	}
	trouble := fault.Code("")
	if v.Fault != nil {
		trouble = v.Fault.Code
	}
	return fmt.Sprint(v.State, v.Form.Question, v.Form.Changing, v.Lang != "", v.Form.FullText, v.Help.Topic, v.Unlock.AtPIN, v.Unlock.Over, record, waiting, trouble,
		v.IdleWarning, v.OutOfOrder != nil, v.Form.Draft.Relation, v.Form.Draft.Contact, v.Form.Draft.PIN != "", v.Form.Draft.PINAgain != "", v.Unlock.Code != "", v.Unlock.Key != "",
		len(v.Form.Problems) > 0, v.Form.Draft.Given != "", v.Form.Draft.Family != "", v.Form.Draft.Birth.Exists(), v.Form.Draft.Gender != "", v.Unlock.Resends, v.Unlock.Resent, v.Staff.ID != "", v.Staff.PIN != "", v.Staff.Token != "", v.Staff.IDKind, v.Staff.Vouched, v.Look != visit.Look{}, v.Voice.On,
		len(v.Unlock.PIN), v.Form.Task, v.Form.Draft.Fix.Kind, v.Form.Draft.Fix.Dose, v.Form.Draft.Both, v.Form.Draft.Single, v.Form.Draft.Capacity, v.Recall != (visit.Mine{}), v.Print.Slip, v.Print.Test, v.Track.Progress, v.Help.Reported, v.Help.From, v.Track.Number != "", v.Form.Hint != "",
		v.AtInvitation(), v.Joining.Address != "", v.Joining.Code, v.Joining.Snag)
}

// walk goes from all milestones to at most so many shapes of a visit, with every
// action in each of them.
func walk(t *testing.T, most int, arrive func(visit.Visit), each func(visit.Visit, visit.Event, visit.Visit, []visit.Effect)) {
	t.Helper()
	seen := map[string]bool{}
	var queue []visit.Visit
	add := func(v visit.Visit) { // once each: what waits is a fiftieth of all that is reached
		if s := shape(v); !seen[s] && len(seen) < most {
			seen[s] = true
			queue = append(queue, v)
		}
	}
	for _, v := range append(milestones(t), visit.New(house()), visit.New(visit.Site{}), visit.New(newMachine())) {
		add(v)
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		arrive(v)
		for _, a := range actions() {
			e := visit.Event{Visit: v.Number, Call: v.Calls, Do: a}
			next, effects := visit.Step(v, e, noon)
			each(v, e, next, effects)
			add(next)
		}
	}
	t.Logf("%d shapes of a visit, %d actions in each", len(seen), len(actions()))
}

// newMachine is what is known before there is a kiosk.
func newMachine() visit.Site {
	return visit.Site{Languages: house().Languages, Zone: time.UTC, Unenrolled: true}
}

// setups are what happens on such a machine.
func setups() []visit.Action {
	return []visit.Action{
		visit.TypeAddress{Text: "https://records.example.org:8443/"},
		visit.TypeAddress{Text: "nurse@records"},
		visit.TypeInvitation{Text: "7KQ2-M4VG-OXYZ-9ABC-DEFG-HJKM-NP"},
		visit.TypeInvitation{Text: "7KQU"},
		visit.EnrolFailed{Snag: visit.NotTaken},
		visit.EnrolFailed{Snag: visit.NoHost},
	}
}

// A walk over every reachable shape of a visit, with every action in each of
// them. It is cut off at a size that takes seconds; the states must all be met.
func TestEveryReachableVisitKeepsTheInvariants(t *testing.T) {
	met := map[visit.State]bool{}
	most := mostShapes
	if testing.Short() {
		most = 1_000
	}
	walk(t, most, func(v visit.Visit) {
		met[v.State] = true
		if err := comesHome(v); err != nil {
			t.Fatalf("left alone in state %d: %v", v.State, err)
		}
	}, func(v visit.Visit, e visit.Event, next visit.Visit, effects []visit.Effect) {
		if err := breach(v, e, next, effects); err != nil {
			t.Fatalf("state %d, %T: %v", v.State, e.Do, err)
		}
	})
	for s := visit.Welcome; s <= visit.OutOfService; s++ {
		if !met[s] {
			t.Errorf("state %d was never reached", s)
		}
	}
}

// comesHome lets time pass over a visit that nobody touches any more and whose
// effects never answer.
func comesHome(v visit.Visit) error {
	limit := visit.PrintLimit + 2*visit.SpokenIdle
	v.Touched, v.Site.CentralFixed = noon, false
	for past := time.Duration(0); past <= limit; past += 10 * time.Second {
		first := v.State == visit.FirstStart && v.Joining.Code == "" && !v.AtInvitation()
		if v.State == visit.Welcome && v.Lang == "" || v.State == visit.OutOfService || first && v.Touched.IsZero() {
			return broken(v)
		}
		e := visit.Event{Do: visit.Tick{}}
		next, effects := visit.Step(v, e, noon.Add(past))
		if err := breach(v, e, next, effects); err != nil {
			return err
		}
		v = next
	}
	return fmt.Errorf("still in state %d after %s", v.State, limit)
}

// Twenty thousand checks are a million steps: make test asks for them.
func TestRandomStepsKeepTheInvariants(t *testing.T) {
	starts, steps := milestones(t), 0
	rapid.Check(t, func(t *rapid.T) {
		all := actions()
		v, now := visit.New(house()), noon
		if rapid.Bool().Draw(t, "late in a visit") {
			v = rapid.SampledFrom(starts).Draw(t, "milestone")
		}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			e := visit.Event{Visit: v.Number, Call: v.Calls, Do: rapid.SampledFrom(all).Draw(t, "action")}
			if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
				e.Visit = v.Number + rapid.Uint64Range(2, 6).Draw(t, "off") // not the next one: this one may be over by now
			}
			if rapid.IntRange(0, 9).Draw(t, "given up") == 0 {
				e.Call += rapid.Uint64Range(1, 5).Draw(t, "calls off")
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			next, effects := visit.Step(v, e, now)
			if err := breach(v, e, next, effects); err != nil {
				t.Fatalf("state %d, %T: %v", v.State, e.Do, err)
			}
			v = next
			steps++
		}
	})
	t.Logf("%d random steps", steps)
}

// Wipe must reset each field that is not the kiosk's own; a new field of Visit
// must be decided about here.
func TestWipeLeavesOnlyWhatBelongsToTheKiosk(t *testing.T) {
	kiosk := map[string]bool{"Number": true, "State": true, "Site": true, "OutOfOrder": true, "PrinterDown": true, "Headphones": true, "Acted": true}
	var dirty visit.Visit
	fill(reflect.ValueOf(&dirty).Elem())
	dirty.Site.Unenrolled = false // such a machine begins with central's address, which is no secret
	clean := reflect.ValueOf(visit.Wipe(dirty))
	for i := range clean.NumField() {
		name := clean.Type().Field(i).Name
		if kiosk[name] {
			continue
		}
		want := reflect.Zero(clean.Field(i).Type()).Interface()
		if name == "Person" {
			want = visit.Person{Unlock: visit.Proof{Left: -1, Resends: visit.ResendsInAll}}
		}
		if !reflect.DeepEqual(clean.Field(i).Interface(), want) {
			t.Errorf("Wipe keeps %s", name)
		}
	}
}

// fill sets every field it can to something that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	case reflect.String:
		v.SetString("left over")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	default:
	}
}
