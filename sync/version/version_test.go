package version

import (
	"regexp"
	"runtime/debug"
	"testing"
)

func TestTheRevisionIsShortAndSaysWhetherFilesWereChanged(t *testing.T) {
	set := func(pairs ...string) (all []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return all
	}
	const long = "3f2a9c1b7d04e5f60718293a4b5c6d7e8f901234"
	for want, settings := range map[string][]debug.BuildSetting{
		"3f2a9c1b7d04":  set("vcs.modified", "false", "vcs.revision", long),
		"3f2a9c1b7d04+": set("vcs.modified", "true", "vcs.revision", long),
		"3f2a":          set("vcs.revision", "3f2a"),
		"unknown":       set("vcs.modified", "true", "GOOS", "linux"),
	} {
		if got := revisionOf(settings); got != want {
			t.Errorf("%v: %q, want %q", settings, got, want)
		}
	}
}

func TestTheLineHasVersionRevisionAndGo(t *testing.T) {
	if got := Of("vaxcentral"); !regexp.MustCompile(`^vaxcentral \d+\.\d+\.\d+, revision \S+, go\d`).MatchString(got) {
		t.Errorf("%q", got)
	}
}
