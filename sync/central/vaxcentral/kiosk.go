package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/keyfile"
)

// kioskFile is the configuration of a kiosk, as package app/config reads it.
type kioskFile struct {
	Central struct {
		URL  string `toml:"url"`
		CA   string `toml:"ca"`
		Cert string `toml:"cert"`
		Key  string `toml:"key"`
		Pin  string `toml:"pin"`
	} `toml:"central"`
	Kiosk struct {
		Name string `toml:"name"`
		Data string `toml:"data"`
		Test bool   `toml:"test,omitempty"`
	} `toml:"kiosk"`
	Printer struct {
		URI  string `toml:"uri"`
		Pin  string `toml:"pin,omitempty"`
		Hold bool   `toml:"hold,omitempty"`
	} `toml:"printer"`
	Paper struct {
		Size string `toml:"size"`
	} `toml:"paper"`
}

// configFile is the name of the configuration in the --out folder.
const configFile = "kiosk.toml"

// goodAddress wants an address that a kiosk can be told.
func goodAddress(address string) error {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return fmt.Errorf("--url is %q: give it an address like https://central.example.org without a path", address)
	}
	return nil
}

func addKiosk(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	name := f.String("name", "", "`name` of the kiosk, for example town-hall-1 (required)")
	address := f.String("url", "", "`address` where the kiosk reaches this service, https://HOST[:PORT] (required)")
	out := f.String("out", "", "`folder` to write the kiosk's files into (required)")
	var printer printerFlags
	printer.read(f)
	data := f.String("kiosk-data", "data", "`folder` at the kiosk where it keeps what waits for this service, relative to its kiosk.toml; /var/lib/vaxkiosk of the package")
	paper := f.String("paper", "letter", "`size` of the paper: letter or a4")
	if err := parse(f, args, "data", "name", "url", "out", "printer", "kiosk-data"); err != nil {
		return err
	}
	if err := goodAddress(*address); err != nil {
		return err
	}
	if *paper != "letter" && *paper != "a4" {
		return fmt.Errorf("--paper is %q: give it letter or a4", *paper)
	}
	if err := printer.check(); err != nil {
		return err
	}
	path := filepath.Join(*out, configFile)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another --out folder, or remove it", path)
	}
	var k kioskFile
	k.Kiosk.Name, k.Kiosk.Data, k.Kiosk.Test, k.Paper.Size = *name, *data, printer.tests, *paper
	k.Printer.URI, k.Printer.Pin, k.Printer.Hold = printer.uri, printer.pin, printer.hold
	k.Central.URL, k.Central.CA, k.Central.Cert, k.Central.Key = *address, operator.CAFile, operator.CertFile, operator.KeyFile
	err := withOperator(ctx, *dir, func(o *operator.Operator) (err error) {
		k.Central.Pin, err = o.EnrolKiosk(ctx, *name, *out)
		return err
	})
	if err != nil {
		return nameTaken(err, *name)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Configuration of one kiosk. Paths are relative to this file.\n\n")
	if err := toml.NewEncoder(&b).Encode(k); err != nil {
		return err
	}
	if err := keyfile.Write(path, b.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s is ready: copy the folder to the kiosk and start vaxkiosk --config %s\n", path, configFile)
	return nil
}
