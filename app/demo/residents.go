package demo

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"sync"

	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/central/registry"
)

// Residents is how many made-up people a demo has; they are the same in every demo.
const Residents = 2000

// People are the residents of a demo; the caller may change the slice.
func People() []registry.Person { return slices.Clone(madeUp()) }

var madeUp = sync.OnceValue(func() []registry.Person {
	return madeup.Generate(Residents, madeup.DemoSeed, madeup.DemoDay)
})

// Staff may sign in at a demo's kiosk.
var Staff = []struct{ ID, PIN string }{{"nurse", "704158"}, {"clerk", "296035"}}

// ListResidents prints number, given, family, birth date, gender, phone, e-mail
// doses, and how many of them a health card holds, of each resident as TSV.
func ListResidents(out io.Writer) error {
	w := bufio.NewWriter(out)
	_, _ = fmt.Fprintln(w, "number\tgiven\tfamily\tbirth date\tgender\tphone\te-mail\tdoses\ton cards")
	for _, p := range People() {
		fit := 0
		for _, d := range p.Doses {
			if d.FitsCard() {
				fit++
			}
		}
		_, _ = fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\n",
			p.Number, p.Given, p.Family, p.Birth, p.Gender, p.Phone, p.Email, len(p.Doses), fit)
	}
	return w.Flush()
}
