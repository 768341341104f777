package client

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

func goodBootstrap(t testing.TB) api.Bootstrap {
	t.Helper()
	k, _, err := seal.NewPrivateKey()
	if err != nil {
		t.Fatal(err)
	}
	card, err := json.Marshal(jose.JSONWebKey{Key: newECKey(t).Public(), KeyID: "card", Algorithm: "ES256", Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	b := api.Bootstrap{
		IssuedAt: time.Now(), Service: "Test", Sealing: api.SealingKey{Kid: k.ID, X25519: k.Public().Bytes},
		CardKeys: api.JWKS{Keys: make([]api.JWK, 1)}, Languages: []api.Language{{Tag: "en", Name: "English"}, {Tag: "es", Name: "Español"}},
	}
	if err := json.Unmarshal(card, &b.CardKeys.Keys[0]); err != nil {
		t.Fatal(err)
	}
	for _, l := range b.Languages {
		texts := api.Texts{Language: l.Tag, PolicyVersion: "1", Summary: "s", Full: "f"}
		for _, r := range []api.DeclarationRelation{api.Self, api.Child, api.Represented} {
			texts.Declarations = append(texts.Declarations, api.Declaration{Relation: r, Version: "1", Text: "d"})
		}
		b.Texts = append(b.Texts, texts)
	}
	return b
}

func pinOf(t testing.TB, key any) string {
	t.Helper()
	sum, err := (&jose.JSONWebKey{Key: key}).Thumbprint(crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

func signed(t testing.TB, alg jose.SignatureAlgorithm, key any, embed bool, payload any) string {
	t.Helper()
	return signedAs(t, "", alg, key, embed, payload)
}

// signedAs is signed with a typ.
func signedAs(t testing.TB, typ string, alg jose.SignatureAlgorithm, key any, embed bool, payload any) string {
	t.Helper()
	body, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	options := &jose.SignerOptions{EmbedJWK: embed}
	if typ != "" {
		options = options.WithType(jose.ContentType(typ))
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, options)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

func TestABootstrapOfThePinnedKeyIsRead(t *testing.T) {
	key := newECKey(t)
	want := goodBootstrap(t)
	got, err := VerifyBootstrap([]byte(signed(t, jose.ES256, key, true, want)), pinOf(t, key.Public()))
	if err != nil || got.Sealing.Kid != want.Sealing.Kid || got.Service != "Test" {
		t.Fatalf("%+v %v", got, err)
	}
	keys, err := CardKeys(got)
	if err != nil || len(keys.Key("card")) != 1 {
		t.Errorf("%+v %v", keys, err)
	}
	if k := SealingKey(got); k.ID != want.Sealing.Kid || len(k.Bytes) != 32 {
		t.Errorf("%+v", k)
	}
}

func TestABootstrapThatIsNotThePinnedKeysIsRefused(t *testing.T) {
	key, other := newECKey(t), newECKey(t)
	pin := pinOf(t, key.Public())
	wide, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	b := goodBootstrap(t)
	good := signed(t, jose.ES256, key, true, b)
	parts := strings.Split(good, ".")
	foreign := strings.Split(signed(t, jose.ES256, other, true, b), ".")
	parsed, err := jose.ParseSignedCompact(good, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ jws, pin string }{
		"another key":         {strings.Join(foreign, "."), pin},
		"no pin":              {good, ""},
		"another pin":         {good, pinOf(t, other.Public())},
		"no key inside":       {signed(t, jose.ES256, key, false, b), pin},
		"our key, their mark": {parts[0] + "." + parts[1] + "." + foreign[2], pin},
		"our key, their text": {parts[0] + "." + foreign[1] + "." + parts[2] + "A", pin},
		"P-384":               {signed(t, jose.ES384, wide, true, b), pinOf(t, wide.Public())},
		"RSA":                 {signed(t, jose.RS256, rsaKey, true, b), pinOf(t, rsaKey.Public())},
		"a shared secret":     {signed(t, jose.HS256, []byte(strings.Repeat("k", 32)), false, b), pin},
		"no signature":        {base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".", pin},
		"the JSON form":       {parsed.FullSerialize(), pin},
		"nothing":             {"", pin},
		"a page":              {"<html></html>", pin},
	} {
		if _, err := VerifyBootstrap([]byte(tt.jws), tt.pin); !errors.Is(err, ErrBootstrap) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAChangedByteInABootstrapIsRefused(t *testing.T) {
	key := newECKey(t)
	pin := pinOf(t, key.Public())
	good := []byte(signed(t, jose.ES256, key, true, goodBootstrap(t)))
	for i := range good {
		if good[i] == '.' || good[i+min(1, len(good)-1-i)] == '.' || i == len(good)-1 {
			continue // the last sign of a part has spare bits that base64 ignores
		}
		changed := append([]byte{}, good...)
		if changed[i]++; changed[i] == '.' {
			continue
		}
		if _, err := VerifyBootstrap(changed, pin); !errors.Is(err, ErrBootstrap) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}

func TestABootstrapThatCannotBeWorkedWithIsRefused(t *testing.T) {
	key := newECKey(t)
	for name, change := range map[string]func(*api.Bootstrap){
		"no sealing key":      func(b *api.Bootstrap) { b.Sealing.X25519 = nil },
		"a zero sealing key":  func(b *api.Bootstrap) { b.Sealing.X25519 = make([]byte, 32) },
		"no card keys":        func(b *api.Bootstrap) { b.CardKeys.Keys = nil },
		"a broken card key":   func(b *api.Bootstrap) { b.CardKeys.Keys[0].X = "AAAA" },
		"no languages":        func(b *api.Bootstrap) { b.Languages = nil },
		"a language no texts": func(b *api.Bootstrap) { b.Texts = b.Texts[:1] },
		"no summary":          func(b *api.Bootstrap) { b.Texts[1].Summary = "" },
		"no version":          func(b *api.Bootstrap) { b.Texts[1].PolicyVersion = "" },
		"no declaration":      func(b *api.Bootstrap) { b.Texts[0].Declarations = b.Texts[0].Declarations[1:] },
	} {
		b := goodBootstrap(t)
		change(&b)
		if _, err := VerifyBootstrap([]byte(signed(t, jose.ES256, key, true, b)), pinOf(t, key.Public())); !errors.Is(err, ErrBootstrap) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := VerifyBootstrap([]byte(signed(t, jose.ES256, key, true, "text")), pinOf(t, key.Public())); !errors.Is(err, ErrBootstrap) {
		t.Errorf("no object: %v", err)
	}
}
