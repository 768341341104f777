package central_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/access"
)

// How every kind of check page looks, and how those get along with it who cannot
// see it, zoom in, or have large fingers.

// shots: go test ./sync/central -run InARealBrowser -shots DIR
var shots = flag.String("shots", "", "folder for a picture of every check page")

// axeFile checks pages against the rules of WCAG and good practice (axe-core, npm).
const axeFile = "../../app/paper/verify/node_modules/axe-core/axe.min.js"

const axeRun = `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations', 'incomplete'], rules: {'target-size': {enabled: true}}})
	.then(r => JSON.stringify({
		Rules: [r.passes, r.violations, r.incomplete, r.inapplicable].flat().map(x => x.id),
		Wrong: [r.violations, r.incomplete].flat().map(x => x.id + ': ' + x.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))}))`

// minRules is how many rules axe-core knows of these kinds, or a few less.
const minRules = 80

// Sizes: a phone, the smallest one (also a screen of 1280 pixels at 400 %), and a phone
// of somebody who has text twice as large.
var sizes = []struct {
	name  string
	width int64
	text  int64 // CSS pixels; 16 is what browsers begin with
}{{"390", 390, 16}, {"320", 320, 16}, {"390-text-200", 390, 32}}

// tooSmall are the targets that a finger misses: 44 CSS pixels (WCAG 2.2, 2.5.5) in
// each direction. sticksOut is what does not fit into the width.
const (
	tooSmall = `[...document.querySelectorAll('a, button, input:not([type=hidden]), select')].map(e => [e, e.getBoundingClientRect()])
		.filter(([e, b]) => b.width < 44 || b.height < 44).map(([e, b]) => e.outerHTML + ' ' + b.width + 'x' + b.height)`
	sticksOut = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > %d || e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && !e.matches('input, select'))
		.map(e => e.outerHTML.slice(0, 90))`
)

// forEverybody looks at every kind of page in every language.
func forEverybody(t *testing.T, r *reader) {
	axe, err := os.ReadFile(axeFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("axe-core is not installed; make test installs it")
	}
	must(t, err)
	rules, pages := map[string]bool{}, 0
	for _, l := range assets.Languages {
		b := r.open(t, true)
		r.everyPage(b, l.Tag, func(name string) {
			pages++
			for _, s := range sizes {
				b.fits(name+"-"+l.Tag+"-"+s.name, s.width, s.text)
			}
			value[any](b, string(axe)+";0")
			var found struct{ Rules, Wrong []string }
			must(t, json.Unmarshal([]byte(value[string](b, axeRun)), &found))
			for _, id := range found.Rules {
				rules[id] = true
			}
			for _, w := range found.Wrong {
				t.Errorf("%s, %s: %s", name, l.Tag, w)
			}
			if len(found.Rules) < minRules {
				t.Errorf("%s, %s: only %d rules were checked", name, l.Tag, len(found.Rules))
			}
		})
	}
	t.Logf("axe-core: %d rules on %d pages", len(rules), pages)
}

// everyPage goes through all there is to see.
func (r *reader) everyPage(b *tab, lang string, seen func(name string)) {
	p := r.people[1] // with doses of every kind
	_, path := r.k.printed(p)
	_, locked := r.k.printed(r.people[4])
	show := func(name, path string) {
		b.visit(path + "?lang=" + lang)
		seen(name)
	}
	sends := func(name, path string, d request.Date) {
		b.answer(path, lang, d)
		seen(name)
	}
	show("form", path)
	b.keys(kb.Tab, kb.Tab, kb.Tab, kb.Tab)
	b.leads(press(enter))
	seen("missing")
	sends("no-such-day", path, request.Date{Year: 1958, Month: 2, Day: 30})
	show("no-code", "/check")
	show("bad-link", "/check/7KQ2")
	b.focuses("problems")
	b.keys(kb.Tab, kb.Enter)
	b.focuses("code")
	b.keys("7KQ2")
	b.leads(press(enter))
	seen("half-a-code")
	sends("unchanged", path, p.Birth)
	sends("wrong", path, neverBorn)
	r.db().ExhaustCheck(r.Keeper.CheckHash(strings.TrimPrefix(locked, "/check/")))
	sends("locked", locked, r.people[4].Birth)
	r.amends(p)
	sends("superseded", path, p.Birth)
	must(b.t, r.RemovePerson(b.t.Context(), fmt.Sprint(p.Number)))
	sends("withdrawn", path, p.Birth)
	r.imports(p)
	r.fill(access.CheckLooks, "0000-0000-0000-0000", 0)
	sends("wait", "/check/0000-0000-0000-0000", p.Birth)
	r.db().ForgetTries()
	back := r.db().Lose("checks")
	sends("down", path, p.Birth)
	back()
}

// fits wants the page to fit a width, with text of a size, and pictures it.
func (b *tab) fits(name string, width, text int64) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 1600, chromedp.EmulateMobile, chromedp.EmulateTouch))
	_, err := chromedp.Call(b.ctx, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: text, Fixed: text}})
	must(b.t, err)
	if got := value[string](b, "getComputedStyle(document.documentElement).fontSize"); got != fmt.Sprintf("%dpx", text*9/8) {
		b.t.Fatalf("%s: text of %s", name, got)
	}
	for _, each := range value[[]string](b, fmt.Sprintf(sticksOut, width)) {
		b.t.Errorf("%s: sticks out: %s", name, each)
	}
	for _, each := range value[[]string](b, tooSmall) {
		b.t.Errorf("%s: too small for a finger: %s", name, each)
	}
	if *shots == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot()) // a larger one would forget the size of text
	must(b.t, err)
	must(b.t, os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644))
}
