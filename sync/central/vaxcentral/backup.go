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
	f.Var(&to, "recipient", "public `key` that the back-up is encrypted to, age1…, as age-keygen prints it; several times for several holders (required)")
	if err := parse(f, args, "data", "out", "recipient"); err != nil {
		return err
	}
	var recipients []age.Recipient
	for _, text := range to {
		all, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return errors.New("--recipient is no public key of age: give it age1…, as age-keygen prints it") // it may be a private one
		}
		recipients = append(recipients, all...)
	}
	b, err := folder.BackUp(ctx, *dir, *out, recipients, time.Now())
	if err != nil {
		return interrupted(ctx, err, "there is no back-up: run the same command again")
	}
	fmt.Fprintf(stdout, "%s holds %d files of %s: %s\n", *out, len(b.Files), *dir, contents(b))
	return nil
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

func restore(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` for database and keys, empty or not there yet (required)")
	identity := f.String("identity", "", "`file` with the private key, as age-keygen writes it (required)")
	path, err := parseFile(f, args, "data", "identity")
	if err != nil {
		return err
	}
	keys, err := identities(*identity)
	if err != nil {
		return err
	}
	b, err := folder.Restore(ctx, path, keys, *dir, time.Now())
	if err != nil {
		return interrupted(ctx, err, "nothing was restored: run the same command again")
	}
	fmt.Fprintf(stdout, "%s is restored: %s\nA service on it takes requests and sends nothing until vaxcentral resume --data %s\n", *dir, contents(b), *dir)
	return nil
}
