package calls

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/api"
)

// bootstrap is what every kiosk gets, made at the start and when keys change.
type bootstrap struct {
	jws  string
	etag string // the same as long as the content is, also after a restart

	sealing string // id of the key that kiosks seal to
}

func (c *Calls) newBootstrap() (*bootstrap, error) {
	public := c.Sealing.Public()
	b := api.Bootstrap{
		Service: c.Service, HelpPhone: c.HelpPhone, Registry: c.Registry, Issuer: c.Issuer,
		Sealing:  api.SealingKey{Kid: public.ID, X25519: public.Bytes},
		CardKeys: c.Cards.Keys(), Languages: []api.Language{}, Texts: []api.Texts{},
	}
	for _, l := range assets.Languages {
		b.Languages = append(b.Languages, api.Language{Tag: l.Tag, Name: l.Name})
		b.Texts = append(b.Texts, textsOf(l.Tag))
	}
	content, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	b.IssuedAt = c.Now().UTC().Truncate(time.Second)
	jws, err := c.Root.SignBootstrap(b)
	return &bootstrap{jws, `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`, public.ID}, err
}

// SealingKey is the id of the key that kiosks are told to seal to.
func (c *Calls) SealingKey() string { return c.bootstrap.Load().sealing }

// Renew publishes keys that have changed.
func (c *Calls) Renew() error {
	b, err := c.newBootstrap()
	if err == nil {
		c.bootstrap.Store(b)
	}
	return err
}

func textsOf(lang string) api.Texts {
	p := assets.PolicyOf(lang)
	t := api.Texts{Language: lang, PolicyVersion: p.Version, Summary: p.Summary, Full: p.Full, Declarations: []api.Declaration{}}
	for _, r := range []api.DeclarationRelation{api.Self, api.Child, api.Represented} {
		if d, ok := p.Declarations[string(r)]; ok {
			t.Declarations = append(t.Declarations, api.Declaration{Relation: r, Version: d.Version, Text: d.Text})
		}
	}
	return t
}

func (c *Calls) getBootstrap(w http.ResponseWriter, r *http.Request) error {
	b := c.bootstrap.Load()
	w.Header().Set("ETag", b.etag)
	if r.Header.Get("If-None-Match") == b.etag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	w.Header().Set("Content-Type", "application/jose")
	_, _ = io.WriteString(w, b.jws) // the kiosk is gone if this fails
	return nil
}
