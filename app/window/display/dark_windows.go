package display

import (
	"context"
	"errors"
)

// Dark refuses: on Windows the power plan switches screens off.
func Dark(context.Context) error {
	return errors.New("window.hours does nothing on Windows: the power plan of the machine switches screens off")
}
