// Package apitest compares, in tests, what goes over the wire with openapi.yaml: of today, or
// of the last release.
//
//	today := apitest.Read(t, "../api/openapi.yaml")
//	for _, no := range today.Answer(method, path, status, header, body) { t.Error(no) }
//
//	before := apitest.LastRelease(t, "../api")
//	for _, no := range before.Request(method, path, body) { t.Error(no) }
//
// Answer compares status, media type, headers and body, Request a body that a kiosk sends.
// Only the words of JSON Schema that the contract uses are known; another one is a breach.
//
// A contract of LastRelease reads answers as the kiosks of that release do: they pass over
// members that they do not know, and take a problem with a code that they do not know for
// central being away. In requests it wants what it has, and nothing else, as central of that
// release does.
//
// Nothing but tests imports it.
package apitest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// Object is a part of a contract.
type Object = map[string]any

// Contract is an openapi.yaml.
type Contract struct {
	Version string // of the release; "" for today's
	doc     Object
}

// Read reads a contract, as strict as it is.
func Read(t testing.TB, file string) *Contract {
	t.Helper()
	b, err := os.ReadFile(file)
	c := &Contract{}
	if err == nil {
		err = yaml.Unmarshal(b, &c.doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// LastRelease reads the one contract that is kept in the folder testdata of package api, whose
// name has the version of the release.
func LastRelease(t testing.TB, api string) *Contract {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(api, "testdata", "openapi-*.yaml"))
	if err != nil || len(all) != 1 {
		t.Fatalf("want one contract, of the last release: %v, %v", all, err)
	}
	c := Read(t, all[0])
	c.Version = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(all[0]), "openapi-"), ".yaml")
	return c
}

// In follows keys and references into the contract; nil when there is nothing.
func (c *Contract) In(at any, keys ...string) Object {
	o, _ := at.(Object)
	for _, k := range keys {
		o, _ = o[k].(Object)
		for o["$ref"] != nil {
			ref := strings.Split(strings.TrimPrefix(o["$ref"].(string), "#/"), "/")
			o = c.In(c.doc, ref...)
		}
	}
	return o
}

// Paths are its calls: templates of paths, and below them methods in small letters.
func (c *Contract) Paths() Object { return c.In(c.doc, "paths") }

// Schema is one of the components.
func (c *Contract) Schema(name string) Object { return c.In(c.doc, "components", "schemas", name) }

// Parameter is one in the template of a path.
var Parameter = regexp.MustCompile(`\{[a-z]+\}`)

// Operation finds a call; nil when the contract does not have it.
func (c *Contract) Operation(method, where string) Object {
	where, _, _ = strings.Cut(where, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for template := range c.Paths() {
		if ok, err := path.Match(Parameter.ReplaceAllString(template, "*"), where); ok && err == nil {
			return c.In(c.doc, "paths", template, strings.ToLower(method))
		}
	}
	return nil
}

// Answer says how an answer differs from the contract. A call that the contract does not have
// is answered 404 or 405.
func (c *Contract) Answer(method, where string, status int, header http.Header, body []byte) []string {
	call := c.Operation(method, where)
	answer := c.In(call, "responses", strconv.Itoa(status))
	if answer == nil && status >= 400 {
		answer = c.In(call, "responses", "default")
	}
	switch {
	case call == nil && (status == http.StatusNotFound || status == http.StatusMethodNotAllowed):
		return nil
	case call == nil:
		return []string{"the contract does not have this call"}
	case answer == nil:
		return []string{"status " + strconv.Itoa(status) + " is not in the contract"}
	}
	all := c.headers(answer, header)
	switch content := c.In(answer, "content"); {
	case content != nil && method != http.MethodHead:
		return append(all, c.body(content, where, header.Get("Content-Type"), body)...)
	case len(body) > 0:
		return append(all, "a body where there is none")
	}
	return all
}

// headers compares the headers that the contract names.
func (c *Contract) headers(answer Object, got http.Header) (all []string) {
	s := schemas{c, c.Version != ""}
	for name := range c.In(answer, "headers") {
		schema := c.In(answer, "headers", name, "schema")
		var value any = got.Get(name)
		if schema["type"] == "integer" {
			value = json.Number(got.Get(name))
		}
		if got.Get(name) == "" {
			all = append(all, "no header "+name)
		} else {
			all = append(all, s.breaches("header "+name, schema, value)...)
		}
	}
	return all
}

func (c *Contract) body(content Object, where, contentType string, text []byte) []string {
	media, _, _ := mime.ParseMediaType(contentType)
	schema := c.In(content, media, "schema")
	if schema == nil {
		return []string{"media type " + media}
	}
	switch {
	case where == "/v1/bootstrap" && media == "application/jose": // what is signed counts
		payload := strings.Split(string(text), ".")[1]
		text, schema = unbase(payload), c.Schema("Bootstrap")
	case !strings.HasSuffix(media, "json"):
		return nil
	}
	return schemas{c, c.Version != ""}.json(schema, text)
}

// Request says how the JSON of a call differs from what the contract wants of it.
func (c *Contract) Request(method, where string, body []byte) []string {
	call := c.Operation(method, where)
	if call == nil {
		return []string{"the contract does not have this call"}
	}
	want := c.In(call, "requestBody")
	schema := c.In(want, "content", "application/json", "schema")
	switch {
	case want == nil && len(body) > 0:
		return []string{"a body where there is none"}
	case schema == nil:
		return nil
	}
	return schemas{c, false}.json(schema, body)
}

func (s schemas) json(schema Object, text []byte) []string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		return []string{err.Error()}
	}
	return s.breaches("body", schema, body)
}

// unbase decodes a part of a JWS; nil when it is none.
func unbase(part string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil
	}
	return b
}
