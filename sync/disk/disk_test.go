package disk

import (
	"path/filepath"
	"testing"
)

func TestTheRoomOfAFolderIsKnownAndThatOfNoneIsNot(t *testing.T) {
	dir := t.TempDir()
	if bytes, known := Free(dir); !known || bytes == 0 {
		t.Errorf("%d bytes, known: %v", bytes, known)
	}
	if _, known := Free(filepath.Join(dir, "none")); known {
		t.Error("a folder that is not there has room")
	}
}
