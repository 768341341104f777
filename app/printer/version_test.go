package printer

import (
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// takesOnly has the printer refuse all messages of another version of IPP; it returns how
// many it refused.
func (f *fake) takesOnly(version *atomic.Uint32, with goipp.Status) *atomic.Int32 {
	refused := &atomic.Int32{}
	for _, op := range append(f.ops, goipp.OpGetPrinterAttributes, goipp.OpGetJobs) {
		f.on[op] = func(w http.ResponseWriter, r *http.Request, m *goipp.Message) bool {
			if m.Version == goipp.Version(version.Load()) {
				return false
			}
			refused.Add(1)
			return refuse(with)(w, r, m)
		}
	}
	return refused
}

func TestAPrinterThatRefusesIPP20IsSpokenToIn11FromThenOn(t *testing.T) {
	for _, with := range []goipp.Status{goipp.StatusErrorVersionNotSupported, goipp.StatusErrorBadRequest} {
		f := newFake(t)
		takes := &atomic.Uint32{}
		takes.Store(uint32(goipp.MakeVersion(1, 1)))
		refused := f.takesOnly(takes, with)
		p := f.printer()
		for n := range 2 {
			if r := p.Print(soon(t), page(n), ignore); r != (desk.Result{Outcome: fault.Printed}) {
				t.Fatalf("%s: %+v, want printed", with, r)
			}
		}
		if refused.Load() != 1 {
			t.Errorf("%s: it refused %d messages, want the first alone", with, refused.Load())
		}
		if len(f.documents()) != 2 {
			t.Errorf("%d documents came out", len(f.documents()))
		}
	}
}

func TestAPrinterThatIsReplacedByANewerOneIsSpokenToIn20Again(t *testing.T) {
	f := newFake(t)
	takes := &atomic.Uint32{}
	takes.Store(uint32(goipp.MakeVersion(1, 1)))
	f.takesOnly(takes, goipp.StatusErrorVersionNotSupported)
	p := f.printer()
	if wrong := p.Ready(soon(t)); wrong != nil {
		t.Fatalf("%+v", *wrong)
	}
	takes.Store(uint32(goipp.DefaultVersion))
	if wrong := p.Ready(soon(t)); wrong != nil {
		t.Errorf("the newer one: %+v", *wrong)
	}
}

// A status that says something else of a message than its version does not change it.
func TestARefusalForOtherReasonsLeavesTheVersionAlone(t *testing.T) {
	f := newFake(t)
	f.on[goipp.OpCreateJob] = refuse(goipp.StatusErrorBadRequest)
	p := f.printer()
	if r := p.Print(soon(t), page(1), ignore); r.Outcome != fault.Failed {
		t.Errorf("%+v, want failed", r)
	}
	if v := p.speaks.Load(); v != 0 {
		t.Errorf("it is spoken to in %s", goipp.Version(v))
	}
}
