package receipts_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice/sms"
	"vaxkiosk/sync/central/notice/sms/receipts"
)

const secret = "not a secret"

// handler is one for a generic gateway, without a network.
func handler(t *testing.T, l *ledger, log *bytes.Buffer) *receipts.Handler {
	t.Helper()
	h, err := receipts.New(receipts.Options{
		URL: "https://records.example.org", Keys: map[sms.Profile][]string{sms.Generic: {secret}}, Ledger: l, Now: time.Now, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// signed is a call as a generic gateway signs it.
func signed(address, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(body))
	at := strconv.FormatInt(time.Now().Unix(), 10)
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(at + "." + r.URL.RequestURI() + "." + body))
	r.Header.Set("Vaxcentral-Timestamp", at)
	r.Header.Set("Vaxcentral-Signature", hex.EncodeToString(m.Sum(nil)))
	return r
}
