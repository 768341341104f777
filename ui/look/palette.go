package look

import "image/color"

// Palette is the colours of one contrast. Names say what a colour is for, so
// that screens cannot pair text with a ground that was not measured.
type Palette struct {
	Page, Ink, Title, Muted color.NRGBA // ground of screens and the text on it
	Card, Line, Edge, Frame color.NRGBA // ground of cards; outline of tables, of what can be touched or typed into, of buttons
	Action, OnAction        color.NRGBA // the one strong button
	Tint, OnTint            color.NRGBA // the square behind an icon
	Bar, OnBar, BarLine     color.NRGBA // top bar and welcome
	OnBarSoft               color.NRGBA
	Error, ErrorPage        color.NRGBA
	Info, InfoEdge          color.NRGBA
	Board, Key, OnKey       color.NRGBA // keyboard
	KeyDim                  color.NRGBA // keys that are no letters
	Off, OnOff              color.NRGBA // cannot be touched now
	Done                    color.NRGBA // progress
	Focus, FocusBar         color.NRGBA
	Shade                   color.NRGBA // over a screen that waits for the overlay
	Demo, OnDemo            color.NRGBA
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

var (
	white = rgb(0xffffff)
	black = rgb(0x000000)
	sun   = rgb(0xffd60a)
	dusk  = rgb(0x1b1b1b)
	sand  = rgb(0xe6e1d6)
)

var palettes = [...]Palette{
	{ // standard
		Page: rgb(0xf6f8fa), Ink: rgb(0x14242f), Title: rgb(0x0b3d5c), Muted: rgb(0x45606f),
		Card: white, Line: rgb(0xb9c8d2), Edge: rgb(0x6d8797), Frame: rgb(0x0b3d5c),
		Action: rgb(0x0b7a75), OnAction: white,
		Tint: rgb(0xe6f4f2), OnTint: rgb(0x0b7a75),
		Bar: rgb(0x0b3d5c), OnBar: white, BarLine: rgb(0x8fb4cb), OnBarSoft: rgb(0xd5e6f1),
		Error: rgb(0xb3261e), ErrorPage: rgb(0xfdeeee),
		Info: rgb(0xe8f1f7), InfoEdge: rgb(0x0b3d5c),
		Board: rgb(0xd9e1e7), Key: white, OnKey: rgb(0x14242f), KeyDim: rgb(0xbfccd6),
		Off: rgb(0xdfe6ea), OnOff: rgb(0x51646f),
		Done:  rgb(0x0b7a75),
		Focus: rgb(0x0b3d5c), FocusBar: sun,
		Shade: color.NRGBA{R: 0x0a, G: 0x1e, B: 0x2b, A: 0xc8},
		Demo:  rgb(0xfff4d1), OnDemo: rgb(0x14242f),
	},
	{ // white on black with yellow
		Page: black, Ink: white, Title: white, Muted: white,
		Card: black, Line: white, Edge: white, Frame: white,
		Action: sun, OnAction: black,
		Tint: sun, OnTint: black,
		Bar: black, OnBar: white, BarLine: white, OnBarSoft: white,
		Error: rgb(0xff9d94), ErrorPage: rgb(0x3a0000),
		Info: rgb(0x1c1c1c), InfoEdge: sun,
		Board: rgb(0x1c1c1c), Key: black, OnKey: white, KeyDim: rgb(0x303030),
		Off: rgb(0x303030), OnOff: rgb(0xbdbdbd),
		Done:  sun,
		Focus: sun, FocusBar: sun,
		Shade: color.NRGBA{A: 0xd8},
		Demo:  rgb(0x303030), OnDemo: white,
	},
	{ // black on white
		Page: white, Ink: black, Title: black, Muted: black,
		Card: white, Line: black, Edge: black, Frame: black,
		Action: black, OnAction: white,
		Tint: black, OnTint: white,
		Bar: white, OnBar: black, BarLine: black, OnBarSoft: black,
		Error: rgb(0x9b0000), ErrorPage: white,
		Info: white, InfoEdge: black,
		Board: white, Key: white, OnKey: black, KeyDim: white,
		Off: rgb(0xe0e0e0), OnOff: rgb(0x4a4a4a),
		Done:  black,
		Focus: black, FocusBar: black,
		Shade: color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xd8},
		Demo:  white, OnDemo: black,
	},
	{ // soft dark: for eyes that light tires or dazzles
		Page: dusk, Ink: sand, Title: sand, Muted: rgb(0xc9c2b2),
		Card: rgb(0x262626), Line: rgb(0x8f897c), Edge: rgb(0x8f897c), Frame: rgb(0xc9c2b2),
		Action: sun, OnAction: dusk,
		Tint: sun, OnTint: dusk,
		Bar: rgb(0x111111), OnBar: sand, BarLine: rgb(0xc9c2b2), OnBarSoft: rgb(0xc9c2b2),
		Error: rgb(0xff9d94), ErrorPage: rgb(0x3a1512),
		Info: rgb(0x2b2b2b), InfoEdge: sun,
		Board: rgb(0x2b2b2b), Key: dusk, OnKey: sand, KeyDim: rgb(0x3a3a3a),
		Off: rgb(0x333333), OnOff: rgb(0xb5b0a5),
		Done:  sun,
		Focus: sun, FocusBar: sun,
		Shade: color.NRGBA{A: 0xd8},
		Demo:  rgb(0x3a3a3a), OnDemo: sand,
	},
}
