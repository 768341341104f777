// Package codes keeps the CDC's code tables of a central service: vaccines (CVX), makers
// (MVX), trade names, and packages (NDC). They are built into the program, and a registry
// gets codes that are newer than a build: so Read reads the files that the CDC publishes,
// Plan.Write puts them into the data folder, and Load takes them from there.
//
// Read knows a file by its header or, as most of the CDC's have none, by its shape. It takes
// text with vertical bars, tabs or commas between the fields, in UTF-8, UTF-16 or Windows'
// letters, the CDC's XML, and the tables as Write writes them. A table that is given
// replaces the one in force; only packages are added to: an NDC is never given to another
// vaccine, and CDC's files of units of sale and of use are two halves. The groups that
// vaccines are in are a file of their own at the CDC; without it known vaccines keep theirs.
//
// It refuses a file that it does not know, and all of them when one row is not well-formed
// or a table is cut off. It never leaves a service without tables: when one of the folder
// cannot be read, the one built in is in force, and Load says so.
package codes

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"vaxkiosk/assets"
	"vaxkiosk/sync/keyfile"
)

// Folder is where the tables are in a data folder.
const Folder = "codes"

// MaxTable is how large a table may be, in bytes; of the files it is made from, maxFile.
const (
	MaxTable = 1 << 20
	maxFile  = 16 << 20
)

// File is the name of a table in a data folder, with slashes.
func File(table string) string { return Folder + "/" + table + ".tsv" }

// Load reads the tables of a data folder. Those that are not there, or cannot be read, are
// the ones built in; of the latter the error tells, and Codes are good all the same.
func Load(dir string) (*assets.Codes, error) {
	tables := map[string][]byte{}
	var broken error
	for _, name := range assets.Tables {
		text, err := readFile(filepath.Join(dir, filepath.FromSlash(File(name))), MaxTable)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			_, err = assets.NewCodes(map[string][]byte{name: text})
		}
		if err != nil {
			broken = errors.Join(broken, fmt.Errorf("%s cannot be used, so the one built in is: %w", File(name), err))
			continue
		}
		tables[name] = text
	}
	if len(tables) == 0 {
		return assets.BuiltIn(), broken
	}
	c, err := assets.NewCodes(tables)
	if err != nil {
		return assets.BuiltIn(), errors.Join(broken, err)
	}
	return c, broken
}

// Use puts the tables of a data folder in force for the program, as Load has them.
func Use(dir string) error {
	c, broken := Load(dir)
	assets.Use(c)
	return broken
}

// stale is how many months old the newest change may be: the CDC changes its tables every
// few weeks.
const stale = 18

// Old reports whether the tables are so old that somebody should get newer ones.
func Old(c *assets.Codes, now time.Time) bool { return c.Newest().AddDate(0, stale, 0).Before(now) }

func readFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, errors.New("it is too large for a table of codes")
	}
	return os.ReadFile(path)
}

// Write puts the tables into a data folder, each whole or not at all. A service that runs
// there has them within the hour.
func (p *Plan) Write(dir string) error {
	in := filepath.Join(dir, Folder)
	if err := os.Mkdir(in, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("cannot write into the data folder (%w): check its rights", err)
	}
	for _, c := range p.Changes {
		if err := keyfile.Write(filepath.Join(dir, filepath.FromSlash(File(c.Table))), p.codes.Text(c.Table)); err != nil {
			return err
		}
	}
	return nil
}
