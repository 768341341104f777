package madeup

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/app/request"
	"vaxkiosk/assets"
	"vaxkiosk/sync/central/registry"
)

var update = flag.Bool("update", false, "write testdata anew")

// towns are 5,000 people of each of three seeds.
var towns = sync.OnceValue(func() (all []registry.Person) {
	for seed := range uint64(3) {
		all = append(all, Generate(5000, seed+1, today)...)
	}
	return all
})

func TestTheFirstResidentsAreAsPromised(t *testing.T) {
	for seed := range uint64(20) {
		p := Generate(4, seed, today)
		for i, want := range []int{14, 40, 2} {
			if len(p[i].Doses) != want {
				t.Errorf("seed %d: resident %d has %d doses, want %d", seed, i+1, len(p[i].Doses), want)
			}
		}
		for i := range p {
			remarks := map[string]int{}
			for _, d := range p[i].Doses {
				for _, r := range d.Remarks() {
					remarks[r]++
				}
			}
			if want := []map[string]int{{}, {record.RemarkNotValid: 1, record.RemarkHistorical: 3}, {}, {}}[i]; !maps.Equal(remarks, want) {
				t.Errorf("seed %d: resident %d has doses with the remarks %v, want %v", seed, i+1, remarks, want)
			}
		}
		if d := p[1].Doses; !d[len(d)-1].Historical || p[3].Phone != p[2].Phone || p[3].Birth.Age(today) != 8 || !complete(p[3].Doses) {
			t.Errorf("seed %d: the oldest dose of resident 2 is not historical, or resident 4 is no well cared for child at the contact of resident 3", seed)
		}
	}
}

// Whoever changes this file reads it as a nurse would.
func TestTheResidentsOfTheManualHaveTheseHistories(t *testing.T) {
	var out strings.Builder
	for _, p := range Generate(len(wishes), DemoSeed, DemoDay) {
		fmt.Fprintf(&out, "%s %s, %s, born %s: %d doses\n", p.Given, p.Family, p.Gender, p.Birth, len(p.Doses))
		for _, d := range p.Doses {
			v, _ := assets.VaccineOf(d.CVX)
			fmt.Fprintln(&out, strings.TrimRight(strings.Join([]string{
				"  " + d.Date, d.CVX, v.Short, d.Product, d.Manufacturer, d.Lot, d.Performer, strings.Join(d.Remarks(), ", "),
			}, " | "), " |"))
		}
	}
	path := filepath.Join("testdata", "residents.txt")
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != out.String() {
		t.Errorf("%v, or other histories than %s (go test -update, and read them)", err, path)
	}
}

func TestHistoriesKeepToTheCalendar(t *testing.T) {
	for _, p := range towns() {
		last := "9999"
		if (len(p.Doses) == 0) != (p.Number == 5000) || len(p.Doses) > maxDoses { // the last has none
			t.Errorf("resident %d has %d doses", p.Number, len(p.Doses))
		}
		for _, d := range p.Doses {
			if at, err := request.ParseDate(d.Date); err != nil || d.Date != p.Birth.String() && count([]record.Dose{d}, "HepB") == 0 && count([]record.Dose{d}, "RSV") == 0 && month(at, 0).closed() {
				t.Errorf("resident %d: a dose on %s, when all is closed (%v)", p.Number, d.Date, err)
			}
			if d.Date > last || d.Date < p.Birth.String() || d.Date > today.String() {
				t.Errorf("resident %d: a dose out of order, before birth or in the future", p.Number)
			}
			last = d.Date
		}
	}
}

// licensed is when vaccines came (FDA's licences and authorizations), and the last day on
// which some were recommended or to be had.
var licensed = map[string][2]string{
	"01": {"1949", "1997-06"}, "02": {"1963-06-25", "2000-01-31"}, "05": {"1963-03-21", "2009"}, "03": {"1971-04-22"}, "75": {"1900", "1972"},
	"46": {"1987-12", "1998"}, "47": {"1988-12-22", "2008"}, "49": {"1989-12-20"}, "48": {"1993-03-30"}, "51": {"1996-10-02", "2015"},
	"22": {"1993-03-30", "2001"}, "08": {"1986-07-23"}, "43": {"1986-07-23"}, "189": {"2017-11-09"}, "20": {"1991-12-17"}, "106": {"2002-05-14"},
	"110": {"2002-12-13"}, "120": {"2008-06-20"}, "130": {"2008-06-24"}, "146": {"2018-12-21"}, "21": {"1995-03-17"}, "94": {"2005-09-06"},
	"116": {"2006-02-03"}, "119": {"2008-04-03"}, "100": {"2000-02-17", "2010-12"}, "133": {"2010-02-24", "2024"}, "215": {"2021-07-16"},
	"216": {"2021-06-08"}, "327": {"2024-06-17"}, "33": {"1983"}, "83": {"1995-02-22"}, "52": {"1995-02-22"}, "62": {"2006-06-08", "2017"},
	"165": {"2014-12-10"}, "114": {"2005-01-14", "2022-12"}, "136": {"2010-02-19"}, "203": {"2020-04-23"}, "32": {"1981", "2017"},
	"163": {"2015-01-23"}, "162": {"2014-10-29"}, "113": {"2003-11-04"}, "115": {"2005-05-03"}, "121": {"2006-05-25", "2020-11-18"}, "187": {"2017-10-20"},
	"303": {"2023-05-03"}, "305": {"2023-05-31"}, "326": {"2024-05-31"}, "306": {"2023-07-17"}, "307": {"2023-07-17"}, "332": {"2025-06-09"},
	"111": {"2003-06-17"}, "135": {"2009-12-23"}, "149": {"2012-02-29", "2024-07"}, "150": {"2012-12-14", "2024-07"}, "158": {"2013-06-07", "2024-07"},
	"161": {"2013-06-07", "2024-07"}, "197": {"2019-11-04", "2024-07"}, "205": {"2020-02-21", "2024-07"}, "171": {"2016-05-23", "2024-07"}, "185": {"2016-10-07", "2024-07"},
	"155": {"2013-01-16"}, "153": {"2012-11-20"}, "168": {"2015-11-24"}, "15": {"1970", "2000"},
	"208": {"2020-12-14", "2022-12-31"}, "207": {"2020-12-18", "2023-04-18"}, "212": {"2021-02-27", "2023-05"}, "217": {"2021-10-29", "2023-04-18"},
	"218": {"2021-10-29", "2023-04-18"}, "219": {"2022-06-17", "2023-04-18"}, "228": {"2022-06-17", "2023-04-18"}, "221": {"2022-03-29", "2023-04-18"},
	"300": {"2022-08-31", "2023-09-11"}, "229": {"2022-08-31", "2023-09-11"}, "301": {"2022-10-12", "2023-09-11"},
	"309": {"2023-09-11"}, "312": {"2023-09-11"}, "310": {"2023-09-11"}, "311": {"2023-09-11"}, "308": {"2023-09-11", "2025-08-27"},
	"313": {"2023-10-03"}, "334": {"2025-05-31"}, "127": {"2009-09-15", "2010-09"}, "125": {"2009-09-15", "2010-09"},
}

func TestNobodyHasAVaccineBeforeItExistedOrLongAfter(t *testing.T) {
	givens := assets.Givens()
	for _, p := range towns() {
		for _, d := range p.Doses {
			if when, known := licensed[d.CVX]; known && (d.Date < when[0] || when[1] != "" && d.Date > when[1]) {
				t.Errorf("%s on %s", d.CVX, d.Date)
			}
			is := func(g assets.Given) bool {
				return g.CVX == d.CVX && g.Product == d.Product && g.Manufacturer == d.Manufacturer && d.Date >= g.From.Format("2006-01-02") && d.Date <= g.To.Format("2006-01-02")
			}
			if d.Completed() && !d.Historical && !slices.ContainsFunc(givens, is) {
				t.Errorf("%s, %q of %q, on %s", d.CVX, d.Product, d.Manufacturer, d.Date)
			}
		}
	}
}

func TestInfluenzaIsOfAutumnAndWinterAndCOVIDOfItsYears(t *testing.T) {
	for _, p := range towns() {
		for _, d := range p.Doses {
			month := d.Date[5:7]
			if count([]record.Dose{d}, "FLU") > 0 && month > "03" && month < "09" {
				t.Errorf("influenza on %s", d.Date)
			}
			if count([]record.Dose{d}, "COVID-19") == 0 {
				continue
			}
			age := 0
			for ; p.Birth.Age(today)-age >= 0 && fmt.Sprintf("%04d%s", p.Birth.Year+age+1, p.Birth.String()[4:]) <= d.Date; age++ {
			}
			open := "2020-12-14"
			for _, x := range []struct {
				under int
				from  string
			}{{16, "2021-05-12"}, {12, "2021-11-02"}, {5, "2022-06-18"}} {
				if age < x.under {
					open = x.from
				}
			}
			if d.Date < open {
				t.Errorf("COVID-19 at %d on %s", age, d.Date)
			}
		}
	}
}

func TestTheSeriesOfChildrenAreMostlyCompleteAndNobodysByFormula(t *testing.T) {
	of, whole, gaps, once, some := 0, 0, 0, map[string]int{}, map[string]int{}
	for _, p := range towns() {
		given := slices.DeleteFunc(slices.Clone(p.Doses), func(d record.Dose) bool { return !d.Completed() || d.NotValid })
		if p.Birth.Year >= 2009 && p.Birth.Year <= 2012 {
			of++
			if covers(given, map[string]int{"DTAP": 4, "POLIO": 3, "MMR": 1, "HepB": 3, "VARICELLA": 1}) {
				whole++
			} else if count(given, "DTAP") > 0 {
				gaps++
			}
		}
		for _, series := range []string{"DTAP", "POLIO", "HepB", "HIB"} {
			if n := count(given, series); n > 0 && p.Birth.Year >= 1996 && p.Birth.Year <= 2020 {
				some[series]++
				if n == 1 {
					once[series]++
				}
			}
		}
	}
	within(t, "with complete series, born about 2010", whole, of, 650, 970)
	within(t, "with gaps, born about 2010", gaps, of, 10, 320)
	for series, n := range some {
		within(t, "with just one dose of "+series, once[series], n, 0, 120)
	}
}

// covers reports whether there are so many doses of vaccine groups.
func covers(doses []record.Dose, want map[string]int) bool {
	for group, n := range want {
		if count(doses, group) < n {
			return false
		}
	}
	return true
}

func TestOfADayOneDoseOfAVaccineAndOnePlace(t *testing.T) {
	type visit struct{ date, group string }
	for _, p := range towns() {
		seen, place := map[visit]bool{}, map[string]string{}
		for _, d := range p.Doses {
			v, _ := assets.VaccineOf(d.CVX)
			for _, g := range v.Groups {
				if seen[visit{d.Date, g}] {
					t.Errorf("resident %d: two doses of %s on %s", p.Number, g, d.Date)
				}
				seen[visit{d.Date, g}] = true
			}
			if other := place[d.Date]; d.Performer != "" && other != "" && other != d.Performer {
				t.Errorf("resident %d: %q and %q on %s", p.Number, d.Performer, other, d.Date)
			}
			if d.Performer != "" {
				place[d.Date] = d.Performer
			}
		}
	}
}

func TestAPrimarySeriesAgainstCOVIDIsOfOneMaker(t *testing.T) {
	for _, p := range towns() {
		maker := ""
		for _, d := range slices.Backward(p.Doses) {
			if count([]record.Dose{d}, "COVID-19") == 0 || d.Date > "2021-09-20" || d.Manufacturer == "" {
				continue
			}
			if maker != "" && maker != d.Manufacturer {
				t.Errorf("resident %d: %s after %s", p.Number, d.Manufacturer, maker)
			}
			maker = d.Manufacturer
		}
	}
}

func TestOfATownsDosesAsManyAreOnNoCardAsIsWritten(t *testing.T) {
	remarks, old, since, historical, all := map[string]int{}, 0, 0, 0, 0
	for _, p := range towns() {
		if p.Number <= len(wishes) {
			continue
		}
		for _, d := range p.Doses {
			all++
			if d.Date < registries {
				if old++; d.Historical {
					historical++
				}
				continue
			}
			since++
			for _, r := range d.Remarks() {
				remarks[r]++
			}
		}
	}
	within(t, "historical before registries", historical, old, 450, 550)
	for remark, want := range map[string]int{record.StatusError: 15, record.StatusNotDone: 15, record.RemarkNotValid: 10, record.RemarkHistorical: 30} {
		within(t, remark, remarks[remark], since, want-3, want+3)
	}
	if each := all / len(towns()); each < 24 || each > 32 {
		t.Errorf("%d doses a person", each)
	}
}
