package apitest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// schemas compares values with the schemas of a contract.
type schemas struct {
	*Contract
	easy bool // as a kiosk of that release reads: see the package comment
}

// words are those of JSON Schema that look at a value alone.
var words = map[string]func(want, v any) bool{
	"description":          func(any, any) bool { return true },
	"contentEncoding":      func(any, any) bool { return true },
	"additionalProperties": func(any, any) bool { return true }, // see members
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

// problemPrefix begins the pattern of the types of problems.
const problemPrefix = "^urn:vaxkiosk:problem:"

func (s schemas) breaches(at string, schema Object, v any) (all []string) {
	for word, want := range schema {
		if s.easy && word == "pattern" && strings.HasPrefix(fmt.Sprint(want), problemPrefix) {
			want = problemPrefix
		}
		switch fits, known := words[word]; {
		case known && !fits(want, v), !known && !slices.Contains([]string{"items", "required", "properties"}, word):
			all = append(all, at+": "+word)
		}
	}
	if required, ok := schema["required"].([]any); ok {
		o, _ := v.(Object)
		for _, name := range required {
			if o[name.(string)] == nil {
				all = append(all, fmt.Sprintf("%s: no %s", at, name))
			}
		}
	}
	list, _ := v.([]any)
	for i, e := range list {
		all = append(all, s.breaches(fmt.Sprintf("%s[%d]", at, i), s.In(schema, "items"), e)...)
	}
	if schema["properties"] != nil {
		all = append(all, s.members(at, schema, v)...)
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
	case Object:
		got["object"] = true
	case json.Number:
		_, err := v.Int64()
		got["number"], got["integer"] = true, err == nil
	}
	return got[fmt.Sprint(want)]
}

// members compares the members of an object; there are none that the contract does not name.
func (s schemas) members(at string, schema Object, v any) (all []string) {
	o, _ := v.(Object)
	for name, member := range o {
		switch want := s.In(schema, "properties", name); {
		case want != nil:
			all = append(all, s.breaches(at+"."+name, want, member)...)
		case !s.easy:
			all = append(all, at+": unnamed member")
		}
	}
	return all
}
