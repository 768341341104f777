package match

import (
	_ "embed"
	"strings"
	"sync"
)

// Bob is Robert: a short form agrees with its full name, whichever is on file. The
// table has no two that twins could be called. And a short form opens less than
// a typing error: gender must be known and equal, the family name the same to the
// letter. Two short forms (Peggy, Maggie) or two full ones (Steven, Stephen) are
// two names.

//go:embed nicknames.txt
var nicknamesText string

// form is a name in the table.
type form struct {
	line int  // where its first name is
	full bool // no short form
}

var nicknames = sync.OnceValue(func() map[string]map[string]form {
	all := map[string]map[string]form{}
	var gender string
	for n, line := range strings.Split(nicknamesText, "\n") {
		switch fulls, shorts, ok := strings.Cut(line, ":"); {
		case strings.HasPrefix(line, "["):
			gender = strings.Trim(line, "[]")
			all[gender] = map[string]form{}
		case ok && gender != "":
			for i, names := range []string{fulls, shorts} {
				for name := range strings.SplitSeq(names, ",") {
					all[gender][NameOf(name).whole()] = form{n, i == 0}
				}
			}
		}
	}
	return all
})

// nickname reports whether the first name of one is a short form of the other's.
func nickname(a, b Identity) bool {
	if a.Gender != b.Gender || a.Gender == "" {
		return false
	}
	names := nicknames()[a.Gender]
	x, known := names[a.Given.whole()]
	if !known {
		return false
	}
	y, known := names[b.Given.whole()]
	return known && x.line == y.line && x.full != y.full
}
