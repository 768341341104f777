// Package fonts holds the fonts of scripts that Noto Sans lacks, for paper only: a
// program that draws no page does not carry them.
//
//	file := fonts.Open("NotoSansKhmer-Regular")
//
// They are 7.5 MB in all, unchanged from Debian's packages:
//
//   - DroidSansFallbackFull.ttf: Chinese and kana, from fonts-droid-fallback
//     1:6.0.1r16-1.1; © Google, Apache License 2.0 (LICENSE.Apache-2.0)
//   - NanumSquareR.ttf: the 2,350 usual Korean syllables, from fonts-nanum 20200506-1;
//     © NAVER, SIL Open Font License 1.1 with reserved names (LICENSE.OFL-Nanum)
//   - NotoSans*-Regular.ttf: Arabic, Armenian, Bengali, Devanagari, Ethiopic,
//     Georgian, Gujarati, Gurmukhi, Hebrew, Kannada, Khmer, Lao, Malayalam, Myanmar
//     (Burmese), Oriya, Sinhala, Tamil, Telugu and Thai, from fonts-noto-core
//     20201225-1; © Google, SIL Open Font License 1.1 (LICENSE.OFL)
//
// Noto Sans itself, which screens need as well, is embedded by package assets.
package fonts

import (
	"embed"
	"fmt"
	"io"
)

//go:embed DroidSansFallbackFull.ttf NanumSquareR.ttf NotoSans?*-Regular.ttf
var files embed.FS

// File is an open font. Nothing of it is in memory of its own until it is read.
type File interface {
	io.ReadSeeker
	io.ReaderAt
}

// Open opens a font by its file's name without ending. An unknown name is a fault
// of the program.
func Open(name string) File {
	f, err := files.Open(name + ".ttf")
	if err != nil {
		panic(fmt.Sprintf("fonts: %v", err))
	}
	return f.(File)
}
