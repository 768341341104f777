package client

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/fault"
	"vaxkiosk/sync/api"
	"vaxkiosk/sync/seal"
)

// ErrBootstrap is wrapped by every refusal of a bootstrap.
var ErrBootstrap error = fault.Fault{Code: fault.Impostor, Detail: "what central sent as its settings is not accepted"}

// VerifyBootstrap checks a bootstrap and reads it. It is a compact JWS with
// ES256 that carries its public key in the jwk header; only the key whose
// thumbprint (RFC 7638, SHA-256, base64url) is the pin counts. A bootstrap that
// is signed but cannot be worked with is refused as well.
func VerifyBootstrap(jws []byte, pin string) (api.Bootstrap, error) {
	payload, typ, err := pinned(string(jws), pin)
	if err != nil {
		return api.Bootstrap{}, fmt.Errorf("%w: %w", ErrBootstrap, err)
	}
	if typ != "" {
		return api.Bootstrap{}, fmt.Errorf("%w: it is something else", ErrBootstrap)
	}
	var b api.Bootstrap
	if json.Unmarshal(payload, &b) != nil {
		return api.Bootstrap{}, fmt.Errorf("%w: not the expected JSON", ErrBootstrap)
	}
	if err := usable(b); err != nil {
		return api.Bootstrap{}, fmt.Errorf("%w: %w", ErrBootstrap, err)
	}
	return b, nil
}

// pinned verifies what the pinned key has signed, and returns it with its type.
func pinned(jws, pin string) (payload []byte, typ string, err error) {
	sig, err := jose.ParseSignedCompact(jws, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || len(sig.Signatures) != 1 {
		return nil, "", errors.New("not a compact ES256 JWS")
	}
	header := sig.Signatures[0].Protected
	key := header.JSONWebKey
	if key == nil {
		return nil, "", errors.New("it does not carry its key")
	}
	if pub, ok := key.Key.(*ecdsa.PublicKey); !ok || pub.Curve != elliptic.P256() {
		return nil, "", errors.New("its key is not P-256")
	}
	print, err := key.Thumbprint(crypto.SHA256)
	if err != nil || base64.RawURLEncoding.EncodeToString(print) != pin {
		return nil, "", errors.New("signed with another key than the pinned one")
	}
	if payload, err = sig.Verify(key.Key); err != nil {
		return nil, "", errors.New("signature does not verify")
	}
	typ, _ = header.ExtraHeaders[jose.HeaderType].(string)
	return payload, typ, nil
}

func usable(b api.Bootstrap) error {
	if _, err := seal.Seal(SealingKey(b), seal.ForRequest, "", nil); err != nil {
		return errors.New("its sealing key cannot be used")
	}
	if keys, err := CardKeys(b); err != nil || len(keys.Keys) == 0 {
		return errors.New("its card keys cannot be used")
	}
	if len(b.Languages) == 0 {
		return errors.New("it has no language")
	}
	for _, l := range b.Languages {
		if err := complete(b, l.Tag); err != nil {
			return err
		}
	}
	return nil
}

// complete wants every text in a language, because a visitor must be able to
// read what they agree to.
func complete(b api.Bootstrap, lang string) error {
	for _, t := range b.Texts {
		if t.Language != lang {
			continue
		}
		seen := map[api.DeclarationRelation]bool{}
		for _, d := range t.Declarations {
			seen[d.Relation] = d.Text != "" && d.Version != ""
		}
		if t.PolicyVersion == "" || t.Summary == "" || t.Full == "" || !seen[api.Self] || !seen[api.Child] || !seen[api.Represented] {
			return fmt.Errorf("its texts in %q are not complete", lang)
		}
		return nil
	}
	return fmt.Errorf("it has no texts in %q", lang)
}

// SealingKey is the key that envelopes are sealed to.
func SealingKey(b api.Bootstrap) seal.PublicKey {
	return seal.PublicKey{ID: b.Sealing.Kid, Bytes: b.Sealing.X25519}
}

// CardKeys are the keys that verify records and health cards.
func CardKeys(b api.Bootstrap) (jose.JSONWebKeySet, error) {
	var keys jose.JSONWebKeySet
	raw, err := json.Marshal(b.CardKeys)
	if err == nil {
		err = json.Unmarshal(raw, &keys)
	}
	return keys, err
}
