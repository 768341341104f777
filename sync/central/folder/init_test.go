package folder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAFolderThatCannotBeFinishedIsLeftEmpty(t *testing.T) {
	for name, f := range map[string]func(context.Context, context.CancelFunc, string) error{
		"fails": func(context.Context, context.CancelFunc, string) error { return errors.New("no") },
		"stopped": func(ctx context.Context, stop context.CancelFunc, in string) error {
			defer stop()
			return makeAll(ctx, in, "", time.Now())
		},
	} {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		dir := filepath.Join(t.TempDir(), "data")
		if err := makeFolder(ctx, dir, func(in string) error { return f(ctx, stop, in) }); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, err := os.ReadDir(dir); len(left) != 0 || err != nil {
			t.Errorf("%s: %d files, %v", name, len(left), err)
		}
	}
}
