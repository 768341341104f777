package card

import (
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// What a card says is read by others: of people of whom everything is known, not a byte of
// it changes, whatever statements learn to say.
func TestACardSaysToTheByteWhatCardsHaveAlwaysSaid(t *testing.T) {
	p := registry.Person{
		Number: 1, Given: "María José", Family: "O'Neill", Birth: request.Date{Year: 1958, Month: 3, Day: 14},
		Doses: []record.Dose{
			{Date: "2025-10-02", CVX: "309", Product: "Comirnaty", Manufacturer: "Pfizer, Inc", Lot: "LX2231", Performer: "CVS Pharmacy 0417", Status: record.StatusCompleted},
			{Date: "2021-09-14", CVX: "115", Product: "Boostrix", Status: record.StatusCompleted},
		},
		Unread: 2, UnreadRecommendations: 1,
	}
	k := &packer{person: coded(p), issuer: by.URL, rid: rid, nbf: now.Unix()}
	got, _, err := k.payload([]int{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"iss":"https://central.example.org","nbf":1795424400,"vc":{"type":["https://smarthealth.cards#health-card","https://smarthealth.cards#immunization"],"credentialSubject":{"fhirVersion":"4.0.1","fhirBundle":{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"resource:0","resource":{"resourceType":"Patient","name":[{"family":"O'Neill","given":["María","José"]}],"birthDate":"1958-03-14"}},{"fullUrl":"resource:1","resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"309"}]},"patient":{"reference":"resource:0"},"occurrenceDateTime":"2025-10-02","lotNumber":"LX2231","performer":[{"actor":{"display":"CVS Pharmacy 0417"}}]}},{"fullUrl":"resource:2","resource":{"resourceType":"Immunization","status":"completed","vaccineCode":{"coding":[{"system":"http://hl7.org/fhir/sid/cvx","code":"115"}]},"patient":{"reference":"resource:0"},"occurrenceDateTime":"2021-09-14"}}]}},"rid":"rDqP-4x_9Zs"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
