package madeup

import (
	"fmt"

	"vaxkiosk/app/request"
)

// Phone numbers of State belong to nobody: their exchange is 555, which the numbering
// plan gives out no more. There are nearly seven million of them, over all area codes that the plan has
// room for; a household's number is as far from its neighbour's as in life.

// areas are the area codes of places.
var areas = func() (all []int) {
	for a := 200; a < 1000; a++ {
		if request.CheckCell(fmt.Sprint(a)+"5550100") == "" {
			all = append(all, a)
		}
	}
	return all
}()

// inArea is how many numbers an area has: 555-1212 and 555-5555 are placeholders everywhere.
const inArea = 9_998

// lines is how many numbers there are.
var lines = len(areas) * inArea

// stride scatters numbers; it has no factor in common with lines.
const stride = 1_000_003

// phone is the n-th number in E.164; from lines on they come again.
func phone(n int) string {
	n = (n%lines + lines) % lines * stride % lines
	line := n % inArea
	for _, placeholder := range []int{1212, 5555} {
		if line >= placeholder {
			line++
		}
	}
	return fmt.Sprintf("+1%d555%04d", areas[n/inArea], line)
}

// contacts are how somebody is reached: a phone, a mailbox (0 is none) or both.
type contacts struct {
	phone   string
	mailbox int
}

// contacts draws those of the first or second adult of a home.
func (s *state) contacts(adult int) (c contacts) {
	kind := s.m.IntN(100)
	if kind < 85 {
		c.phone = phone(2*s.home + adult)
	}
	if kind >= 45 {
		c.mailbox = 2*s.home + adult + 1
	}
	return c
}

// email is the address of a mailbox. Mail to these domains reaches nobody (RFC 2606).
func (s *state) email(mailbox int) string {
	words := []string{"harbor", "maple", "river", "sunny", "bay", "hill", "cedar", "blue", "green", "rose", "hello", "home"}
	domains := []string{"example.org", "example.com", "example.net"}
	n := mailbox * 7
	return fmt.Sprintf("%s.%s%d@%s", words[n%len(words)], words[n/5%len(words)], mailbox, domains[n%len(domains)])
}
