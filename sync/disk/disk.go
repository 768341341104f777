// Package disk tells how much room there is.
//
//	bytes, known := disk.Free(dir)
//
// It writes nothing to find out, and says so where a system does not tell.
package disk
