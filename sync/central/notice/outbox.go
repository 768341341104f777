package notice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/sync/keyfile"
)

// Outbox is a folder of messages for the operator's gateway. Each message is a
// file TIME-RANDOM.json with "to", "channel" (sms or email), "subject", "text"
// and "at", readable by its owner only; its name never changes and its content
// is complete as soon as it has one. The gateway deletes what it has sent.
type Outbox struct{ dir string }

// NewOutbox is the outbox in a folder, which is not touched before Prepare.
func NewOutbox(dir string) *Outbox { return &Outbox{dir} }

// Prepare makes the folder if there is none, makes sure that it can be written
// to, and erases what a killed sender left half written: it holds a code, and
// central sends that notice again. Nobody else may send into the folder meanwhile:
// what they have half written would be erased, too.
func (o *Outbox) Prepare() error {
	dir := o.dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make the folder of notices (%w): check its path and rights", err)
	}
	probe, err := os.CreateTemp(dir, keyfile.Unfinished)
	if err != nil {
		return fmt.Errorf("cannot write into the folder of notices (%w): check its rights", err)
	}
	probe.Close()
	left, err := fs.Glob(os.DirFS(dir), keyfile.Unfinished)
	for _, name := range left {
		err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
	}
	return err
}

// Send writes the message to the disk.
func (o *Outbox) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	channel := "sms"
	if m.ByEmail() {
		channel = "email"
	}
	b, err := json.MarshalIndent(map[string]string{
		"to": m.To, "channel": channel, "subject": m.Subject, "text": m.Text, "at": m.At.UTC().Format(time.RFC3339),
	}, "", "  ")
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s-%s.json", m.At.UTC().Format("20060102T150405.000"), rand.Text()[:10])
	return keyfile.Write(filepath.Join(o.dir, name), append(b, '\n'))
}
