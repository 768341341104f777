package exchange

import (
	"bufio"
	"errors"
	"io"
	"regexp"
	"strings"

	"vaxkiosk/sync/central/registry"
)

// Whom a reference means. An id belongs to the server that gave it: the same number of
// another server is somebody else. So an absolute reference is taken only below the base
// that the options name; or, when they name none, below the one base that all absolute
// references of the file have, if the file has Patients of its own.

// id is the id in a reference to a kind of resource: "KIND/ID", the same below a base,
// either with a version behind it, the URN that an entry of the Bundle has, or "ID".
func (c *reading) id(ref, kind string) (string, registry.Reason) {
	ref, _, _ = strings.Cut(strings.TrimSpace(ref), "/_history/")
	if id, ok := c.named[ref]; ok {
		return id, ""
	}
	for _, urn := range []string{uuid, "urn:oid:"} {
		if id, is := strings.CutPrefix(ref, urn); is {
			ref = kind + "/" + id
		}
	}
	before, id, sure := cutLast(ref)
	base, below := strings.CutSuffix(before, kind)
	switch {
	case strings.ContainsAny(ref, "?#"):
		return "", PersonWrong
	case !sure && !strings.Contains(ref, ":"):
		return ref, ""
	case !below || base != "" && !strings.HasSuffix(base, "/"):
		return "", PersonWrong
	case base == "" || c.rooted(strings.TrimRight(base, "/")):
		return id, ""
	}
	return "", ReferenceElsewhere
}

// cutLast cuts at the last slash.
func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndex(s, "/")
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

func (c *reading) rooted(base string) bool {
	if c.Base != "" {
		return base == strings.TrimRight(c.Base, "/")
	}
	if c.base == nil {
		found := c.throughout()
		c.base = &found
	}
	return *c.base != "" && base == *c.base
}

var (
	absolute = regexp.MustCompile(`"(?:reference|fullUrl)"\s*:\s*"(https?:(?:\\?/){2}[^"]{1,1000})"`)
	aPatient = regexp.MustCompile(`"resourceType"\s*:\s*"Patient"`)
	below    = regexp.MustCompile(`^(.+?)/[A-Z][A-Za-z]+/[A-Za-z0-9.-]+(?:/_history/.*)?$`)
)

// again is the text of the file from its start.
func (c *reading) again() (*bufio.Reader, error) {
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return decode(c.file)
}

// throughout looks through the whole file for the base of its absolute references, "" when
// there are several, or no Patient. It leaves the file where it was.
func (c *reading) throughout() string {
	was, err := c.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return "" // a pipe cannot be read twice
	}
	bases, people, err := c.bases()
	if _, back := c.file.Seek(was, io.SeekStart); err != nil || back != nil || !people || len(bases) != 1 {
		return ""
	}
	for base := range bases {
		return base
	}
	return ""
}

// longest is how long what is looked for may be: so much of a piece of text is looked at
// again with the next one.
const longest = 4096

func (c *reading) bases() (bases map[string]bool, people bool, err error) {
	in, err := c.again()
	if err != nil {
		return nil, false, err
	}
	bases = map[string]bool{}
	piece, kept := make([]byte, 1<<18), 0
	for err == nil {
		var n int
		n, err = io.ReadFull(in, piece[kept:])
		seen := piece[:kept+n]
		people = people || aPatient.Match(seen)
		for _, m := range absolute.FindAllSubmatch(seen, -1) {
			url := strings.ReplaceAll(string(m[1]), `\/`, `/`)
			if b := below.FindStringSubmatch(url); b != nil {
				bases[b[1]] = true
			}
		}
		kept = copy(piece, seen[max(0, len(seen)-longest):])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return bases, people, err
}
