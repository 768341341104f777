package main

import (
	"errors"
	"io"
	"testing"
)

func TestAPINIsAskedForTwiceAndHasToBeTheSame(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []string
		pin     string
		asked   int
	}{
		{"the same", []string{"704158", "704158"}, "704158", 2},
		{"another", []string{"704158", "704185"}, "", 2},
		{"given up", []string{"704158"}, "", 2},
		{"given up at once", nil, "", 1},
	} {
		asked := 0
		pin, err := twice(func(string) (string, error) {
			if asked++; asked > len(c.answers) {
				return "", io.EOF
			}
			return c.answers[asked-1], nil
		})
		gaveUp := len(c.answers) < 2
		if pin != c.pin || asked != c.asked || (err == nil) != (c.pin != "") || errors.Is(err, io.EOF) != gaveUp {
			t.Errorf("%s: a PIN of %d signs, asked %d times, %v", c.name, len(pin), asked, err)
		}
	}
}
