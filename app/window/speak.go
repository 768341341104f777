package window

import (
	"context"

	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/speech"
	"vaxkiosk/app/visit"
)

// speaks has the screens of a kiosk speak, where the machine can: what a kiosk cannot do it does
// not offer. When end is called nothing is left that speaks.
func (w *Window) speaks(ctx context.Context, k *kiosk.Kiosk) (end func()) {
	if !k.Config.Speech.On {
		return func() {}
	}
	s, err := speech.Open(ctx, k.Config.Speech.Sink, func(number uint64) { k.Desk.Post(visit.Event{Visit: number, Do: visit.Spoken{}}) })
	if err != nil {
		k.Log.Info("nobody can be spoken to at this kiosk", "event", "speech.none", "cause", err)
		return func() {}
	}
	w.Do(func() { w.UI.SetSpeaker(s) })
	return s.Close
}
