package central_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/codes"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/worker"
)

// updates puts a CVX table with a vaccine more into the town's folder.
func (w *town) updates(row string) {
	w.t.Helper()
	path := filepath.Join(w.t.TempDir(), "cvx.tsv")
	err := os.WriteFile(path, append(slices.Clone(assets.BuiltIn().Text(assets.TableCVX)), row...), 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	p, err := codes.Read(assets.BuiltIn(), []string{path})
	if err == nil {
		err = p.Write(w.dir)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// hourPasses lets one pass, and the housework come.
func (w *town) hourPasses() {
	w.pass(worker.PurgeEvery)
	w.State.Work.Ring()
}

func TestCodeTablesOfTheFolderComeIntoForceWhileTheServiceRuns(t *testing.T) {
	defer assets.Use(nil)
	w := newTown(t, nil)
	ready := w.readiness(http.StatusOK)
	if !ready.Ready || !ready.Codes.BuiltIn || ready.Codes.Broken || ready.Codes.Newest != assets.BuiltIn().Newest().Format("2006-01-02") {
		t.Errorf("%+v", ready)
	}
	w.logs("event=codes.in-force", 1)
	w.updates("399\tCOVID-19, of 2096\tof 2096\tActive\t9/1/2096\tCOVID-19\t213\n")
	w.hourPasses()
	w.logs("newest=2096-09-01 built_in=false", 1)
	if ready = w.readiness(http.StatusOK); ready.Codes.BuiltIn || ready.Codes.Old || ready.Codes.Newest != "2096-09-01" {
		t.Errorf("%+v", ready)
	}
	if _, known := assets.VaccineOf("399"); !known {
		t.Error("the new code is not known")
	}
}

func TestABrokenCodeTableIsSaidAndStopsNothing(t *testing.T) {
	defer assets.Use(nil)
	w := newTown(t, nil)
	k := w.kiosk("one")
	w.updates("399\tCOVID-19, of 2096\tof 2096\tActive\t9/1/2096\tCOVID-19\t213\n")
	if err := os.WriteFile(filepath.Join(w.dir, "codes", "cvx.tsv"), []byte("cvx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.hourPasses()
	w.logs("event=codes.broken", 1)
	w.hourPasses()
	k.ready(w.people[0])
	if ready := w.readiness(http.StatusOK); !ready.Codes.Broken || !ready.Codes.BuiltIn {
		t.Errorf("%+v", ready)
	}
	w.logs("event=codes.broken", 1)
}

func TestCodeTablesThatAreOldAreInTheLogAndTheServiceIsReady(t *testing.T) {
	defer assets.Use(nil)
	w := newTown(t, nil)
	w.stop()
	w.pass(assets.BuiltIn().Newest().AddDate(0, 19, 0).Sub(w.now()))
	w.start(nil)
	w.logs("event=codes.old", 1)
	if ready := w.readiness(http.StatusOK); !ready.Codes.Old {
		t.Errorf("%+v", ready)
	}
}

func TestABackupHoldsTheCodeTables(t *testing.T) {
	defer assets.Use(nil)
	w := newTown(t, nil)
	w.updates("399\tCOVID-19, of 2096\tof 2096\tActive\t9/1/2096\tCOVID-19\t213\n")
	by := holder(t)
	path, b := w.backUp(by.Recipient())
	if !slices.ContainsFunc(b.Files, func(f folder.BackupFile) bool { return f.Name == "codes/cvx.tsv" }) {
		t.Errorf("%+v", b.Files)
	}
	w.stop()
	other := w.restored(path, by)
	if c, err := codes.Load(other.dir); err != nil || c == assets.BuiltIn() {
		t.Errorf("%v", err)
	}
}
