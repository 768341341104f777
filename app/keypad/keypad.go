// Package keypad says what the keys of a keyboard, a keypad that is found by touch, or
// switches are for.
//
//	b, wrong := keypad.Bind("arrows", map[keypad.Command][]string{keypad.Help: {"scan:191"}})
//	b.Of("Down", 116) // Next
//
// A key is written by its name, "Down" or "F1", or by its scan code, "scan:191": under X that is
// its key code. F13 and higher and the keys of a volume have no name. Big and small letters of a
// name are alike. A preset has keys for commands; what a site lists for a command replaces them,
// and takes a key away from the command that has it in the preset.
//
// It refuses a key that does not exist, one that two commands of the site want, and the Tab key,
// which goes from thing to thing whatever is bound. Of a device the presets know only what its
// maker's manual says: the rest is for the site.
package keypad

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Command is what a key is for.
type Command string

// The commands.
const (
	None     Command = ""
	Next     Command = "next"     // to the next thing on the screen
	Previous Command = "previous" // to the one before
	Forward  Command = "forward"  // to the strong button, and then touches it
	Back     Command = "back"     // to the screen before
	Select   Command = "select"   // touches what has the focus
	Repeat   Command = "repeat"
	Pause    Command = "pause"
	Speech   Command = "speech"
	Louder   Command = "louder"
	Softer   Command = "softer"
	Faster   Command = "faster"
	Slower   Command = "slower"
	Help     Command = "help"
	Blank    Command = "blank"  // the screen goes dark on wish
	Move     Command = "move"   // of two switches: to the next thing
	Choose   Command = "choose" // of two switches: touches it
	JackIn   Command = "jack-in"
	JackOut  Command = "jack-out"
)

// Commands are all of them, in the order in which they are set up.
var Commands = []Command{
	Next, Previous, Select, Forward, Back, Help, Repeat, Pause, Speech, Louder, Softer, Faster, Slower, Blank, Move, Choose, JackIn, JackOut,
}

// Presets are the names of the presets, the usual one first.
var Presets = []string{"arrows", "vx", "storm-default", "none"}

var presets = map[string]map[Command][]string{
	// A full keyboard, or a keypad that sends its keys.
	"arrows": {
		Next: {"Down"}, Previous: {"Up"}, Forward: {"Right"}, Back: {"Left"}, Select: {"Return", "KP_Enter", "Space"},
		Help: {"F1"}, Repeat: {"F2"}, Pause: {"F3"}, Speech: {"F4"}, Slower: {"F5"}, Faster: {"F6"}, Blank: {"F8"},
		Louder: {"scan:123"}, Softer: {"scan:122"},
	},
	// The controllers of VotingWorks VxMark and VxScan.
	"vx": {
		Next: {"Down"}, Previous: {"Up"}, Forward: {"Right"}, Back: {"Left"}, Select: {"Return"},
		Slower: {","}, Faster: {"."}, Softer: {"-"}, Louder: {"="}, Pause: {"P"}, Speech: {"M"}, Help: {"R"},
		Move: {"1"}, Choose: {"2"},
	},
	// Storm AudioNav with its own table of codes, of which we know the key << (F23) and the volume.
	"storm-default": {Back: {"scan:201"}, Louder: {"scan:123"}, Softer: {"scan:122"}},
	"none":          {},
}

// Mistake is what is wrong with the keys of a command, to be put behind its name.
type Mistake struct {
	Of   Command
	Text string
}

// Bindings say what each key is for. The zero value is the first preset.
type Bindings struct{ keys map[string]Command }

var usual, _ = Bind(Presets[0], nil)

func (b Bindings) all() map[string]Command {
	if b.keys == nil {
		return usual.keys
	}
	return b.keys
}

// Bind returns a preset with what the site sets, and everything that is wrong with that.
func Bind(preset string, own map[Command][]string) (Bindings, []Mistake) {
	b := Bindings{map[string]Command{}}
	for c, names := range presets[preset] {
		if _, replaced := own[c]; replaced {
			continue
		}
		for _, name := range names {
			key, _ := read(name)
			b.keys[key] = c
		}
	}
	var wrong []Mistake
	set := map[string]Command{}
	for _, c := range Commands {
		for _, name := range own[c] {
			key, problem := read(name)
			if other, taken := set[key]; problem == "" && taken && other != c {
				problem = fmt.Sprintf("has %q, which %s has, too; a key is for one of them", name, other)
			}
			if problem != "" {
				wrong = append(wrong, Mistake{c, problem})
				continue
			}
			set[key] = c
		}
	}
	maps.Copy(b.keys, set)
	return b, wrong
}

// Of is what a key is for. A scan code counts before a name.
func (b Bindings) Of(name string, scan int) Command {
	if c := b.all()[scanned(scan)]; c != None {
		return c
	}
	return b.all()[strings.ToLower(name)]
}

// Keys are the keys of a command, as they are written.
func (b Bindings) Keys(c Command) (keys []string) {
	for key, of := range b.all() {
		if of != c {
			continue
		}
		if i := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, key) }); i >= 0 {
			key = names[i]
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Writes reports whether a key writes a character, which it does wherever one is asked for.
func Writes(name string) bool { return len(name) == 1 || strings.EqualFold(name, "space") }

// Name is how a key is written: by its name, or else by its scan code.
func Name(name string, scan int) string {
	if name == "" {
		return scanned(scan)
	}
	return name
}

const byScan = "scan:"

func scanned(code int) string { return byScan + strconv.Itoa(code) }

// read is a key as it is looked up, or what is wrong with it.
func read(name string) (key, problem string) {
	low := strings.ToLower(name)
	if number, is := strings.CutPrefix(low, byScan); is {
		code, err := strconv.Atoi(number)
		if err != nil || code < 1 || code > 65535 {
			return "", fmt.Sprintf("has %q, which is no scan code; write it like \"scan:191\"", name)
		}
		return scanned(code), ""
	}
	if low == "tab" {
		return "", "has the Tab key, which goes from thing to thing as it is; use another key"
	}
	if !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
		return "", fmt.Sprintf("has %q, which is no key; use a name such as \"Down\" or \"F1\", or a scan code such as \"scan:191\"", name)
	}
	return low, ""
}

// names are the keys that have one.
var names = strings.Fields(`Down Up Left Right Return KP_Enter Space Escape BackSpace Delete Insert Home End Prior Next
	F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12 A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
	0 1 2 3 4 5 6 7 8 9 ' , - . / \ [ ] ; = * + ` + "`")
