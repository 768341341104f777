package paper

import (
	"strings"
	"testing"
)

func TestAPanicWhileACodeIsDrawnIsAnErrorWithoutItsValue(t *testing.T) {
	bits, err := unbroken(func(text string) ([][]bool, error) { panic(text) }, "shc:/1234")
	if bits != nil || err == nil || strings.Contains(err.Error(), "1234") {
		t.Errorf("%d rows, %v", len(bits), err)
	}
}
