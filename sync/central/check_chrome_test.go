package central_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vaxkiosk/app/request"
)

// A real browser for the tests of the check page.

const chromium = "/usr/bin/chromium"

// How long a page, and all of it, may take before they hang.
const (
	pageLimit    = 20 * time.Second
	browserLimit = 3 * time.Minute
)

// reader is somebody with prints in hand and a browser, which notes what it does.
type reader struct {
	*town
	k       *kiosk
	chrome  context.Context
	mu      sync.Mutex
	sent    []*network.Request
	headers []network.Headers
	wrong   []string // what the browser's console says
}

func newReader(t *testing.T) *reader {
	t.Helper()
	if _, err := os.Stat(chromium); errors.Is(err, fs.ErrNotExist) {
		t.Skip("Chromium is not installed; make test installs it")
	}
	r := &reader{town: newTown(t, nil)}
	r.k = r.kiosk("town hall")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, limit := context.WithTimeout(t.Context(), browserLimit)
	t.Cleanup(limit)
	ctx, ended := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(ended)
	ctx, closed := chromedp.NewContext(ctx)
	t.Cleanup(closed)
	r.chrome = ctx
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // starts it
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// tab is one page of the browser, as large as a phone.
type tab struct {
	t   *testing.T
	r   *reader
	ctx context.Context
}

// open opens a tab without scripts, unless they are wanted.
func (r *reader) open(t *testing.T, scripts bool) *tab {
	t.Helper()
	ctx, closed := chromedp.NewContext(r.chrome)
	t.Cleanup(closed)
	must(t, chromedp.Listen(ctx, r.note))
	b := &tab{t, r, ctx}
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts})
	must(t, err)
	return b
}

// note keeps what is sent, and what the browser complains about. That a status is
// 403 is no complaint.
func (r *reader) note(event any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		r.sent = append(r.sent, e.Request)
	case *network.EventRequestWillBeSentExtraInfo:
		r.headers = append(r.headers, e.Headers)
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork {
			r.wrong = append(r.wrong, e.Entry.Text)
		}
	case *runtime.EventExceptionThrown:
		r.wrong = append(r.wrong, e.ExceptionDetails.Text)
	}
}

// complaints are what the browser has said since they were asked for last.
func (r *reader) complaints() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := r.wrong
	r.wrong = nil
	return said
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	must(b.t, chromedp.Do(b.ctx, steps...))
}

// visit opens a path of the town's central.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.r.url + path))
}

// leads does what leads to another page, and waits for it.
func (b *tab) leads(step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, pageLimit)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, step))
	must(b.t, err)
}

// value asks the page, past the switch that keeps its own scripts from running.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	must(b.t, err)
	return v
}

// reads wants what the page says.
func (b *tab) reads(want ...string) {
	b.t.Helper()
	text := value[string](b, "document.title + '\\n' + document.body.innerText")
	for _, s := range want {
		if !strings.Contains(text, s) {
			b.t.Errorf("not said: %q in\n%s", s, text)
		}
	}
}

// press presses a key and lets it go, as a keyboard does: what it writes comes with
// the press, so that nobody else gets it when the press moves the focus.
func press(key rune) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		all := kb.Encode(key)
		down, up := *all[0], *all[len(all)-1]
		down.Text, down.UnmodifiedText = all[len(all)/2].Text, all[len(all)/2].UnmodifiedText
		if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, down); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, up)
		return err
	})
}

const enter = '\r'

// keys presses keys one after the other.
func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, key := range strings.Join(keys, "") {
		b.do(press(key))
	}
}

// focused names what has the focus, and wants that it is seen to have it.
func (b *tab) focused() string {
	b.t.Helper()
	const name = `(() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
		const seen = s.outlineStyle == 'solid' && parseFloat(s.outlineWidth) >= 3 && b.top >= 0 && b.bottom <= innerHeight;
		return (e.id || e.innerText || e.tagName) + (seen ? '' : ', which is not to be seen'); })()`
	return value[string](b, name)
}

// focuses waits until something has the focus, which a link moves in its own time.
func (b *tab) focuses(want string) {
	b.t.Helper()
	for until := time.Now().Add(pageLimit); ; {
		got := b.focused()
		if got == want {
			return
		}
		if time.Now().After(until) {
			b.t.Fatalf("the focus is on %.90q, want %q", got, want)
		}
	}
}

// date is a birth date as it is typed in the order of the language. A month is
// chosen by the three letters it begins with.
func date(d request.Date, lang string) []string {
	month, day, year := d.Month, strconv.Itoa(d.Day), strconv.Itoa(d.Year)
	if lang == "es" {
		return []string{day, kb.Tab, spanish[month-1][:3], kb.Tab, year}
	}
	return []string{time.Month(month).String()[:3], kb.Tab, day, kb.Tab, year}
}

var spanish = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// answer opens the page of a code and sends a birth date, with keys only.
func (b *tab) answer(path, lang string, d request.Date) {
	b.t.Helper()
	b.visit(path + "?lang=" + lang)
	b.keys(kb.Tab, kb.Tab)
	b.keys(date(d, lang)...)
	b.leads(press(enter))
}
