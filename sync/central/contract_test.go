package central_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// Every answer that a test gets is compared with openapi.yaml: its status, its
// media type, and its body with the schema there. Only the words of JSON Schema
// that the contract uses are known; another one fails.

type object = map[string]any

var contract = sync.OnceValue(func() object {
	b, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		panic(err)
	}
	var c object
	if err := yaml.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return c
})

// in follows keys and references into the contract; nil when there is nothing.
func in(at any, keys ...string) object {
	o, _ := at.(object)
	for _, k := range keys {
		o, _ = o[k].(object)
		for o["$ref"] != nil {
			ref := strings.Split(strings.TrimPrefix(o["$ref"].(string), "#/"), "/")
			o = in(contract(), ref...)
		}
	}
	return o
}

var parameter = regexp.MustCompile(`\{[a-z]+\}`)

// operation finds a call of the contract.
func operation(method, where string) object {
	where, _, _ = strings.Cut(where, "?")
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for template := range in(contract(), "paths") {
		if ok, err := path.Match(parameter.ReplaceAllString(template, "*"), where); ok && err == nil {
			return in(contract(), "paths", template, strings.ToLower(method))
		}
	}
	return nil
}

// breaches says how an answer differs from the contract. A call that the contract
// does not have is answered 404 or 405.
func breaches(method, where string, r reply) []string {
	call := operation(method, where)
	answer := in(call, "responses", strconv.Itoa(r.status))
	if answer == nil && r.status >= 400 {
		answer = in(call, "responses", "default")
	}
	switch {
	case call == nil && (r.status == http.StatusNotFound || r.status == http.StatusMethodNotAllowed):
		return nil
	case call == nil:
		return []string{"the contract does not have this call"}
	case answer == nil:
		return []string{"status " + strconv.Itoa(r.status) + " is not in the contract"}
	}
	all := headerBreaches(answer, r)
	switch content := in(answer, "content"); {
	case content != nil && method != http.MethodHead:
		return append(all, bodyBreaches(content, where, r)...)
	case len(r.body) > 0:
		return append(all, "a body where there is none")
	}
	return all
}

// headerBreaches compares the headers that the contract names.
func headerBreaches(answer object, r reply) (all []string) {
	for name := range in(answer, "headers") {
		schema := in(answer, "headers", name, "schema")
		var value any = r.header.Get(name)
		if schema["type"] == "integer" {
			value = json.Number(r.header.Get(name))
		}
		if r.header.Get(name) == "" {
			all = append(all, "no header "+name)
		} else {
			all = append(all, schemaBreaches("header "+name, schema, value)...)
		}
	}
	return all
}

func bodyBreaches(content object, where string, r reply) []string {
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	schema := in(content, media, "schema")
	if schema == nil {
		return []string{"media type " + media}
	}
	text := r.body
	switch {
	case where == "/v1/bootstrap" && media == "application/jose": // what is signed counts
		payload := strings.Split(string(r.body), ".")[1]
		text, schema = unbase(payload), in(contract(), "components", "schemas", "Bootstrap")
	case !strings.HasSuffix(media, "json"):
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var body any
	if err := d.Decode(&body); err != nil {
		return []string{err.Error()}
	}
	return schemaBreaches("body", schema, body)
}

// unbase decodes a part of a JWS; nil when it is none.
func unbase(part string) []byte {
	b, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return nil
	}
	return b
}

// words are those of JSON Schema that look at a value alone.
var words = map[string]func(want, v any) bool{
	"description":          func(any, any) bool { return true },
	"contentEncoding":      func(any, any) bool { return true },
	"additionalProperties": func(any, any) bool { return true }, // see membersBreach
	"type":                 isType,
	"const":                func(want, v any) bool { return v == want },
	"enum":                 func(want, v any) bool { return slices.Contains(want.([]any), v) },
	"pattern":              func(want, v any) bool { return regexp.MustCompile(want.(string)).MatchString(fmt.Sprint(v)) },
	"format": func(want, v any) bool {
		_, err := time.Parse(time.RFC3339, fmt.Sprint(v))
		return want == "date-time" && err == nil
	},
	"minimum": func(want, v any) bool {
		n, err := strconv.Atoi(fmt.Sprint(v))
		return err == nil && n >= want.(int)
	},
	"maxItems": func(want, v any) bool {
		list, _ := v.([]any)
		return len(list) <= want.(int)
	},
}

func schemaBreaches(at string, schema object, v any) (all []string) {
	for word, want := range schema {
		switch fits, known := words[word]; {
		case known && !fits(want, v), !known && !slices.Contains([]string{"items", "required", "properties"}, word):
			all = append(all, at+": "+word)
		}
	}
	if required, ok := schema["required"].([]any); ok {
		o, _ := v.(object)
		for _, name := range required {
			if o[name.(string)] == nil {
				all = append(all, fmt.Sprintf("%s: no %s", at, name))
			}
		}
	}
	list, _ := v.([]any)
	for i, e := range list {
		all = append(all, schemaBreaches(fmt.Sprintf("%s[%d]", at, i), in(schema, "items"), e)...)
	}
	if schema["properties"] != nil {
		all = append(all, membersBreach(at, schema, v)...)
	}
	return all
}

func isType(want, v any) bool {
	got := map[string]bool{}
	switch v := v.(type) {
	case string:
		got["string"] = true
	case bool:
		got["boolean"] = true
	case []any:
		got["array"] = true
	case object:
		got["object"] = true
	case json.Number:
		_, err := v.Int64()
		got["number"], got["integer"] = true, err == nil
	}
	return got[fmt.Sprint(want)]
}

// membersBreach compares the members of an object; central sends none that the
// contract does not name.
func membersBreach(at string, schema object, v any) (all []string) {
	o, _ := v.(object)
	for name, member := range o {
		if s := in(schema, "properties", name); s != nil {
			all = append(all, schemaBreaches(at+"."+name, s, member)...)
		} else {
			all = append(all, at+": unnamed member")
		}
	}
	return all
}

// The check itself must be able to fail.
func TestAnAnswerOutsideTheContractIsNoticed(t *testing.T) {
	say := func(status int, media, body string) reply {
		return reply{status, http.Header{"Content-Type": {media}}, []byte(body)}
	}
	const js, ref = "application/json", "/v1/amendments/7KQ2-M4VD"
	if no := breaches("GET", ref, say(200, js, `{"state":"closed"}`)); no != nil {
		t.Errorf("a good answer: %v", no)
	}
	for name, r := range map[string]reply{
		"state":         say(200, js, `{"state":"found"}`),
		"no state":      say(200, js, `{}`),
		"other member":  say(200, js, `{"state":"closed","person":7}`),
		"type":          say(200, js, `{"state":7}`),
		"no JSON":       say(200, js, `closed`),
		"media type":    say(200, "text/html", `{"state":"closed"}`),
		"status":        say(201, js, `{"state":"closed"}`),
		"problem":       say(404, "application/problem+json", `{"type":"x","title":"y","status":"404"}`),
		"problem, kind": say(404, js, `{"type":"x","title":"y","status":404}`),
	} {
		if no := breaches("GET", ref, r); no == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if breaches("POST", "/v1/usage-batches", say(204, "", "more")) == nil || breaches("POST", "/v1/usage-batches", say(200, "", "")) == nil {
		t.Error("an answer to a usage batch that is not in the contract is not noticed")
	}
	if breaches("GET", "/v1/residents", say(200, js, `{}`)) == nil || breaches("GET", "/v1/residents", say(404, js, `{}`)) != nil {
		t.Error("a call that the contract does not have is not noticed, or its refusal is")
	}
	if breaches("GET", "/.well-known/jwks.json", say(200, js, `{"keys":[]}`)) == nil {
		t.Error("headers that are missing are not noticed")
	}
	signed := func(payload string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
	}
	if breaches("GET", "/v1/bootstrap", say(200, "application/jose", signed(`{"version":"x"}`))) == nil {
		t.Error("a bootstrap outside the contract is not noticed")
	}
	if breaches("POST", "/v1/amendments", say(202, js, `{"ref":"7KQ2-M4VD","expiresAt":"tomorrow"}`)) == nil {
		t.Error("a time that is none is not noticed")
	}
}
