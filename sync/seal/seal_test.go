package seal

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

const testKey = "0123456789abcdefXYZ_-"

var testPlain = []byte(`{"v":1,"given":"Imogen","family":"Fairweather","pin":"8305"}`)

func newKey(t testing.TB) PrivateKey {
	t.Helper()
	k, _, err := NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealed(t testing.TB, to PrivateKey) Envelope {
	t.Helper()
	e, err := Seal(to.Public(), ForRequest, testKey, testPlain)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestCentralOpensWhatAKioskSealed(t *testing.T) {
	k := newKey(t)
	for _, purpose := range []Purpose{ForRequest, ForUnlock, ForPickup} {
		for _, plain := range [][]byte{nil, testPlain, bytes.Repeat([]byte("x"), 40<<10)} {
			e, err := Seal(k.Public(), purpose, testKey, plain)
			if err != nil {
				t.Fatal(err)
			}
			back, err := Decode(e.Encode())
			if err != nil {
				t.Fatal(err)
			}
			got, err := k.Open(back, purpose, testKey)
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s, %d bytes: got %d bytes, %v", purpose, len(plain), len(got), err)
			}
		}
	}
}

func TestAKeyThatIsReadBackOpens(t *testing.T) {
	k, raw, err := NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParsePrivateKey(raw)
	if err != nil || again.ID != k.ID {
		t.Fatalf("id %q, want %q: %v", again.ID, k.ID, err)
	}
	if _, err := again.Open(sealed(t, k), ForRequest, testKey); err != nil {
		t.Error(err)
	}
}

func TestTheSamePlaintextNeverLooksTheSame(t *testing.T) {
	k := newKey(t)
	a, b := sealed(t, k), sealed(t, k)
	if bytes.Equal(a.Ciphertext, b.Ciphertext) || bytes.Equal(a.Encap, b.Encap) {
		t.Error("two envelopes share their encapsulated key or ciphertext")
	}
}

func TestNothingReadableIsInAnEnvelope(t *testing.T) {
	b := sealed(t, newKey(t)).Encode()
	for _, word := range []string{"Imogen", "Fairweather", "8305"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("the envelope shows %q", word)
		}
	}
}

func TestAKioskCannotOpenItsOwnEnvelope(t *testing.T) {
	central := newKey(t)
	e := sealed(t, central)
	// All a kiosk has is the public key; use its bytes as if they were private.
	thief, err := ParsePrivateKey(central.Public().Bytes)
	if err != nil {
		t.Fatal(err)
	}
	thief.ID = central.ID
	if _, err := thief.Open(e, ForRequest, testKey); !errors.Is(err, ErrOpen) {
		t.Errorf("opened with public bytes: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	k, other := newKey(t), newKey(t)
	stranger := other
	stranger.ID = k.ID
	tests := map[string]struct {
		key    PrivateKey
		change func(*Envelope)
		as     Purpose
		forKey string
	}{
		"another purpose asked":        {k, func(*Envelope) {}, ForUnlock, testKey},
		"another request asked":        {k, func(*Envelope) {}, ForRequest, testKey + "2"},
		"moved to another purpose":     {k, func(e *Envelope) { e.Purpose = ForUnlock }, ForUnlock, testKey},
		"moved to another request":     {k, func(e *Envelope) { e.Key = "another-request-1" }, ForRequest, "another-request-1"},
		"another version":              {k, func(e *Envelope) { e.Version = 2 }, ForRequest, testKey},
		"no version":                   {k, func(e *Envelope) { e.Version = 0 }, ForRequest, testKey},
		"another key's id":             {other, func(*Envelope) {}, ForRequest, testKey},
		"another key under the id":     {stranger, func(*Envelope) {}, ForRequest, testKey},
		"no encapsulated key":          {k, func(e *Envelope) { e.Encap = nil }, ForRequest, testKey},
		"a short encapsulated key":     {k, func(e *Envelope) { e.Encap = e.Encap[:31] }, ForRequest, testKey},
		"an all-zero encapsulated key": {k, func(e *Envelope) { e.Encap = make([]byte, 32) }, ForRequest, testKey},
		"no ciphertext":                {k, func(e *Envelope) { e.Ciphertext = nil }, ForRequest, testKey},
		"a cut ciphertext":             {k, func(e *Envelope) { e.Ciphertext = e.Ciphertext[:20] }, ForRequest, testKey},
		"a longer ciphertext":          {k, func(e *Envelope) { e.Ciphertext = append(e.Ciphertext, 0) }, ForRequest, testKey},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := sealed(t, k)
			tt.change(&e)
			plain, err := tt.key.Open(e, tt.as, tt.forKey)
			if !errors.Is(err, ErrOpen) || plain != nil {
				t.Errorf("got %d bytes and %v, want ErrOpen", len(plain), err)
			}
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Errorf("the error holds the key: %v", err)
			}
		})
	}
}

// Every bit of what is sealed matters, so flip each byte in turn.
func TestAChangedByteAnywhereIsRefused(t *testing.T) {
	k := newKey(t)
	e := sealed(t, k)
	fields := map[string]func(*Envelope) *[]byte{
		"encapsulated key": func(e *Envelope) *[]byte { return &e.Encap },
		"ciphertext":       func(e *Envelope) *[]byte { return &e.Ciphertext },
	}
	for name, field := range fields {
		for i := range *field(&e) {
			changed := e
			b := slices.Clone(*field(&e))
			b[i] ^= 0x01
			*field(&changed) = b
			if _, err := k.Open(changed, ForRequest, testKey); !errors.Is(err, ErrOpen) {
				t.Errorf("%s, byte %d changed: %v", name, i, err)
			}
		}
	}
}

func TestSealRefusesAKeyThatIsNone(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, 31), make([]byte, 33)} {
		if _, err := Seal(PublicKey{ID: "x", Bytes: b}, ForRequest, testKey, testPlain); err == nil {
			t.Errorf("sealed to %d bytes", len(b))
		}
	}
	if _, err := Seal(PublicKey{ID: "x", Bytes: make([]byte, 32)}, ForRequest, testKey, testPlain); err == nil {
		t.Error("sealed to the all-zero point, which anybody can open")
	}
	if _, err := ParsePrivateKey(make([]byte, 5)); err == nil {
		t.Error("a private key of 5 bytes was read")
	}
}

func TestDecodeRefusesWhatIsTooLargeOrNoJSON(t *testing.T) {
	for name, b := range map[string][]byte{
		"too large": bytes.Repeat([]byte(" "), MaxSize+1), "empty": nil, "cut": []byte(`{"v":1`),
		"a list": []byte(`[1]`), "not base64": []byte(`{"enc":"%%"}`),
	} {
		if _, err := Decode(b); !errors.Is(err, ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzOpen: whatever arrives, Open does not panic and gives out only what was
// sealed for this request.
func FuzzOpen(f *testing.F) {
	raw := bytes.Repeat([]byte{7}, 32)
	k, err := ParsePrivateKey(raw)
	if err != nil {
		f.Fatal(err)
	}
	e, err := Seal(k.Public(), ForRequest, testKey, testPlain)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(e.Encode())
	e.Purpose = ForPickup
	f.Add(e.Encode())
	f.Add([]byte(`{"v":1,"kid":"` + k.ID + `","purpose":"request","key":"` + testKey + `","enc":"","ct":""}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"v":1e9}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Decode(b)
		if err != nil {
			return
		}
		plain, err := k.Open(e, ForRequest, testKey)
		if err != nil && !errors.Is(err, ErrOpen) {
			t.Errorf("another error than ErrOpen: %v", err)
		}
		if err == nil && !bytes.Equal(plain, testPlain) {
			t.Errorf("opened %d bytes that this test did not seal", len(plain))
		}
	})
}
