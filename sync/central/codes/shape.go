package codes

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"vaxkiosk/assets"
)

// groups is the table of which vaccine is in which group: a part of ours of vaccines, and a
// file of its own at the CDC.
const groups = "groups"

// table is a file that was recognised: rows of fields by the names of our columns.
type table struct {
	kind string
	rows []map[string]string
}

// names of the columns, as the CDC writes them in its XML files, its downloads and its
// spreadsheets, and as we do.
var names = map[string]string{
	"cvx": "cvx", "cvxcode": "cvx",
	"short": "short", "shortdescription": "short", "cvxshortdescription": "short",
	"full": "full", "fullvaccinename": "full",
	"status": "status", "vaccinestatus": "status", "productnamestatus": "status",
	"lastupdated": "last_updated", "lastupdateddate": "last_updated", "updatedate": "last_updated",
	"groups": "groups", "groupcvx": "group_cvx",
	"mvx": "mvx", "mvxcode": "mvx",
	"name": "name", "manufacturername": "name", "manufacturer": "manufacturer",
	"product": "product", "cdcproductname": "product",
	"vaccinegroupname": "group", "cvxforvaccinegroup": "group_of",
	"ndc": "ndc",
}

// kinds are told apart by columns that a file must have, in this order.
var kinds = []struct {
	kind  string
	needs []string
}{
	{assets.TableNDC, []string{"ndc", "cvx"}},
	{groups, []string{"cvx", "group", "group_of"}},
	{assets.TableTradename, []string{"product", "cvx", "mvx", "manufacturer", "status"}},
	{assets.TableCVX, []string{"cvx", "short", "full", "status"}},
	{assets.TableMVX, []string{"mvx", "name", "status"}},
}

// shapes are the CDC's downloads, which have no header: the names of their fields, "" for
// one that is not used.
var shapes = [][]string{
	{"cvx", "short", "full", "", "status", "", "last_updated"},
	{"cvx", "short", "full", "", "status", "last_updated"},
	{"mvx", "name", "", "status", "last_updated"},
	{"product", "short", "cvx", "manufacturer", "mvx", "", "status", "last_updated"},
	{"short", "cvx", "status", "group", "group_of"},
	{"", "", "", "", "", "", "", "", "", "", "", "cvx", "", "", "ndc", "last_updated", ""}, // units of use
	{"", "", "", "", "", "", "", "", "", "", "", "last_updated", "cvx", "", "ndc", ""},     // units of sale
}

// column is our name of a column: a spreadsheet of packages may have several NDC of a row,
// as they are sold and as they are used.
func column(name string) string {
	if strings.Contains(name, "ndc11") {
		return "ndc"
	}
	return names[name]
}

func isHeader(plain []string) bool {
	known := 0
	for _, name := range plain {
		if column(name) != "" {
			known++
		}
	}
	return known > 1
}

var errUnknown = errors.New("it is none of the CDC's tables of CVX, MVX, trade names, vaccine groups or NDC, as text with |, tabs or commas or as XML")

// recognise tells which table a file is, and wants every row to be one of it.
func recognise(s sheet) (table, error) {
	columns := s.header
	for i, name := range columns {
		columns[i] = column(name)
	}
	if columns == nil {
		if columns = shapeOf(s.rows); columns == nil {
			return table{}, errUnknown
		}
	}
	kind := kindOf(columns)
	if kind == "" {
		return table{}, errUnknown
	}
	t := table{kind: kind}
	for _, row := range s.rows {
		if n := len(row.fields); n < len(columns) || strings.Join(row.fields[len(columns):], "") != "" {
			return table{}, fmt.Errorf("line %d does not have the fields of the others", row.at)
		}
		for _, fields := range spread(columns, row.fields) {
			if err := clean(kind, fields); err != nil {
				return table{}, fmt.Errorf("line %d: %w", row.at, err)
			}
			t.rows = append(t.rows, fields)
		}
	}
	if len(t.rows) == 0 {
		return table{}, errors.New("it has no rows")
	}
	return t, nil
}

func kindOf(columns []string) string {
	for _, k := range kinds {
		if !slices.ContainsFunc(k.needs, func(c string) bool { return !slices.Contains(columns, c) }) {
			return k.kind
		}
	}
	return ""
}

// spread gives the fields of a row their names, once for each NDC in it.
func spread(columns, fields []string) (all []map[string]string) {
	var ndcs []string
	row := map[string]string{}
	for i, c := range columns {
		switch c {
		case "":
		case "ndc":
			if fields[i] != "" && !slices.Contains(ndcs, fields[i]) {
				ndcs = append(ndcs, fields[i])
			}
		default:
			row[c] = fields[i]
		}
	}
	if !slices.Contains(columns, "ndc") {
		return []map[string]string{row}
	}
	if row["cvx"] == "" {
		return nil // a package that never got a code
	}
	for _, ndc := range ndcs {
		all = append(all, map[string]string{"ndc": ndc, "cvx": row["cvx"], "last_updated": row["last_updated"]})
	}
	return all
}

var (
	cvxForm   = regexp.MustCompile(`^[0-9]{2,3}$`)
	mvxForm   = regexp.MustCompile(`^[A-Z0-9]{2,3}$`)
	statusSet = map[string]string{
		"active": "Active", "inactive": "Inactive", "never active": "Never Active", "non-us": "Non-US", "pending": "Pending",
	}
)

// ways to check a value of a column of a kind of file and to write it in one way.
var ways = map[string]func(kind, value string) (string, bool){
	"cvx": cvx, "group_of": cvx, "status": status, "last_updated": date, "short": short, "name": filled, "product": filled, "group": filled,
	"mvx": func(kind, value string) (string, bool) {
		return value, mvxForm.MatchString(value) || kind == assets.TableTradename && value == ""
	},
	"ndc": func(_, value string) (string, bool) { return assets.NDC(value) },
}

func cvx(_, value string) (string, bool) {
	if len(value) == 1 {
		value = "0" + value // a spreadsheet has taken it away
	}
	return value, cvxForm.MatchString(value)
}

func status(_, value string) (string, bool) {
	word, ok := statusSet[strings.ToLower(value)]
	return word, ok
}

func date(_, value string) (string, bool) {
	t, err := assets.Date(value)
	if err != nil || t.IsZero() {
		return "", err == nil
	}
	return t.Format("1/2/2006"), true
}

// short is the name of a vaccine; in other tables it only repeats it.
func short(kind, value string) (string, bool) {
	return value, value != "" || kind != assets.TableCVX
}

func filled(_, value string) (string, bool) { return value, value != "" }

// clean checks a row and writes its codes and its date in one way. What it refuses it names
// by the column.
func clean(kind string, row map[string]string) error {
	for column, value := range row {
		way := ways[column]
		if way == nil {
			continue
		}
		to, ok := way(kind, value)
		if !ok {
			return fmt.Errorf("%s is not well-formed", column)
		}
		row[column] = to
	}
	return nil
}

// shapeOf finds the shape that nearly all rows fit; a row that does not is a fault of
// a file, not another shape.
func shapeOf(rows []line) []string {
	for _, shape := range shapes {
		fit := 0
		for _, row := range rows {
			if fits(shape, row.fields) {
				fit++
			}
		}
		if fit > 0 && fit*10 >= len(rows)*9 {
			return shape
		}
	}
	return nil
}

func fits(shape, fields []string) bool {
	if len(fields) != len(shape) {
		return false
	}
	for _, row := range spread(shape, fields) {
		if clean(kindOf(shape), row) != nil {
			return false
		}
	}
	return true
}
