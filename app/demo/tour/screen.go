package tour

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"time"

	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"

	"github.com/jezek/xgb/xproto"
)

// screen takes pictures of what an X display shows, which is what a visitor
// sees: reading the window's own frame buffer back gives black with some drivers.
type screen struct{ *display.Screen }

func openScreen() (*screen, error) { return openScreenOf(os.Getenv("DISPLAY")) }

// openScreenOf opens the screen of a display, such as ":0".
func openScreenOf(of string) (*screen, error) {
	s, err := display.OpenOf(of)
	return &screen{s}, err
}

// picture is the whole screen.
func (s *screen) picture() (*image.RGBA, error) {
	now, err := xproto.GetGeometry(s.Conn, xproto.Drawable(s.Root.Root)).Reply()
	if err != nil {
		return nil, fmt.Errorf("picture of the screen: %w", err)
	}
	w, h := now.Width, now.Height
	got, err := xproto.GetImage(s.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(s.Root.Root), 0, 0, w, h, 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("picture of the screen: %w", err)
	}
	m := image.NewRGBA(image.Rect(0, 0, int(w), int(h)))
	if len(got.Data) != len(m.Pix) {
		return nil, errors.New("picture of the screen: want a screen with 24 or 32 bits a pixel")
	}
	for i := 0; i < len(m.Pix); i += 4 { // blue, green, red, unused
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = got.Data[i+2], got.Data[i+1], got.Data[i], 0xff
	}
	return m, nil
}

// stillPicture waits until two pictures in a row are alike, and saves the second.
func stillPicture(w *window.Window, x *screen, path string) error {
	var before *image.RGBA
	for range 40 {
		w.Wait(func() {}) // whatever was to be shown has been drawn up
		time.Sleep(40 * time.Millisecond)
		now, err := x.picture()
		if err != nil {
			return err
		}
		if before != nil && slices.Equal(before.Pix, now.Pix) {
			return savePNG(path, now)
		}
		before = now
	}
	return fmt.Errorf("the screen never stands still: %s", filepath.Base(path))
}

func savePNG(path string, m image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, m); err != nil {
		_ = f.Close() // the first error counts
		return err
	}
	return f.Close()
}
