package printer

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"vaxkiosk/app/desk"
)

// What every printer must do (desk.Printer). rig is a printer and what came out
// of it, in order.
type rig struct {
	printer desk.Printer
	came    func() [][]byte
	ends    desk.Outcome // how a page that comes out ends
}

// page is a small real PDF whose bytes depend on n.
func page(n int) desk.Document {
	var b bytes.Buffer
	var at []int
	object := func(s string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), s)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object(fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 %d]>>", 700+n))
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return desk.Document{PDF: b.Bytes(), Pages: 1}
}

// soon bounds what must end by itself, so that a fault fails a test at once.
func soon(t *testing.T) context.Context {
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(stop)
	return ctx
}

func ignore(desk.Progress) {}

func conform(t *testing.T, r rig) {
	if fault := r.printer.Ready(t.Context()); fault != nil {
		t.Fatalf("a good printer is not ready: %+v", *fault)
	}
	var over atomic.Bool
	for n := 1; n <= 2; n++ {
		over.Store(false)
		result := r.printer.Print(soon(t), page(n), func(desk.Progress) {
			if over.Load() {
				t.Error("progress after the end")
			}
		})
		over.Store(true)
		if result.Outcome != r.ends || result.Fault != (desk.Fault{}) {
			t.Fatalf("document %d: %+v, want %s", n, result, r.ends)
		}
	}
	came := r.came()
	if len(came) != 2 || !bytes.Equal(came[0], page(1).PDF) || !bytes.Equal(came[1], page(2).PDF) {
		t.Fatalf("%d documents came out, want the two sent, byte by byte", len(came))
	}
	over2, cancel := context.WithCancel(t.Context())
	cancel()
	if result := r.printer.Print(over2, page(3), ignore); result.Outcome != desk.Failed || result.Fault.Code == "" {
		t.Errorf("a print that was over before it began: %+v, want failed with a fault", result)
	}
	if n := len(r.came()); n != 2 {
		t.Errorf("%d documents after a print that was over before it began, want 2", n)
	}
}

func TestTheFolderConforms(t *testing.T) {
	path := t.TempDir()
	p, err := Open("folder:"+path, "", "letter")
	if err != nil {
		t.Fatal(err)
	}
	conform(t, rig{p, func() [][]byte { return files(t, path, "record-*.pdf") }, desk.Printed})
}

func TestTheFakePrinterConforms(t *testing.T) {
	f := newFake(t)
	conform(t, rig{f.printer(), f.documents, desk.Printed})
}

func TestAPrinterWithoutCreateJobConforms(t *testing.T) {
	f := newFake(t)
	f.ops = f.ops[:1]
	conform(t, rig{f.printer(), f.documents, desk.Printed})
}
