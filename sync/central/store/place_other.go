//go:build !unix

package store

import "io/fs"

// fileID cannot be known here.
func fileID(fs.FileInfo) string { return "" }
