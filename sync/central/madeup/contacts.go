package madeup

import (
	"fmt"
	"slices"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
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

// contacts are how somebody is reached: a phone, an address or both, and what else is on
// file of them.
type contacts struct {
	phone, email string
	more         []registry.Contact
	parents      bool // all are a parent's
}

// How often there is more on file than a phone or an address, in a thousand. No study gives
// rates; with these a person has 1.6 contacts.
const (
	secondMobile = 100
	workEmail    = 100
	parentsAsOwn = 300 // of homes: what a parent is reached by is on file as the child's own
)

// contacts draws those of the first or second adult of a home. A second mobile may be
// somebody else's in this state; there are not numbers enough.
func (s *state) contacts(adult int) (c contacts) {
	kind := s.m.IntN(100)
	mailbox := 2*s.home + adult + 1
	if kind < 85 {
		c.phone = phone(2*s.home + adult)
	}
	if kind >= 45 {
		c.email = s.email(mailbox)
	}
	if s.chance(secondMobile) {
		c.more = append(c.more, registry.Contact{Phone: phone(s.m.IntN(lines))})
	}
	if s.chance(workEmail) {
		c.more = append(c.more, registry.Contact{Email: fmt.Sprintf("staff%d@work.example.org", mailbox)})
	}
	return c
}

// ofParents is what a child is reached by: one parent's contacts, and of the other, if
// there is one, the first.
func ofParents(one contacts, other *contacts) contacts {
	c := contacts{phone: one.phone, email: one.email, parents: true}
	if other != nil {
		c.more = parental(registry.Contact{Phone: other.phone}, registry.Contact{Email: other.email})
	}
	return c
}

// parental are contacts as a parent's, without those that are none.
func parental(all ...registry.Contact) (out []registry.Contact) {
	for _, c := range all {
		if c != (registry.Contact{}) {
			c.Guardian = true
			out = append(out, c)
		}
	}
	return out
}

// file puts contacts on file.
func (s *state) file(p *registry.Person, c contacts) {
	switch {
	case !c.parents:
		p.Phone, p.Email, p.More = c.phone, c.email, slices.Clone(c.more)
	case s.asOwn:
		p.Phone, p.Email = c.phone, c.email
	default:
		p.More = append(parental(registry.Contact{Phone: c.phone}, registry.Contact{Email: c.email}), c.more...)
	}
}

// firstOnly leaves one contact of a kind on file, for a child the parent's who would ask.
func (r *Resident) firstOnly() {
	for _, c := range r.More {
		if c.Guardian && r.Phone == "" && r.Says.Phone != "" {
			r.Phone = c.Phone
		}
		if c.Guardian && r.Email == "" && r.Says.Email != "" {
			r.Email = c.Email
		}
	}
	r.More = nil
}

// email is the address of a mailbox. Mail to these domains reaches nobody (RFC 2606).
func (s *state) email(mailbox int) string {
	words := []string{"harbor", "maple", "river", "sunny", "bay", "hill", "cedar", "blue", "green", "rose", "hello", "home"}
	domains := []string{"example.org", "example.com", "example.net"}
	n := mailbox * 7
	return fmt.Sprintf("%s.%s%d@%s", words[n%len(words)], words[n/5%len(words)], mailbox, domains[n%len(domains)])
}
