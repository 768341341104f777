//go:build !windows

package display

import (
	"context"
	"errors"

	"github.com/jezek/xgb/dpms"
	"github.com/jezek/xgb/xproto"
)

// Dark has the whole display black, and its screens switched off where they can be (DPMS), until
// somebody touches it or a key, or ctx ends. That touch reaches nobody else: what lies under it
// was not seen. When the program ends, however it does, the X server takes the black away.
func Dark(ctx context.Context) error {
	s, err := Open()
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.cover(); err != nil {
		return err
	}
	s.switchOff()
	defer s.switchOn()
	touched := make(chan error, 1)
	go func() { touched <- s.awaitTouch() }()
	select {
	case <-ctx.Done():
		return nil
	case err := <-touched:
		return err
	}
}

// most is more than any screen has, and less than X can count.
const most = 1 << 14

// cover puts black over everything, and takes what is typed.
func (s *Screen) cover() error {
	id, err := xproto.NewWindowId(s.Conn)
	if err != nil {
		return err
	}
	const mask = xproto.CwBackPixel | xproto.CwOverrideRedirect | xproto.CwEventMask
	const events = xproto.EventMaskButtonPress | xproto.EventMaskButtonRelease | xproto.EventMaskKeyPress | xproto.EventMaskKeyRelease
	err = xproto.CreateWindowChecked(s.Conn, s.Root.RootDepth, id, s.Root.Root, 0, 0, most, most, 0, xproto.WindowClassInputOutput,
		s.Root.RootVisual, mask, []uint32{s.Root.BlackPixel, 1, events}).Check()
	if err != nil {
		return err
	}
	if err := xproto.MapWindowChecked(s.Conn, id).Check(); err != nil {
		return err
	}
	_, err = xproto.GrabKeyboard(s.Conn, false, id, xproto.TimeCurrentTime, xproto.GrabModeAsync, xproto.GrabModeAsync).Reply()
	return err
}

var errGone = errors.New("the X display has gone")

// awaitTouch waits until a finger or a key is lifted again: its end, too, is for nobody else.
func (s *Screen) awaitTouch() error {
	for {
		event, wrong := s.Conn.WaitForEvent()
		if event == nil && wrong == nil {
			return errGone
		}
		switch event.(type) {
		case xproto.ButtonReleaseEvent, xproto.KeyReleaseEvent:
			return nil
		}
	}
}

// switchOff switches the screens off until switchOn, or until somebody touches something. A
// display that cannot is black all the same.
func (s *Screen) switchOff() {
	if dpms.Init(s.Conn) != nil {
		return
	}
	_ = dpms.SetTimeoutsChecked(s.Conn, 0, 0, 0).Check() // it does nothing by itself
	_ = dpms.EnableChecked(s.Conn).Check()
	_ = dpms.ForceLevelChecked(s.Conn, dpms.DPMSModeOff).Check()
}

func (s *Screen) switchOn() {
	if dpms.Init(s.Conn) != nil {
		return
	}
	_ = dpms.ForceLevelChecked(s.Conn, dpms.DPMSModeOn).Check()
	_ = dpms.DisableChecked(s.Conn).Check()
}
