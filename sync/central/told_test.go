package central_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"vaxkiosk/sync/central/folder"
)

func TestTheLogSaysWhenTheServiceStartsStopsAndMigrates(t *testing.T) {
	w := newTown(t, nil)
	w.stop()
	if strings.Contains(w.log.String(), "database.migrated") {
		t.Error("a new database was migrated")
	}
	w.swapped(folder.DatabaseFile, nil)
	w.db().BeforeMigrations() // older than all migrations
	w.start(nil)
	w.stop()
	for want, times := range map[string]int{
		`level=INFO msg="[^"]+" event=database.migrated from=0 to=\d+\n`: 1,
		`level=INFO msg="[^"]+" event=service.start version=\d+\.\d+\.\d+ revision=\S+ issuer=\S+ registry=.+ listen=127\.0\.0\.1:\d+ certificate_until=20\d\d-\d\d-\d\d\n`: 2,
		`level=INFO msg="[^"]+" event=service.stop why=.+\n`: 2,
	} {
		if n := len(regexp.MustCompile(want).FindAllString(w.log.String(), -1)); n != times {
			t.Errorf("%d lines like %s in\n%s", n, want, w.log)
		}
	}
	w.start(nil)
	if n := strings.Count(w.log.String(), "database.migrated"); n != 1 {
		t.Errorf("a database that is up to date was migrated: %d lines", n)
	}
}

func TestWhyTheServiceStopsIsSaid(t *testing.T) {
	w := newTown(t, nil)
	asked, stop := context.WithCancelCause(t.Context())
	stop(errors.New("terminated signal received"))
	w.SayStop(asked, nil)
	w.SayStop(t.Context(), errors.New("listener broke"))
	for _, want := range []string{`why="terminated signal received"`, `why="listener broke"`} {
		if !strings.Contains(w.log.String(), "event=service.stop "+want) {
			t.Errorf("no %s in\n%s", want, w.log)
		}
	}
}
