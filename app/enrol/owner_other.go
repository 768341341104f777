//go:build !unix

package enrol

// ownedByUs says yes: where folders have no one owner, the rights of the folder decide.
func ownedByUs(string) error { return nil }
