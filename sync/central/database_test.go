package central_test

import (
	"path/filepath"

	"vaxkiosk/sync/central/folder"
	"vaxkiosk/sync/central/store/storetest"
)

// db is the town's database, past the service.
func (w *town) db() storetest.DB {
	w.t.Helper()
	return storetest.At(w.t, filepath.Join(w.dir, folder.DatabaseFile))
}
