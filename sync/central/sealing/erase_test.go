package sealing

import "testing"

// The service's housework and a command of an operator's may both come to it.
func TestAKeyThatIsErasedAlreadyIsErased(t *testing.T) {
	if err := (&Keys{dir: t.TempDir()}).Erase(); err != nil {
		t.Error(err)
	}
}
