package calls

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"vaxkiosk/sync/api"
)

// What anybody may read, of any web page (CORS): the keys that verify health cards
// and the lists of those that no longer stand, as the SMART Health Cards Framework
// has them. Verifiers may keep them for five minutes.

const publicFor = "public, max-age=300"

// anyPage lets pages of other sites read the answer, be it an error.
func anyPage(f endpoint) endpoint {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		return f(w, r)
	}
}

// preflight answers a browser that asks first.
func preflight(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Access-Control-Allow-Methods", "GET, HEAD")
	w.Header().Set("Access-Control-Allow-Headers", "*")
	w.Header().Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// publish answers with a public file, or that it is the one the caller has.
func publish(w http.ResponseWriter, r *http.Request, body []byte) error {
	sum := sha256.Sum256(body)
	w.Header().Set("Cache-Control", publicFor)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:15])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

func (c *Calls) getJWKS(w http.ResponseWriter, r *http.Request) error {
	counts, err := c.Store.RevocationCounts(r.Context())
	if err != nil {
		return err
	}
	set := c.Cards.Keys()
	for i := range set.Keys {
		n := max(1, counts[set.Keys[i].Kid])
		set.Keys[i].CrlVersion = &n
	}
	body, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return publish(w, r, body)
}

// lists are those that were read last, by key: they may be long, and change seldom.
type lists struct {
	mu sync.Mutex
	by map[string]list
}

type list struct {
	count int
	body  []byte
}

func (c *Calls) getRevoked(w http.ResponseWriter, r *http.Request) error {
	kid, ok := strings.CutSuffix(r.PathValue("file"), ".json")
	if !ok || !c.Cards.Published(kid) {
		return problem(http.StatusNotFound, api.ProblemUnknown, "no such key")
	}
	counts, err := c.Store.RevocationCounts(r.Context())
	if err != nil {
		return err
	}
	c.lists.mu.Lock()
	l := c.lists.by[kid]
	c.lists.mu.Unlock()
	if l.count != max(1, counts[kid]) {
		if l, err = c.readList(r, kid); err != nil {
			return err
		}
	}
	return publish(w, r, l.body)
}

func (c *Calls) readList(r *http.Request, kid string) (list, error) {
	revoked, err := c.Store.Revoked(r.Context(), kid)
	if err != nil {
		return list{}, err
	}
	body, err := json.Marshal(api.RevocationList{Kid: kid, Method: api.Rid, Ctr: revoked.Count, Rids: revoked.RIDs})
	if err != nil {
		return list{}, err
	}
	l := list{revoked.Count, body}
	c.lists.mu.Lock()
	defer c.lists.mu.Unlock()
	if c.lists.by == nil {
		c.lists.by = map[string]list{}
	}
	c.lists.by[kid] = l
	return l, nil
}
