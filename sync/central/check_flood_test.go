package central_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
)

// What a flood of wrong codes does to the check page: whoever holds a print is
// answered, and the database has no work with it.

// from is a check through a proxy.
func (k *kiosk) from(address, path string, form []byte) reply {
	k.w.t.Helper()
	return k.call("POST", path+"?lang=en", form, "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", address)
}

func TestOneAddressUsesUpItsOwnBucketOfTheCheckPage(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	w := newTown(t, nil)
	restart := func(proxy ...netip.Prefix) {
		w.stop()
		w.proxy = proxy
		w.start(nil)
	}
	restart(netip.MustParsePrefix("127.0.0.0/8"))
	k, phone := w.kiosk("town hall"), w.anybody()
	p := w.people[0]
	_, path := k.printed(p)
	form := born(p.Birth)
	for n := range access.AddressChecks.Most {
		r := phone.from(fmt.Sprintf("2001:db8::%x", n+1), fmt.Sprintf("/check/0000-0000-0000-%04d", n), form) // one network
		says(t, "wrong", r, http.StatusForbidden, []string{nothing})
	}
	over := phone.from("2001:db8::1", nobodysCode, form)
	says(t, "one more", over, http.StatusTooManyRequests, []string{"Please wait"})
	w.again(over, access.AddressChecks)
	says(t, "with a right code", phone.from("2001:db8::1", path, form), 200, []string{stands})
	says(t, "from another network", phone.from("2001:db8:0:1::1", nobodysCode, form), http.StatusForbidden, []string{nothing})
	says(t, "what the visitor wrote before the proxy's word", phone.from("192.0.2.7, 2001:db8::1", nobodysCode, form), http.StatusTooManyRequests, nil)
	if n := strings.Count(w.log.String(), "limit=address-checks"); n != 1 || strings.Contains(w.log.String(), "2001:db8") {
		t.Errorf("said %d times, or with an address", n)
	}
	restart()
	for n := range access.AddressChecks.Most {
		phone.from(fmt.Sprintf("192.0.2.%d", n), nobodysCode[:len(nobodysCode)-2]+fmt.Sprintf("%02d", n%100), form)
	}
	says(t, "a header of nobody we know", phone.from("198.51.100.1", nobodysCode, form), http.StatusTooManyRequests, nil)
}

// A database that nobody may write to shows it: what wrote would wait, and then fail.
func TestACheckThatIsRefusedForALimitWritesNothing(t *testing.T) {
	w := newTown(t, nil)
	phone := w.anybody()
	all := w.Keeper.Use(access.AllChecks, "")
	w.db().SetFill(all, w.now(), all.Window+time.Minute)
	w.fill(access.CheckLooks, strings.TrimPrefix(nobodysCode, "/check/"), 0)
	free := w.db().Lock()
	for name, path := range map[string]string{"all together": "/check/0000-0000-0000-0000", "one code": nobodysCode} {
		says(t, name, phone.check(path, born(neverBorn)), http.StatusTooManyRequests, []string{"Please wait"})
	}
	for range access.AddressChecks.Most {
		phone.check("/check/0000-0000-0000-0001", born(neverBorn))
	}
	says(t, "the address", phone.check("/check/0000-0000-0000-0001", born(neverBorn)), http.StatusTooManyRequests, []string{"Please wait"})
	free()
}
