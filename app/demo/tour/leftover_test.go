package tour

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/demo"
	"vaxkiosk/app/demo/demotest"
	"vaxkiosk/app/fault"
	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/app/window"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/central/registry"
)

// What a visit leaves in the memory of the real program, in its real window:
// central and the visitor are this process, so that nothing the visitor types or
// central knows is in the kiosk but by way of its screen and its connection.

// someone has values that are nobody else's.
var someone = registry.Person{
	Number: demo.Residents + 1, Given: "Quillonette", Family: "Vandersprock", Birth: request.Date{Year: 1971, Month: 3, Day: 29},
	Gender: request.Female, Phone: "+14135550137", Email: "zebrawood.k7@example.org",
	Doses: []record.Dose{
		{Date: "2023-10-11", CVX: "300", Lot: "XQ7731KW", Performer: "Marzipan Hollow Clinic", Status: record.StatusCompleted},
		{Date: "2021-04-17", CVX: "208", Lot: "YJ4402VB", Performer: "Marzipan Hollow Clinic", Status: record.StatusCompleted},
	},
}

// traces are what is looked for. Fields grow letter by letter and lines break, so
// beginnings and ends count too. Four digits alone are everywhere: a PIN counts
// where it says that it is one.
func traces(code, cardKey string) []trace {
	p := someone
	var all []trace
	for _, x := range []struct{ kind, text string }{
		{"first name", p.Given[:6]},
		{"first name", p.Given[5:]},
		{"last name", p.Family[:6]},
		{"last name", p.Family[6:]},
		{"e-mail", p.Email[:6]},
		{"e-mail", p.Email[5:12]},
		{"phone", p.Phone[2:8]},
		{"phone", p.Phone[2:]},
		{"phone", "(413) 5"},
		{"birth date", p.Birth.String()},
		{"birth date", "March 29, 1971"},
		{"PIN", `"pin":"` + testPIN + `"`},
		{"pickup code", code},
		{"dose", p.Doses[0].Lot},
		{"dose", p.Doses[1].Lot},
		{"dose", p.Doses[0].Performer[:8]},
		{"health card", "shc:/5676"},
		{"health card", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"` + cardKey))},
	} {
		all = append(all, tracesOf(x.kind, x.text)...)
	}
	var numbers []byte
	for _, n := range []int{p.Birth.Year, p.Birth.Month, p.Birth.Day} {
		numbers = append(numbers, byte(n), byte(n>>8), 0, 0, 0, 0, 0, 0)
	}
	return append(all, trace{"birth date", "numbers", numbers})
}

func TestAVisitLeavesNothingInMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("only root on Linux can look into a running kiosk")
	}
	p := arrive(t)
	if err := p.s.Central.ImportPeople(t.Context(), []registry.Person{someone}); err != nil {
		t.Fatal(err)
	}
	house := p.s.Kiosk.Site()
	house.Demo, house.Test = false, true // as the kiosk that is looked into
	h := newHand(t, house)
	c := demotest.NewConfigs(t, p.s.Dir)
	kiosk := startKiosk(t, c.With("leftover", c.Data(), c.Other("leftover")))
	h.look()
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", kiosk))
	if err != nil || !regexp.MustCompile(`Max core file size +0 +0 `).Match(limits) {
		t.Errorf("a crash would write a core file (%v)", err)
	}
	before := dump(t, kiosk) // what of it is there by chance, before anybody knows the code
	cardKey := p.s.Kiosk.Bootstrap.CardKeys().Keys[0].KeyID

	h.fillIn(someone)
	code := h.send(p)
	h.unlock(code)
	wanted := traces(code, cardKey)
	core := dump(t, kiosk)
	h.print()                                      // before the counting, which may take longer than the kiosk waits
	<-time.After(window.RestAfter + 5*time.Second) // the program's own clock cannot be moved
	rested := dump(t, kiosk)

	chance := countIn(t, before, wanted)
	t.Logf("before the visit:\n%v", chance)
	open := countIn(t, core, wanted)
	t.Logf("with the record on the screen:\n%v", open)
	// the phone was typed, and given up for an e-mail: it may be gone by now
	for _, kind := range []string{"first name", "last name", "birth date", "e-mail", "pickup code", "dose", "health card"} {
		if len(open[kind]) == 0 {
			t.Errorf("%s: not found while the visitor is there, so this test sees nothing", kind)
		}
	}
	left, around := findIn(t, rested, wanted)
	left.less(chance)
	t.Logf("after the wipe:\n%v", left)
	if n := left.total(); n > 0 {
		t.Errorf("%d traces of the visit are left, among them or by chance:\n%s", n, strings.Join(around, "\n"))
	}
}

// A PIN is in memory as what counts for one only for the moment it is sealed: too
// short to be met by a dump.
func TestAPINWouldBeFound(t *testing.T) {
	r := request.Request{Given: someone.Given, Family: someone.Family, Birth: someone.Birth, PIN: testPIN}
	sealed, err := json.Marshal(api.StaffProof{Pin: testPIN})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{r.Encode(), sealed} {
		all := found{}
		all.search(text, byStart(traces("482913", "key")), func(trace, int) {})
		if all["PIN"]["UTF-8"] != 1 {
			t.Error("a PIN on its way is not found")
		}
	}
}

// startKiosk builds the program and starts it as a clinic does.
func startKiosk(t *testing.T, args []string) (pid int) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "vaxkiosk")
	build := exec.Command("go", "build", "-tags", "x11,no_animations,migrated_fynedo,no_emoji", "-o", program, "vaxkiosk/app")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	kiosk := exec.Command(program, args...)
	kiosk.Env = append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir(), "GODEBUG=")
	kiosk.Stderr = t.Output()
	startProgram(t, kiosk)
	return kiosk.Process.Pid
}

// fillIn fills in the form: first a phone number, then, of who has one, an e-mail address instead.
func (h *hand) fillIn(p registry.Person) {
	h.t.Helper()
	h.who = p
	h.tap("welcome.en", "choose.ask", "consent.agree", "declare.self", "declare.accept")
	h.write(p.Given)
	h.tap("form.family")
	h.write(p.Family)
	h.tap("form.next")
	h.tap(fmt.Sprintf("month.%d", p.Birth.Month))
	h.write(dayDigits(p.Birth.Day))
	h.write(fmt.Sprint(p.Birth.Year))
	h.tap("form.next", "gender."+string(p.Gender), "form.next", "contact.phone")
	h.write(strings.TrimPrefix(p.Phone, "+1"))
	if p.Email != "" {
		h.tap("contact.email", "form.email")
		h.write(p.Email)
	}
	h.tap("form.next")
	h.write(testPIN)
	h.tap("form.next")
	h.write(testPIN)
	h.tap("form.next")
}

// send sends the request and returns the pickup code.
func (h *hand) send(p visitor) (code string) {
	h.t.Helper()
	return h.sendAnd(func() string {
		if all := p.s.Phone.Messages(); len(all) > 0 {
			return all[0].Text
		}
		return ""
	})
}

// sendAnd sends the request, waits for what a phone gets, and returns the pickup code in it.
func (h *hand) sendAnd(phone func() string) (code string) {
	h.t.Helper()
	h.touch("review.send")
	late := time.After(patience)
	text := phone()
	for ; text == ""; text = phone() {
		select {
		case <-late:
			h.t.Fatal("central has sent no pickup code")
		case <-time.After(50 * time.Millisecond):
		}
	}
	h.told(visit.Saved{Key: "key", Receipt: regexp.MustCompile(`\b\w{4}-\w{4}-\w{3}\b`).FindString(text)})
	h.told(visit.Answered{})
	h.look()
	return sixDigits.FindString(text)
}

// unlock opens the record of whoever has filled in the form.
func (h *hand) unlock(code string) {
	h.t.Helper()
	h.tap("sent.unlock")
	h.write(code)
	h.tap("unlock.next")
	h.write(testPIN)
	h.touch("unlock.next")
	h.told(visit.Unlocked{Token: "pass"})
	h.told(visit.Fetched{Record: record.Record{
		Given: h.who.Given, Family: h.who.Family, Birth: h.who.Birth.String(), Doses: h.who.Doses,
	}})
	h.look()
}

// print prints the record and takes it.
func (h *hand) print() {
	h.t.Helper()
	h.touch("record.print")
	h.told(visit.PrintStarted{Pages: 1})
	h.told(visit.Ended{Outcome: fault.Printed})
	h.look()
	h.tap("done.finish")
}
