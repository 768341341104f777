package parts

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// tongue is what a language adds to the keyboard for names.
type tongue struct {
	rows  []string // keys above the letters
	end   string   // the key after l; the apostrophe goes to the last row
	tones bool     // every vowel carries tones
}

// The languages with letters of their own. Portuguese has eleven, and ten keys
// fit into a row; ñ and ç are where keyboards of these languages have them.
var tongues = map[string]tongue{
	"es": {rows: []string{"á é í ó ú ü"}, end: "ñ"},
	"pt": {rows: []string{"á â ã é ê í ó ô õ ú"}, end: "ç"},
	"ht": {rows: []string{"è ò é à ê ô ç î ï ë"}},
	"fr": {rows: []string{"é è ê ë à ç î ï ô œ"}},
	"vi": {rows: []string{"ă â đ ê ô ơ ư", spaced(viTones)}, tones: true},
}

const (
	viTones = "\u0301\u0300\u0309\u0303\u0323" // sắc, huyền, hỏi, ngã, nặng
	viHats  = "ăâêôơư"                         // vowels that carry tones in Vietnamese only
)

func spaced(s string) string { return strings.Join(strings.Split(s, ""), " ") }

// primary is the language of a BCP 47 tag without region and script.
func primary(tag string) string {
	lang, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return lang
}

// rowsOf are the rows of a layer in the language of the keyboard. Words have
// digits in place of the letters that names need.
func (k *Keyboard) rowsOf(layer string) []string {
	rows := layers[layer]
	if layer != "names" {
		return rows
	}
	t := tongues[k.lang]
	if t.end != "" {
		rows = slices.Clone(rows)
		rows[1] = strings.Replace(rows[1], "'", t.end, 1)
		rows[3] = strings.Replace(rows[3], "-", "- '", 1)
	}
	if k.mode == Words {
		return slices.Concat([]string{"1 2 3 4 5 6 7 8 9 0"}, rows)
	}
	return slices.Concat(t.rows, rows)
}

// variants are the letters that come from holding a letter down. The ones of
// the visitor's language are added in front.
var variants = map[string]string{
	"a": "áàâãäåăāæą", "c": "çčć", "d": "đďð", "e": "éèêëēęěẽẹẻ", "g": "ğġģ", "i": "íìîïīįıĩịỉ",
	"k": "ķ", "l": "łľĺļ", "n": "ñńňņ", "o": "óòôõöøœōőơ", "r": "řŕ", "s": "šśşșß", "t": "țťţþ",
	"u": "úùûüūůűưũụ", "w": "ŵ", "y": "ýÿỳỷỹỵŷ", "z": "žźż", "'": "’",
}

// fanMost is how many letters fit over a key: a row.
const fanMost = 10

// variantsOf are the letters that holding a key offers, the most needed first.
func (k *Keyboard) variantsOf(token string) []string {
	if !k.letters() {
		return nil
	}
	t := tongues[k.lang]
	var all []string
	for _, own := range strings.Fields(strings.Join(append(slices.Clone(t.rows), t.end), " ")) {
		if own != token && unmarked(own) == token {
			all = append(all, own)
		}
	}
	tones := ""
	if strings.Contains(viHats, token) || t.tones && strings.Contains("aeiouy", token) {
		tones = viTones
	}
	for _, tone := range tones {
		if with := norm.NFC.String(token + string(tone)); len([]rune(with)) == 1 {
			all = append(all, with)
		}
	}
	for _, v := range strings.Split(variants[token], "") {
		if v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all[:min(len(all), fanMost)]
}

// unmarked is a letter without marks. Those of đ and œ cannot be taken off by rule.
func unmarked(letter string) string {
	switch letter {
	case "đ":
		return "d"
	case "œ":
		return "o"
	}
	return norm.NFD.String(letter)[:1]
}
