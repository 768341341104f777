package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/store"
)

func (on suite) TestWhatIsDoneToPeopleByHandIsNoted(t *testing.T) {
	s, one, other := on.apart(t)
	began := time.Now().Add(-time.Second)
	by := audit.As(t.Context(), audit.Actor{Login: "admin"})
	stranger := audit.As(t.Context(), audit.Actor{Login: "admin", Staff: "nobody"})
	if err := s.Link(stranger, one, other); !errors.Is(err, store.ErrStaffUnknown) {
		t.Errorf("by nobody: %v", err)
	}
	if err := errors.Join(s.Link(by, one, other), s.Unlink(by, other)); err != nil {
		t.Fatal(err)
	}
	if err := s.Unlink(by, other); !errors.Is(err, store.ErrNotLinked) {
		t.Errorf("twice: %v", err)
	}
	who := store.Looker{OSUser: "admin"}
	want := []store.Act{{What: store.ActLink, Person: one, Other: other, By: who}, {What: store.ActUnlink, Person: other, By: who}}
	all, err := s.Acts(t.Context(), began)
	for i := range all {
		all[i].At = time.Time{}
	}
	if err != nil || !reflect.DeepEqual(all, want) {
		t.Errorf("%+v, %v", all, err)
	}
	if later, err := s.Acts(t.Context(), time.Now().Add(time.Hour)); len(later) > 0 || err != nil {
		t.Errorf("%+v, %v", later, err)
	}
}

func (on suite) TestTheCodesOfAllDosesAreCounted(t *testing.T) {
	s := on.open(t)
	i, _, _ := begun(t, s)
	if used, err := s.CodesInUse(t.Context()); err != nil || len(used) == 0 || i.Run == 0 {
		t.Errorf("%v, %v", used, err)
	}
}
