package registry_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/registry"
)

const born = "1984-07-09"

// told is a report of a dose that was given.
func told(date, cvx string, more ...func(*registry.Report)) registry.Report {
	r := registry.Report{Dose: record.Dose{Date: date, CVX: cvx, Status: record.StatusCompleted}}
	for _, f := range more {
		f(&r)
	}
	return r
}

func lot(s string) func(*registry.Report)  { return func(r *registry.Report) { r.Lot = s } }
func site(s string) func(*registry.Report) { return func(r *registry.Report) { r.Site = s } }
func at(s string) func(*registry.Report)   { return func(r *registry.Report) { r.Performer = s } }
func status(s string) func(*registry.Report) {
	return func(r *registry.Report) { r.Status = s }
}
func historical(r *registry.Report) { r.Historical = true }
func notValid(r *registry.Report)   { r.NotValid = true }
func named(s string) func(*registry.Report) {
	return func(r *registry.Report) { r.Product = s }
}

// said is what a test says of a dose.
func said(d record.Dose) string {
	s := d.Date + " " + d.CVX
	for _, text := range []string{d.Product, d.Lot, d.Performer} {
		if text != "" {
			s += " " + text
		}
	}
	if d.Status != record.StatusCompleted {
		s += " " + d.Status
	}
	for mark, is := range map[string]bool{" historical": d.Historical, " not valid": d.NotValid, " unknown": d.Unknown} {
		if is {
			s += mark
		}
	}
	return s
}

var composed = map[string]struct {
	reports []registry.Report
	want    []string
	unread  int
}{
	"a historical copy after the administered one": {
		[]registry.Report{told("2021-03-05", "207", lot("EK5730"), at("Harborview")), told("2021-03-05", "207", historical)},
		[]string{"2021-03-05 207 EK5730 Harborview"},
		0,
	},
	"an administered one after the historical copy, which has a lot": {
		[]registry.Report{told("2021-03-05", "207", lot("EK5730"), historical), told("2021-03-05", "207")},
		[]string{"2021-03-05 207 EK5730"},
		0,
	},
	"one says which vaccine, the other what it is against": {
		[]registry.Report{
			told("2021-03-05", "207"), told("2021-03-05", "213"), told("2022-10-01", "88", named("flu")), told("2022-10-01", "140", named("Fluarix")),
			told("2022-10-02", "150"),
		},
		[]string{"2022-10-02 150", "2022-10-01 140 Fluarix", "2021-03-05 207"},
		0,
	},
	"of the pneumococcal vaccines, too": {
		[]registry.Report{told("2021-03-05", "109"), told("2021-03-05", "33")}, []string{"2021-03-05 33"}, 0,
	},
	"a combination is more than a part of it": {
		[]registry.Report{told("2021-03-05", "107"), told("2021-03-05", "110")}, []string{"2021-03-05 110", "2021-03-05 107"}, 0,
	},
	"two vaccines against one disease": {
		[]registry.Report{told("2022-10-01", "140"), told("2022-10-01", "150")}, []string{"2022-10-01 150", "2022-10-01 140"}, 0,
	},
	"two lots on one day are two, and what has none belongs to one of them": {
		[]registry.Report{told("2021-03-05", "207", lot("A")), told("2021-03-05", "207", lot("B")), told("2021-03-05", "213")},
		[]string{"2021-03-05 207 A", "2021-03-05 207 B"},
		0,
	},
	"one lot, written otherwise": {
		[]registry.Report{told("2021-03-05", "207", lot("EK 57-30")), told("2021-03-05", "207", lot("ek5730"))}, []string{"2021-03-05 207 EK 57-30"}, 0,
	},
	"what stands for no lot is none": {
		[]registry.Report{
			told("2021-03-05", "207", lot("EK5730")), told("2021-03-05", "207", lot("N/A"), historical), told("2020-10-01", "140", lot("Unknown")),
			told("2020-10-01", "140", lot("U1234"), historical), told("2019-10-01", "140", lot("-")), told("2013-06", "03", lot("none")), told("2013-06", "03", lot("none")),
		},
		[]string{"2021-03-05 207 EK5730", "2020-10-01 140 U1234", "2019-10-01 140", "2013-06 03", "2013-06 03"},
		0,
	},
	"one site as two systems have it": {
		[]registry.Report{
			told("2021-03-05", "207", site("LA")), told("2021-03-05", "207", site("368208006"), historical), told("2020-03-05", "207", site("700022004")),
			told("2020-03-05", "207", site("Left deltoid"), historical), told("2019-03-05", "207", site("368208006")), told("2019-03-05", "207", site("368209003")),
		},
		[]string{"2021-03-05 207", "2020-03-05 207", "2019-03-05 207", "2019-03-05 207"},
		0,
	},
	"two sites on one day are two": {
		[]registry.Report{told("2021-03-05", "207", site("LA")), told("2021-03-05", "207", site("RA"))}, []string{"2021-03-05 207", "2021-03-05 207"}, 0,
	},
	"given beats not given": {
		[]registry.Report{told("2021-03-05", "207", status("not-done"), lot("X")), told("2021-03-05", "207")}, []string{"2021-03-05 207"}, 0,
	},
	"who gave it knows whether it counts": {
		[]registry.Report{told("2021-03-05", "207"), told("2021-03-05", "207", historical, notValid), told("2022-03-05", "207"), told("2022-03-05", "207", notValid)},
		[]string{"2022-03-05 207 not valid", "2021-03-05 207"},
		0,
	},
	"an entry in error beside a good one": {
		[]registry.Report{told("2021-03-05", "207", lot("EK5730")), told("2021-03-05", "207", lot("EK5730"), status("entered-in-error"))},
		[]string{"2021-03-05 207 EK5730"},
		0,
	},
	"an entry in error alone, twice": {
		[]registry.Report{told("2021-03-05", "207", status("entered-in-error")), told("2021-03-05", "207", status("entered-in-error"))},
		[]string{"2021-03-05 207 entered-in-error"},
		0,
	},
	"no dose, and what is no vaccine": {
		[]registry.Report{told("2021-03-05", "998"), told("2021-03-06", "999"), told("2021-03-07", "99"), told("2021-03-08", "96"), told("2021-03-09", "801")},
		[]string{"2021-03-09 801", "2021-03-08 96", "2021-03-06 999"},
		1,
	},
	"what cannot have been": {
		[]registry.Report{
			told("1900-01-01", "03"), told("1984-07-08", "08"), told("1954-07-09", "20"), told("1984-07-09", "45"),
			told("1984", "03"), told("1983", "03"), told("1984-06", "03"), told("", "03"),
		},
		[]string{"1984-07-09 45", "1984 03"},
		6,
	},
	"before there was such a vaccine, more than the years of trials": {
		[]registry.Report{told("2018-05-05", "207"), told("2017-05-05", "207"), told("2013", "213"), told("2003-01-01", "62"), told("1990-01-01", "999")},
		[]string{"2018-05-05 207", "2017-05-05 207 not valid", "2013 213 not valid", "2003-01-01 62 not valid", "1990-01-01 999"},
		0,
	},
	"a code that the tables lack, and none at all": {
		[]registry.Report{
			told("2026-09-20", "335", named("COVID-19 2026")), told("2026-09-20", "", named("Shot")), told("2026-09-20", "", named("shot")),
			told("2026-09-20", "", named("Other")),
		},
		[]string{"2026-09-20 335 COVID-19 2026 unknown", "2026-09-20  Shot unknown", "2026-09-20  Other unknown"},
		0,
	},
	"years and months stay apart, unless all is the same": {
		[]registry.Report{told("2013", "207"), told("2013-06", "140"), told("2013-06", "140"), told("2013-06-01", "140"), told("2013-06", "03", lot("A")), told("2013-06", "03", lot("A"))},
		[]string{"2013-06-01 140", "2013-06 140", "2013-06 140", "2013-06 03 A", "2013 207 not valid"},
		0,
	},
	"what cannot have been, and was not given": {
		[]registry.Report{told("1984-07-08", "08", status("not-done")), told("1900-01-01", "03", status("not-done")), told("1999-01-01", "03", status("not-done"))},
		[]string{"1999-01-01 03 not-done"},
		0,
	},
	"what could not be read": {
		[]registry.Report{{ID: "1", Unread: "date-wrong"}, {ID: "2", Unread: "cvx-unknown"}, {Dose: record.Dose{Status: record.StatusError}, Unread: "date-wrong"}}, nil, 2,
	},
}

func TestReportsBecomeDoses(t *testing.T) {
	for name, tt := range composed {
		doses, unread := registry.Compose(born, tt.reports)
		var got []string
		for _, d := range doses {
			got = append(got, said(d))
		}
		if !slices.Equal(got, tt.want) || unread != tt.unread {
			t.Errorf("%s: %q and %d unread, want %q and %d", name, got, unread, tt.want, tt.unread)
		}
	}
}

// In whatever order reports came, and of whichever half a dose is known, the doses are the same.
func TestComposingAgainAndInAnotherOrderGivesTheSame(t *testing.T) {
	for name, tt := range composed {
		doses, _ := registry.Compose(born, tt.reports)
		again := make([]registry.Report, 0, len(doses))
		for _, d := range doses {
			d.Unknown = false
			again = append(again, registry.Report{Dose: d})
		}
		if !strings.Contains(name, "site") { // which a dose does not say
			if twice, unread := registry.Compose(born, again); !reflect.DeepEqual(twice, doses) || unread != 0 {
				t.Errorf("%s: composed twice it is %v", name, len(twice))
			}
		}
		back := slices.Clone(tt.reports)
		slices.Reverse(back)
		turned, unread := registry.Compose(born, back)
		if len(turned) != len(doses) || unread != tt.unread {
			t.Errorf("%s: from the end it is %d doses and %d unread", name, len(turned), unread)
		}
	}
}

func TestACorrectedBirthDateCountsForWhatIsThere(t *testing.T) {
	all := []registry.Report{told("1984-07-08", "08")}
	if doses, unread := registry.Compose("1984-07-09", all); len(doses) != 0 || unread != 1 {
		t.Errorf("before birth: %d and %d", len(doses), unread)
	}
	if doses, unread := registry.Compose("1984-07-08", all); len(doses) != 1 || unread != 0 {
		t.Errorf("corrected: %d and %d", len(doses), unread)
	}
}
