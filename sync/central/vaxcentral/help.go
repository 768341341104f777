package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// helped prints the commands, all or those of a group such as "kiosk", when that is
// what was asked for.
func helped(args []string, stdout io.Writer) bool {
	group, last := "", ""
	switch len(args) {
	case 1:
		last = args[0]
	case 2:
		group, last = args[0], args[1]
	}
	if !slices.Contains([]string{"help", "--help", "-help", "-h"}, last) || group != "" && len(inGroup(group)) == 0 {
		return false
	}
	fmt.Fprintf(stdout, "Usage: %s COMMAND [flags]; each command explains its flags with --help.\n", strings.TrimSpace("vaxcentral "+group))
	for _, c := range commands {
		if group == "" || strings.HasPrefix(c.name, group+" ") {
			about, _, _ := strings.Cut(c.about, "\n")
			fmt.Fprintf(stdout, "  %-16s %s\n", c.name, about)
		}
	}
	if group == "" {
		fmt.Fprintf(stdout, "  %-16s %s\n", "--version", "print version, revision and Go's version")
		fmt.Fprintf(stdout, "  %-16s %s\n", "--licenses", "print what others made and is in this program, with its licences")
	}
	return true
}

// inGroup are the names of the commands that begin with a word.
func inGroup(word string) (all []string) {
	for _, c := range commands {
		if strings.HasPrefix(c.name, word+" ") {
			all = append(all, c.name)
		}
	}
	return all
}

// noCommand is the sentence about arguments that are no command, with those that may
// be meant.
func noCommand(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do: vaxcentral %s; see vaxcentral --help", names())
	}
	if all := inGroup(args[0]); len(args) == 1 && len(all) > 0 {
		return fmt.Errorf("say what to do with %q: vaxcentral %s; see vaxcentral %s --help", args[0], strings.Join(all, ", vaxcentral "), args[0])
	}
	said := strings.Join(args[:min(2, len(args))], " ")
	if near := near(args); len(near) > 0 {
		return fmt.Errorf("%q is no command; perhaps vaxcentral %s; see vaxcentral --help", said, strings.Join(near, ", vaxcentral "))
	}
	return fmt.Errorf("%q is no command; see vaxcentral --help", said)
}

// slips is how many letters of each word may be wrong in a command that is near.
const slips = 2

// near are the commands that may be meant: each word almost the same, or else the
// same group.
func near(args []string) (all []string) {
	for _, c := range commands {
		words := strings.Fields(c.name)
		close := len(args) >= len(words)
		for i, w := range words {
			close = close && distance(args[i], w) <= min(slips, len(w)/2)
		}
		if close {
			all = append(all, c.name)
		}
	}
	if all == nil {
		return inGroup(args[0])
	}
	return all
}

// distance is how many letters have to be added, left out, replaced or swapped with
// the next one (optimal string alignment).
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
