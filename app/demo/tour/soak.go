package tour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/app/window/display"
	"vaxkiosk/sync/central/registry"
)

// The soak: many whole visits in the real window, one after the other, to see
// what stays in memory. Events come as from a finger, screens are drawn as for
// an eye; soak_memory.go measures.

const (
	soakWarm  = 100 // visits before the baseline: caches are full by then
	soakEvery = 100 // visits between two lines of progress
	soakCrowd = 20  // different residents
	soakFix   = 4   // every fourth visitor has something corrected
	soakLimit = 60 * time.Second
	soakRest  = 45 * time.Second // without a visitor before a measurement that counts
)

// soaker is all visitors of a soak, one at a time.
type soaker struct {
	stage  *demo.Stage
	pages  string // where the printer puts them
	crowd  []registry.Person
	drawn  func(context.Context) // returns when the window shows the latest snapshot
	out    io.Writer
	screen string // drawn last; belongs to the desk's goroutine
	mu     sync.Mutex
	latest visit.Visit
	news   chan struct{}
}

func newSoaker(s *demo.Stage, pages string, out io.Writer) *soaker {
	return &soaker{
		stage: s, pages: pages, crowd: crowd(), drawn: func(context.Context) {}, out: out,
		news: make(chan struct{}, 1),
	}
}

// crowd is residents from the shortest history to the longest.
func crowd() []registry.Person {
	all := demo.People()
	slices.SortStableFunc(all, func(a, b registry.Person) int { return cmp.Compare(len(a.Doses), len(b.Doses)) })
	var some []registry.Person
	for i := range soakCrowd {
		some = append(some, all[i*(len(all)-1)/(soakCrowd-1)])
	}
	return some
}

// CheckSoak says that so many visits are too few to measure anything.
func CheckSoak(visits int) error {
	if visits <= soakWarm {
		return fmt.Errorf("--soak %d: want more than %d visits, the first %d are the baseline", visits, soakWarm, soakWarm)
	}
	return nil
}

// Soak runs so many visits in the window and fails when the memory has grown.
func Soak(visits int, out, errs io.Writer) error {
	if err := display.Need(slog.New(slog.NewTextHandler(errs, nil))); err != nil {
		return err
	}
	pages, err := os.MkdirTemp("", "vaxkiosk-pages-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(pages) }() // a temporary folder
	s, err := demo.Open("folder:"+pages, io.Discard)
	if err != nil {
		return err
	}
	defer s.Close()
	w := window.Open(true, s.Kiosk.Desk.Post)
	w.Log = s.Window
	k := newSoaker(s, pages, out)
	k.drawn = frames(w)
	r := s.Ring(w)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var driving sync.WaitGroup
	driving.Go(func() {
		err = k.run(ctx, visits)
		stop()
	})
	shown := window.Run(ctx, s.Kiosk, w, func(v visit.Visit, now time.Time) {
		r.Seen(v, now)
		k.see(ctx, v)
	})
	stop()
	driving.Wait()
	if shown != nil {
		return shown
	}
	if err == nil && s.Window.WrongThread() {
		err = errors.New("the window was used from a wrong thread")
	}
	if err != nil {
		return exit.Failed(fmt.Errorf("soak: %w", err))
	}
	return nil
}

// frames returns what waits until the window has painted everything it was told
// before: a dot is refreshed, and painting it says so.
func frames(w *window.Window) func(context.Context) {
	var painted chan struct{} // belongs to the main goroutine
	dot := canvas.NewRaster(func(int, int) image.Image {
		if painted != nil {
			close(painted)
			painted = nil
		}
		return image.NewRGBA(image.Rect(0, 0, 1, 1))
	})
	dot.Resize(fyne.NewSize(1, 1))
	window.Prepare(func() { w.Fyne.SetContent(container.NewStack(w.Fyne.Content(), container.NewWithoutLayout(dot))) })
	return func(ctx context.Context) {
		if ctx.Err() != nil {
			return // the window is closing and paints no more
		}
		done := make(chan struct{})
		fyne.Do(func() { painted = done; dot.Refresh() })
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
}

// see has each new screen drawn, and only then lets the visitor know of it. It
// holds the desk up until that is done, so that screens of a few milliseconds
// are drawn too.
func (k *soaker) see(ctx context.Context, v visit.Visit) {
	if screen := fmt.Sprint(v.Number, screenName(v), v.Lang, v.Look, v.Form.FullText, v.Help.Topic, v.Unlock.Answered); screen != k.screen {
		k.screen = screen
		k.drawn(ctx)
	}
	k.mu.Lock()
	k.latest = v
	k.mu.Unlock()
	select {
	case k.news <- struct{}{}:
	default:
	}
}

func (k *soaker) now() visit.Visit {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.latest
}

// until waits for a snapshot that is as wanted.
func (k *soaker) until(ctx context.Context, what string, wanted func(visit.Visit) bool) error {
	late := time.NewTimer(soakLimit)
	defer late.Stop()
	for !wanted(k.now()) {
		select {
		case <-k.news:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-late.C:
			return fmt.Errorf("waiting for %s: the screen is still %s", what, screenName(k.now()))
		}
	}
	return nil
}

func (k *soaker) do(actions ...visit.Action) {
	number := k.now().Number
	for _, a := range actions {
		k.stage.Kiosk.Desk.Post(visit.Event{Visit: number, Do: a})
	}
}

// visit is the n-th visit, from the welcome screen to the wipe.
func (k *soaker) visit(ctx context.Context, n int) error {
	if err := k.until(ctx, "the welcome screen", func(v visit.Visit) bool { return v.State == visit.Welcome && v.Number > 0 }); err != nil {
		return err
	}
	number, p := k.now().Number, k.crowd[n%len(k.crowd)]
	k.do(k.lookAround(n)...)
	k.do(asks(p, request.DateOf(time.Now()))...)
	if err := k.until(ctx, "the answer", func(v visit.Visit) bool { return v.State == visit.Sent && v.Unlock.Answered }); err != nil {
		return err
	}
	k.do(visit.Unlock{}, visit.TypeCode{Digits: k.code()}, visit.Next{}, visit.TypePIN{Digits: pinFor(p)}, visit.Next{})
	if err := k.until(ctx, "the record", func(v visit.Visit) bool { return v.State == visit.Ready }); err != nil {
		return err
	}
	want := 1
	if n%soakFix == 1 {
		if err := k.correct(ctx); err != nil {
			return err
		}
		want++
	}
	k.do(visit.Print{})
	if err := k.until(ctx, "the printed page", func(v visit.Visit) bool { return v.State == visit.Done }); err != nil {
		return err
	}
	k.do(visit.Leave{})
	if err := k.until(ctx, "the wipe", func(v visit.Visit) bool { return v.Number > number }); err != nil {
		return err
	}
	return k.takePages(want)
}

// correct asks from the open record for another name, prints the number of that,
// and goes back.
func (k *soaker) correct(ctx context.Context) error {
	k.do(visit.Amend{}, visit.PickFix{Kind: request.WrongName}, visit.Type{Field: request.FieldNewGiven, Text: "Philippa"},
		visit.Type{Field: request.FieldNewFamily, Text: "Ravenscroft"}, visit.Next{}, visit.Send{})
	if err := k.until(ctx, "the tracking number", func(v visit.Visit) bool { return v.State == visit.Amended }); err != nil {
		return err
	}
	k.do(visit.Slip{})
	if err := k.until(ctx, "the slip", func(v visit.Visit) bool { return v.Print.Slip == fault.Printed }); err != nil {
		return err
	}
	k.do(visit.Back{})
	return k.until(ctx, "the record again", func(v visit.Visit) bool { return v.State == visit.Ready })
}

// lookAround is what somebody does before asking; language, text size and
// contrast change from visit to visit.
func (k *soaker) lookAround(n int) []visit.Action {
	languages := k.now().Site.Languages
	all := []visit.Action{visit.Begin{Lang: languages[n%len(languages)].Tag}}
	for range n % visit.Sizes {
		all = append(all, visit.Resize{By: 1})
	}
	for range n % visit.Contrasts {
		all = append(all, visit.Recolour{})
	}
	return append(all, visit.Help{}, visit.Help{Topic: "no-code"}, visit.Back{}, visit.Back{}, visit.Collect{}, visit.Back{})
}

// asks fills in the form, looks at the name once more, and sends it.
func asks(p registry.Person, today request.Date) []visit.Action {
	relation := request.Self
	if p.Birth.Age(today) < request.AdultAge {
		relation = request.Child
	}
	kind, field, contact := request.ByPhone, request.FieldPhone, p.Phone
	if contact == "" {
		kind, field, contact = request.ByEmail, request.FieldEmail, p.Email
	}
	all := []visit.Action{
		visit.Ask{},
		visit.ReadAll{Open: true},
		visit.Back{},
		visit.Agree{},
		visit.Choose{Relation: relation},
		visit.Declare{},
	}
	if relation == request.Child {
		asker := guardianOf(p)
		all = append(all, visit.Type{Field: request.FieldAskerGiven, Text: asker.Given},
			visit.Type{Field: request.FieldAskerFamily, Text: asker.Family}, visit.Next{})
	}
	return append(all,
		visit.Type{Field: request.FieldGiven, Text: p.Given},
		visit.Type{Field: request.FieldFamily, Text: p.Family},
		visit.Next{},
		visit.PickBirth{Date: p.Birth},
		visit.Next{},
		visit.PickGender{Gender: p.Gender},
		visit.Next{},
		visit.PickContact{Kind: kind},
		visit.Type{Field: field, Text: contact},
		visit.Next{},
		visit.Type{Field: request.FieldPIN, Text: pinFor(p)},
		visit.Next{},
		visit.Type{Field: request.FieldPINAgain, Text: pinFor(p)},
		visit.Next{},
		visit.Change{Question: request.AskName},
		visit.Next{},
		visit.Send{})
}

// code is the pickup code in the newest message.
func (k *soaker) code() string {
	all := k.stage.Phone.Messages()
	return sixDigits.FindString(all[len(all)-1].Text)
}

// rest lets the kiosk stand until it has forgotten the last visitor.
func (k *soaker) rest(ctx context.Context) error {
	since := time.Now()
	return k.until(ctx, "the kiosk to rest", func(visit.Visit) bool { return time.Since(since) >= soakRest })
}

// takePages removes what was printed, as a visitor does.
func (k *soaker) takePages(want int) error {
	all, err := filepath.Glob(filepath.Join(k.pages, "*.pdf"))
	if err == nil && len(all) != want {
		err = fmt.Errorf("%d documents came out of the printer, want %d", len(all), want)
	}
	for _, path := range all {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
