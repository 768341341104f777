package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestTheScreenIsLitInItsHours(t *testing.T) {
	dir := folder(t)
	text := strings.Replace(good, "[window]\n", "[window]\nhours = [\"mon-fri 07:30-18:00\", \"sat-sun 09:00-12:30\", \"sat 20:00-24:00\"]\n", 1)
	c, err := Load(write(t, dir, "kiosk.toml", text))
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, time.November, 30, 0, 0, 0, 0, time.Local)
	for at, lit := range map[string]bool{
		"0 07:29": false, "0 07:30": true, "0 17:59": true, "0 18:00": false, "4 12:00": true, "5 12:00": true,
		"5 12:30": false, "5 23:59": true, "6 00:00": false, "6 09:00": true, "6 20:00": false,
	} {
		var day, h, m int
		if _, err := fmt.Sscanf(at, "%d %d:%d", &day, &h, &m); err != nil {
			t.Fatal(err)
		}
		if got := c.Window.Hours.Lit(monday.AddDate(0, 0, day).Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)); got != lit {
			t.Errorf("day %s: lit is %t", at, got)
		}
	}
	if !Hours(nil).Lit(monday) {
		t.Error("without hours it is not always lit")
	}
}

func TestHoursThatCannotBeReadAreRefused(t *testing.T) {
	dir := folder(t)
	for _, hours := range []string{
		`"mon-fri 07:30-18:00"`, `[]`, `[7]`, `[""]`, `["mon"]`, `["mon 18:00-07:30"]`, `["mon 07:30-07:30"]`, `["mo 07:30-18:00"]`,
		`["mon-fri-sat 07:30-18:00"]`, `["mon 7:30-18:00"]`, `["mon 07:60-18:00"]`, `["mon 07:30-24:01"]`, `["mon 07:30-18:00 "]`, `["mon +7:30-18:00"]`,
	} {
		text := strings.Replace(good, "[window]\n", "[window]\nhours = "+hours+"\n", 1)
		_, err := Load(write(t, dir, "kiosk.toml", text))
		if err == nil || !strings.Contains(err.Error(), "window.hours") || !strings.Contains(err.Error(), "mon-fri 07:30-18:00") {
			t.Errorf("%s: %v", hours, err)
		}
	}
}
