package calls

import (
	"errors"
	"testing"

	"vaxkiosk/sync/api"
)

func TestABodyHasJustTheMembersOfTheContract(t *testing.T) {
	for body, want := range map[string]error{
		`{"outcome":"printed","pages":2}`:                nil,
		` {"pages":0,"outcome":"failed"} `:               nil,
		`{"OUTCOME":"printed","pages":2}`:                errUnknownField,
		`{"outcome":"printed","Pages":2,"pages":2}`:      errUnknownField,
		`{"outcome":"printed","pages":2,"more":1}`:       errUnknownField,
		`{"outcome":"printed"}`:                          errAny,
		`{"outcome":"printed","pages":null}`:             errAny,
		`{"outcome":"printed","pages":2,"pages":3}`:      errAny,
		`{"outcome":"printed","pages":2}{"outcome":"x"}`: errAny,
		`["outcome"]`: errAny,
		`null`:        errAny,
		`{"outcome":"printed","pages":2,"outcome":"lost"`: errAny,
	} {
		var into api.PrintReport
		err := strict([]byte(body), &into)
		if (err == nil) != (want == nil) || errors.Is(want, errUnknownField) != errors.Is(err, errUnknownField) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

var errAny = errors.New("an error")
