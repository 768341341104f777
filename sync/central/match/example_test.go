package match_test

import (
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/match"
)

// A slip of the finger is forgiven; the name of a twin, who has birth date and phone in
// common, is for staff to look at.
func Example() {
	onFile := []match.Candidate{{Number: 7, Identity: match.Of("Maria", "Lopez", "1980-05-06", request.Female, "+16175550123", "")}}
	for _, typed := range []string{"María", "Marai", "Marie"} {
		asked := match.Of(typed, "Lopez", "1980-05-06", request.Female, "(617) 555-0123", "")
		d := match.Decide([]match.Identity{asked}, onFile)
		fmt.Println(typed, d.Verdict, d.Reasons)
	}
	// Output:
	// María release [all-agree contact-phone]
	// Marai release [all-agree typing-error-allowed contact-phone]
	// Marie review [given-name-differs]
}
