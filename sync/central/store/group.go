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
// statement, so that it is of one instant and costs the same for everybody.

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

// groupOf makes the statement that reads all rows of some people, of a part that selects
// the numbers of their roots.
func groupOf(roots string) string {
	return `WITH roots (r) AS MATERIALIZED (` + roots + `),
		those (n) AS MATERIALIZED (SELECT r FROM roots UNION SELECT p.number FROM roots CROSS JOIN people AS p WHERE p.root = roots.r)
	SELECT 0, p.number, 0, coalesce(p.root, p.number), p.given, p.family, p.birth, p.gender, p.phone, p.email, coalesce(p.phone_key, ''),
		coalesce(p.email_key, ''), p.inactive, p.merged, p.deceased, p.restricted, coalesce(p.master, '')
		FROM those CROSS JOIN people AS p WHERE p.number = those.n
	UNION ALL SELECT 1, c.person, c.n, 0, c.value, '', '', '', '', '', coalesce(c.key, ''), '', c.email, c.guardian, 0, 0, ''
		FROM those CROSS JOIN contacts AS c WHERE c.person = those.n
	UNION ALL SELECT 2, a.person, a.n, 0, a.given, a.family, '', '', '', '', '', '', 0, 0, 0, 0, ''
		FROM those CROSS JOIN names AS a WHERE a.person = those.n
	ORDER BY 1, 2, 3`
}

var (
	contactQuery = groupOf(`SELECT coalesce(root, number) FROM people WHERE number = ?1`)

	// Whoever is found by a row that its source uses, whichever of the contacts it is by.
	candidatesQuery = groupOf(`SELECT DISTINCT coalesce(p.root, p.number) FROM people AS p WHERE p.inactive = 0 AND p.merged = 0 AND p.number IN (
		SELECT number FROM people WHERE birth = ?1 AND phone_key = nullif(?2, '') UNION
		SELECT number FROM people WHERE birth = ?1 AND email_key = nullif(?3, '') UNION
		SELECT person FROM contacts WHERE birth = ?1 AND key = nullif(?2, '') UNION
		SELECT person FROM contacts WHERE birth = ?1 AND key = nullif(?3, ''))`)
)

// group is one person: the row of the root, and those linked or merged into it.
type group struct {
	root *row
	rest []*row
}

// groups runs a statement of groupOf.
func groups(ctx context.Context, from source, query string, args ...any) ([]group, error) {
	rows := map[int]*row{}
	var order []int
	err := each(ctx, from, func(found scanner) error {
		var kind, n int
		var r row
		var birth, gender string
		err := found.Scan(&kind, &r.Number, &n, &r.root, &r.Given, &r.Family, &birth, &gender, &r.Phone, &r.Email, &r.phoneKey,
			&r.emailKey, &r.Inactive, &r.merged, &r.Deceased, &r.Restricted, &r.Index)
		if err != nil {
			return err
		}
		switch on := rows[r.Number]; {
		case kind == 0:
			rows[r.Number], order = &r, append(order, r.Number)
			r.Gender = request.Gender(gender)
			r.Birth, err = request.ParseDate(birth)
		case kind == 1: // of which the columns say something else
			c := keyed{registry.Contact{Phone: r.Given, Guardian: r.merged}, r.phoneKey}
			if r.Inactive {
				c.Phone, c.Email = "", c.Phone
			}
			on.contacts = append(on.contacts, c)
		default:
			on.Also = append(on.Also, request.Name{Given: r.Given, Family: r.Family})
		}
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	var all []group
	for _, n := range order {
		if r := rows[n]; r.root == n {
			all = append(all, group{root: r})
		}
	}
	for _, n := range order {
		if r := rows[n]; r.root != n {
			if i := slices.IndexFunc(all, func(g group) bool { return g.root.Number == r.root }); i >= 0 {
				all[i].rest = append(all[i].rest, r)
			}
		}
	}
	return all, nil
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

// candidate is the group as it is compared with a request.
func (g group) candidate() match.Candidate {
	p, more := g.person()
	c := match.Candidate{Number: p.Number, Identity: identityOf(p), Deceased: p.Deceased, Restricted: p.Restricted}
	for _, n := range p.Also {
		id := match.Of(n.Given, n.Family, p.Birth.String(), p.Gender, "", "")
		id.Phone, id.Email = c.Phone, c.Email
		c.Also = append(c.Also, id)
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
