package request

import (
	"testing"
	"time"
)

// A date that is not complete is refused when nothing that it can become is a date
// that counts, and only then.
func TestADateIsRefusedAsSoonAsItCannotBe(t *testing.T) {
	today, since := Date{2026, 11, 23}, Date{1958, 3, 14}
	for _, since := range []Date{{}, since} {
		can := map[Date]bool{{}: true}
		from := Date{OldestYear, 1, 1}
		if since.Complete() {
			from = since
		}
		for day := time.Date(from.Year, time.Month(from.Month), from.Day, 0, 0, 0, 0, time.UTC); !DateOf(day).After(today); day = day.AddDate(0, 0, 1) {
			for parts := range 8 {
				d := DateOf(day)
				d.Year *= parts & 1
				d.Month *= parts >> 1 & 1
				d.Day *= parts >> 2 & 1
				can[d] = true
			}
		}
		for _, year := range []int{0, 198, 1899, 1900, 1957, 1958, 1959, 2000, 2023, 2024, 2025, 2026, 2027, 9999} {
			for month := range 21 {
				for day := range 41 {
					d := Date{year, month, day}
					if wrong := d.soFar(since, today); (wrong == "") != can[d] {
						t.Errorf("%v since %v is %q, can be: %v", d, since, wrong, can[d])
					}
				}
			}
		}
	}
}

func TestADateSoFarIsRefusedWithItsReason(t *testing.T) {
	today, since := Date{2026, 11, 23}, Date{1958, 3, 14}
	for d, want := range map[Date]Code{
		{0, 2, 30}:     NoSuchDay,
		{0, 2, 29}:     "",
		{2023, 2, 29}:  NoSuchDay,
		{2024, 2, 29}:  "",
		{0, 13, 0}:     NoSuchDay,
		{0, 0, 32}:     NoSuchDay,
		{2027, 0, 0}:   InFuture,
		{2026, 12, 0}:  InFuture,
		{2026, 0, 24}:  "",
		{2026, 11, 24}: InFuture,
		{2026, 11, 23}: "",
		{1957, 0, 0}:   TooLongAgo,
		{1958, 2, 0}:   TooLongAgo,
		{1958, 3, 0}:   "",
		{1958, 3, 13}:  TooLongAgo,
	} {
		if got := d.soFar(since, today); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
