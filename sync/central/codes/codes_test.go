package codes_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/codes"
)

// rows are those of a table that is built in, without its header.
func rows(table string) (all [][]string) {
	for l := range strings.Lines(string(assets.BuiltIn().Text(table))) {
		all = append(all, strings.Split(strings.TrimSuffix(l, "\n"), "\t"))
	}
	return all[1:]
}

// published are built-in tables in the form of the CDC's downloads: bars, codes filled up
// with spaces, notes, a field that nobody describes, no header.
func published(table string) string {
	var b strings.Builder
	for _, r := range rows(table) {
		switch table {
		case assets.TableCVX:
			fmt.Fprintf(&b, "%-10s|%s |%s|Its \"notes\".|%s|False     |%s\n", r[0], r[1], r[2], r[3], r[4])
		case assets.TableMVX:
			fmt.Fprintf(&b, "%-10s|%s|%s|%s|%s\n", r[0], r[1], r[2], r[3], r[4])
		case assets.TableTradename:
			fmt.Fprintf(&b, "%s|%s|%-10s|%s|%-10s|Active|%s|%s\n", r[0], r[2], r[1], r[4], r[3], r[5], r[6])
		}
	}
	return b.String()
}

// vaccineGroups is the CDC's table of groups.
func vaccineGroups() string {
	var b strings.Builder
	for _, r := range rows(assets.TableCVX) {
		names, of := strings.Split(r[5], "|"), strings.Split(r[6], "|")
		for i, name := range names {
			if name != "" {
				fmt.Fprintf(&b, "%s|%-10s|%s|%s|%s\n", r[1], r[0], r[3], name, of[i])
			}
		}
	}
	return b.String()
}

const (
	use  = "2080|49281|0999|58|NEWVAX|SOMETHING|A Maker|20270101||VIAL|00349281999580|207       |COVID-19|False     |49281-0999-58|2027-01-05 00:00:00|00349281999580\n"
	sale = "2081|49281|0999|10|NEWVAX|SOMETHING|A Maker|20270101||CARTON|INTRAMUSCULAR|2027-01-05 00:00:00|207       |COVID-19|49281-0999-10|\n" +
		"2076|0310|1222|15|NO CODE YET|SOMETHING|A Maker|20201222||CARTON|INTRAMUSCULAR|2021-08-16 00:00:00|          ||00310-1222-15|\n"
)

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func utf16le(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// xmlOf is a table in the CDC's first form of XML, with an element for each field.
func xmlOf(root, record string, names []string, all [][]string) string {
	b := "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<" + root + ">\n"
	for _, r := range all {
		b += "<" + record + ">"
		for i, name := range names {
			var v strings.Builder
			_ = xml.EscapeText(&v, []byte(r[i]))
			b += "<" + name + ">" + v.String() + "</" + name + ">"
		}
		b += "</" + record + ">\n"
	}
	return b + "</" + root + ">\n"
}

// pairsOf is one in the other, with names and values by turns.
func pairsOf(root, record string, names []string, all [][]string) string {
	b := "<" + root + ">\n"
	for _, r := range all {
		b += "<" + record + ">"
		for i, name := range names {
			var v strings.Builder
			_ = xml.EscapeText(&v, []byte(r[i]))
			b += "<Name>" + name + "</Name><Value>" + v.String() + "</Value>"
		}
		b += "</" + record + ">\n"
	}
	return b + "</" + root + ">\n"
}

func TestWhatTheCDCPublishesIsKnownInEveryForm(t *testing.T) {
	cvx, mvx, trade := published(assets.TableCVX), published(assets.TableMVX), published(assets.TableTradename)
	for name, of := range map[string]struct {
		content, table string
	}{
		"cvx.txt":       {cvx, "cvx"},
		"cvx-16.txt":    {utf16le(strings.ReplaceAll(cvx, "\n", "\r\n")), "cvx"},
		"cvx-short.txt": {strings.ReplaceAll(cvx, "|False     |", "|"), "cvx"},
		"cvx.tsv":       {string(assets.BuiltIn().Text("cvx")), "cvx"},
		"cvx.csv":       {"CVX Code,CVX Short Description,Full Vaccine Name,Note,VaccineStatus,nonvaccine,update_date,,\r\n" + commas(rows("cvx"), 0, 1, 2, -1, 3, -1, 4), "cvx"},
		"cvx-bom.csv":   {"\ufeffcvx,short,full,status,last_updated\n" + strings.ReplaceAll(commas(rows("cvx"), 0, 1, 2, 3, 4), "\"01\"", "1"), "cvx"},
		"cvx.xml":       {xmlOf("CVXCodes", "CVXInfo", []string{"CVXCode", "ShortDescription", "FullVaccinename", "Status", "LastUpdated"}, rows("cvx")), "cvx"},
		"mvx.txt":       {mvx, "mvx"},
		"mvx.xml":       {xmlOf("MVXCodes", "MVXInfo", []string{"MVX_CODE", "ManufacturerName", "Notes", "Status", "LastUpdated"}, rows("mvx")), "mvx"},
		"trade.txt":     {trade, "tradename"},
		"trade.xml":     {pairsOf("productnames", "prodInfo", []string{"CDC Product Name", "CVXCode", "Short Description", "MVX Code", "Manufacturer", "Product name Status", "Last Updated"}, rows("tradename")), "tradename"},
		"vg.txt":        {vaccineGroups(), "cvx"},
	} {
		p, err := codes.Read(assets.BuiltIn(), []string{file(t, name, of.content)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := codes.Change{Table: of.table, Rows: len(rows(of.table))}
		if len(p.Changes) != 1 || p.Changes[0] != want || p.Lost != nil || p.Lone != nil {
			t.Errorf("%s: %+v lost %v lone %v, want %+v", name, p.Changes, p.Lost, p.Lone, want)
		}
	}
}

// commas writes columns of rows as a spreadsheet does; -1 is a column of others.
func commas(all [][]string, columns ...int) string {
	var b strings.Builder
	for _, r := range all {
		for i, c := range columns {
			if i > 0 {
				b.WriteByte(',')
			}
			if c >= 0 {
				b.WriteString(`"` + strings.ReplaceAll(r[c], `"`, `""`) + `"`)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestAnUpdateSaysWhatItChangesAndIsInForceWhenItIsLoaded(t *testing.T) {
	changed := strings.Replace(published(assets.TableCVX), "|DTP |", "|DTP, whole cell |", 1)
	changed = strings.Replace(changed, strings.SplitAfter(changed, "\n")[1], "", 1) // OPV is gone
	changed += "399       |COVID-19, of next year|SARS-COV-2 vaccine, of next year||Active|False|9/1/2027\n"
	p, err := codes.Read(assets.BuiltIn(), []string{file(t, "cvx.txt", changed), file(t, "use.txt", use), file(t, "sale.txt", sale)})
	if err != nil {
		t.Fatal(err)
	}
	n := len(rows(assets.TableNDC))
	want := []codes.Change{{"cvx", len(rows("cvx")), 1, 1, 1}, {"ndc", n + 2, 2, 0, 0}}
	if !slices.Equal(p.Changes, want) || !slices.Equal(p.Lost, []string{"02"}) || !slices.Equal(p.Lone, []string{"399"}) {
		t.Errorf("%+v, lost %v, lone %v; want %+v", p.Changes, p.Lost, p.Lone, want)
	}
	dir := t.TempDir()
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	if err := codes.Use(dir); err != nil {
		t.Fatal(err)
	}
	defer assets.Use(nil)
	v, _ := assets.VaccineOf("01")
	if cvx, _ := assets.CVXOfNDC("49281-0999-58"); v.Short != "DTP, whole cell" || !slices.Equal(v.Groups, []string{"DTAP"}) || cvx != "207" || assets.InForce().Newest().Year() != 2027 {
		t.Errorf("%+v, NDC is %q, newest change %v", v, cvx, assets.InForce().Newest())
	}
	wroteForItsOwner(t, dir, "cvx.tsv", "ndc.tsv")
	again, err := codes.Read(assets.InForce(), []string{filepath.Join(dir, "codes", "cvx.tsv"), filepath.Join(dir, "codes", "ndc.tsv")})
	want = []codes.Change{{Table: "cvx", Rows: want[0].Rows}, {Table: "ndc", Rows: want[1].Rows}}
	if err != nil || !slices.Equal(again.Changes, want) {
		t.Errorf("what was written is not what is read: %+v, %v", again, err)
	}
}

// wroteForItsOwner wants these files and no others.
func wroteForItsOwner(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, codes.Folder))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
		if info, err := e.Info(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if !slices.Equal(all, names) {
		t.Errorf("wrote %v", all)
	}
}

func TestGroupsOfNewVaccinesComeWithTheTableOfGroups(t *testing.T) {
	newer := published(assets.TableCVX) + "399|COVID-19, of next year|SARS-COV-2||Active|False|9/1/2027\n"
	groups := vaccineGroups() + "COVID-19, of next year|399       |Active|COVID-19|213\n"
	p, err := codes.Read(assets.BuiltIn(), []string{file(t, "VG.txt", groups), file(t, "cvx.txt", newer)})
	if err != nil || p.Lone != nil {
		t.Fatalf("%v, lone %v", err, p.Lone)
	}
	dir := t.TempDir()
	if err := p.Write(dir); err != nil {
		t.Fatal(err)
	}
	c, err := codes.Load(dir)
	v, ok := c.Vaccine("399")
	if err != nil || !ok || !slices.Equal(v.Groups, []string{"COVID-19"}) || !slices.Equal(v.GroupCVX, []string{"213"}) {
		t.Errorf("%+v, %v, %v", v, ok, err)
	}
}

func TestAPackageOfWhichFilesSayTwoVaccinesIsLeftOut(t *testing.T) {
	other := strings.Replace(strings.Replace(use, "207 ", "208 ", 1), "\n", "", 1) + "\n" + strings.ReplaceAll(use, "0999-58", "0999-59")
	p, err := codes.Read(assets.BuiltIn(), []string{file(t, "a.txt", use), file(t, "b.txt", other)})
	if err != nil || p.Unsure != 1 || p.Changes[0].New != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestAFileThatIsNoTableOfTheCDCIsRefusedByItsNameAndLine(t *testing.T) {
	cvx := published(assets.TableCVX)
	for name, of := range map[string]struct{ content, want string }{
		"empty.txt":  {"", "it is empty"},
		"other.txt":  {"hello\nworld\n", "it is none of the CDC's tables"},
		"people.csv": {"id,given,family,birth\n1,Ana,Lopez,1990-01-02\n", "it is none of the CDC's tables"},
		"linker.txt": {"674|3050|4050|PFR\n673|3048|4049|PFR\n", "it is none of the CDC's tables"},
		"page.html":  {"<html><body>Not found</body></html>", "it is none of the CDC's tables"},
		"cut.xml":    {"<CVXCodes><CVXInfo><CVXCode>01", "it is no XML that is whole"},
		"line.txt":   {strings.Replace(cvx, "07        |", "seven|", 1), "line 7: cvx is not well-formed"},
		"fields.txt": {strings.Replace(cvx, "07        |", "07|one more|", 1), "line 7 does not have the fields of the others"},
		"date.txt":   {strings.Replace(cvx, "5/28/2010", "28.5.2010", 1), "line 1: last_updated is not well-formed"},
		"short.txt":  {cvx[:strings.Index(cvx, "150  ")], "it is cut off"},
		"double.txt": {cvx + cvx, "a code comes twice"},
		"book.xlsx":  {"PK\x03\x04\x14\x00\x06\x00", "it is none of the CDC's tables"},
	} {
		_, err := codes.Read(assets.BuiltIn(), []string{file(t, name, of.content)})
		if err == nil || !strings.Contains(err.Error(), of.want) {
			t.Errorf("%s: %v, want %q", name, err, of.want)
		}
	}
	path := file(t, "cvx.txt", cvx)
	if _, err := codes.Read(assets.BuiltIn(), []string{path, path}); err == nil || !strings.Contains(err.Error(), "a cvx table was given already") {
		t.Errorf("twice: %v", err)
	}
	if _, err := codes.Read(assets.BuiltIn(), []string{filepath.Join(t.TempDir(), "nowhere")}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nowhere: %v", err)
	}
}

func TestABrokenTableInTheFolderLeavesTheOneBuiltInAndSaysSo(t *testing.T) {
	dir := t.TempDir()
	p, err := codes.Read(assets.BuiltIn(), []string{file(t, "use.txt", use), file(t, "mvx.txt", published("mvx")+"NEW|New Maker||Active|9/1/2027\n")})
	if err == nil {
		err = p.Write(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "codes", "ndc.tsv"), []byte("ndc\tcvx\n49281-0999-58\t2"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = codes.Use(dir)
	defer assets.Use(nil)
	if err == nil || !strings.Contains(err.Error(), "codes/ndc.tsv cannot be used, so the one built in is") {
		t.Errorf("%v", err)
	}
	_, maker := assets.MakerOf("NEW")
	if cvx, ok := assets.CVXOfNDC("59267-1000-01"); !ok || cvx != "208" || !maker {
		t.Errorf("NDC %q, %v; the other table is in force: %v", cvx, ok, maker)
	}
}

func TestTablesAreOldAfterEighteenMonths(t *testing.T) {
	c := assets.BuiltIn()
	if day := c.Newest(); codes.Old(c, day.AddDate(0, 17, 0)) || !codes.Old(c, day.AddDate(0, 18, 1)) || codes.Old(c, time.Time{}) {
		t.Errorf("the newest change is of %v", day)
	}
}

func FuzzFiles(f *testing.F) {
	for _, s := range []string{use, sale, vaccineGroups()[:400], published("mvx")[:300], "<a><b><Name>x</Name></b></a>", utf16le("1|2|3"), "a,b\n\"", "\x00|"} {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(dir, "f")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if p, err := codes.Read(assets.BuiltIn(), []string{path}); err == nil && len(p.Changes) == 0 {
			t.Errorf("taken, and changes no table: %q", b)
		}
	})
}
