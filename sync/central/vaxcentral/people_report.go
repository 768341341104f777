package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/registry/exchange"
	"vaxkiosk/sync/central/store"
)

// What an import says of lines that it refuses: the first of each kind on standard error, all
// of them in a file. Neither says what stands in the line (promise P9). A report is on the
// disk before what it is about is committed, so that a crash leaves no refusal out; and the
// next run goes on in it behind what was committed.

// mostSaid is how many refusals of one kind are printed.
const mostSaid = 20

// complaints are those of one run of the program.
type complaints struct {
	out    io.Writer
	clear  func()  // takes the progress bar away
	report *report // nil: there is none
	said   map[registry.Reason]int
}

func (r *complaints) add(line int, why registry.Reason) error {
	if r.said == nil {
		r.said = map[registry.Reason]int{}
	}
	if r.said[why]++; r.said[why] <= mostSaid+1 {
		r.clear()
		text := fmt.Sprintf("line %d: %s", line, why)
		if r.said[why] > mostSaid {
			text = fmt.Sprintf("more lines: %s", why)
		}
		fmt.Fprintln(r.out, text)
	}
	if r.report == nil {
		return nil
	}
	return r.report.add(line, why)
}

// close ends the report.
func (r *complaints) close() error {
	if r.report == nil {
		return nil
	}
	return r.report.f.Close()
}

// save brings what was added to the disk.
func (r *complaints) save() error {
	if r.report == nil {
		return nil
	}
	return r.report.save()
}

var reportHeader = []string{"line", "reason", "what-to-do"}

// report is a file of refusals.
type report struct {
	f *os.File
	w *csv.Writer
}

// openReport is the report of a run that begins, or goes on.
func openReport(path string, resumed bool, run store.Import) (*report, error) {
	if resumed {
		return resumeReport(path, run.Line, run.Last)
	}
	return newReport(path)
}

// newReport makes a file where there is none.
func newReport(path string) (*report, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is there already: choose another --report", path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write the report (%w): check its path and rights", err)
	}
	r := &report{f, csv.NewWriter(f)}
	if err := errors.Join(r.w.Write(reportHeader), r.save()); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(path))
	}
	return r, nil
}

// resumeReport goes on in the file of a run that is resumed: what it has of lines behind
// those that are done goes, and of the last ones nothing lacks. Where there is no file
// it makes one.
func resumeReport(path string, done int, last []store.Refusal) (*report, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return newReport(path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot write the report (%w): check its path and rights", err)
	}
	r := &report{f, csv.NewWriter(f)}
	end, missing, err := keepRows(f, done, last)
	if err == nil {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	for i := 0; i < len(missing) && err == nil; i++ {
		err = r.add(missing[i].Line, registry.Reason(missing[i].Reason))
	}
	if err == nil {
		err = r.save()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot go on in %s: %w", path, err), f.Close())
	}
	return r, nil
}

// keepRows finds where the rows end that stay, and which of the last refusals are not among them.
func keepRows(f io.Reader, done int, last []store.Refusal) (end int64, missing []store.Refusal, err error) {
	missing = slices.Clone(last)
	rows := csv.NewReader(f)
	header, err := rows.Read()
	if err != nil || !slices.Equal(header, reportHeader) {
		return 0, nil, errors.New("it is no report of an import: choose another --report")
	}
	for {
		end = rows.InputOffset()
		row, err := rows.Read()
		if err != nil { // its end, or a row that was not finished
			return end, missing, nil
		}
		line, err := strconv.Atoi(row[0])
		if err != nil || line > done {
			return end, missing, nil
		}
		if i := slices.Index(missing, store.Refusal{Line: line, Reason: row[1]}); i >= 0 {
			missing = slices.Delete(missing, i, i+1)
		}
	}
}

func (r *report) add(line int, why registry.Reason) error {
	do := ""
	if w, known := exchange.Explain(why); known {
		do = w.Do
	}
	return r.w.Write([]string{strconv.Itoa(line), string(why), do})
}

func (r *report) save() error {
	r.w.Flush()
	if err := errors.Join(r.w.Error(), r.f.Sync()); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}
