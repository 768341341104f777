//go:build !unix

package enrol

// alone lets everybody in: what two enrolments write has names of its own.
func alone(string) (release func(), err error) { return func() {}, nil }

// ownedByUs says yes: where folders have no one owner, the rights of the folder decide.
func ownedByUs(string) error { return nil }
