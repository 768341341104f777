package match

import (
	"testing"

	"vaxkiosk/app/request"
)

// What one candidate costs: to bring what the registry holds into the compared
// form, and to decide.
func BenchmarkCandidate(b *testing.B) {
	Prepare()
	asked := Asked(request.Request{
		Given: "María", Middle: "José", Family: "García-Ruiz", Other: request.Name{Family: "Lopez"},
		Birth: request.Date{Year: 1980, Month: 5, Day: 6}, Gender: request.Female, Phone: phone, Email: email,
	}, today)
	for _, c := range []struct{ name, given, family string }{
		{"same", "Maria", "Garcia-Ruiz"},
		{"twin", "Marie", "Garcia Ruiz"},
		{"sibling", "Juan Carlos", "Garcia"},
		{"typo", "Mraia", "Ruiz-Garsia"},
		{"neighbour", "Oluwaseun", "Adeyemi"},
	} {
		on := []Candidate{{Number: 1, Identity: Of(c.given, c.family, "1980-05-06", request.Female, phone, email)}}
		b.Run("decide/"+c.name, func(b *testing.B) {
			for b.Loop() {
				Decide(asked, on)
			}
		})
	}
	b.Run("of", func(b *testing.B) {
		for b.Loop() {
			Of("María José", "García-Ruiz Jr.", "1980-05-06", request.Female, "(617) 555-0123", "Maria@Example.org")
		}
	})
}
