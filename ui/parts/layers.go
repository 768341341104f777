package parts

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The layers of the keyboard, a string a row, keys parted by spaces. A key is a
// letter, a text, or one of the words shift, delete, space, next, letters,
// accents, more.
var layers = map[string][]string{
	"names": {
		"q w e r t y u i o p",
		"a s d f g h j k l '",
		"shift z x c v b n m delete",
		"accents - space next",
	},
	"accents": {
		"á é í ó ú ü ñ ç ã õ",
		"à è ì ò ù â ê î ô û",
		"shift ä ë ï ö å ø đ delete",
		"letters more space next",
	},
	// Tones join the letter before: e, then ^, then ~ make ễ.
	"tones": {
		"\u0301 \u0300 \u0309 \u0303 \u0323 \u0302 \u0308 \u0306 \u031b \u0327",
		"ă ơ ư ý ł š ž č ć ğ",
		"shift ß ş ț ő ů æ œ ’ delete",
		"letters . \u0307 \u0328 ı space next",
	},
	"email": {
		"1 2 3 4 5 6 7 8 9 0",
		"q w e r t y u i o p",
		"a s d f g h j k l _",
		"z x c v b n m - delete",
		"@ . .com .net .org .edu + next",
	},
	// An address of a machine: the colon stands before its port.
	"address": {
		"1 2 3 4 5 6 7 8 9 0",
		"q w e r t y u i o p",
		"a s d f g h j k l :",
		"z x c v b n m - delete",
		". .gov .org .com .net next",
	},
	"receipt": {
		"1 2 3 4 5 6 7 8 9 0",
		"q w e r t y u i o p",
		"a s d f g h j k l -",
		"z x c v b n m delete next",
	},
}

var nameLayers = []string{"names", "accents", "tones"}

var firstLayer = map[Mode]string{Names: "names", Email: "email", Address: "address", Receipt: "receipt", Words: "names"}

// span is how wide a key is: in units of a letter key, and its share of the
// room that is left in its row.
type span struct{ units, stretch float32 }

func keyUnits(k *key) span {
	switch strings.TrimPrefix(k.spec.tag, "key.") {
	case "shift", "delete", "space", ".com", ".net", ".org", ".edu", ".gov":
		return span{1, 1}
	case "letters", "accents":
		return span{2, 0}
	case "next":
		return span{2, 0.3}
	}
	return span{1, 0}
}

// Path returns the tags of the keys that type r from here, in order; nil when
// the keyboard cannot type it.
func (k *Keyboard) Path(r rune) []string {
	switch {
	case r == ' ' && k.letters():
		return []string{"key.space"}
	case !k.letters():
		low := string(unicode.ToLower(r))
		if k.has(firstLayer[k.mode], low) {
			return []string{"key." + low}
		}
		return nil
	}
	letter, marks := k.split(r, "names")
	if letter == 0 {
		letter, marks = k.split(r, nameLayers...)
	}
	if letter == 0 {
		return nil
	}
	return append(k.pathOfLetter(letter), k.pathOfMarks(marks)...)
}

func (k *Keyboard) has(layer, token string) bool {
	for _, row := range k.rowsOf(layer) {
		if slices.Contains(strings.Fields(row), token) {
			return true
		}
	}
	return false
}

// layerOf is the first of some layers that has a key, "" for none.
func (k *Keyboard) layerOf(r rune, layers []string) string {
	for _, layer := range layers {
		if k.has(layer, string(small(r))) {
			return layer
		}
	}
	return ""
}

// small is the letter whose capital is r, or r itself. İ is no capital i.
func small(r rune) rune {
	if low := unicode.ToLower(r); unicode.ToUpper(low) == r {
		return low
	}
	return r
}

// split parts r into a letter and the marks that join it, all of which have keys
// on some layers.
func (k *Keyboard) split(r rune, layers ...string) (letter rune, marks []rune) {
	if k.layerOf(r, layers) != "" {
		return r, nil
	}
	whole := []rune(norm.NFD.String(string(r)))
	for i := len(whole) - 1; i > 0; i-- {
		less := []rune(norm.NFC.String(string(slices.Concat(whole[:i], whole[i+1:]))))
		if len(less) != 1 || norm.NFC.String(string(less)+string(whole[i])) != string(r) || k.layerOf(whole[i], layers) == "" {
			continue
		}
		if letter, marks = k.split(less[0], layers...); letter != 0 {
			return letter, append(marks, whole[i])
		}
	}
	return 0, nil
}

// pathOfLetter goes to the layer that has the letter and turns shift as needed.
func (k *Keyboard) pathOfLetter(r rune) []string {
	way := map[string][]string{"names": {"key.letters"}, "accents": {"key.accents"}, "tones": {"key.accents", "key.more"}}
	low, layer := small(r), k.layerOf(r, nameLayers)
	upper := low != r
	var path []string
	if layer != k.layer {
		path = slices.Clone(way[layer])
		if k.layer != "names" && layer != "names" {
			path = append([]string{"key.letters"}, path...)
		}
	}
	if unicode.IsLetter(low) && unicode.ToUpper(low) != low && upper != k.shift {
		path = append(path, k.pathOfShift()...)
	}
	return append(path, "key."+string(low))
}

// pathOfMarks types marks after a letter, which leads back to the letters.
func (k *Keyboard) pathOfMarks(marks []rune) []string {
	var path []string
	layer := "names"
	for _, mark := range marks {
		if !k.has(layer, string(mark)) {
			path, layer = append(path, "key.accents", "key.more"), "tones"
		}
		path = append(path, "key."+string(mark))
	}
	return path
}
