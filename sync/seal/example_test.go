package seal_test

import (
	"errors"
	"fmt"

	"vaxkiosk/sync/seal"
)

// A kiosk seals with the public key alone; what it sealed opens at central, for the purpose
// it was sealed for, and for no other.
func Example() {
	private, _, err := seal.NewPrivateKey() // central's; the second value is what it keeps
	if err != nil {
		panic(err)
	}

	const key = "3NAXQ8B0VMK5T7ZC" // the idempotency key of the request
	envelope, err := seal.Seal(private.Public(), seal.ForRequest, key, []byte("what a visitor typed"))
	if err != nil {
		panic(err)
	}
	onTheWay := envelope.Encode()

	arrived, err := seal.Decode(onTheWay)
	if err != nil {
		panic(err)
	}
	plain, err := private.Open(arrived, seal.ForRequest, key)
	fmt.Printf("%s, %v\n", plain, err)
	_, err = private.Open(arrived, seal.ForUnlock, key)
	fmt.Println(errors.Is(err, seal.ErrOpen))
	// Output:
	// what a visitor typed, <nil>
	// true
}
