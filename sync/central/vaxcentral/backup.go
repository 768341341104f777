package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"filippo.io/age"

	"vaxkiosk/sync/central/folder"
)

// Back-ups: written, verified, restored.

// several collects a flag that may be given more than once.
type several []string

func (s *several) String() string { return strings.Join(*s, ",") }

func (s *several) Set(v string) error {
	*s = append(*s, strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })...)
	return nil
}

func backUp(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	out := f.String("out", "", "`file` to write, which must not exist yet (required)")
	var to several
	f.Var(&to, "recipient", "public `key` that the back-up is encrypted to, age1…, as age-keygen prints it; several times for several holders")
	list := f.String("recipients-file", "", "`file` with such keys, one a line; # begins a remark")
	if err := parse(f, args, "data", "out"); err != nil {
		return err
	}
	recipients, err := recipientsOf(to, *list)
	if err != nil {
		return err
	}
	b, err := folder.BackUp(ctx, *dir, *out, recipients, time.Now())
	if err != nil {
		return interrupted(ctx, err, "there is no back-up: run the same command again")
	}
	fmt.Fprintf(stdout, "%s holds %d files of %s: %s\n", *out, len(b.Files), *dir, contents(b))
	return nil
}

// recipientsOf are those that a back-up is encrypted to: it is never written without any.
func recipientsOf(to []string, file string) (recipients []age.Recipient, err error) {
	if len(to) == 0 && file == "" {
		return nil, errors.New("also give --recipient or --recipients-file; see vaxcentral backup --help")
	}
	for _, text := range to {
		all, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return nil, errors.New("--recipient is no public key of age: give it age1…, as age-keygen prints it") // it may be a private one
		}
		recipients = append(recipients, all...)
	}
	if file == "" {
		return recipients, nil
	}
	text, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read --recipients-file (%w): check its path and rights", err)
	}
	defer text.Close()
	all, err := age.ParseRecipients(text)
	if err != nil {
		return nil, fmt.Errorf("%s holds a line that is no public key of age: it has age1…, as age-keygen prints it, one a line", file)
	}
	return append(recipients, all...), nil
}

func contents(b folder.Backup) string {
	return fmt.Sprintf("made %s, %d people, %d requests that wait", b.Made.UTC().Format(time.RFC3339), b.People, b.Waiting)
}

// identities reads the private keys of a file.
func identities(path string) ([]age.Identity, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read --identity (%w): check its path and rights", err)
	}
	defer file.Close()
	all, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("%s holds no private key of age: give --identity the file that age-keygen wrote", path)
	}
	return all, nil
}

func verifyBackup(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	identity := f.String("identity", "", "`file` with the private key, as age-keygen writes it (required)")
	path, err := parseFile(f, args, "identity")
	if err != nil {
		return err
	}
	keys, err := identities(*identity)
	if err != nil {
		return err
	}
	b, err := folder.VerifyBackup(ctx, path, keys)
	if err != nil {
		return interrupted(ctx, err, "run the same command again")
	}
	fmt.Fprintf(stdout, "%s is whole: %d files, %s\n", path, len(b.Files), contents(b))
	return nil
}

func restore(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error {
	dir := f.String("data", "", "`folder` for database and keys, empty or not there yet (required)")
	identity := f.String("identity", "", "`file` with the private key, as age-keygen writes it (required)")
	url := f.String("database", "", databaseFlag+" (a file in the folder, also of a back-up of a server)")
	instead := f.String("instead-of", "", "`folder` that can be read still and is given up: what it has had since the back-up, and is lost, is counted")
	path, err := parseFile(f, args, "data", "identity")
	if err != nil {
		return err
	}
	keys, err := identities(*identity)
	if err != nil {
		return err
	}
	now := time.Now()
	b, err := folder.RestoreOn(ctx, path, keys, *dir, *url, now, func(b folder.Backup) error { return sayLosses(ctx, stdout, b, *instead, now) }, carrying(stderr))
	if err != nil {
		return interrupted(ctx, err, "nothing was restored: run the same command again")
	}
	fmt.Fprintf(stdout, "%s is restored: %s\n%s", *dir, contents(b), afterLoss)
	fmt.Fprintf(stdout, "A service on it takes requests and sends nothing until vaxcentral resume --data %s\n", *dir)
	return nil
}

// sayLosses says what a back-up has not, before it takes the place of what is there.
func sayLosses(ctx context.Context, stdout io.Writer, b folder.Backup, instead string, now time.Time) error {
	fmt.Fprintf(stdout, "Lost is what came after %s, %s ago\n", b.Made.UTC().Format(time.RFC3339), now.Sub(b.Made).Round(time.Second))
	if instead == "" {
		return nil
	}
	l, err := folder.Lost(ctx, instead, b.Made)
	if err != nil {
		return fmt.Errorf("cannot count what is lost, without --instead-of nothing is counted: %w", err)
	}
	fmt.Fprintf(stdout, "In %s since then: %d requests, %d messages with codes or without, %d prints, %d corrections, %d records opened by staff, %d imports, %d links and removals, %d kiosks let in, %d changes of kiosks\n",
		instead, l.Requests, l.Notices, l.Prints, l.Corrections, l.Releases, l.Imports, l.Acts, l.Enrolled, l.Changed)
	return nil
}

// afterLoss is what is to be done about what a back-up has not.
const afterLoss = `Of what came after it: people whose request is unknown ask again, and get a new code; codes of the back-up that were replaced open again
  Do again: people import of what came since, people remove and remove-dose, card withdraw, staff add and remove, kiosk revoke and suspend
  A kiosk that was let in since is refused: kiosk replace it. Keys that were replaced since: key list, and see the README
`
