package store

import (
	"cmp"
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
