package notify

import "testing"

// rung reports whether whoever took a bell's channel has been woken.
func rung(next <-chan struct{}) bool {
	select {
	case <-next:
		return true
	default:
		return false
	}
}

func TestABellThatReachesBeyondIsHeardThereAndWhatIsHeardThereStaysHere(t *testing.T) {
	var here, there Bell
	here.Reach(func() { there.Heard() })
	there.Reach(func() { t.Error("what was heard is told back") })
	near, far := here.Next(), there.Next()
	here.Ring()
	if !rung(near) || !rung(far) {
		t.Errorf("rung here: %v, and beyond: %v", rung(near), rung(far))
	}
	here.Reach(nil)
	far = there.Next()
	here.Ring()
	if rung(far) {
		t.Error("it reaches beyond still")
	}
}
