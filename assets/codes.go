package assets

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The code tables of the CDC that vaccines, makers, products and packages come from. Each
// is TSV with a header: those in cdc/ are built in, and the forms of newer ones are theirs.
const (
	TableCVX       = "cvx"       // vaccines
	TableMVX       = "mvx"       // makers
	TableTradename = "tradename" // products
	TableNDC       = "ndc"       // packages
)

// Tables are the names of all of them.
var Tables = []string{TableCVX, TableMVX, TableTradename, TableNDC}

// columns of each table; last_updated may be left out, and the groups of a vaccine.
var columns = map[string][]string{
	TableCVX:       {"cvx", "short", "full", "status"},
	TableMVX:       {"mvx", "name", "status"},
	TableTradename: {"product", "cvx", "mvx", "manufacturer", "status"},
	TableNDC:       {"ndc", "cvx"},
}

// LeastVaccines is how many vaccines a CVX table has at least: with fewer it is cut off.
const LeastVaccines = 200

// Vaccine is one row of the CDC's CVX table.
type Vaccine struct {
	CVX, Short, Full string
	Groups           []string // vaccine groups, for example "DTAP", "HIB"; may be empty
	GroupCVX         []string // for each group the code of its unspecified formulation
}

// Product is one row of the CDC's trade name table.
type Product struct {
	Name, CVX, MVX, Manufacturer string
	Active                       bool
}

// Codes is one state of all tables. It is never changed. Use NewCodes to get one.
type Codes struct {
	text     map[string][]byte
	vaccines map[string]Vaccine
	makers   map[string]string
	products []Product
	packages map[string]string // CVX by 11 digits of a package, or 9 of a product
	newest   map[string]time.Time
}

// NewCodes reads tables by their names; one that is not given is the one built in. It
// refuses a table that is not well-formed, has a code twice, or is cut off: the error
// names table and row.
func NewCodes(tables map[string][]byte) (*Codes, error) {
	c := &Codes{text: map[string][]byte{}, newest: map[string]time.Time{}}
	for _, name := range Tables {
		text, given := tables[name]
		if !given {
			text = read("cdc/" + name + ".tsv")
		}
		if err := c.load(name, text); err != nil {
			return nil, fmt.Errorf("the %s table: %w", name, err)
		}
		c.text[name] = text
	}
	return c, nil
}

var builtIn = sync.OnceValue(func() *Codes {
	c, err := NewCodes(nil)
	if err != nil {
		panic(fmt.Sprintf("assets: cdc: %v", err))
	}
	return c
})

// inForce are the tables that all lookups of the program use; nil for those built in.
var inForce atomic.Pointer[Codes]

// BuiltIn are the tables that the program was built with.
func BuiltIn() *Codes { return builtIn() }

// InForce are the tables that VaccineOf and the like look into.
func InForce() *Codes {
	if c := inForce.Load(); c != nil {
		return c
	}
	return builtIn()
}

// Use puts tables in force for the whole program; nil stands for those built in.
func Use(c *Codes) { inForce.Store(c) }

// VaccineOf returns the vaccine with a CVX code.
func VaccineOf(cvx string) (Vaccine, bool) { return InForce().Vaccine(cvx) }

// Products returns the trade names of the CDC, in the order of their table. They are
// everybody's: do not change them.
func Products() []Product { return InForce().products }

// MakerOf returns the name of the manufacturer with an MVX code.
func MakerOf(mvx string) (string, bool) {
	name, ok := InForce().makers[strings.ToUpper(mvx)]
	return name, ok
}

// CVXOfNDC returns the vaccine that is in a package: see Codes.CVXOfNDC.
func CVXOfNDC(ndc string) (string, bool) { return InForce().CVXOfNDC(ndc) }

// Vaccine returns the vaccine with a CVX code.
func (c *Codes) Vaccine(cvx string) (Vaccine, bool) {
	v, ok := c.vaccines[cvx]
	return v, ok
}

// CVX are all codes of vaccines, sorted.
func (c *Codes) CVX() []string { return slices.Sorted(maps.Keys(c.vaccines)) }

// Text is a table as it was read. Do not change it.
func (c *Codes) Text(table string) []byte { return c.text[table] }

// Changed is the date of the newest change in a table; the zero time when it has none.
func (c *Codes) Changed(table string) time.Time { return c.newest[table] }

// Newest is the date of the newest change in all tables: how old they are.
func (c *Codes) Newest() (newest time.Time) {
	for _, t := range c.newest {
		if t.After(newest) {
			newest = t
		}
	}
	return newest
}

var (
	cvxForm = regexp.MustCompile(`^[0-9]{2,3}$`)
	mvxForm = regexp.MustCompile(`^[A-Z0-9]{2,3}$`)
)

// load reads one table.
func (c *Codes) load(name string, text []byte) error {
	rows, err := rowsOf(text)
	if err != nil {
		return err
	}
	for _, column := range columns[name] {
		if len(rows) == 0 {
			return errNoRows
		}
		if _, there := rows[0][column]; !there {
			return fmt.Errorf("it has no column %q", column)
		}
	}
	put := map[string]func([]map[string]string) (int, error){
		TableCVX: c.loadVaccines, TableMVX: c.loadMakers, TableTradename: c.loadProducts, TableNDC: c.loadPackages,
	}[name]
	n, err := put(rows)
	if err != nil {
		return fmt.Errorf("row %d: %w", n+2, err) // the header is row 1
	}
	for i, row := range rows {
		at, err := Date(row["last_updated"])
		if err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
		if at.After(c.newest[name]) {
			c.newest[name] = at
		}
	}
	if name == TableCVX && len(rows) < LeastVaccines {
		return fmt.Errorf("it has %d vaccines only: it is cut off", len(rows))
	}
	return nil
}

var (
	errCode  = errors.New("a code is not well-formed")
	errTwice = errors.New("a code comes twice")
	errName  = errors.New("a name is missing")
	errDate  = errors.New("a date of change is none")
)

func (c *Codes) loadVaccines(rows []map[string]string) (int, error) {
	c.vaccines = map[string]Vaccine{}
	for i, row := range rows {
		v := Vaccine{CVX: row["cvx"], Short: row["short"], Full: row["full"], Groups: parts(row["groups"]), GroupCVX: parts(row["group_cvx"])}
		switch _, twice := c.vaccines[v.CVX]; {
		case !cvxForm.MatchString(v.CVX), len(v.Groups) != len(v.GroupCVX):
			return i, errCode
		case twice:
			return i, errTwice
		case v.Short == "":
			return i, errName
		}
		c.vaccines[v.CVX] = v
	}
	return 0, nil
}

func parts(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

func (c *Codes) loadMakers(rows []map[string]string) (int, error) {
	c.makers = map[string]string{}
	for i, row := range rows {
		switch _, twice := c.makers[row["mvx"]]; {
		case !mvxForm.MatchString(row["mvx"]):
			return i, errCode
		case twice:
			return i, errTwice
		case row["name"] == "":
			return i, errName
		}
		c.makers[row["mvx"]] = row["name"]
	}
	return 0, nil
}

func (c *Codes) loadProducts(rows []map[string]string) (int, error) {
	c.products = nil
	for i, row := range rows {
		p := Product{row["product"], row["cvx"], row["mvx"], row["manufacturer"], row["status"] == "Active"}
		switch {
		case !cvxForm.MatchString(p.CVX), p.MVX != "" && !mvxForm.MatchString(p.MVX):
			return i, errCode
		case p.Name == "":
			return i, errName
		}
		c.products = append(c.products, p)
	}
	return 0, nil
}

// Date reads a date of change as the CDC writes it, 5/28/2010 or 2010-05-28, with or
// without a time behind it. None is the zero time.
func Date(s string) (time.Time, error) {
	day, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	if day == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{"1/2/2006", time.DateOnly} {
		if t, err := time.Parse(form, day); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errDate
}
