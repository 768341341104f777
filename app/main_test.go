package main

import (
	"strings"
	"testing"
)

func TestTheFormOfTheLogIsTextOrJSONWithAConfiguration(t *testing.T) {
	for args, good := range map[string]bool{
		"--config x": true, "--config x --log-format text": true, "--config x --log-format json": true, "--demo --log-format text": true,
		"--config x --log-format xml": false, "--demo --log-format json": false, "--config x --log-format=": false,
	} {
		if _, err := parse(strings.Fields(args)); (err == nil) != good || err != nil && !strings.Contains(err.Error(), "--log-format") {
			t.Errorf("%s: %v", args, err)
		}
	}
}
