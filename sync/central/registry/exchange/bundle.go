package exchange

import (
	"encoding/json"
	"strings"
	"time"

	"vaxkiosk/sync/central/registry"
)

// part is one entry of a Bundle, or a resource outside of one.
type part struct {
	resource
	why     registry.Reason // what is against reading it
	fullURL string
	deleted string // URL of what a request deletes
	when    string // of that, if a history says it
	outcome bool   // it says how a search went, and is nothing on file
}

// partsOf are the entries of a Bundle, and of the Bundles in it: the answer to a batch is
// made of such.
func partsOf(entries []json.RawMessage) (all []part) {
	for _, raw := range entries {
		if p := partOf(raw); p.Type == "Bundle" {
			all = append(all, partsOf(p.Entry)...)
		} else {
			all = append(all, p)
		}
	}
	return all
}

// partOf takes an entry apart.
func partOf(raw json.RawMessage) part {
	var e struct {
		FullURL  string          `json:"fullUrl"`
		Resource json.RawMessage `json:"resource"`
		Request  *struct {
			Method string `json:"method"`
			URL    string `json:"url"`
		} `json:"request"`
		Response *struct {
			Modified string `json:"lastModified"`
		} `json:"response"`
		Search *struct {
			Mode string `json:"mode"`
		} `json:"search"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return part{why: NotJSON}
	}
	p := part{fullURL: e.FullURL, outcome: e.Search != nil && e.Search.Mode == "outcome"}
	switch {
	case e.Request != nil && strings.EqualFold(e.Request.Method, "DELETE"):
		p.deleted = e.Request.URL
		if p.deleted == "" {
			p.deleted = e.FullURL
		}
		if e.Response != nil {
			p.when = e.Response.Modified
		}
	case len(e.Resource) == 0:
		p.outcome = true
	default:
		p.resource, p.why = parse(e.Resource)
	}
	return p
}

// The turns in which entries are taken. Patients come before what is theirs, and removals
// last, since a history has the newest entry first.
const (
	people = iota
	others
	removals
)

func (p part) turn() int {
	switch {
	case p.deleted != "":
		return removals
	case p.Type == "Patient":
		return people
	}
	return others
}

// bundle is what a Bundle on one line comes to.
func (c *reading) bundle(x resource) (all []result) {
	c.named = map[string]string{}
	parts := partsOf(x.Entry)
	for _, p := range parts {
		c.note(p)
	}
	for turn := people; turn <= removals; turn++ {
		for _, p := range parts {
			if p.turn() != turn {
				continue
			}
			if r, is := c.of(p); is {
				all = append(all, r)
			}
		}
	}
	return all
}

const uuid = "urn:uuid:"

// note keeps by which URL a Patient is referred to in this Bundle.
func (c *reading) note(p part) {
	if p.turn() == people && strings.HasPrefix(p.fullURL, "urn:") {
		c.named[p.fullURL] = idIn(p)
	}
}

// idIn is the id of a resource; in a transaction it may have none but that of its entry.
func idIn(p part) string {
	if p.ID == "" {
		return strings.TrimPrefix(p.fullURL, uuid)
	}
	return string(p.ID)
}

// of is what an entry comes to; nothing for one that is nothing on file.
func (c *reading) of(p part) (r result, is bool) {
	switch {
	case p.deleted != "":
		return c.removal(p.deleted, c.changed(p.when)), true
	case p.outcome:
		return result{}, false
	}
	if strings.HasPrefix(p.fullURL, uuid) {
		p.ID = text(idIn(p))
	}
	return c.resource(p.resource, p.why), true
}

// removal takes back a person or a dose.
func (c *reading) removal(url string, at time.Time) result {
	for kind, dose := range map[string]bool{"Immunization": true, "Patient": false} {
		id, why := c.id(url, kind)
		removed := registry.Entry{ID: id, At: at, Remove: &registry.Removal{Dose: dose}}
		switch {
		case why == ReferenceElsewhere:
			return refused(why).of(removed.Kind())
		case why == "" && strings.Contains(url, kind+"/") && goodID(id):
			return result{entry: removed}
		}
	}
	if strings.ContainsAny(url, "?#") {
		return refused(PersonWrong)
	}
	return passed(NotWanted)
}
