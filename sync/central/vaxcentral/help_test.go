package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestEveryGroupOfCommandsHasAHelp(t *testing.T) {
	groups := map[string]int{}
	for _, c := range commands {
		if group, _, is := strings.Cut(c.name, " "); is {
			groups[group]++
		}
	}
	for _, c := range commands {
		delete(groups, c.name) // backup is a command of its own, beside backup verify
	}
	for group, n := range groups {
		for _, flag := range []string{"--help", "-h", "help"} {
			var out, errs bytes.Buffer
			if err := run(t.Context(), []string{group, flag}, &out, &errs); err != nil || strings.Count(out.String(), "\n") != n+1 || errs.Len() != 0 {
				t.Errorf("%s %s: %v\n%s", group, flag, err, &out)
			}
			for _, name := range inGroup(group) {
				if !strings.Contains(out.String(), name) {
					t.Errorf("%s %s leaves out %s", group, flag, name)
				}
			}
		}
	}
}

func TestAnUnknownCommandSaysTheNearOnes(t *testing.T) {
	for said, want := range map[string]string{
		"":                     "say what to do: vaxcentral init, vaxcentral serve, ",
		"sevre --data x":       `"sevre --data" is no command; perhaps vaxcentral serve; see vaxcentral --help`,
		"kisok add":            `"kisok add" is no command; perhaps vaxcentral kiosk add; see vaxcentral --help`,
		"people imprt f":       `"people imprt" is no command; perhaps vaxcentral people import; see vaxcentral --help`,
		"staff frobnicate now": `"staff frobnicate" is no command; perhaps vaxcentral staff add, vaxcentral staff remove, vaxcentral staff list; see`,
		"usage":                `say what to do with "usage": vaxcentral usage show; see vaxcentral usage --help`,
		"fly":                  `"fly" is no command; see vaxcentral --help`,
		"fly --help":           `"fly --help" is no command; see vaxcentral --help`,
	} {
		var out bytes.Buffer
		err := run(t.Context(), strings.Fields(said), &out, &out)
		if err == nil || !strings.HasPrefix(err.Error(), want) || out.Len() != 0 {
			t.Errorf("%q: %v", said, err)
		}
	}
}
