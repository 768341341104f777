package request

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// Receipts are numbers a visitor keeps to collect a record later. Kiosk and
// central derive the same one from the idempotency key, so a kiosk can hand it
// out offline. A receipt opens nothing by itself: code and PIN are still needed.

// receiptAlphabet has 32 characters without look-alikes (no I, L, O, U: Crockford's base 32).
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// How many characters a number has, the last of them a check character. Receipts have 50
// bits, so that no two who ask share one; older ones had 35, and are the beginning of the one of today.
const (
	receiptLength  = 11
	trackingLength = 8
)

// ReceiptDays is how long central keeps a request to be collected, in days from
// its arrival.
const ReceiptDays = 7

// Life is how long a request lives at central, from its arrival; then its secrets are
// erased.
const Life = ReceiptDays * 24 * time.Hour

// ZonesAhead is by how much a kiosk's day may have begun earlier than central's: by less
// than that.
const ZonesAhead = 24 * time.Hour

// The check character of a receipt and that of a tracking number differ, so that one
// typed in place of the other is noticed.
const (
	receiptShift  = 0
	trackingShift = 16
)

// ReceiptFor returns the receipt of the request with this idempotency key: ten
// characters of its hash and one check character, as "7KQ2-M4V9-3XD".
func ReceiptFor(key string) string { return numberFor("receipt", key, receiptLength, receiptShift) }

// OldReceiptFor returns the receipt that kiosks gave out before: seven characters and
// one check character, as "7KQ2-M4V0".
func OldReceiptFor(key string) string { return numberFor("receipt", key, trackingLength, receiptShift) }

// ReceiptStart is what every receipt of today begins with that an old one stands for; ok
// is false for one of today.
func ReceiptStart(receipt string) (start string, ok bool) {
	if len(receipt) != len(dashed(receiptAlphabet[:trackingLength])) {
		return "", false
	}
	return receipt[:len(receipt)-1], true
}

// ParseReceipt reads a receipt as people type it, of today or an old one: any case, with or
// without the dashes, whichever they are, O for 0, I and L for 1. ok is false when the check
// character is wrong.
func ParseReceipt(s string) (receipt string, ok bool) {
	if receipt, ok = parseNumber(s, receiptLength, receiptShift); !ok {
		receipt, ok = parseNumber(s, trackingLength, receiptShift)
	}
	return receipt, ok
}

// TrackingFor returns the tracking number of the correction with this
// idempotency key: seven characters and a check character, as "7KQ2-M4VG".
func TrackingFor(key string) string { return numberFor("tracking", key, trackingLength, trackingShift) }

// ParseTracking reads a tracking number as ParseReceipt does a receipt.
func ParseTracking(s string) (tracking string, ok bool) {
	return parseNumber(s, trackingLength, trackingShift)
}

func numberFor(what, key string, n, shift int) string {
	sum := sha256.Sum256([]byte("vaxkiosk " + what + "\x00" + key))
	chars := make([]byte, n-1)
	for i := range chars {
		chars[i] = receiptAlphabet[sum[i]&31]
	}
	return dashed(string(chars) + checkCharacter(string(chars), shift))
}

func parseNumber(s string, n, shift int) (string, bool) {
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(Fold(s)))
	if len(s) != n || strings.Trim(s, receiptAlphabet) != "" {
		return "", false
	}
	body := s[:n-1]
	if checkCharacter(body, shift) != s[n-1:] {
		return "", false
	}
	return dashed(s), true
}

// dashed puts a dash after every four characters.
func dashed(s string) string {
	var parts []string
	for part := range slices.Chunk([]byte(s), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "-")
}

// checkCharacter catches every single wrong character (odd weights are invertible modulo
// 32) and every swap of neighbours but those 16 apart in the alphabet.
func checkCharacter(s string, shift int) string {
	sum := shift
	for i := range len(s) {
		sum += (2*i + 1) * strings.IndexByte(receiptAlphabet, s[i])
	}
	return receiptAlphabet[sum%32 : sum%32+1]
}
