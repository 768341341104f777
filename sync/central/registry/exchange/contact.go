package exchange

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// reach is one entry of contacts: with two numbers in it, two ways.
type reach struct {
	phones, emails []string
	rank, use      int // the smaller, the better; rank 0 is none
	guardian       bool
}

// uses of contacts, the one that suits a message best first.
var uses = []string{"mobile", "home", "", "work", "temp"}

// useOrder is the place of a use among them.
func useOrder(use string) int {
	if i := slices.Index(uses, use); i >= 0 {
		return i
	}
	return len(uses)
}

// reaches are the ContactPoints that hold today.
func (c *reading) reaches(points []telecom, guardian bool) (all []reach) {
	for _, t := range points {
		if t.Use == "old" || c.holds(t.Period) != holdsNow {
			continue
		}
		switch t.System {
		case "phone", "sms", "email", "", "other":
			all = append(all, reachesIn(string(t.Value), reach{rank: t.Rank, use: useOrder(t.Use), guardian: guardian})...)
		default: // a fax, a pager, a page
		}
	}
	return all
}

// reachesIn are the ways in a field. What is said beside a number to be a mother's, in her
// child's field, is a guardian's.
func reachesIn(cell string, r reach) []reach {
	if r.guardian || !parentWord.MatchString(cell) {
		r.phones, r.emails = contactsIn(cell)
		return []reach{r}
	}
	var own, parents []string
	for _, part := range between.Split(cell, -1) {
		if said := address.ReplaceAllString(part, ""); parentWord.MatchString(said) && !inLaw.MatchString(said) {
			parents = append(parents, part)
		} else {
			own = append(own, part)
		}
	}
	theirs := r
	r.phones, r.emails = contactsIn(strings.Join(own, ";"))
	theirs.phones, theirs.emails = contactsIn(strings.Join(parents, ";"))
	theirs.guardian = true
	r.guardian = parents != nil && len(theirs.phones)+len(theirs.emails) == 0 // "617-555-0144 / mother"
	return []reach{r, theirs}
}

// compare puts contacts in order: one's own first, by rank, then by use.
func compare(a, b reach) int {
	return cmp.Or(
		yes(a.guardian)-yes(b.guardian),
		yes(a.rank == 0)-yes(b.rank == 0),
		cmp.Compare(a.rank, b.rank),
		a.use-b.use,
	)
}

// inOrder are contacts in order, each once: one's own first phone and address, then all others.
func inOrder(all []reach) (phone, email string, more []registry.Contact) {
	slices.SortStableFunc(all, compare)
	seen := map[string]bool{}
	add := func(key string, first *string, c registry.Contact) {
		switch {
		case seen[key]:
		case *first == "" && !c.Guardian:
			*first = c.Phone + c.Email
		case len(more) < maxMore:
			more = append(more, c)
		}
		seen[key] = true
	}
	for _, r := range all {
		for _, p := range r.phones {
			add(p, &phone, registry.Contact{Phone: p, Guardian: r.guardian})
		}
		for _, e := range r.emails {
			add(strings.ToLower(e), &email, registry.Contact{Email: e, Guardian: r.guardian})
		}
	}
	return phone, email, more
}

func yes(is bool) int {
	if is {
		return 1
	}
	return 0
}

var (
	address   = regexp.MustCompile(`[^\s<>,;:"'()|]+@[^\s<>,;:"'()|@?]+\.[^\s<>,;:"'()|@?.]{2,}`)
	between   = regexp.MustCompile(`(?i)[;,|\n]|\bor\b|\band\b|&| - (?:[a-z])|/`)
	label     = regexp.MustCompile(`^[^:]*[A-Za-z][^:]*:`)
	extra     = regexp.MustCompile(`(?i);(ext|phone-context|isub)=.*$`)
	tenDigits = regexp.MustCompile(`\(?[2-9]\d\d\)?[ .-]?\d{3}[ .-]?\d{4}\b`)
	behind    = regexp.MustCompile(`[#*\p{L}]`)
)

// maxDigits is how long a number may be (E.164), with what is dialled before it.
const maxDigits = 15

// contactsIn reads what is in a field for contacts, whichever it is for: phones as E.164
// where they can be, and addresses. Labels, extensions and schemes are taken off. What is
// no contact, or a placeholder for one, is nothing.
func contactsIn(cell string) (phones, emails []string) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return nil, nil
	}
	if strings.Contains(cell, "@") {
		for _, e := range address.FindAllString(cell, -1) {
			if e = legible(e); !odd(e) && len(e) <= request.Longest(request.FieldEmail) && request.EmailKey(e) != "" {
				emails = append(emails, e)
			}
		}
		cell = address.ReplaceAllString(cell, ";")
	}
	if strings.Trim(cell, "+0123456789 -.()") == "" { // nearly all of them
		if phones = numbers(cell); len(phones) == 0 {
			phones = labelled(cell)
		}
		return phones, emails
	}
	cell = extra.ReplaceAllString(cell, "")
	for _, part := range between.Split(cell, -1) {
		if several := labelled(part); several != nil {
			phones = append(phones, several...)
		} else {
			phones = append(phones, numbers(part)...)
		}
	}
	if len(phones) == 0 {
		phones = numbers(cell) // what looks like two may be one: 617/555-0142
	}
	return phones, emails
}

// labels are what a number is used for, as people write it beside it. Another word may say
// that the number is somebody else's.
var labels = strings.Fields("h home c cell cellular m mobile w work b business p ph phone tel telephone day evening night primary secondary alternate alt")

// labelled are numbers with nothing between them but space and labels; nil when there are
// not two.
func labelled(part string) []string {
	all := tenDigits.FindAllString(part, -1)
	if len(all) < 2 {
		return nil
	}
	for _, w := range strings.Fields(tenDigits.ReplaceAllString(part, " ")) {
		if w = bare(w); w != "" && w != "1" && !slices.Contains(labels, w) {
			return nil
		}
	}
	return numbers(all...)
}

// numbers are those in texts that have one each, if they have one.
func numbers(texts ...string) (all []string) {
	for _, s := range texts {
		if n := phoneIn(s); n != "" {
			all = append(all, n)
		}
	}
	return all
}

// phoneIn is the number in a text that has one, "" when it has none.
func phoneIn(s string) string {
	s = legible(s)
	if strings.Contains(s, ":") {
		s = label.ReplaceAllString(s, "")
	}
	if whole, rest, is := strings.Cut(s, "."); is && strings.Trim(rest, "0") == "" && strings.Trim(whole, "0123456789") == "" {
		s = whole // as a spreadsheet writes it
	}
	begin := strings.IndexAny(s, "+(0123456789")
	if begin < 0 {
		return ""
	}
	s = s[begin:]
	if end := behind.FindStringIndex(s); end != nil {
		s = s[:end[0]] // an extension or a remark, or an exponent in place of the last digits
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	for _, prefix := range []string{"011", "00"} { // what is dialled in front of a country code
		if rest, is := strings.CutPrefix(digits, prefix); is && len(rest) > 10 {
			digits, s = rest, "+"+rest
			break
		}
	}
	if len(digits) > maxDigits {
		return ""
	}
	return request.PhoneKey(s)
}
