package look

import (
	"image/color"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"vaxkiosk/assets"
)

// kioskTheme tells Fyne's own widgets, of which only the entry and the scroll
// are used, to look like the rest.
type kioskTheme struct{ st Style }

// Theme returns the Fyne theme of a style.
func Theme(st Style) fyne.Theme { return &kioskTheme{st} }

var fonts = sync.OnceValue(func() map[bool]fyne.Resource {
	return map[bool]fyne.Resource{
		false: fyne.NewStaticResource("NotoSans-Regular.ttf", assets.Font("NotoSans-Regular")),
		true:  fyne.NewStaticResource("NotoSans-Bold.ttf", assets.Font("NotoSans-Bold")),
	}
})

func (t *kioskTheme) Font(s fyne.TextStyle) fyne.Resource { return fonts()[s.Bold] }

func (t *kioskTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

func (t *kioskTheme) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	p := t.st.Palette
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

func (t *kioskTheme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return t.st.Font(FieldSize)
	case theme.SizeNameInnerPadding:
		return t.st.Px(20)
	case theme.SizeNameInputBorder:
		return t.st.Px(4) // also the width of the cursor
	case theme.SizeNameInputRadius:
		return t.st.Px(Radius)
	case theme.SizeNamePadding, theme.SizeNameLineSpacing:
		return t.st.Px(4)
	case theme.SizeNameScrollBar, theme.SizeNameScrollBarSmall:
		return t.st.Px(10)
	}
	return theme.DefaultTheme().Size(n)
}
