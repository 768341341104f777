package exchange

import (
	"encoding/csv"
	"slices"
	"strings"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// Columns of the two kinds of CSV; the first ones are required.
var (
	personColumns = []string{"id", "given", "family", "birth", "gender", "phone", "email"}
	doseColumns   = []string{"person", "date", "cvx", "product", "manufacturer", "lot", "performer", "status", "not_valid", "historical"}
)

const (
	personRequired = 4
	doseRequired   = 3
)

// header returns what reads the lines below a header; nil when it is none.
func header(line string, today request.Date) func([]byte) (registry.Entry, registry.Reason) {
	names, ok := fields(strings.ToLower(strings.TrimSpace(line)))
	if !ok {
		return nil
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	if at := places(names, personColumns, personRequired); at != nil {
		return func(line []byte) (registry.Entry, registry.Reason) { return personRow(line, at, len(names), today) }
	}
	if at := places(names, doseColumns, doseRequired); at != nil {
		return func(line []byte) (registry.Entry, registry.Reason) { return doseRow(line, at, len(names), today) }
	}
	return nil
}

// places tells for each column where it is in the file, -1 for nowhere; nil when
// a required one lacks, or there is one that is not known or comes twice.
func places(names, columns []string, required int) []int {
	at := make([]int, len(columns))
	known := 0
	for i, c := range columns {
		at[i] = slices.Index(names, c)
		if at[i] < 0 && i < required {
			return nil
		}
		if at[i] >= 0 {
			known++
		}
	}
	if known != len(names) {
		return nil
	}
	return at
}

// fields splits one line of CSV.
func fields(line string) ([]string, bool) {
	if !strings.Contains(line, `"`) {
		return strings.Split(line, ","), true
	}
	row, err := csv.NewReader(strings.NewReader(line)).Read()
	return row, err == nil
}

// row puts the fields of a line into the order of the columns.
func row(line []byte, at []int, names int) ([]string, registry.Reason) {
	all, ok := fields(string(line))
	if !ok {
		return nil, NotCSV
	}
	if len(all) != names {
		return nil, FieldCount
	}
	values := make([]string, len(at))
	for i, from := range at {
		if from >= 0 {
			values[i] = strings.TrimSpace(all[from])
		}
	}
	return values, ""
}

func personRow(line []byte, at []int, names int, today request.Date) (registry.Entry, registry.Reason) {
	v, bad := row(line, at, names)
	if bad != "" {
		return registry.Entry{}, bad
	}
	return person(draft{id: v[0], given: v[1], family: v[2], birth: v[3], gender: v[4], phone: v[5], email: v[6]}, today)
}

func doseRow(line []byte, at []int, names int, today request.Date) (registry.Entry, registry.Reason) {
	v, bad := row(line, at, names)
	if bad != "" {
		return registry.Entry{}, bad
	}
	notValid, ok := truth(v[8])
	historical, also := truth(v[9])
	if !ok || !also {
		return registry.Entry{}, MarkWrong
	}
	return dose(v[0], record.Dose{
		Date: v[1], CVX: v[2], Product: v[3], Manufacturer: v[4], Lot: v[5], Performer: v[6], Status: v[7],
		NotValid: notValid, Historical: historical,
	}, today)
}

// truth reads "true" or "false"; nothing is false.
func truth(s string) (is, ok bool) {
	is = strings.EqualFold(s, "true")
	return is, is || s == "" || strings.EqualFold(s, "false")
}
