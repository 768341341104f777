package request

import (
	"crypto/sha256"
	"strings"
)

// Receipts are numbers a visitor keeps to collect a record later. Kiosk and
// central derive the same one from the idempotency key, so a kiosk can hand it
// out offline. A receipt opens nothing by itself: code and PIN are still needed.

// receiptAlphabet has 32 signs without look-alikes (no I, L, O, U: Crockford's base 32).
const receiptAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const receiptSigns = 8

// ReceiptDays is how long central keeps a request to be collected, in days from
// its arrival.
const ReceiptDays = 7

// The check sign of a receipt and that of a tracking number differ, so that one
// typed in place of the other is noticed.
const (
	receiptShift  = 0
	trackingShift = 16
)

// ReceiptFor returns the receipt of the request with this idempotency key:
// seven signs of its hash and one check sign, as "7KQ2-M4V0".
func ReceiptFor(key string) string { return numberFor("receipt", key, receiptShift) }

// ParseReceipt reads a receipt as people type it: any case, with or without
// the dash, whichever it is, O for 0, I and L for 1. ok is false when the check sign is wrong.
func ParseReceipt(s string) (receipt string, ok bool) { return parseNumber(s, receiptShift) }

// TrackingFor returns the tracking number of the correction with this
// idempotency key, in the form of a receipt.
func TrackingFor(key string) string { return numberFor("tracking", key, trackingShift) }

// ParseTracking reads a tracking number as ParseReceipt does a receipt.
func ParseTracking(s string) (tracking string, ok bool) { return parseNumber(s, trackingShift) }

func numberFor(what, key string, shift int) string {
	sum := sha256.Sum256([]byte("vaxkiosk " + what + "\x00" + key))
	signs := make([]byte, receiptSigns-1)
	for i := range signs {
		signs[i] = receiptAlphabet[sum[i]&31]
	}
	return dashed(string(signs) + checkSign(string(signs), shift))
}

func parseNumber(s string, shift int) (string, bool) {
	s = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(Fold(s)))
	if len(s) != receiptSigns || strings.Trim(s, receiptAlphabet) != "" {
		return "", false
	}
	body := s[:receiptSigns-1]
	if checkSign(body, shift) != s[receiptSigns-1:] {
		return "", false
	}
	return dashed(s), true
}

func dashed(s string) string { return s[:4] + "-" + s[4:] }

// checkSign catches every single wrong sign (odd weights are invertible modulo
// 32) and every swap of neighbours but those 16 apart in the alphabet.
func checkSign(s string, shift int) string {
	sum := shift
	for i := range len(s) {
		sum += (2*i + 1) * strings.IndexByte(receiptAlphabet, s[i])
	}
	return receiptAlphabet[sum%32 : sum%32+1]
}
