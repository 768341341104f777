package central_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store/storetest"
)

// onServer runs the tests with their databases on a server: go test ./sync/central -server
var onServer = flag.Bool("server", false, "towns have their database on PostgreSQL")

func TestMain(m *testing.M) {
	flag.Parse()
	central.LeaveAtOnce()
	status := m.Run()
	storetest.StopServer()
	os.Exit(status)
}

// ofAFile are the tests of what only a database in a file has: its copies, its rights, its locks
// and its damage, and keys of its folder that nobody else has. Their towns have one with -server too.
var ofAFile = []string{
	"TestARestoredFolderIsTheOneThatWasBackedUp",
	"TestABackupHoldsNothingThatCanBeRead",
	"TestNoBackupTakesThePlaceOfAnother",
	"TestABackupAfterOneThatWasKilledIsMade",
	"TestARestoreIntoAFolderWithAnythingInItIsRefused",
	"TestABackupThatIsNotWholeIsRefusedAndNothingIsRestored",
	"TestABackupOfFilesThatDoNotBelongTogetherIsRefused",
	"TestARestoredFolderSendsNothingUntilItIsResumed",
	"TestAFolderCopiedByHandSendsNothingAndTheOriginalDoes",
	"TestASecondServiceTouchesNothingOfTheFirst",
	"TestAFolderOfBeforeTheAuditWasSignedGetsItsKeyAndALostOneIsSaid",
	"TestADamagedDatabaseIsSaidWhileItServes",
	"TestAFullDiskIsBusyAndNothingIsLost",
	"TestOpenRefusesALooseKeyOrDatabase",
	"TestABackupHoldsTheCodeTables",
	"TestTheLogSaysWhenTheServiceStartsStopsAndMigrates",
	"TestNothingIsConsumedUnderAnotherSealingKey",
	"TestAListWithoutAKeyThatHasSignedIsRefused",
	"TestAFileOfKeysThatIsNotReadableKeepsNobodyWaiting",
}

// newDatabase is where a new town's database is to be: the URL of one, or "" for a file.
func newDatabase(t testing.TB) string {
	t.Helper()
	test, _, _ := strings.Cut(t.Name(), "/")
	if !*onServer && !strings.HasPrefix(test, "TestInstances") || slices.Contains(ofAFile, test) {
		return ""
	}
	return storetest.OnEmpty(t).DB.Where()
}

// db is the town's database, past the service.
func (w *town) db() storetest.DB {
	w.t.Helper()
	if url, err := os.ReadFile(filepath.Join(w.dir, folder.ServerFile)); err == nil {
		return storetest.At(w.t, strings.TrimSpace(string(url)))
	}
	return storetest.At(w.t, filepath.Join(w.dir, folder.DatabaseFile))
}
