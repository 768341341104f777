package courier_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/client"
	"vaxkiosk/sync/courier"
	"vaxkiosk/sync/outbox"
	"vaxkiosk/sync/seal"
)

// taker is a central that takes everything; the kiosk's is a client.Client.
type taker struct{}

func (taker) Post(context.Context, seal.Purpose, string, []byte) (client.Taken, error) {
	return client.Taken{ID: "r-1", Expires: time.Now().Add(time.Hour)}, nil
}

// What is saved goes out by itself; Accepted waits for the id under which central has it.
func Example() {
	dir, err := os.MkdirTemp("", "outbox-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	box, err := outbox.Open(filepath.Join(dir, "kiosk.db"))
	if err != nil {
		panic(err)
	}
	defer box.Close()

	ctx, stop := context.WithCancel(context.Background())
	c := courier.New(box, taker{}, slog.New(slog.DiscardHandler), nil)
	stopped := make(chan struct{})
	go func() { c.Run(ctx); close(stopped) }()

	key, envelope := sealed()
	if err := box.Save(ctx, key, envelope); err != nil { // nil: the visitor may be told
		panic(err)
	}
	c.Wake()
	id, err := c.Accepted(ctx, key)
	fmt.Println(id, err)

	stop()
	<-stopped
	// Output: r-1 <nil>
}

// sealed is what a visitor hands in, as it is kept.
func sealed() (key string, envelope []byte) {
	private, _, err := seal.NewPrivateKey()
	if err != nil {
		panic(err)
	}
	key = "3NAXQ8B0VMK5T7ZC"
	e, err := seal.Seal(private.Public(), seal.ForRequest, key, []byte("what a visitor typed"))
	if err != nil {
		panic(err)
	}
	return key, e.Encode()
}
