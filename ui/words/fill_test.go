package words

import (
	"testing"

	"vaxkiosk/assets"
)

func TestPlaceholdersTakeTheirValues(t *testing.T) {
	c := &Catalogue{
		words: map[string]assets.Word{"a.b": {Shown: "{n} of {all}", Spoken: "question {n} of {all}"}},
		back:  map[string]assets.Word{"a.b": {Shown: "never"}, "a.c": {Shown: "only {n}", Spoken: "only {n}"}},
	}
	for _, tt := range []struct{ got, want string }{
		{c.Show("a.b", "n", "3", "all", "9"), "3 of 9"},
		{c.Say("a.b", "all", "9", "n", "3"), "question 3 of 9"},
		{c.Show("a.b", "n", "{all}", "all", "9"), "{all} of 9"},
		{c.Show("a.b"), "{n} of {all}"},
		{c.Say("a.c", "n", "English"), "only English"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
