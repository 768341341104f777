package visit

import "testing"

func TestEveryStateHasAHandler(t *testing.T) {
	for s := Welcome; int(s) < len(stateNames); s++ {
		if states[s] == nil || s.String() == "" {
			t.Errorf("state %d %q has no handler, or no name", s, s)
		}
	}
	if len(states) != len(stateNames) || stateNames[len(stateNames)-1] != OutOfService.String() {
		t.Errorf("%d handlers for %d states", len(states), len(stateNames))
	}
}
