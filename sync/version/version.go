// Package version says which program this is: the number of the release, and the
// revision of the source it was built from. All programs have the same.
//
//	vaxcentral 0.2.0, revision 3f2a9c1b7d04, go1.26.8
//
// The revision is what go build notes when it builds in a checkout; without it
// (-buildvcs=false, go run, tests) it is "unknown". A "+" behind it means that files
// were changed since.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Number is the number of the release (semver.org). FyneApp.toml and the
// newest release of CHANGELOG.md have the same, which tests compare.
const Number = "0.2.0"

// Revision is the beginning of the revision of the source.
func Revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return revisionOf(info.Settings)
}

const (
	unknown = "unknown"
	enough  = 12 // characters of a revision
)

func revisionOf(settings []debug.BuildSetting) string {
	revision, changed := unknown, ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision" && s.Value != "":
			revision = s.Value[:min(enough, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	if revision == unknown {
		return unknown
	}
	return revision + changed
}

// Of is the line that a program prints for --version.
func Of(program string) string {
	return fmt.Sprintf("%s %s, revision %s, %s", program, Number, Revision(), runtime.Version())
}
