package store

import (
	"cmp"
	"context"
	"runtime"
	"sync"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// keys are what a person is found by: more goes with the further contacts.
type keys struct {
	phone, email string
	more         []string
}

// keysOf computes the keys of n people; nil has none. Reading a phone number
// takes longer than writing a person, so all cores do it, and people of one home
// share the result.
func keysOf(n int, person func(i int) *registry.Person) []keys {
	all := make([]keys, n)
	chunk := n/runtime.GOMAXPROCS(0) + 1
	var wg sync.WaitGroup
	for from := 0; from < n; from += chunk {
		wg.Go(func() {
			var last, key string
			for i := from; i < min(from+chunk, n); i++ {
				p := person(i)
				if p == nil {
					continue
				}
				if p.Phone != last {
					last, key = p.Phone, request.PhoneKey(p.Phone)
				}
				all[i] = keys{phone: key, email: request.EmailKey(p.Email)}
				for _, c := range p.More {
					all[i].more = append(all[i].more, cmp.Or(request.PhoneKey(c.Phone), request.EmailKey(c.Email)))
				}
			}
		})
	}
	wg.Wait()
	return all
}

// otherKeys are the people whose keys another rule made before migration 19: ten digits
// of a phone were E.164 only in an area code that a library knew, and characters that nobody
// sees counted in an address.
const otherKeys = selectPerson + `WHERE phone_key GLOB '[2-9]?????????' OR phone GLOB '*[^ -~]*' OR email GLOB '*[^ -~]*'`

// rekey makes their keys anew, so that they are found.
func rekey(tx *transaction) error {
	ctx := context.Background()
	var all []registry.Person
	err := each(ctx, tx, func(row scanner) error {
		p, err := scanPerson(row)
		all = append(all, p)
		return err
	}, otherKeys)
	if err != nil {
		return err
	}
	keys := keysOf(len(all), func(i int) *registry.Person { return &all[i] })
	update, err := tx.Prepare(`UPDATE people SET phone_key = nullif(?,''), email_key = nullif(?,'') WHERE number = ?`)
	for i := 0; i < len(all) && err == nil; i++ {
		_, err = update.Exec(keys[i].phone, keys[i].email, all[i].Number)
	}
	return err
}
