package tour

import (
	"context"
	"fmt"
	"image"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/ui"
	"vaxkiosk/ui/robot"
)

func TestEveryTourRunsForEveryChange(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	words := strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" ;\n", r) })
	for name := range scripts {
		if name != PlainScript && !slices.Contains(words, name) {
			t.Errorf(".ci/run has no tour %s", name)
		}
	}
}

func TestToursVisitResidentsWhoFit(t *testing.T) {
	all := demo.People()
	for name, s := range scripts {
		if s.resident < 1 || s.resident > len(all) {
			t.Errorf("%s: no resident %d", name, s.resident)
		}
	}
	child := all[scripts["child"].resident-1]
	mother := all[scripts["another-record"].resident-1]
	if child.Birth.Age(madeup.DemoDay) >= request.AdultAge || childOf(mother).Number != child.Number ||
		guardianOf(child) != (request.Name{Given: mother.Given, Family: mother.Family}) {
		t.Errorf("residents %d and %d are no mother and child", mother.Number, child.Number)
	}
	if len(all[scripts["correction"].resident-1].Doses) == 0 {
		t.Error("who corrects a dose has none")
	}
}

func TestHelpIsSearchedInEveryLanguage(t *testing.T) {
	var tags []string
	for _, l := range assets.Languages {
		tags = append(tags, l.Tag)
	}
	if got := slices.Sorted(maps.Keys(helpWords)); !slices.Equal(got, slices.Sorted(slices.Values(tags))) {
		t.Errorf("words to search for in %v, want %v", got, tags)
	}
}

// Every script under Fyne's test driver: the same steps, touches and checks as in
// the real window, which .ci/run goes through with each of them.
func TestEveryTourGoesFromTheFirstTouchToTheWipe(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	for i, name := range slices.Sorted(maps.Keys(scripts)) {
		size := []fyne.Size{{Width: 1080, Height: 1920}, {Width: 1920, Height: 1080}}[i%2]
		lang := assets.Languages[i/2%len(assets.Languages)].Tag
		t.Run(fmt.Sprintf("%s, %s, %.0fx%.0f", name, lang, size.Width, size.Height), func(t *testing.T) {
			o, s := openTour(t, Options{Script: name, Lang: lang})
			g := pretend(t, o, s, size)
			cards := goes(t, g, s)
			if n, asked := g.count.of["birth date"]; asked && n != 8 {
				t.Errorf("the birth date takes %d touches with Next, want 8: %s", n, g.count)
			}
			if n := g.count.total(); name == PlainScript && n != 40 {
				t.Errorf("a request takes another number of touches than 40: %s", g.count)
			}
			if want := scripts[name].records; (cards > 0) != (want > 0) {
				t.Errorf("%d health cards on %d records", cards, want)
			}
		})
	}
}

// openTour opens a stage for a tour, until the test ends.
func openTour(t *testing.T, o Options) (Options, *demo.Stage) {
	t.Helper()
	o.Dir = t.TempDir()
	if err := o.Check(); err != nil {
		t.Fatal(err)
	}
	s, err := demo.Open("folder:"+o.Dir, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return o, s
}

// goes goes through a tour and returns how many health cards were printed.
func goes(t *testing.T, g *guide, s *demo.Stage) (cards int) {
	t.Helper()
	cards, err := g.tour()
	if err != nil {
		said, _ := io.ReadAll(s.OpenLog()) // what failed is said all the same
		t.Fatalf("%v\n%s", err, said)
	}
	return cards
}

// pretend returns a guide whose window is the test driver's. That driver does at
// once whatever it is told, on any goroutine, so a lock keeps them apart.
func pretend(t *testing.T, o Options, s *demo.Stage, size fyne.Size) *guide {
	t.Helper()
	var one sync.Mutex
	w := &window.Window{Do: func(f func()) {
		one.Lock()
		defer one.Unlock()
		f()
	}}
	app := test.NewTempApp(t)
	w.Fyne = app.NewWindow("")
	t.Cleanup(w.Fyne.Close)
	w.UI = ui.New(w.Fyne, s.Kiosk.Desk.Post)
	w.UI.SetCalm(0)
	w.Fyne.Resize(size)
	g := newGuide(o, s, w, io.Discard)
	g.visits = func(ctx context.Context, k *kiosk.Kiosk, w *window.Window, seen func(visit.Visit, time.Time)) error {
		defer k.Close()
		window.Visits(ctx, k, w, seen)
		return nil
	}
	g.shoot = func(path string) error { return glance(w, path) }
	g.wedge = func(number string, enter bool) error { return typeFast(w, number, enter) }
	return g
}

// glance paints the tenth screen, which must not be empty, and no other: painting
// takes longer than all the rest of a tour.
func glance(w *window.Window, path string) error {
	if !strings.HasPrefix(filepath.Base(path), "10-") {
		return nil
	}
	var picture image.Image
	w.Wait(func() { picture = w.Fyne.Canvas().Capture() })
	b := picture.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if picture.At(x, y) != picture.At(b.Min.X, b.Min.Y) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is empty", filepath.Base(path))
}

// typeFast types as a scanner does: to what has the focus, or else to the window.
func typeFast(w *window.Window, number string, enter bool) error {
	r := robot.New(w.Fyne.Canvas())
	for _, letter := range number {
		w.Wait(func() { r.Strike(string(letter)) })
	}
	if enter {
		w.Wait(func() { r.Press(fyne.KeyReturn) })
	}
	return nil
}

// Nobody in the demo has an empty record, so this resident moves in for the tour.
func TestAResidentWithoutADoseGetsAPageThatSaysSo(t *testing.T) {
	o, s := openTour(t, Options{Lang: "en"})
	g := pretend(t, o, s, fyne.Size{Width: 1080, Height: 1920})
	g.person.Number, g.person.Given, g.person.Family, g.person.Doses = demo.Residents+1, "Zenobia", "Quill", nil
	if err := s.Central.ImportPeople(t.Context(), []registry.Person{g.person}); err != nil {
		t.Fatal(err)
	}
	cards := goes(t, g, s)
	page, err := exec.Command("pdftotext", filepath.Join(o.Dir, recordFile(0)), "-").Output()
	if err != nil || cards != 0 || !strings.Contains(string(page), assets.Words("en")["paper.empty"].Shown) {
		t.Errorf("%d cards, %v; the page:\n%s", cards, err, page)
	}
}
