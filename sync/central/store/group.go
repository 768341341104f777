package store

import (
	"context"
	"slices"
	"strings"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
	"vaxkiosk/sync/central/registry"
)

// A row of people is what one source says of somebody. Rows that are linked or merged
// (links.go) are one person, under the number of one of them, the root; most
// people have one row. Everybody is read with all their rows, names and contacts by one
// statement, so that it is of one instant.
//
// The statements do without UNION, DISTINCT and ORDER BY where they can: each sorts, and
// that takes several times as long as all the rest.

// row is what one source says of a person.
type row struct {
	registry.Person // Number is that of the row

	root               int
	phoneKey, emailKey string
	merged             bool
	contacts           []keyed
}

// keyed is a contact with what it is found by; "" for nothing.
type keyed struct {
	registry.Contact
	key string
}

// columns of a row of people.
const rowColumns = `p.number, coalesce(p.root, p.number), p.given, p.family, p.birth, p.gender, p.phone, p.email, coalesce(p.phone_key, ''),
	coalesce(p.email_key, ''), p.inactive, p.merged, p.deceased, CASE WHEN p.restricted + p.guarded > 0 THEN 1 ELSE 0 END, coalesce(p.master, ''), p.more`

const groupBegins = `WITH roots (r) AS MATERIALIZED (`

// groupOf makes the statement that reads all rows of some people, of a part that selects
// the numbers of their roots.
func groupOf(roots string) string {
	return groupBegins + roots + `),
		those (n) AS MATERIALIZED (SELECT r FROM roots UNION ALL SELECT p.number FROM roots CROSS JOIN people AS p WHERE p.root = roots.r)
	SELECT ` + rowColumns + `, 0 FROM those CROSS JOIN people AS p WHERE p.number = those.n`
}

// areFound are rows that their source uses, with a birth date and a phone, ?2, or an address, ?3.
const areFound = `p.inactive = 0 AND p.merged = 0 AND p.number IN (
	SELECT number FROM people WHERE birth = ?1 AND phone_key = nullif(?2, '') UNION ALL
	SELECT number FROM people WHERE birth = ?1 AND email_key = nullif(?3, '') UNION ALL
	SELECT person FROM contacts WHERE birth = ?1 AND key = nullif(?2, '') UNION ALL
	SELECT person FROM contacts WHERE birth = ?1 AND key = nullif(?3, ''))`

var (
	contactQuery = groupOf(`SELECT coalesce(root, number) FROM people WHERE number = ?1`)

	// The rows that are found, and whether there are others of the same person.
	candidatesQuery = `SELECT ` + rowColumns + `, CASE WHEN p.root IS NOT NULL OR EXISTS (SELECT 1 FROM people AS m WHERE m.root = p.number) THEN 1 ELSE 0 END
		FROM people AS p WHERE ` + areFound

	// The same with all rows of everybody.
	groupedQuery = groupOf(`SELECT DISTINCT coalesce(p.root, p.number) FROM people AS p WHERE ` + areFound)
)

// groups runs a statement of groupOf.
func groups(ctx context.Context, from source, query string, args ...any) ([]group, error) {
	all, _, err := groupsOf(ctx, from, query, args...)
	return all, err
}

// groupsOf reads rows, each of which says whether there are more of the same person, and puts
// those with one root together. A row that was found in two ways comes twice.
func groupsOf(ctx context.Context, from source, query string, args ...any) (all []group, grouped bool, err error) {
	var rows []*row
	err = each(ctx, from, func(found scanner) error {
		r, others, err := scanRow(found)
		grouped = grouped || others
		if !slices.ContainsFunc(rows, func(o *row) bool { return o.Number == r.Number }) {
			rows = append(rows, r)
		}
		return err
	}, query, args...)
	for _, r := range rows {
		if r.root == r.Number {
			all = append(all, group{root: r})
		}
	}
	for _, r := range rows {
		if i := slices.IndexFunc(all, func(g group) bool { return g.root.Number == r.root }); r.root != r.Number && i >= 0 {
			all[i].rest = append(all[i].rest, r)
		}
	}
	return all, grouped, err
}

func scanRow(found scanner) (r *row, others bool, err error) {
	r = &row{}
	var birth, gender, more string
	err = found.Scan(&r.Number, &r.root, &r.Given, &r.Family, &birth, &gender, &r.Phone, &r.Email, &r.phoneKey, &r.emailKey,
		&r.Inactive, &r.merged, &r.Deceased, &r.Restricted, &r.Index, &more, &others)
	if err == nil {
		r.Gender = request.Gender(gender)
		r.Birth, err = request.ParseDate(birth)
	}
	if err == nil {
		err = r.read(more)
	}
	return r, others, err
}

// group is one person: the row of the root, and those linked or merged into it.
type group struct {
	root *row
	rest []*row
}

// person is the group as one person, without doses. What a row says that its source no
// longer uses is not theirs any more, but for what asks for care.
func (g group) person() (registry.Person, []keyed) {
	p := g.root.Person
	more := slices.Clone(g.root.contacts)
	has := func(key string) bool {
		return key == g.root.phoneKey || key == g.root.emailKey || slices.ContainsFunc(more, func(c keyed) bool { return c.key == key })
	}
	for _, r := range g.rest {
		p.Deceased, p.Restricted = p.Deceased || r.Deceased && !r.merged, p.Restricted || r.Restricted
		if r.Inactive || r.merged {
			continue
		}
		first := []keyed{{registry.Contact{Phone: r.Phone}, r.phoneKey}, {registry.Contact{Email: r.Email}, r.emailKey}}
		for _, c := range append(first, r.contacts...) {
			if c.key != "" && !has(c.key) {
				more = append(more, c)
			}
		}
		for _, n := range append([]request.Name{{Given: r.Given, Family: r.Family}}, r.Also...) {
			if !goesBy(p, n) {
				p.Also = append(slices.Clip(p.Also), n)
			}
		}
	}
	for _, c := range more {
		p.More = append(p.More, c.Contact)
	}
	return p, more
}

// goesBy reports whether somebody has a name, now or otherwise.
func goesBy(p registry.Person, n request.Name) bool {
	same := func(o request.Name) bool {
		return strings.EqualFold(o.Given, n.Given) && strings.EqualFold(o.Family, n.Family)
	}
	return same(request.Name{Given: p.Given, Family: p.Family}) || slices.ContainsFunc(p.Also, same)
}

// candidate is who has a number, as they are compared with a request; the zero Candidate when nobody
// is found under it any more.
func candidate(ctx context.Context, from source, number int) (match.Candidate, error) {
	found, err := groups(ctx, from, contactQuery, number)
	if err != nil || len(found) == 0 || !found[0].used() {
		return match.Candidate{}, err
	}
	return found[0].candidate(), nil
}

// used reports whether a source still uses one of the rows: nobody is found by others.
func (g group) used() bool {
	return slices.ContainsFunc(append([]*row{g.root}, g.rest...), func(r *row) bool { return !r.Inactive && !r.merged })
}

// candidate is the group as it is compared with a request.
func (g group) candidate() match.Candidate {
	p, more := g.person()
	c := match.Candidate{Number: p.Number, Identity: identityOf(p), Deceased: p.Deceased, Restricted: p.Restricted}
	for _, n := range p.Also {
		c.Also = append(c.Also, c.Identity.Under(n.Given, n.Family))
	}
	for _, m := range more {
		if m.key != "" {
			c.More = append(c.More, match.Contact{Key: m.key, Guardian: m.Guardian})
		}
	}
	return c
}

func identityOf(p registry.Person) match.Identity {
	return match.Of(p.Given, p.Family, p.Birth.String(), p.Gender, p.Phone, p.Email)
}
