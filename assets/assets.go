// Package assets is what is built into the programs: fonts, words, policy
// texts, the CDC's vaccine tables and the pools that made-up people come from.
// SOURCES.md says where each file comes from and under which licence.
//
// Everything is parsed once, on first use. A broken embedded file is a fault of
// the build, so parsing panics; the tests parse every file.
//
// The vaccine tables alone can be others than those built in: a central service reads newer
// ones from its data folder (NewCodes) and puts them in force (Use), for all that ask
// VaccineOf and the like. A kiosk keeps its own.
package assets

import (
	"bytes"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed fonts/NotoSans-*.ttf words/*/*.toml policy/*.toml cdc/*.tsv names/*.tsv schedule/*.tsv icons
var files embed.FS

// Font returns a TrueType font: "NotoSans-Regular" or "NotoSans-Bold".
func Font(name string) []byte { return read("fonts/" + name + ".ttf") }

// Icon returns an SVG of icons/ by its name without ending.
func Icon(name string) []byte { return read("icons/" + name + ".svg") }

// AppIcon returns the program's icon as PNG, 512 × 512: window managers take no SVG.
func AppIcon() []byte { return read("icons/app.png") }

func read(path string) []byte {
	b, err := files.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("assets: %v", err))
	}
	return b
}

// table reads a TSV file with a header row, as one map a line.
func table(path string) []map[string]string {
	out, err := rowsOf(read(path))
	if err != nil {
		panic(fmt.Sprintf("assets: %s: %v", path, err))
	}
	return out
}

// rowsOf reads TSV with a header row, as one map a line.
func rowsOf(text []byte) ([]map[string]string, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errors.Join(err, errNoRows)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out, nil
}

var errNoRows = errors.New("it has no rows")

// Weighted is a name and how often it occurs.
type Weighted struct {
	Name   string
	Weight int
}

// Names returns a pool: "family", "given-girl", "given-boy", each also with "-chinese".
func Names(pool string) []Weighted {
	var all []Weighted
	for _, row := range table("names/" + pool + ".tsv") {
		w, err := strconv.Atoi(row["weight"])
		if err != nil {
			panic(fmt.Sprintf("assets: names/%s.tsv: weight %q", pool, row["weight"]))
		}
		all = append(all, Weighted{row["name"], w})
	}
	return all
}

// Language is a language by its BCP 47 tag and its own name.
type Language struct{ Tag, Name string }

// Languages are the languages that words and policy exist in, in welcome order.
var Languages = []Language{{"en", "English"}, {"es", "Español"}}

// Word is one entry of the catalogue. Spoken is what is said when it differs
// from what is shown.
type Word struct {
	Shown  string `toml:"shown"`
	Spoken string `toml:"spoken"`
}

// Words returns the catalogue of a language, from all files in words/LANG: key
// → word. In a file a key stands as [section] key = "text" or
// key = {shown = "…", spoken = "…"}; its name here is "section.key". It is everybody's:
// do not change it.
func Words(lang string) map[string]Word {
	all, parsed := catalogues.Load(lang)
	if !parsed {
		all, _ = catalogues.LoadOrStore(lang, parseWords(lang))
	}
	return all.(map[string]Word)
}

// catalogues are those that Words has parsed, by language.
var catalogues sync.Map

func parseWords(lang string) map[string]Word {
	paths, err := fs.Glob(files, "words/"+lang+"/*.toml")
	if err != nil || len(paths) == 0 {
		panic(fmt.Sprintf("assets: no words in %q", lang))
	}
	all := map[string]Word{}
	for _, path := range paths {
		var raw map[string]map[string]any
		if _, err := toml.Decode(string(read(path)), &raw); err != nil {
			panic(fmt.Sprintf("assets: %s: %v", path, err))
		}
		for section, keys := range raw {
			for key, value := range keys {
				all[section+"."+key] = word(value)
			}
		}
	}
	return all
}

func word(value any) Word {
	switch v := value.(type) {
	case string:
		return Word{Shown: v, Spoken: v}
	case map[string]any:
		w := Word{}
		w.Shown, _ = v["shown"].(string)
		w.Spoken, _ = v["spoken"].(string)
		if w.Spoken == "" {
			w.Spoken = w.Shown
		}
		return w
	}
	panic(fmt.Sprintf("assets: a word is neither text nor a table: %v", value))
}

// Policy is the shipped policy of one language; central serves it unless the
// operator gives another.
type Policy struct {
	Version      string `toml:"version"`
	Summary      string `toml:"summary"` // at most 120 words
	Full         string `toml:"full"`    // at most 900 words
	Declarations map[string]struct {
		Version string `toml:"version"`
		Text    string `toml:"text"`
	} `toml:"declarations"` // by relation: self, child, represented
}

// PolicyOf returns the shipped policy of a language.
func PolicyOf(lang string) Policy {
	var p Policy
	if _, err := toml.Decode(string(read("policy/"+lang+".toml")), &p); err != nil {
		panic(fmt.Sprintf("assets: policy/%s.toml: %v", lang, err))
	}
	return p
}
