package codes

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vaxkiosk/assets"
)

// Plan is what an update puts into a data folder.
type Plan struct {
	Changes []Change // one for each table that is replaced
	Lost    []string // CVX codes that are in force and gone from the new table
	Lone    []string // new CVX codes that are in no group: their doses are shown under "other"
	Unsure  int      // packages left out, since files say two vaccines of one NDC

	codes *assets.Codes
}

// Change is what becomes of one table.
type Change struct {
	Table                    string
	Rows, New, Changed, Gone int
}

// Read makes a plan of files, by their names, on top of tables in force. The error names
// the file and what is wrong with it.
func Read(old *assets.Codes, files []string) (*Plan, error) {
	given := map[string][]map[string]string{}
	for _, path := range files {
		content, err := readFile(path, maxFile)
		if err != nil {
			return nil, fmt.Errorf("cannot read the file (%w): check its path and rights", err)
		}
		s, err := read(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		t, err := recognise(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if given[t.kind] != nil && t.kind != assets.TableNDC {
			return nil, fmt.Errorf("%s: a %s table was given already", path, t.kind)
		}
		given[t.kind] = append(given[t.kind], t.rows...)
	}
	return plan(old, given)
}

// layout are the columns of a table as it is kept.
var layout = map[string][]string{
	assets.TableCVX:       {"cvx", "short", "full", "status", "last_updated", "groups", "group_cvx"},
	assets.TableMVX:       {"mvx", "name", "status", "last_updated"},
	assets.TableTradename: {"product", "cvx", "short", "mvx", "manufacturer", "status", "last_updated"},
	assets.TableNDC:       {"ndc", "cvx", "last_updated"},
}

func plan(old *assets.Codes, given map[string][]map[string]string) (*Plan, error) {
	p := &Plan{}
	before := map[string][]map[string]string{}
	for _, name := range assets.Tables {
		before[name] = rowsOf(old.Text(name))
	}
	if g := given[groups]; g != nil {
		if given[assets.TableCVX] == nil {
			given[assets.TableCVX] = rowsOf(old.Text(assets.TableCVX))
		}
		p.group(given[assets.TableCVX], g)
	} else {
		keepGroups(given[assets.TableCVX], before[assets.TableCVX])
	}
	if given[assets.TableNDC] != nil {
		given[assets.TableNDC] = p.join(before[assets.TableNDC], given[assets.TableNDC])
	}
	tables := map[string][]byte{}
	for _, name := range assets.Tables {
		tables[name] = old.Text(name)
		if rows := given[name]; rows != nil {
			if tables[name] = encode(layout[name], rows); len(tables[name]) > MaxTable {
				return nil, fmt.Errorf("the %s table is too large", name)
			}
			p.Changes = append(p.Changes, compare(name, before[name], rows))
		}
	}
	var err error
	if p.codes, err = assets.NewCodes(tables); err != nil {
		return nil, err
	}
	for _, cvx := range old.CVX() {
		if _, kept := p.codes.Vaccine(cvx); !kept {
			p.Lost = append(p.Lost, cvx)
		}
	}
	for _, cvx := range p.codes.CVX() {
		v, _ := p.codes.Vaccine(cvx)
		if _, known := old.Vaccine(cvx); !known && v.Groups == nil {
			p.Lone = append(p.Lone, cvx)
		}
	}
	return p, nil
}

// group gives vaccines their groups of the CDC's table of them.
func (p *Plan) group(vaccines, table []map[string]string) {
	in := map[string]map[string]string{}
	for _, row := range table {
		if in[row["cvx"]] == nil {
			in[row["cvx"]] = map[string]string{}
		}
		in[row["cvx"]][row["group"]] = row["group_of"]
	}
	for _, v := range vaccines {
		var codes []string
		all := slices.Sorted(maps.Keys(in[v["cvx"]]))
		for _, g := range all {
			codes = append(codes, in[v["cvx"]][g])
		}
		v["groups"], v["group_cvx"] = strings.Join(all, "|"), strings.Join(codes, "|")
	}
}

// keepGroups leaves known vaccines in their groups when the new table says nothing of groups.
func keepGroups(vaccines, before []map[string]string) {
	was := map[string]map[string]string{}
	for _, v := range before {
		was[v["cvx"]] = v
	}
	for _, v := range vaccines {
		if _, says := v["groups"]; !says {
			v["groups"], v["group_cvx"] = was[v["cvx"]]["groups"], was[v["cvx"]]["group_cvx"]
		}
	}
}

// join adds packages to those before. What new files say twice they must say alike.
func (p *Plan) join(before, added []map[string]string) (all []map[string]string) {
	by, said, unsure := map[string]map[string]string{}, map[string]string{}, map[string]bool{}
	for _, row := range before {
		by[row["ndc"]] = row
	}
	for _, row := range added {
		ndc := row["ndc"]
		if cvx, twice := said[ndc]; twice && cvx != row["cvx"] {
			unsure[ndc] = true
		}
		said[ndc], by[ndc] = row["cvx"], row
	}
	p.Unsure = len(unsure)
	for _, ndc := range slices.Sorted(maps.Keys(by)) {
		if !unsure[ndc] {
			all = append(all, by[ndc])
		}
	}
	return all
}

// compare counts what differs, row by row.
func compare(table string, before, rows []map[string]string) Change {
	c := Change{Table: table, Rows: len(rows)}
	was := map[string]string{}
	for _, row := range before {
		was[key(table, row)] = content(table, row)
	}
	is := map[string]bool{}
	for _, row := range rows {
		text, known := was[key(table, row)]
		switch {
		case is[key(table, row)]:
		case !known:
			c.New++
		case text != content(table, row):
			c.Changed++
		}
		is[key(table, row)] = true
	}
	for k := range was {
		if !is[k] {
			c.Gone++
		}
	}
	return c
}

// key is what names a row: its code, and of a trade name also vaccine and maker.
func key(table string, row map[string]string) string {
	if table == assets.TableTradename {
		return row["product"] + "\t" + row["cvx"] + "\t" + row["mvx"]
	}
	return row[layout[table][0]]
}

func content(table string, row map[string]string) string {
	var all []string
	for _, column := range layout[table] {
		all = append(all, row[column])
	}
	return strings.Join(all, "\t")
}

// rowsOf reads a table as it is kept: it was written by encode, or is built in.
func rowsOf(text []byte) []map[string]string {
	var all []map[string]string
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	columns := strings.Split(lines[0], "\t")
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, value := range strings.SplitN(l, "\t", len(columns)) {
			row[columns[i]] = fold(value)
		}
		all = append(all, row)
	}
	return all
}

// encode writes a table as it is kept.
func encode(columns []string, rows []map[string]string) []byte {
	var b strings.Builder
	b.WriteString(strings.Join(columns, "\t") + "\n")
	for _, row := range rows {
		for i, column := range columns {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(row[column])
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}
