package match

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"vaxkiosk/app/names"
	"vaxkiosk/assets"
)

// Name is a name in small letters without accents and punctuation: its parts
// between spaces and hyphens.
type Name []string

// NameOf returns the compared form of a name, nil for a placeholder or none. Accents go;
// what else marks a letter (vowel signs, voicing marks) tells names apart and stays.
func NameOf(s string) Name { return parts(s).known() }

func (n Name) whole() string { return strings.Join(n, "") }

// size is the length of whole.
func (n Name) size() (bytes int) {
	for _, part := range n {
		bytes += len(part)
	}
	return bytes
}

// is reports whether two names are the same to the letter.
func (n Name) is(o Name) bool { return n.size() == o.size() && n.whole() == o.whole() }

// parts are the words of a name.
func parts(s string) Name {
	if slices.Contains(notApplicable, strings.ToLower(names.Fold(s))) {
		return nil
	}
	return names.Words(s)
}

// givenOf takes titles ("Dr.") and a suffix off a first name.
func givenOf(s string) (given Name, suffix string) {
	n, suffix := names.Given(parts(s))
	return Name(n).known(), suffix
}

// familyOf takes titles and a suffix ("Lopez, Jr.") off a family name, and writes
// prefixes in one way.
func familyOf(s string) (family Name, suffix string) {
	n, suffix := names.Family(parts(s))
	return Name(n).known(), suffix
}

// particles do not name a family.
var particles = strings.Fields("de la del della das dos da di du do el al le les los las van von der den ter ten san santa saint the")

// alike is how much two names agree.
type alike int

const (
	different alike = iota
	near            // one typing error in five letters or more
	short           // one is a short form of the other
	same
)

// likeGiven compares first names. In a double name one part may have the typing
// error. One of the two must be a name that is known, and the other one not: a name
// that is somebody's own ("Marie") is no typing error of another ("Maria"), among
// twins it is the other one's; and of two that nobody knows ("Kimleng", "Kimheng")
// neither need be an error. Nor is another first letter one: names of twins rhyme
// ("Kaiden", "Jaiden"), and the first letter is seldom mistyped. And only a slip of
// the finger counts, which no parents choose to tell their twins apart.
func likeGiven(a, b Name) alike {
	if len(a) == 0 || len(b) == 0 {
		return different
	}
	if a.is(b) {
		return same
	}
	if len(a) != len(b) {
		return different
	}
	best := same
	for i := range a {
		switch like := likeWhole(a[i], b[i]); {
		case like == same:
		case like == near && best == same && slip([]rune(a[i]), []rune(b[i])) && ownName(a[i]) != ownName(b[i]) && initial(a[i]) == initial(b[i]):
			best = near
		default:
			return different
		}
	}
	return best
}

// slip reports whether one typing error between two words is no more than two letters
// swapped, or one written twice or once too few.
func slip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return i > 0 && b[i] == b[i-1] // the last of the same letters is where they part
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i]
}

func initial(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// likeFamily compares family names. The parts of a double name may come in any
// order, and somebody who uses some of them is the same as one who uses all.
func likeFamily(a, b Name) alike {
	if len(a) == 0 || len(b) == 0 {
		return different
	}
	if a.is(b) {
		return same
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b) > 1 && (len(a) == len(b) || slices.ContainsFunc(a, namesFamily)) {
		if like := within(a, b); like != different {
			return like
		}
	}
	if d := a.size() - b.size(); d > utf8.UTFMax || d < -utf8.UTFMax {
		return different // by more than a letter
	}
	return likeWhole(a.whole(), b.whole())
}

// namesFamily reports whether a part says which family it is.
func namesFamily(part string) bool {
	return utf8.RuneCountInString(part) > 2 && !slices.Contains(particles, part)
}

// within reports whether all parts of some are parts of all; one may have a typing error.
func within(some, all Name) alike {
	rest := slices.Clone(all)
	missed := ""
	for _, p := range some {
		switch i := slices.Index(rest, p); {
		case i >= 0:
			rest = slices.Delete(rest, i, i+1)
		case missed != "":
			return different
		default:
			missed = p
		}
	}
	if missed == "" {
		return same
	}
	if slices.ContainsFunc(rest, func(p string) bool { return likeWhole(missed, p) == near }) {
		return near
	}
	return different
}

// Prepare loads the names that are known, so that the first request that needs
// them takes no longer than others. It may be called at any time.
func Prepare() {
	ownNames()
	nicknames()
}

// ownName reports whether a name is in the pools of first names.
func ownName(part string) bool { return ownNames()[part] }

var ownNames = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, pool := range []string{"given-girl", "given-boy", "given-girl-chinese", "given-boy-chinese"} {
		for _, w := range assets.Names(pool) {
			if !strings.Contains(w.Name, "?") { // it lost a letter on its way into the pool
				known[NameOf(w.Name).whole()] = true
			}
		}
	}
	for _, g := range assets.NameGroups() {
		for _, name := range slices.Concat(g.Girls, g.Boys) {
			known[NameOf(name).whole()] = true
			for _, part := range NameOf(name) {
				known[part] = true
			}
		}
	}
	for _, names := range nicknames() {
		for name := range names {
			known[name] = true
		}
	}
	return known
})

func likeWhole(a, b string) alike {
	switch {
	case a == b:
		return same
	case names.Near(a, b):
		return near
	}
	return different
}
