package people

import "fmt"

// Phone numbers of State belong to nobody: their exchanges are 555 and those of
// the form N11 (211 to 911), which the numbering plan never assigns. There are
// 6.5 million of them, the state's own area codes and those that people bring
// along; a household's number is as far from its neighbour's as in life.

var areas = []int{
	617, 508, 781, 978, 413, 339, 351, 774, 857, // Massachusetts
	201, 202, 203, 207, 212, 215, 216, 240, 267, 301, 302, 303, 305, 312, 313, 315, 347, 401, 404, 407, 410, 412,
	415, 425, 443, 469, 475, 484, 510, 512, 516, 518, 561, 585, 602, 603, 607, 609, 610, 614, 619, 631, 646, 650,
	703, 713, 716, 717, 718, 732, 757, 786, 802, 803, 804, 845, 848, 860, 862, 908, 914, 917, 954,
}

var exchanges = []int{555, 211, 311, 411, 511, 611, 711, 811, 911}

// lines is how many numbers there are.
var lines = len(areas) * len(exchanges) * 10_000

// stride scatters numbers; it has no factor in common with lines.
const stride = 1_000_003

// phone is the n-th number in E.164; from lines on they come again.
func phone(n int) string {
	n = (n%lines + lines) % lines * stride % lines
	line, n := n%10_000, n/10_000
	if exchange := exchanges[n%len(exchanges)]; exchange != 555 || line != 5555 {
		return fmt.Sprintf("+1%d%d%04d", areas[n/len(exchanges)], exchange, line)
	}
	return fmt.Sprintf("+1%d5550100", areas[n/len(exchanges)]) // 555-5555 is a placeholder everywhere
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
