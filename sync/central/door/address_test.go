package door

import (
	"net/netip"
	"testing"
	"time"

	"vaxkiosk/sync/central/access"
)

func TestBucketsOfAddressesAreBounded(t *testing.T) {
	var b Buckets
	now := time.Now()
	for n := range mostAddresses + 10 {
		at := netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
		if wait := b.Take(networkOf(at), access.AddressChecks, now); wait != 0 {
			t.Fatalf("the first of an address waits %v", wait)
		}
	}
	if len(b.empty) > mostAddresses {
		t.Errorf("%d buckets", len(b.empty))
	}
}
