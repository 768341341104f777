package operator

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"vaxkiosk/sync/central/folder"
)

func TestEveryMethodTakesACtxFirst(t *testing.T) {
	ctx := reflect.TypeFor[context.Context]()
	all := reflect.TypeFor[*Operator]()
	for i := range all.NumMethod() {
		m := all.Method(i)
		if m.Type.NumIn() < 2 || m.Type.In(1) != ctx {
			t.Errorf("%s takes no ctx: Ctrl-C would not end it", m.Name)
		}
	}
	if all.NumMethod() < 20 {
		t.Errorf("only %d methods", all.NumMethod())
	}
}

func TestACtxThatHasEndedEndsTheWork(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := folder.Init(t.Context(), dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	err := On(t.Context(), dir, func(o *Operator) error {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		kiosk := filepath.Join(t.TempDir(), "kiosk")
		_, enrol := o.EnrolKiosk(ctx, "lobby", kiosk)
		_, listed := o.Amendments(ctx, true)
		for name, err := range map[string]error{
			"enrol": enrol, "list": listed, "staff": o.AddStaff(ctx, "nurse", "704158"), "rotate": o.AnnounceKey(ctx), "seal": o.RotateSealing(ctx), "remove": o.RemovePerson(ctx, "1"),
		} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if all, err := o.Kiosks(t.Context()); len(all) != 0 || err != nil {
			t.Errorf("%d kiosks are let in all the same, %v", len(all), err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
