package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/api/apitest"
	"vaxkiosk/sync/version"
)

// Central and kiosks are not updated at the same moment: kiosks of the last release call
// central of today, and the other way round. What is compared here is what kiosks say; what
// central answers is compared in package central, with every answer of its tests, and a kiosk
// of today visits central of the last release in app/demo.
//
// At a release openapi.yaml is copied to testdata/openapi-VERSION.yaml, in place of the one
// before.

// sealed are what is inside envelopes, which are opened at central.
var sealed = []string{"Proof", "StaffProof", "StaffSignIn", "ProblemReport", "UsageBatch"}

// said are the bodies that kiosks of a contract send, by call, and what they seal.
func said(c *apitest.Contract) map[string]apitest.Object {
	all := map[string]apitest.Object{}
	for path, methods := range c.Paths() {
		for method, call := range methods.(apitest.Object) {
			if schema := c.In(call, "requestBody", "content", "application/json", "schema"); schema != nil {
				all[method+" "+path] = schema
			}
		}
	}
	for _, name := range sealed {
		all[name] = c.Schema(name)
	}
	return all
}

// refused says what of a body that is good by one contract another one refuses.
func refused(at string, says, takes *apitest.Contract, body, want apitest.Object) (all []string) {
	add := func(what string, args ...any) { all = append(all, at+": "+fmt.Sprintf(what, args...)) }
	for _, word := range []string{"type", "pattern", "minimum", "format", "maxItems", "maxProperties"} {
		if want[word] != nil && want[word] != body[word] {
			add("%s %v is now %v", word, body[word], want[word])
		}
	}
	if values, is := want["enum"].([]any); is {
		before, _ := body["enum"].([]any)
		for _, v := range before {
			if !slices.Contains(values, v) {
				add("%v is not taken", v)
			}
		}
	}
	must, _ := body["required"].([]any)
	if needs, is := want["required"].([]any); is {
		for _, name := range needs {
			if !slices.Contains(must, name) {
				add("%v may be left out, and is wanted", name)
			}
		}
	}
	for name := range says.In(body, "properties") {
		taken := takes.In(want, "properties", name)
		if taken == nil {
			add("%s is not taken", name)
			continue
		}
		all = append(all, refused(at+"."+name, says, takes, says.In(body, "properties", name), taken)...)
	}
	if items := says.In(body, "items"); items != nil {
		all = append(all, refused(at+"[]", says, takes, items, takes.In(want, "items"))...)
	}
	return all
}

func TestWhatAKioskOfTheLastReleaseSaysIsTaken(t *testing.T) {
	today, before := apitest.Read(t, "openapi.yaml"), apitest.LastRelease(t, ".")
	if before.Version != version.Number {
		t.Errorf("the contract in testdata is of %s, and the last release is %s", before.Version, version.Number)
	}
	now := said(today)
	for call, body := range said(before) {
		if now[call] == nil {
			t.Errorf("%s is gone", call)
			continue
		}
		for _, no := range refused(call, before, today, body, now[call]) {
			t.Error(no)
		}
	}
	for path, methods := range before.Paths() {
		for method := range methods.(apitest.Object) {
			if method != "parameters" && today.Operation(strings.ToUpper(method), path) == nil {
				t.Errorf("%s %s is gone", method, path)
			}
		}
	}
}

func TestWhatAKioskOfTodaySaysIsTakenByTheLastReleaseWhereItHasTheCall(t *testing.T) {
	today, before := apitest.Read(t, "openapi.yaml"), apitest.LastRelease(t, ".")
	then := said(before)
	for call, body := range said(today) {
		if then[call] == nil {
			continue // a call that it does not have: package kiosk goes on without
		}
		for _, no := range refused(call, today, before, body, then[call]) {
			t.Error(no)
		}
	}
}

// answers are the bodies of good answers of a contract, by call and status.
func answers(c *apitest.Contract) map[string]apitest.Object {
	all := map[string]apitest.Object{"bootstrap": c.Schema("Bootstrap")}
	for path, methods := range c.Paths() {
		for method, call := range methods.(apitest.Object) {
			for status := range c.In(call, "responses") {
				if schema := c.In(call, "responses", status, "content", "application/json", "schema"); schema != nil && path != "/readyz" { // whose body no kiosk reads
					all[method+" "+path+" "+status] = schema
				}
			}
		}
	}
	return all
}

func TestAKioskOfTodayReadsWhatACentralOfTheLastReleaseAnswers(t *testing.T) {
	today, before := apitest.Read(t, "openapi.yaml"), apitest.LastRelease(t, ".")
	now, read := answers(today), 0
	for call, body := range answers(before) {
		if now[call] == nil {
			continue // a call that is gone is found above
		}
		read++
		for _, no := range refused(call, before, today, body, now[call]) {
			t.Error(no)
		}
	}
	if read < 10 {
		t.Errorf("only %d answers compared", read)
	}
}

// The comparison itself must be able to fail.
func TestARequestThatIsRefusedIsNoticed(t *testing.T) {
	today := apitest.Read(t, "openapi.yaml")
	body := said(today)["post /v1/record/prints"]
	change := func(do func(o apitest.Object)) []string {
		changed := maps.Clone(body)
		changed["properties"] = maps.Clone(body["properties"].(apitest.Object))
		do(changed)
		return refused("print", today, today, body, changed)
	}
	if no := change(func(apitest.Object) {}); no != nil {
		t.Error(no)
	}
	for name, do := range map[string]func(o apitest.Object){
		"a new member is wanted": func(o apitest.Object) { o["required"] = []any{"outcome", "pages", "reason"} },
		"a member is gone":       func(o apitest.Object) { delete(o["properties"].(apitest.Object), "pages") },
		"a value is gone": func(o apitest.Object) {
			o["properties"].(apitest.Object)["outcome"] = apitest.Object{"type": "string", "enum": []any{"printed"}}
		},
		"a type is another":       func(o apitest.Object) { o["properties"].(apitest.Object)["pages"] = apitest.Object{"type": "string"} },
		"it is no object anymore": func(o apitest.Object) { o["type"] = "array" },
	} {
		if change(do) == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
}
