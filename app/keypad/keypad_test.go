package keypad

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryPresetIsFreeOfMistakesAndOfTwoMeanings(t *testing.T) {
	if len(presets) != len(Presets) {
		t.Errorf("%d presets, %d have a name", len(presets), len(Presets))
	}
	for _, name := range Presets {
		if _, wrong := Bind("none", presets[name]); len(wrong) != 0 {
			t.Errorf("%s: %v", name, wrong)
		}
		for c := range presets[name] {
			if !slices.Contains(Commands, c) {
				t.Errorf("%s has keys for %q, which is no command", name, c)
			}
		}
	}
}

func TestTheArrowsAreWhatTheyAreUsedFor(t *testing.T) {
	var b Bindings
	for name, want := range map[string]Command{"Down": Next, "Up": Previous, "Right": Forward, "Left": Back, "Return": Select, "Space": Select, "F1": Help, "X": None, "": None} {
		if got := b.Of(name, 0); got != want {
			t.Errorf("%q is for %q, want %q", name, got, want)
		}
	}
	if b.Of("", 123) != Louder || b.Of("", 191) != None {
		t.Error("a key without a name is not known by its scan code")
	}
}

func TestWhatASiteSetsCountsAndReplacesThePreset(t *testing.T) {
	b, wrong := Bind("arrows", map[Command][]string{Next: {"scan:191"}, Help: {"right"}, Blank: {}})
	if len(wrong) != 0 {
		t.Fatal(wrong)
	}
	if b.Of("", 191) != Next || b.Of("Down", 116) != None || b.Of("Right", 114) != Help || b.Of("F8", 74) != None || b.Of("Up", 0) != Previous {
		t.Error("a key has another meaning than was set")
	}
	if got := b.Keys(Help); !slices.Equal(got, []string{"Right"}) {
		t.Errorf("keys of help: %v", got)
	}
	if got := b.Keys(Forward); got != nil {
		t.Errorf("forward has %v, which was taken away", got)
	}
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	_, wrong := Bind("none", map[Command][]string{
		Next: {"Dwon"}, Previous: {"scan:0"}, Select: {"Return", "return"}, Forward: {"scan:x"}, Back: {"Return"}, Help: {"Tab"}, Move: {"1"},
	})
	want := []struct {
		of   Command
		says string
	}{
		{Next, `has "Dwon", which is no key`},
		{Previous, `has "scan:0", which is no scan code`},
		{Forward, `has "scan:x", which is no scan code`},
		{Back, `has "Return", which select has, too`},
		{Help, "has the Tab key"},
	}
	if len(wrong) != len(want) {
		t.Fatalf("%v", wrong)
	}
	for i, w := range want {
		if wrong[i].Of != w.of || !strings.Contains(wrong[i].Text, w.says) {
			t.Errorf("%+v, want %s %s", wrong[i], w.of, w.says)
		}
	}
}

func TestAKeyIsWrittenAsItIsRead(t *testing.T) {
	for _, k := range []struct {
		name string
		scan int
	}{{"Down", 116}, {"", 191}, {"A", 38}} {
		b, wrong := Bind("none", map[Command][]string{Next: {Name(k.name, k.scan)}})
		if len(wrong) != 0 || b.Of(k.name, k.scan) != Next {
			t.Errorf("%+v is written %q, and not found again: %v", k, Name(k.name, k.scan), wrong)
		}
	}
	if !Writes("A") || !Writes("Space") || Writes("F1") || Writes("") {
		t.Error("what writes a character is not known")
	}
}
