package outbox

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// A package's script reads four bytes of the file, while a kiosk has it.
func TestTheSchemaStandsInTheHeaderOfTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	open(t, path)
	content, err := os.ReadFile(path)
	if err != nil || len(content) < 64 {
		t.Fatalf("%d bytes, %v", len(content), err)
	}
	if got := binary.BigEndian.Uint32(content[60:]); int(got) != Schema() {
		t.Errorf("the header says %d, want %d", got, Schema())
	}
}
