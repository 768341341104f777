package storetest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

func (on suite) TestWhatIsDoneToPeopleByHandIsNoted(t *testing.T) {
	s := on.open(t)
	by := store.Looker{OSUser: "admin"}
	acts := []store.Act{
		{At: now, What: store.ActLink, Person: 7, Other: 8, By: by},
		{At: now.Add(time.Hour), What: store.ActUnlink, Person: 8, By: by},
		{At: now.Add(2 * time.Hour), What: store.ActRemoveDose, Person: 7, By: by},
		{At: now.Add(3 * time.Hour), What: store.ActRestoreDose, Person: 7, By: by},
	}
	for _, a := range acts {
		if err := s.NoteAct(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	stranger := store.Act{At: now, What: store.ActLink, Person: 7, Other: 8, By: store.Looker{Staff: "nobody", OSUser: "admin"}}
	if err := s.NoteAct(t.Context(), stranger); !errors.Is(err, store.ErrStaffUnknown) {
		t.Errorf("by nobody: %v", err)
	}
	if err := s.NoteAct(t.Context(), store.Act{At: now, What: "dance", By: by}); err == nil {
		t.Error("an act that there is none of is noted")
	}
	all, err := s.Acts(t.Context(), now.Add(time.Minute))
	for i := range all {
		all[i].At = all[i].At.UTC()
	}
	if err != nil || !reflect.DeepEqual(all, acts[1:]) {
		t.Errorf("%+v, %v", all, err)
	}
}

func (on suite) TestTheCodesOfAllDosesAreCounted(t *testing.T) {
	s := on.open(t)
	i, _, _ := begun(t, s)
	if used, err := s.CodesInUse(t.Context()); err != nil || len(used) == 0 || i.Run == 0 {
		t.Errorf("%v, %v", used, err)
	}
}
