package words_test

import (
	"fmt"

	"vaxkiosk/app/request"
	"vaxkiosk/ui/words"
)

// A key has one text in each language, with places that the caller fills.
func Example() {
	day := request.Date{Year: 1958, Month: 3, Day: 14}
	for _, lang := range []string{"en", "es-US"} {
		w := words.Of(lang)
		fmt.Println(w.Lang(), w.Show("sent.receipt"), w.Date(day))
	}
	// With keys in place of words a screen says what it shows, in no language.
	fmt.Println(words.Keys("en").Show("slip.receipt-kept", "days", "30", "date", "soon"))
	// Output:
	// en Receipt number March 14, 1958
	// es Número de recibo 14 de marzo de 1958
	// [slip.receipt-kept days=30 date=soon]
}
