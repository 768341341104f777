package printer

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"
)

func TestAPrinterSaysWhatItIsAndNothingThatPeopleHaveWritten(t *testing.T) {
	f := newFake(t)
	f.on[goipp.OpGetPrinterAttributes] = func(w http.ResponseWriter, _ *http.Request, m *goipp.Message) bool {
		a := start(m, goipp.StatusOk)
		for name, value := range map[string]string{ // answered to whoever asks for less
			"printer-name": "Dr Lopez", "printer-info": "Room of Maria", "printer-location": "12 Elm Street",
			"printer-device-id": "SN:4711", "job-originating-user-name": "maria", "printer-make-and-model": "Lasér \x1b[2J 9\n000",
			"marker-names": strings.Repeat("é", 2*mostSaid),
		} {
			a.Printer.Add(goipp.MakeAttr(name, goipp.TagText, goipp.String(value)))
		}
		a.Printer.Add(goipp.MakeAttr("printer-up-time", goipp.TagInteger, goipp.Integer(1234567)))
		a.Printer.Add(goipp.MakeAttr("marker-levels", goipp.TagInteger, goipp.Integer(80), goipp.Integer(-3)))
		f.write(w, a)
		return true
	}
	want := []string{
		"printer-make-and-model Lasér ?[2J 9?000", "printer-up-time 342h56m7s",
		"marker-names " + strings.Repeat("é", mostSaid) + "…", "marker-levels 80, -3",
	}
	if got := f.printer().Said(t.Context()); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAPrinterThatSaysNothingIsSaidToDoSo(t *testing.T) {
	f := newFake(t)
	f.on[goipp.OpGetPrinterAttributes] = refuse(goipp.StatusErrorNotAuthorized)
	if got := f.printer().Said(t.Context()); len(got) != 1 || !strings.HasPrefix(got[0], "nothing: ") {
		t.Errorf("%q", got)
	}
}

func TestARealPrinterSaysHowItDoesAndWhatItTakes(t *testing.T) {
	_, p := rigEve(t, mayRunOut)
	got := strings.Join(p.Said(t.Context()), "\n")
	for _, want := range []string{"printer-state ", "media-ready ", "document-format-supported ", "application/pdf", "sides-supported "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
