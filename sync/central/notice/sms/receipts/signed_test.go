package receipts

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"vaxkiosk/sync/central/notice/sms"
)

// The example of Twilio's documentation.
const (
	exampleAddress   = "https://mycompany.com/myapp.php?foo=1&bar=2"
	exampleToken     = "12345"
	exampleSignature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
)

var example = url.Values{
	"CallSid": {"CA1234567890ABCDE"}, "Digits": {"1234"}, "From": {"+12349013030"}, "To": {"+18005551212"}, "Caller": {"+12349013030"},
}

func TestTwiliosExampleIsSigned(t *testing.T) {
	if got := base64.StdEncoding.EncodeToString(token(exampleToken).sum(exampleAddress, example)); got != exampleSignature {
		t.Errorf("got %s", got)
	}
	head := http.Header{}
	head.Set(twilioSignature, exampleSignature)
	for _, c := range []struct {
		address, token string
		want           bool
	}{
		{exampleAddress, exampleToken, true},
		{"https://mycompany.com:8444/myapp.php?foo=1&bar=2", exampleToken, true}, // it left the port out
		{"https://mycompany.com/myapp.php?foo=1&bar=3", exampleToken, false},
		{"https://mycompany.org/myapp.php?foo=1&bar=2", exampleToken, false},
		{exampleAddress, "1234", false},
	} {
		if got := token(c.token).signed(call{head: head, address: c.address, body: []byte(example.Encode())}, time.Time{}) != nil; got != c.want {
			t.Errorf("%s with %s: %t", c.address, c.token, got)
		}
	}
}

func FuzzWhatIsSaidNeverPanics(f *testing.F) {
	for _, body := range []string{
		"", "{}", "[", `{"data":{"event_type":"message.finalized","payload":{"to":[{"status":"delivered"}],"webhook_url":"https://x/?ref=a"}}}`,
		"MessageStatus=failed&ErrorCode=30007", "Body=STOP&From=%2B16175550142", `{"state":"failed","error":"blocked"}`, `{"from":"+16175550142","text":"STOP"}`,
	} {
		f.Add("twilio", body)
		f.Add("telnyx", body)
		f.Add("generic", body)
	}
	f.Fuzz(func(t *testing.T, p, body string) {
		e, is := read(sms.Profile(p), call{query: url.Values{"ref": {"a"}}, body: []byte(body)})
		if is && (e.contact == "") == (e.ref == "") {
			t.Errorf("%q is of %d letters of a contact and of %d of a ref", body, len(e.contact), len(e.ref))
		}
	})
}
