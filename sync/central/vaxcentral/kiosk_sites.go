package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/store"
	"vaxkiosk/sync/enrol"
	"vaxkiosk/sync/keyfile"
)

// Codes for many kiosks at once, from a list of where they stand. All of them are drawn, or
// none; every mistake of the list is said, by its line.

// maxSites is how many lines a list may have: ten times what a state has of counties and clinics.
const maxSites = 10_000

// siteColumns are those that a list may have.
var siteColumns = []string{"name", "printer", "printer_pin", "paper"}

// site is a line of the list.
type site struct {
	line int
	operator.For
}

// mistakes are what is wrong with a list, each with its line.
type mistakes []string

func (m *mistakes) add(line int, format string, args ...any) {
	*m = append(*m, fmt.Sprintf("line %d: %s", line, fmt.Sprintf(format, args...)))
}

// err is all of them, nil when there is none.
func (m mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return fmt.Errorf("nobody is invited; correct the list:\n%s", strings.Join(m, "\n"))
}

// many invites the kiosks of a list, and writes names and codes into a file.
func (i *inviting) many(ctx context.Context, stdout io.Writer) error {
	if _, err := os.Lstat(i.out); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another --out, or remove it", i.out)
	}
	sites, err := i.read()
	if err != nil {
		return err
	}
	all := make([]operator.For, 0, len(sites))
	for _, s := range sites {
		all = append(all, s.For)
	}
	return withOperator(ctx, i.dir, func(o *operator.Operator) error {
		codes, until, err := o.InviteKiosks(ctx, all)
		if taken, is := errors.AsType[store.Refused](err); is {
			var wrong mistakes
			for _, n := range taken.At {
				wrong.add(sites[n].line, "there is, or was, a kiosk named %q: leave it out, or use vaxcentral kiosk replace", all[n].Name)
			}
			return wrong.err()
		}
		if err == nil {
			err = keyfile.New(i.out, codesFile(all, codes, until))
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(stdout, "%s has %d codes, each good once and until %s: erase it when the kiosks are in\n", i.out, len(codes), minute(until))
		return err
	})
}

// read reads the list; what it does not say of printer and paper is as the flags say.
func (i *inviting) read() (all []site, err error) {
	in := io.Reader(os.Stdin)
	if i.sites != "-" {
		f, err := os.Open(i.sites)
		if err != nil {
			return nil, fmt.Errorf("cannot read the list: %w", err)
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 16<<20))
	if err != nil {
		return nil, fmt.Errorf("cannot read the list: %w", err)
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))) // as spreadsheets write it
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("the list has no header: its first line is %s", strings.Join(siteColumns, ","))
	}
	for n := range header {
		header[n] = strings.ToLower(strings.TrimSpace(header[n]))
	}
	if err := goodHeader(header); err != nil {
		return nil, err
	}
	var wrong mistakes
	at := map[string]int{}
	for len(all) <= maxSites {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("nobody is invited; the list is no CSV: %w", err)
		}
		line, _ := r.FieldPos(0)
		if s, is := i.site(line, header, row, &wrong); is {
			if before := at[s.Name]; before != 0 {
				wrong.add(line, "%q stands in line %d already", s.Name, before)
			}
			at[s.Name] = line
			all = append(all, s)
		}
	}
	switch {
	case len(all) > maxSites:
		return nil, fmt.Errorf("the list has over %d kiosks: divide it", maxSites)
	case len(all) == 0 && len(wrong) == 0:
		return nil, errors.New("the list has no kiosk in it")
	}
	return all, wrong.err()
}

// goodHeader refuses columns that would silently do nothing.
func goodHeader(header []string) error {
	for n, name := range header {
		switch {
		case !slices.Contains(siteColumns, name):
			return fmt.Errorf("line 1: there is no column %q: a list has %s", printable(name), strings.Join(siteColumns, ", "))
		case slices.Index(header, name) != n:
			return fmt.Errorf("line 1: the column %s is there twice", name)
		}
	}
	if !slices.Contains(header, "name") {
		return fmt.Errorf("line 1: the column name is missing: a list has %s", strings.Join(siteColumns, ", "))
	}
	return nil
}

// site is a line of the list, unless it is empty or says too much.
func (i *inviting) site(line int, header, row []string, wrong *mistakes) (site, bool) {
	said := map[string]string{}
	for n, value := range row {
		switch value = strings.TrimSpace(value); {
		case n < len(header):
			said[header[n]] = value
		case value != "":
			wrong.add(line, "it has more fields than the header")
			return site{}, false
		}
	}
	if strings.Join(row, "") == "" { // a spreadsheet's last lines
		return site{}, false
	}
	to := printerFlags{uri: said["printer"], pin: said["printer_pin"]}
	if to == (printerFlags{}) {
		to = i.printer
	}
	s := site{line, operator.For{
		Name: said["name"], Printer: to.uri, PrinterPin: to.pin, Paper: cmp.Or(said["paper"], i.paper), Life: i.life, By: who(i.by),
	}}
	if err := operator.GoodName(s.Name); err != nil {
		wrong.add(line, "%v", err)
	}
	if err := goodInvitation(i.address, s.Paper, to); err != nil {
		wrong.add(line, "%s", columns.Replace(err.Error()))
	}
	return s, true
}

// columns are what a list calls what flags are.
var columns = strings.NewReplacer("--printer-pin", "printer_pin", "--printer", "printer", "--paper", "paper")

// codesFile is what a roll-out reads: a line for each kiosk.
func codesFile(all []operator.For, codes []enrol.Code, until time.Time) []byte {
	rows := [][]string{{"name", "code", "until"}}
	for n, f := range all {
		rows = append(rows, []string{f.Name, codes[n].Grouped(), until.UTC().Format(time.RFC3339)})
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows) // into memory
	return b.Bytes()
}
