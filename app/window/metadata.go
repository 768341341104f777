package window

import (
	"fyne.io/fyne/v2"

	"vaxkiosk/assets"
	"vaxkiosk/sync/version"
)

// metadata is FyneApp.toml in code, because a built binary does not find the
// file. A test compares the two.
var metadata = fyne.AppMetadata{
	ID:         "org.vaxkiosk.Kiosk",
	Name:       "VaxKiosk",
	Version:    version.Number,
	Build:      1,
	Icon:       fyne.NewStaticResource("app.png", assets.AppIcon()),
	Migrations: map[string]bool{"fyneDo": true},
}
