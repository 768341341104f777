package printer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/printer/printertest"
)

// passwordsAre announces that pages are held for a password.
func passwordsAre(longest int, repertoire string, encryptions ...string) goipp.Attributes {
	all := goipp.Attributes{goipp.MakeAttr("job-password-supported", goipp.TagInteger, goipp.Integer(longest))}
	if repertoire != "" {
		all = append(all, keywords("job-password-repertoire-configured", []string{repertoire}))
	}
	if len(encryptions) > 0 {
		all = append(all, keywords("job-password-encryption-supported", encryptions))
	}
	return all
}

// holder is a fake that holds pages, and a kiosk that wants it to.
func holder(t *testing.T, says goipp.Attributes) (*fake, *ipp) {
	t.Helper()
	f := newFake(t)
	f.says = says
	f.looked = func(j *fakeJob, _ int) {
		switch {
		case j.state >= jobCanceled:
		case j.password != nil && !j.typed:
			j.state, j.reasons = jobHeld, []string{"job-password-wait"}
		case len(f.reasons) == 0:
			f.finish(j)
		}
	}
	p := f.printer()
	p.hold = true
	return f, p
}

// types a number at the panel of the fake.
func (f *fake) types(number string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256([]byte(number))
	for _, j := range f.jobs {
		if how := j.passwordBy; how == "sha2-256" && bytes.Equal(j.password, sum[:]) || how == "none" && string(j.password) == number {
			j.typed = true
		}
	}
}

func TestAPrinterThatHoldsPagesConforms(t *testing.T) {
	f, p := holder(t, append(passwordsAre(8, "iana_us-ascii_digits", "md5", "none", "sha2-256"), able(letter)...))
	r := f.good(p)
	r.types = f.types
	conform(t, r)
}

func TestAPageIsHeldUntilItsOwnNumberIsTyped(t *testing.T) {
	for name, c := range map[string]struct {
		says   goipp.Attributes
		sentBy string
		digits int
	}{
		"hashed":         {passwordsAre(255, "iana_us-ascii_any", "none", "sha2-256"), "sha2-256", 4},
		"plain":          {passwordsAre(4, "", "none"), "none", 4},
		"six and longer": {append(passwordsAre(8, "iana_utf-8_digits", "none"), goipp.MakeAttr("job-password-length-supported", goipp.TagRange, goipp.Range{Lower: 6, Upper: 8})), "none", 6},
	} {
		t.Run(name, func(t *testing.T) {
			f, p := holder(t, c.says)
			var said bytes.Buffer
			p.log = slog.New(slog.NewTextHandler(&said, nil))
			wrong, number, shown := 0, "", []string{}
			r := p.Print(soon(t), page(1), func(g desk.Progress) {
				if g.Fault != nil {
					t.Errorf("%+v is no fault", *g.Fault)
				}
				shown = append(shown, g.Release)
				if g.Release != "" {
					number = g.Release
					f.types("00000")
					wrong = len(f.documents())
					time.AfterFunc(10*time.Millisecond, func() { f.types(number) }) // it is seen to wait
				}
			})
			if r != (desk.Result{Outcome: fault.Printed}) || wrong != 0 {
				t.Fatalf("%+v, %d documents came out for a wrong number", r, wrong)
			}
			if !regexp.MustCompile(`^\d+$`).MatchString(number) || len(number) != c.digits || f.jobs[1].passwordBy != c.sentBy {
				t.Errorf("a number of %d characters, sent as %s", len(number), f.jobs[1].passwordBy)
			}
			if strings.Contains(said.String()+strings.Join(f.names, ""), number) {
				t.Error("the number is told to others")
			}
		})
	}
}

func TestEachPageHasANumberOfItsOwn(t *testing.T) {
	numbers := map[string]bool{}
	for range 20 {
		numbers[newNumber(fewDigits)] = true
	}
	if len(numbers) < 10 {
		t.Errorf("%d numbers for 20 pages", len(numbers))
	}
}

// What the printer is waiting for is no trouble, whatever it calls that, and the number
// is cleared from the screen when it has been typed.
func TestWaitingForANumberIsNoFault(t *testing.T) {
	for _, state := range []int{jobHeld, jobProcessing, jobStopped} {
		f, p := holder(t, passwordsAre(4, "", "none"))
		f.looked = func(j *fakeJob, look int) {
			switch {
			case look < 3:
				j.state, j.reasons = state, []string{"job-password-wait"}
			case look < 5:
				j.state, j.reasons = jobProcessing, nil
			default:
				j.state = jobCompleted
			}
		}
		var shown []desk.Progress
		r := p.Print(soon(t), page(1), func(g desk.Progress) { shown = append(shown, g) })
		if r.Outcome != fault.Printed || len(shown) != 2 || shown[0].Release == "" || shown[0].Fault != nil || shown[1] != (desk.Progress{}) {
			t.Errorf("state %d: %+v, told %d times", state, r, len(shown))
		}
	}
}

func TestANumberThatNobodyTypesInTimeIsOver(t *testing.T) {
	f, p := holder(t, passwordsAre(4, "", "none"))
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	r := p.Print(ctx, page(1), ignore)
	honest(t, r)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.NotTyped || f.is(1) != jobCanceled {
		t.Errorf("%+v, its job is in state %d", r, f.is(1))
	}
}

func TestAPrinterThatCannotHoldPagesIsSentNone(t *testing.T) {
	for name, day := range map[string]func(*fake){
		"announces nothing":        func(*fake) {},
		"none at all":              func(f *fake) { f.says = passwordsAre(0, "", "none") },
		"three digits":             func(f *fake) { f.says = passwordsAre(3, "", "none") },
		"letters":                  func(f *fake) { f.says = passwordsAre(8, "iana_us-ascii_letters", "none") },
		"hashes nobody should use": func(f *fake) { f.says = passwordsAre(8, "", "md5", "sha") },
		"does not say how":         func(f *fake) { f.says = passwordsAre(8, "") },
		"more than eight digits": func(f *fake) {
			f.says = append(passwordsAre(20, "", "none"), goipp.MakeAttr("job-password-length-supported", goipp.TagRange, goipp.Range{Lower: 9, Upper: 20}))
		},
		"has no Create-Job": func(f *fake) { f.ops, f.says = f.ops[:1], passwordsAre(8, "", "none") },
		"is a print server": func(f *fake) {
			f.ops, f.says = append(f.ops, goipp.OpCupsGetPrinters), passwordsAre(8, "", "none")
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, p := holder(t, nil)
			day(f)
			if wrong := p.Ready(soon(t)); codeOf(wrong) != fault.NoHold {
				t.Errorf("ready: %+v", wrong)
			}
			r := p.Print(soon(t), page(1), ignore)
			honest(t, r)
			if r.Outcome != fault.Failed || r.Fault.Code != fault.NoHold || f.count() != 0 {
				t.Errorf("%+v, %d jobs", r, f.count())
			}
		})
	}
}

func TestAPrinterThatIgnoresTheNumberIsSentNoDocument(t *testing.T) {
	f, p := holder(t, passwordsAre(4, "", "none"))
	f.ignores = true
	r := p.Print(soon(t), page(1), ignore)
	honest(t, r)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.NoHold || f.did(goipp.OpSendDocument) || f.is(1) != jobCanceled {
		t.Errorf("%+v, its job is in state %d", r, f.is(1))
	}
}

func TestAPrinterThatDoesNotHoldAPageAfterAllIsLogged(t *testing.T) {
	for _, holds := range []bool{false, true} {
		f, p := holder(t, passwordsAre(4, "", "none"))
		var said bytes.Buffer
		p.log = slog.New(slog.NewTextHandler(&said, nil))
		f.looked = func(j *fakeJob, look int) {
			if j.state = jobCompleted; holds && look < 3 {
				j.state = jobHeld
			}
		}
		r := p.Print(soon(t), page(1), ignore)
		if told := strings.Contains(said.String(), "did not hold"); r.Outcome != fault.Printed || told == holds {
			t.Errorf("%+v; holds: %t, logged: %q", r, holds, said.String())
		}
	}
}

func TestNoNumberIsSentUnlessItIsAskedForOnAPageOfSomebody(t *testing.T) {
	for _, c := range []struct{ hold, personal bool }{{false, true}, {true, false}} {
		f, p := holder(t, passwordsAre(4, "", "none"))
		p.hold = c.hold
		d := page(1)
		d.Personal = c.personal
		r := p.Print(soon(t), d, func(g desk.Progress) {
			if g.Release != "" {
				t.Errorf("%+v: a number is shown", c)
			}
		})
		if r.Outcome != fault.Printed || f.jobs[1].password != nil {
			t.Errorf("%+v: %+v, a number was sent: %t", c, r, f.jobs[1].password != nil)
		}
	}
}

// It knows no password, ignores one and prints at once.
func TestARealPrinterThatAnnouncesNoPasswordIsSentNothingToHold(t *testing.T) {
	e := printertest.Start(t, "came\n", nil)
	p := client(t, e.URI)
	p.hold = true
	r := p.Print(soon(t), page(1), ignore)
	if r.Outcome != fault.Failed || r.Fault.Code != fault.NoHold || len(completed(t, e)) != 0 {
		t.Errorf("%+v", r)
	}
}
