//go:build windows

package display

import "log/slog"

// Need has nothing to refuse: where there is no OpenGL, the window itself says so when it opens.
func Need(*slog.Logger) error { return nil }
