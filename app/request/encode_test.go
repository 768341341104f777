package request

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestARequestComesBackAsItWasEncoded(t *testing.T) {
	byEmail := good()
	byEmail.Contact, byEmail.Email = ByEmail, " maria@example.org"
	composed := good()
	composed.Family = "Nguye\u0302\u0303n  Thi\u0323"
	single := good()
	single.Single, single.Middle, single.Other = true, "ignored", Name{Family: "Sukarno"}
	whole := good()
	whole.Middle, whole.Suffix, whole.Other, whole.Both, whole.Email = "Ana", "Jr.", Name{"Mary", "O’Neill"}, true, "m@example.org"
	agent := good()
	agent.Relation, agent.Capacity, agent.Asker = Represented, HealthAgent, Name{"Ana", "Ruiz"}
	for _, d := range []Draft{good(), byEmail, composed, single, whole, agent} {
		r, problems := d.Request("es", today)
		if len(problems) > 0 {
			t.Fatalf("problems %v", problems)
		}
		again, err := Decode(r.Encode(), today)
		if err != nil || again != r {
			t.Errorf("decoded %#v, %v", again, err)
		}
		if !bytes.Equal(again.Encode(), r.Encode()) {
			t.Error("equal requests have different bytes")
		}
		if r.Phone == "" && r.Email == "" || !d.Both && r.Phone != "" && r.Email != "" {
			t.Error("the contacts are not those that count")
		}
	}
}

// bad are encodings that central must refuse, each for one reason.
var bad = []struct{ name, old, new string }{
	{"unknown field", `{"v":1`, `{"x":1,"v":1`},
	{"other version", `"v":1`, `"v":2`},
	{"unknown relation", `"self"`, `"anybody"`},
	{"impossible day", `1958-03-14`, `1958-02-30`},
	{"future", `1958-03-14`, `2058-03-14`},
	{"no kind of contact", `"contact":"phone",`, ``},
	{"a contact of another kind", `"contact":"phone"`, `"contact":"email"`},
	{"a second contact that is none", `"pin"`, `"email":"nobody","pin"`},
	{"middle name of somebody without a first name", `"given":"María José"`, `"middle":"María"`},
	{"unknown suffix", `"birth"`, `"suffix":"PhD","birth"`},
	{"a capacity of one's own", `"relation":"self"`, `"relation":"self","capacity":"agent"`},
	{"somebody who asks for themself in another's name", `"relation":"self"`, `"relation":"self","asker":{"given":"A","family":"B"}`},
	{"a child's request by nobody", `"relation":"self"`, `"relation":"child"`},
	{"an empty other name", `"birth"`, `"other":{},"birth"`},
	{"no contact", `"phone":"+16175550123",`, ``},
	{"phone not E.164", `+16175550123`, `617-555-0123`},
	{"weak PIN", `8317`, `1234`},
	{"uncomposed name", `María José`, ` María José`},
	{"trailing value", `}}`, `}}{}`},
	{"a key twice", `"gender"`, `"given":"María José","gender"`},
	{"a key in capitals", `"given"`, `"GIVEN"`},
	{"white space", `{"v":1`, `{ "v":1`},
	{"an escape", `"self"`, `"s\u0065lf"`},
	{"broken UTF-8", `"lang":"en"`, "\"lang\":\"en\xff\""},
	{"not JSON", `{`, `[`},
}

func TestCentralTrustsNoKiosk(t *testing.T) {
	r, _ := good().Request("en", today)
	whole := string(r.Encode())
	for _, c := range bad {
		changed := strings.Replace(whole, c.old, c.new, 1)
		if changed == whole {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		if _, err := Decode([]byte(changed), today); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func FuzzDecodeTakesOnlyCanonicalRequests(f *testing.F) {
	r, _ := good().Request("en", today)
	f.Add(r.Encode())
	for _, c := range bad {
		f.Add([]byte(strings.Replace(string(r.Encode()), c.old, c.new, 1)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Decode(b, today)
		if err != nil {
			return
		}
		if !bytes.Equal(r.Encode(), b) {
			t.Error("two encodings of one request")
		}
	})
}

// Whatever the form lets pass must be taken by central: it is told as saved.
func FuzzARequestWithoutProblemsIsTakenByCentral(f *testing.F) {
	d := good()
	f.Add(d.Given, d.Family, d.Phone, d.PIN)
	f.Add("Nguye\u0302\u0303n", "\u2000\u212b\u0301", "617-555-0182 x8317", "0182")
	f.Add("A", "B", "maria@example.org", "8317")
	f.Add("A", "B", "1-617-555-CAKE", "2253")
	f.Add("A", "B", "\xff@example.org", "8317")
	f.Fuzz(func(t *testing.T, given, family, contact, pin string) {
		for _, kind := range []ContactKind{ByPhone, ByEmail} {
			d := good()
			d.Given, d.Family, d.Contact, d.Phone, d.Email, d.PIN, d.PINAgain = given, family, kind, contact, contact, pin, pin
			r, problems := d.Request("en", today)
			if len(problems) > 0 {
				continue
			}
			if again, err := Decode(r.Encode(), today); err != nil || again != r {
				t.Errorf("%v", err)
			}
		}
	})
}

func TestNoPersonalValueIsPrinted(t *testing.T) {
	d := good()
	r, _ := d.Request("en", today)
	for _, s := range []string{fmt.Sprintf("%v %+v %#v %s", r, r, r, r), fmt.Sprintf("%v %+v %#v %s", d, d, d, d)} {
		for _, secret := range []string{"Mar", "Neill", "1958", "555", "8317"} {
			if strings.Contains(s, secret) {
				t.Errorf("%q holds %q", s, secret)
			}
		}
	}
	for _, c := range bad {
		_, err := Decode([]byte(strings.Replace(string(r.Encode()), c.old, c.new, 1)), today)
		for _, secret := range []string{"Mar", "Neill", "1958", "555", "8317", "1234"} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error holds %q", c.name, secret)
			}
		}
	}
}

func TestAReceiptIsReadHoweverItIsTyped(t *testing.T) {
	for _, r := range []string{ReceiptFor("0123456789abcdef"), OldReceiptFor("0123456789abcdef")} {
		isReadHowever(t, r)
	}
	if ReceiptFor("another key, other receipt") == ReceiptFor("0123456789abcdef") {
		t.Error("two keys, one receipt")
	}
}

// An old receipt is the beginning of one of today, and has nothing to do with tracking numbers.
func TestReceiptsHaveFiftyBitsAndOldOnesBeginThem(t *testing.T) {
	const key = "0123456789abcdef"
	r, old := ReceiptFor(key), OldReceiptFor(key)
	if len(r) != len("7KQ2-M4V9-3X1") || len(old) != len("7KQ2-M4V0") {
		t.Errorf("%s and %s", r, old)
	}
	if start, is := ReceiptStart(old); !is || !strings.HasPrefix(r, start) {
		t.Errorf("%s does not begin %s", old, r)
	}
	if _, is := ReceiptStart(r); is {
		t.Errorf("%s is an old one", r)
	}
	for _, number := range []string{r, old} {
		if _, ok := ParseTracking(number); ok {
			t.Errorf("%s passes for a tracking number", number)
		}
	}
}

func isReadHowever(t *testing.T, r string) {
	t.Helper()
	for _, typed := range []string{r, strings.ToLower(r), strings.ReplaceAll(r, "-", ""), " " + strings.ReplaceAll(r, "-", " ") + " "} {
		if got, ok := ParseReceipt(typed); !ok || got != r {
			t.Errorf("ParseReceipt(%q) = %q, %v", typed, got, ok)
		}
	}
	if got, ok := ParseReceipt(strings.NewReplacer("0", "O", "1", "L").Replace(r)); !ok || got != r {
		t.Errorf("look-alikes: %q, %v", got, ok)
	}
}

func TestAReceiptWithOneWrongSignIsRefused(t *testing.T) {
	r := strings.ReplaceAll(ReceiptFor("0123456789abcdef"), "-", "")
	for i := range r {
		for _, sign := range receiptAlphabet {
			changed := r[:i] + string(sign) + r[i+1:]
			if _, ok := ParseReceipt(changed); ok && changed != r {
				t.Errorf("%q passes for %q", changed, r)
			}
		}
	}
	for _, s := range []string{"", "7KQ2", "7KQ2-M4VDX", "7KQ2-M4V!"} {
		if _, ok := ParseReceipt(s); ok {
			t.Errorf("%q passes", s)
		}
	}
}

func TestAgeCountsBirthdays(t *testing.T) {
	for _, c := range []struct {
		birth, today Date
		age          int
	}{
		{Date{2008, 11, 23}, today, 18},
		{Date{2008, 11, 24}, today, 17},
		{Date{2000, 2, 29}, Date{2018, 2, 28}, 17},
		{Date{2000, 2, 29}, Date{2018, 3, 1}, 18},
		{Date{2026, 11, 23}, today, 0},
	} {
		if got := c.birth.Age(c.today); got != c.age {
			t.Errorf("born %s is %d on %s, want %d", c.birth, got, c.today, c.age)
		}
	}
}
