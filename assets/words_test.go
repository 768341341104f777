package assets_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"vaxkiosk/assets"
)

// forStaff reports whether a text is read by staff, who may read jargon.
func forStaff(key string) bool { return strings.HasSuffix(key, "-staff") }

// eachWord calls check for what is shown and what is spoken of every key.
func eachWord(t *testing.T, check func(lang, key, text string)) {
	t.Helper()
	for _, l := range assets.Languages {
		for key, w := range assets.Words(l.Tag) {
			check(l.Tag, key, w.Shown)
			check(l.Tag, key, w.Spoken)
		}
	}
}

func TestAllLanguagesHaveTheSameKeys(t *testing.T) {
	want := slices.Sorted(maps.Keys(assets.Words("en")))
	for _, l := range assets.Languages {
		words := assets.Words(l.Tag)
		for _, key := range want {
			if _, ok := words[key]; !ok {
				t.Errorf("%s lacks %s", l.Tag, key)
			}
		}
		for key := range words {
			if !slices.Contains(want, key) {
				t.Errorf("%s has %s, English does not", l.Tag, key)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

func TestAllLanguagesHaveTheSamePlaceholders(t *testing.T) {
	holes := func(s string) []string {
		found := placeholder.FindAllString(s, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	english := assets.Words("en")
	for _, l := range assets.Languages {
		for key, w := range assets.Words(l.Tag) {
			if en := english[key]; !slices.Equal(holes(w.Shown), holes(en.Shown)) || !slices.Equal(holes(w.Spoken), holes(en.Spoken)) {
				t.Errorf("%s: %s has placeholders %v and %v, English %v and %v", l.Tag, key,
					holes(w.Shown), holes(w.Spoken), holes(en.Shown), holes(en.Spoken))
			}
		}
	}
	eachWord(t, func(lang, key, text string) {
		if strings.ContainsAny(placeholder.ReplaceAllString(text, ""), "{}") {
			t.Errorf("%s: %s has half a placeholder: %q", lang, key, text)
		}
	})
}

func TestNoTwoFilesHaveTheSameKey(t *testing.T) {
	for _, l := range assets.Languages {
		paths, err := filepath.Glob(filepath.Join("words", l.Tag, "*.toml"))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no words in %s: %v", l.Tag, err)
		}
		home := map[string]string{}
		for _, path := range paths {
			var raw map[string]map[string]any
			if _, err := toml.DecodeFile(path, &raw); err != nil {
				t.Fatal(err)
			}
			for section, keys := range raw {
				for key := range keys {
					if other := home[section+"."+key]; other != "" {
						t.Errorf("%s.%s stands in %s and in %s", section, key, other, path)
					}
					home[section+"."+key] = path
				}
			}
		}
	}
}

func TestNoTextIsEmptyOrUntidy(t *testing.T) {
	eachWord(t, func(lang, key, text string) {
		if strings.TrimSpace(text) != text || text == "" || strings.Contains(text, "  ") || strings.ContainsAny(text, "⟦⟧") {
			t.Errorf("%s: %s is empty or untidy: %q", lang, key, text)
		}
	})
}

func TestNothingIsShouted(t *testing.T) {
	check := func(lang, key, text string) {
		if strings.ContainsAny(text, "!¡") {
			t.Errorf("%s: %s has an exclamation mark: %q", lang, key, text)
		}
	}
	eachWord(t, check)
	eachPolicyText(check)
}

// Words that visitors should not have to know; staff texts may use them.
var jargon = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)\b(IIS|authenticat\w*|submit\w*|invalid\w*|error code|servers?|database|tokens?|JSON|HTTP|URL|time-?out|credentials?|log ?in|API|JWS|FHIR|null)\b`),
	"es": regexp.MustCompile(`(?i)\b(IIS|autentic\w*|inv[aá]lid\w*|código de error|servidor(es)?|base de datos|tokens?|JSON|HTTP|URL|credencial(es)?|iniciar sesión|API|JWS|FHIR|null)\b`),
}

func TestVisitorsReadNoJargon(t *testing.T) {
	check := func(lang, key, text string) {
		if word := jargon[lang].FindString(text); word != "" && !forStaff(key) {
			t.Errorf("%s: %s says %q", lang, key, word)
		}
	}
	eachWord(t, check)
	eachPolicyText(check)
}

var familiar = regexp.MustCompile(`(?i)(^|[^\p{L}])(tú|tus?|ti|contigo|puedes|quieres|tienes|necesitas|debes)($|[^\p{L}])`)

func TestSpanishSaysUsted(t *testing.T) {
	check := func(lang, key, text string) {
		if word := familiar.FindString(text); lang == "es" && word != "" {
			t.Errorf("%s says %q", key, word)
		}
	}
	eachWord(t, check)
	eachPolicyText(check)
}

// constants returns the values of the string constants in a folder that keep accepts.
func constants(t *testing.T, dir string, keep func(name, kind string) bool) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Names) != 1 || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			value, isText := spec.Values[0].(*ast.BasicLit)
			if isText && value.Kind == token.STRING && keep(spec.Names[0].Name, name(kind)) {
				s, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, s)
			}
			return true
		})
	}
	return values
}

func name(id *ast.Ident) string {
	if id == nil {
		return ""
	}
	return id.Name
}

func TestEveryProblemAndFaultHasWords(t *testing.T) {
	problems := constants(t, "../app/request", func(_, kind string) bool { return kind == "Code" })
	faults := constants(t, "../app/fault", func(_, kind string) bool { return kind == "Code" })
	if len(problems) < 18 || len(faults) < 18 {
		t.Fatalf("only %d problem codes and %d fault codes found in the source", len(problems), len(faults))
	}
	var want []string
	for _, code := range problems {
		want = append(want, "problem."+code)
	}
	for _, code := range faults {
		want = append(want, "fault."+code, "fault."+code+"-staff")
	}
	for _, l := range assets.Languages {
		words := assets.Words(l.Tag)
		for _, key := range want {
			if words[key].Shown == "" {
				t.Errorf("%s has no words for %s", l.Tag, key)
			}
		}
	}
}

func TestEveryHelpTopicHasQuestionWordsAndAnswer(t *testing.T) {
	for _, l := range assets.Languages {
		words := assets.Words(l.Tag)
		topics := strings.Split(words["help.topics"].Shown, ",")
		for _, topic := range topics {
			for _, part := range []string{"-q", "-words", "-a"} {
				if words["help."+topic+part].Shown == "" {
					t.Errorf("%s: %q lacks %s", l.Tag, topic, part)
				}
			}
		}
		for key, w := range words {
			if !strings.HasPrefix(key, "help.for-") {
				continue
			}
			if w != assets.Words("en")[key] {
				t.Errorf("%s: %s differs from English", l.Tag, key)
			}
			for _, topic := range strings.Split(w.Shown, ",") {
				if !slices.Contains(topics, topic) {
					t.Errorf("%s: %s leads to %q, which is no topic", l.Tag, key, topic)
				}
			}
		}
		if got := words["help.topics"]; got != assets.Words("en")["help.topics"] {
			t.Errorf("%s has other topics than English: %q", l.Tag, got.Shown)
		}
	}
}
