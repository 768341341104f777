package assets_test

import (
	"strings"
	"testing"
	"time"

	"vaxkiosk/assets"
)

func TestAPackageIsTheVaccineInItHoweverItsNDCIsWritten(t *testing.T) {
	for ndc, want := range map[string]string{
		"59267-1000-01": "208", "59267-1000-1": "208", "59267100001": "208", "5926710001": "208", "59267-1000": "208",
		"80777-273-99": "207", "80777-0273-10": "207", "8077727399": "207", " 80777027310 ": "207",
		"59676-580-05": "212", "0069-2025-10": "217", "00069-2025-10": "217", "0006-4681-00": "03", "0006468100": "03",
		"00349281400896": "115", "10358160842051": "115", // bar codes of cartons
		"49281-0545-05": "48", "49281-0545-15": "120", // packages of one product that differ
		"49281-0400-77": "115", // a package that the table lacks, of a product that it has
	} {
		if got, ok := assets.CVXOfNDC(ndc); got != want || !ok {
			t.Errorf("NDC %q is CVX %q, %v; want %q", ndc, got, ok, want)
		}
	}
	for _, ndc := range []string{"", "-", "--", "207", "59267", "59267-1000-001", "9267-100-01", "99999-9999-99", "49281-0545-99", "59267-1000-01-1", "5926X-1000-01", "²9267-1000-01", "http://x"} {
		if got, ok := assets.CVXOfNDC(ndc); ok {
			t.Errorf("NDC %q is CVX %q", ndc, got)
		}
	}
}

func TestEveryPackageHasAVaccine(t *testing.T) {
	rows := strings.Split(strings.TrimSpace(string(assets.BuiltIn().Text(assets.TableNDC))), "\n")
	if len(rows) < 400 {
		t.Fatalf("only %d packages", len(rows))
	}
	for _, row := range rows[1:] {
		ndc, cvx, _ := strings.Cut(row, "\t")
		if _, known := assets.VaccineOf(cvx); !known {
			t.Errorf("%s has CVX %q, which the table does not name", ndc, cvx)
		}
		if got, ok := assets.CVXOfNDC(ndc); got != cvx || !ok {
			t.Errorf("%s is CVX %q, %v; the table says %q", ndc, got, ok, cvx)
		}
	}
}

func TestEveryMakerOfAProductHasAName(t *testing.T) {
	for _, p := range assets.Products() {
		if _, known := assets.MakerOf(p.MVX); !known && p.MVX != "" {
			t.Errorf("%s is made by %q, which the table does not name", p.Name, p.MVX)
		}
	}
	if name, ok := assets.MakerOf("mod"); !ok || !strings.Contains(name, "Moderna") {
		t.Errorf("MOD is %q, %v", name, ok)
	}
}

func TestTablesThatArePutInForceHoldForEveryLookup(t *testing.T) {
	newer := string(assets.BuiltIn().Text(assets.TableCVX)) + "399\tCOVID-19, of next year\tSARS-COV-2 vaccine of next year\tActive\t9/1/2027\tCOVID-19\t213\n"
	c, err := assets.NewCodes(map[string][]byte{assets.TableCVX: []byte(newer)})
	if err != nil {
		t.Fatal(err)
	}
	assets.Use(c)
	defer assets.Use(nil)
	if v, ok := assets.VaccineOf("399"); !ok || v.Short != "COVID-19, of next year" || assets.FamilyKey("399") != assets.FamilyKey("213") {
		t.Errorf("399 is %+v, %v, of %s", v, ok, assets.FamilyKey("399"))
	}
	if day := assets.InForce().Newest(); day != time.Date(2027, 9, 1, 0, 0, 0, 0, time.UTC) || !assets.InForce().Changed(assets.TableMVX).Before(day) {
		t.Errorf("the newest change is of %v", day)
	}
	if _, ok := assets.CVXOfNDC("59267-1000-01"); !ok {
		t.Error("a table that was not given is not the one built in")
	}
	assets.Use(nil)
	if _, ok := assets.VaccineOf("399"); ok {
		t.Error("the tables built in do not hold again")
	}
}

func TestTablesThatAreBrokenAreRefusedByTableAndRow(t *testing.T) {
	cvx := string(assets.BuiltIn().Text(assets.TableCVX))
	lines := strings.SplitAfter(cvx, "\n")
	for name, of := range map[string]struct{ table, text, want string }{
		"nothing":        {"cvx", "", "the cvx table: "},
		"only a header":  {"mvx", "mvx\tname\tstatus\n", "the mvx table: it has no rows"},
		"another header": {"mvx", "code\tname\tstatus\nAB\tx\tActive\n", `the mvx table: it has no column "mvx"`},
		"cut off":        {"cvx", strings.Join(lines[:100], ""), "the cvx table: it has 99 vaccines only: it is cut off"},
		"a code twice":   {"cvx", cvx + lines[1], "a code comes twice"},
		"no code":        {"cvx", strings.Replace(cvx, "01\tDTP", "0x\tDTP", 1), "the cvx table: row 2: a code is not well-formed"},
		"no name":        {"cvx", strings.Replace(cvx, "01\tDTP\t", "01\t\t", 1), "the cvx table: row 2: a name is missing"},
		"no date":        {"cvx", strings.Replace(cvx, "5/28/2010", "yesterday", 1), "the cvx table: row 2: a date of change is none"},
		"short row":      {"cvx", cvx + "398\tx\n", "the cvx table: "},
		"a maker":        {"mvx", "mvx\tname\tstatus\nABCD\tx\tActive\n", "the mvx table: row 2: a code is not well-formed"},
		"a product":      {"tradename", "product\tcvx\tshort\tmvx\tmanufacturer\tstatus\nX\tY\t\t\t\tActive\n", "the tradename table: row 2: a code is not well-formed"},
		"a package":      {"ndc", "ndc\tcvx\n59267-1000\t208\n5926-1000-01\tx\n", "the ndc table: row 3: a code is not well-formed"},
		"ten digits":     {"ndc", "ndc\tcvx\n5926710001\t208\n", "the ndc table: row 2: a code is not well-formed"},
	} {
		if _, err := assets.NewCodes(map[string][]byte{of.table: []byte(of.text)}); err == nil || !strings.Contains(err.Error(), of.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzPackages(f *testing.F) {
	for _, ndc := range []string{"59267-1000-01", "59267100001", "5926710001", "00349281400896", "0069-2025-10", "", "-", "--"} {
		f.Add(ndc)
	}
	f.Fuzz(func(t *testing.T, ndc string) {
		if cvx, ok := assets.CVXOfNDC(ndc); ok != (cvx != "") {
			t.Errorf("%q is %q, %v", ndc, cvx, ok)
		}
	})
}
