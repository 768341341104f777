package look

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vaxkiosk/assets"
)

// Theme tells Fyne's own widgets, of which only the entry and the scroll are
// used, to look like the rest. A window has one for its whole life, and the style
// changes in it before new screens are built: each new theme makes Fyne parse all
// fonts again and keep the last 32, which is 250 MB.
type Theme struct{ Style Style }

var fonts = sync.OnceValue(func() map[bool]fyne.Resource {
	return map[bool]fyne.Resource{
		false: fyne.NewStaticResource("NotoSans-Regular.ttf", assets.Font("NotoSans-Regular")),
		true:  fyne.NewStaticResource("NotoSans-Bold.ttf", assets.Font("NotoSans-Bold")),
	}
})

// Font returns Noto Sans, regular or bold.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return fonts()[s.Bold] }

// Icon returns Fyne's own; the kiosk's are in assets.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Color returns a colour of the palette.
func (t *Theme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p := t.Style.Palette
	switch n {
	case theme.ColorNameBackground:
		return p.Page
	case theme.ColorNameForeground, theme.ColorNameScrollBar:
		return p.Ink
	case theme.ColorNamePrimary, theme.ColorNameFocus:
		return p.Focus
	case theme.ColorNameSelection:
		return p.Info
	case theme.ColorNamePlaceHolder:
		return p.Muted
	case theme.ColorNameInputBackground, theme.ColorNameInputBorder, theme.ColorNameShadow:
		return color.Transparent
	case theme.ColorNameError:
		return p.Error
	}
	return theme.DefaultTheme().Color(n, theme.VariantLight)
}

// Size follows the size the visitor chose.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return t.Style.Font(FieldSize)
	case theme.SizeNameInnerPadding:
		return t.Style.Px(20)
	case theme.SizeNameInputBorder:
		return t.Style.Px(4) // also the width of the cursor
	case theme.SizeNameInputRadius:
		return t.Style.Px(Radius)
	case theme.SizeNamePadding, theme.SizeNameLineSpacing:
		return t.Style.Px(4)
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return t.Style.Px(10)
	}
	return theme.DefaultTheme().Size(n)
}
