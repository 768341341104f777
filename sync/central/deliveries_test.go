package central_test

import (
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/notice"
	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
	"vaxkiosk/sync/central/notice/sms/smstest"
	"vaxkiosk/sync/central/registry"
)

// mobile is a town whose text messages go through two gateways, which tell it what becomes of them.
type mobile struct {
	*town
	*kiosk
	address       string // of receipts, of the first
	first, second *smstest.Gateway
}

func newMobile(t *testing.T) mobile {
	t.Helper()
	w := newTown(t, nil)
	w.stop()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := mobile{town: w, first: smstest.Open(sms.Twilio), second: smstest.Open(sms.Telnyx)}
	w.receipts = &central.Deliveries{Listener: l, URL: "https://" + l.Addr().String(), Keys: map[sms.Profile][]string{}, All: true}
	var ways []sms.Way
	for p, g := range map[sms.Profile]*smstest.Gateway{sms.Twilio: m.first, sms.Telnyx: m.second} {
		t.Cleanup(g.Close)
		g.Receives = &http.Client{Transport: w.visitor(filepath.Join(w.dir, "ca.pem")).http.Transport}
		w.receipts.Keys[p] = []string{g.Key()}
		o := g.Options()
		o.Receipts = receipts.Address(w.receipts.URL, p)
		s, err := sms.New(o)
		if err != nil {
			t.Fatal(err)
		}
		ways = append(ways, sms.Way{Name: string(p), Sender: s})
	}
	slices.SortFunc(ways, func(a, b sms.Way) int { return strings.Compare(b.Name, a.Name) }) // twilio first
	m.address = receipts.Address(w.receipts.URL, sms.Twilio)
	w.start(notice.Routes{Email: w.phone, Phone: sms.Several(w.now, ways...)})
	m.kiosk = w.kiosk("lobby")
	return m
}

// asked has somebody ask for their record, and returns what their phone has got by then.
func (m mobile) asked(p registry.Person) (key string, got []smstest.Message) {
	m.t.Helper()
	before, after := len(m.first.Messages()), len(m.second.Messages())
	key = m.post(asks(p))
	m.await(key)
	return key, append(m.first.Messages()[before:], m.second.Messages()[after:]...)
}

// mobiles are residents with a phone of their own.
func (m mobile) mobiles() (all []registry.Person) {
	seen := map[string]bool{}
	for _, p := range m.people {
		if p.Phone != "" && !seen[p.Phone] {
			all = append(all, p)
		}
		seen[p.Phone] = true
	}
	return all
}

func TestACodeComesByTextMessageFromTheGatewayThatWorks(t *testing.T) {
	m := newMobile(t)
	p := m.mobiles()
	m.first.Behave(smstest.Good, smstest.Broken)
	for i, who := range p[:2] {
		key, got := m.asked(who)
		if len(got) != 1 || got[0].To != who.Phone || got[0].Receipts == "" || strings.Contains(got[0].Receipts, key) {
			t.Fatalf("%d: %d messages", i, len(got))
		}
		if r := m.unlock(key, testPIN, sixDigits.FindString(got[0].Text)); r.status != http.StatusOK {
			t.Errorf("%d: the code opens nothing: %d", i, r.status)
		}
	}
	if len(m.first.Messages()) != 1 || len(m.second.Messages()) != 1 {
		t.Errorf("%d and %d messages", len(m.first.Messages()), len(m.second.Messages()))
	}
}

func TestAMessageThatMayHaveArrivedIsFollowedByOneWithANewCodeThatCounts(t *testing.T) {
	m := newMobile(t)
	m.first.Behave(smstest.Cuts)
	key, got := m.asked(m.mobiles()[0])
	if len(got) != 2 || len(m.second.Messages()) != 0 {
		t.Fatalf("%d messages, %d by the other gateway", len(got), len(m.second.Messages()))
	}
	for i, want := range []int{http.StatusForbidden, http.StatusOK} {
		if r := m.unlock(key, testPIN, sixDigits.FindString(got[i].Text)); r.status != want {
			t.Errorf("code %d: %d, want %d", i, r.status, want)
		}
	}
}

func TestATextMessageOfWhichNoReceiptComesIsShownToStaff(t *testing.T) {
	m := newMobile(t)
	p := m.mobiles()
	_, told := m.asked(p[0])
	if _, err := m.first.Report(t.Context(), told[0], notice.Delivered, "", smstest.Signed); err != nil {
		t.Fatal(err)
	}
	m.asked(p[1])
	m.hours(23)
	if l := m.letters(); len(l) != 0 {
		t.Errorf("within a day staff sees %+v", l)
	}
	m.hours(2)
	if l := m.letters(); len(l) != 1 || l[0].State != notice.Unknown || l[0].Fault != "no receipt came within a day" || !l[0].Again {
		t.Errorf("staff sees %+v", l)
	}
}

func TestAReceiptChangesWhatStaffSeesAndNothingAtTheKiosk(t *testing.T) {
	m := newMobile(t)
	p := m.mobiles()[0]
	key, got := m.asked(p)
	for _, seal := range []smstest.Seal{smstest.Forged, smstest.Signed} {
		if status, err := m.first.Report(t.Context(), got[0], notice.Failed, "30006", seal); err != nil || (status == 200) != (seal == smstest.Signed) {
			t.Fatalf("%s: %d, %v", seal, status, err)
		}
		if l := m.letters(); len(l) > 0 != (seal == smstest.Signed) || len(l) > 0 && (l[0].State != notice.Failed || l[0].Fault != "it came back, 5.1.1") {
			t.Errorf("%s: staff sees %+v", seal, l)
		}
	}
	if r := m.unlock(key, testPIN, sixDigits.FindString(got[0].Text)); r.status != http.StatusOK {
		t.Errorf("after it, the code opens nothing: %d", r.status)
	}
	if _, again := m.asked(p); len(again) != 0 {
		t.Error("another message goes to a landline")
	}
}

func TestWhoSaysSTOPGetsNothingUntilSTART(t *testing.T) {
	m := newMobile(t)
	p := m.mobiles()[0]
	for _, c := range []struct {
		text string
		want int
	}{{"", 1}, {"STOP", 0}, {"hello", 0}, {"START", 1}} {
		if c.text != "" {
			if status, err := m.first.Says(t.Context(), m.address, p.Phone, c.text, smstest.Signed); status != 200 || err != nil {
				t.Fatalf("%d, %v", status, err)
			}
		}
		if _, got := m.asked(p); len(got) != c.want {
			t.Errorf("after %q: %d messages, want %d", c.text, len(got), c.want)
		}
	}
	if strings.Contains(m.log.String(), p.Phone[2:]) {
		t.Error("a number is in the log")
	}
}

func TestTheListenerOfReceiptsServesNoKiosk(t *testing.T) {
	m := newMobile(t)
	for _, path := range []string{"/v1/bootstrap", "/healthz", "/readyz", "/check"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.receipts.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := m.kiosk.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.Body.Close(); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func TestReceiptsThatCannotBeTakenAreRefusedAtTheStart(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	_, err := central.Open(t.Context(), central.Options{Dir: w.dir, Sender: w.phone, Serves: true, Deliveries: &central.Deliveries{URL: "http://records.example.org"}})
	if err == nil || !strings.Contains(err.Error(), "receipts") {
		t.Errorf("got %v", err)
	}
}

func TestThoseWhoWatchSeeWhichGatewayFailsAndNotHowManyMessagesWentOut(t *testing.T) {
	m := newMobile(t)
	p := m.mobiles()
	before := m.page()
	_, got := m.asked(p[0])
	for _, seal := range []smstest.Seal{smstest.Forged, smstest.Signed} {
		if _, err := m.first.Report(t.Context(), got[0], notice.Delivered, "", seal); err != nil {
			t.Fatal(err)
		}
	}
	m.first.Behave(slices.Repeat([]smstest.Manner{smstest.Broken}, 5)...)
	for _, who := range p[1:6] {
		m.asked(who)
	}
	page := m.page()
	for series, want := range map[string]float64{
		`vaxcentral_gateway_failing{gateway="twilio"}`:        1,
		`vaxcentral_gateway_failing{gateway="telnyx"}`:        0,
		`vaxcentral_gateway_failures_total{gateway="twilio"}`: 5,
		`vaxcentral_gateway_failures_total{gateway="telnyx"}`: 0,
		`vaxcentral_receipts_refused_total`:                   1,
		`vaxcentral_receipts_waiting`:                         0,
	} {
		if valueOf(before, series) != 0 || valueOf(page, series) != want {
			t.Errorf("%s is %v and was %v, want %v", series, valueOf(page, series), valueOf(before, series), want)
		}
	}
	if n := strings.Count(page, "\nvaxcentral_gateway_") + strings.Count(page, "\nvaxcentral_receipts_"); n != 6 {
		t.Errorf("%d numbers, and only 6 tell nothing of who is on file", n)
	}
}
