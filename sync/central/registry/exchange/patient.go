package exchange

import (
	"regexp"
	"slices"
	"strings"

	"vaxkiosk/app/names"
)

// patient takes the name and the contacts of today.
func (c *reading) patient(x resource) result {
	labels := x.labels()
	if labels.test() {
		return refused(TestPatient)
	}
	now, also := c.nameOf(x.Name)
	d := draft{
		id: string(x.ID), birth: x.BirthDate, gender: x.Gender, at: c.changed(x.changed()),
		given: now.given, family: now.family, suffix: now.suffix, also: also, contacts: c.reaches(x.Telecom, false),
		inactive: says(x.Active, false), deceased: says(x.Dead, true) || x.DeadSince != "" || x.DeadOnce != nil, replacedBy: c.survivor(x), index: c.index(x),
		restricted: labels.restricted(),
	}
	for _, r := range x.Contact {
		if c.holds(r.Period) == holdsNow && r.guardian() {
			d.contacts = append(d.contacts, c.reaches(r.Telecom, true)...)
		}
	}
	return c.person(d)
}

// survivor is who a Patient is now, if it was merged into another one.
func (c *reading) survivor(x resource) string {
	for _, l := range x.Link {
		if id, why := c.id(l.Other.Reference, "Patient"); l.Type == "replaced-by" && why == "" && goodID(id) && id != string(x.ID) {
			return id
		}
	}
	return ""
}

// index is the id of a Patient in the master index that the options name, and not one that
// the index has given up.
func (c *reading) index(x resource) string {
	for _, i := range x.Identifier {
		if c.Index != "" && i.System == c.Index && i.Value != "" && i.Use != "old" && c.holds(i.Period) == holdsNow {
			return short(string(i.Value))
		}
	}
	return ""
}

// says reports whether a member is there and says is.
func says(member *bool, is bool) bool { return member != nil && *member == is }

// labels are those of a resource.
func (x resource) labels() meta {
	if x.Meta == nil {
		return meta{}
	}
	return *x.Meta
}

// test reports whether a resource is of nobody, but of a test.
func (m meta) test() bool { return marked(m.Security, "HTEST") || marked(m.Tag, "HTEST") }

// restricted reports whether its confidentiality is restricted or very restricted.
func (m meta) restricted() bool { return marked(m.Security, "R") || marked(m.Security, "V") }

// marked reports whether there is a label with a code.
func marked(labels []coding, code string) bool {
	return slices.ContainsFunc(labels, func(l coding) bool { return strings.EqualFold(string(l.Code), code) })
}

// When a period is. One whose end cannot be read may be over.
type when int

const (
	holdsNow when = iota
	isOver
	isToCome
)

// dates is a day, a month or a year, with or without a time behind it.
var dates = regexp.MustCompile(`^\d{4}(-\d\d(-\d\d)?)?(T|$)`)

func (c *reading) holds(p *period) when {
	if p == nil {
		return holdsNow
	}
	today := c.Today.String()
	if end, _, _ := strings.Cut(p.End, "T"); p.End != "" && (!dates.MatchString(p.End) || end < today[:len(end)]) {
		return isOver
	}
	if start, _, _ := strings.Cut(p.Start, "T"); dates.MatchString(p.Start) && start > today[:len(start)] {
		return isToCome
	}
	return holdsNow
}

// How good a name is as the one of today: the smaller, the better.
const (
	official = iota
	usual
	current
	oneNameOnly
	nickname  // a usual name without a family name
	inWords   // text alone
	endedOnce // better than nobody: the one that held last
	noName
)

// nameOf chooses the name of today. All others that were or are used, and can be used,
// are further ones.
func (c *reading) nameOf(all []humanName) (now spelled, also []spelled) {
	best, at := noName, -1
	for i, n := range all {
		grade := c.grade(n)
		later := grade == best && at >= 0 && n.Period != nil && (all[at].Period == nil || n.Period.Start > all[at].Period.Start)
		if grade < best || grade != noName && later {
			best, at = grade, i
		}
	}
	for i, n := range all {
		if i == at {
			now = n.spelled()
		} else if n.Use != "anonymous" && n.Use != "temp" && c.holds(n.Period) != isToCome {
			also = append(also, n.spelled())
		}
	}
	return now, also
}

func (c *reading) grade(n humanName) int {
	s := n.spelled()
	family := strings.TrimSpace(n.Family) != ""
	held := c.holds(n.Period)
	switch {
	case slices.Contains([]string{"old", "maiden", "anonymous", "temp", "nickname"}, n.Use), held == isToCome:
		return noName
	case !family && !s.has():
		return noName
	case held == isOver:
		return endedOnce
	case !family && len(n.Given) == 0 || !family && !spelled{given: n.Given}.has():
		return inWords
	case n.Use == "official":
		return official
	case n.Use == "usual" && family:
		return usual
	case family:
		return current
	case n.Use == "usual":
		return nickname
	}
	return oneNameOnly
}

// spelled is the name in its parts. What they lack is in the text when that is two words:
// "Talia Woodrow", or "Woodrow, Talia".
func (n humanName) spelled() spelled {
	s := spelled{given: n.Given, family: n.Family, suffix: n.Suffix}
	words := strings.Fields(n.Text)
	if bare, _ := names.Given(names.Words(n.Text)); len(words) != 2 || len(bare) < 2 { // "Ms. Woodrow"
		return s
	}
	if family, turned := strings.CutSuffix(words[0], ","); turned {
		words[0], words[1] = words[1], family
	}
	given, family := strings.TrimSpace(strings.Join(n.Given, " ")), strings.TrimSpace(n.Family)
	if (given == "" || strings.EqualFold(given, words[0])) && (family == "" || strings.EqualFold(family, words[1])) {
		s.given, s.family = words[:1], words[1]
	}
	return s
}

// has reports whether there is a given name.
func (s spelled) has() bool {
	return slices.ContainsFunc(s.given, func(n string) bool { return strings.TrimSpace(n) != "" })
}

// Codes of a parent or guardian (HL7 v3 RoleCode, v2 table 0063), and what people write.
var (
	parents    = strings.Fields("PRN MTH FTH GUARD NMTH NFTH NPRN ADOPTP ADOPTM ADOPTF STPPRN STPMTH STPFTH PRNFOST MTHFOST FTHFOST PAR GRD")
	parentWord = regexp.MustCompile(`(?i)\b(mother|father|parents?|(legal )?guardian|mom|mum|dad|madre|padre|tutora?)\b`)
	inLaw      = regexp.MustCompile(`(?i)in[- ]law|grand`)
)

const nextOfKin = "N" // HL7 v2 table 0131: of a child, as a rule a parent

// guardian reports whether this is a parent or guardian, if the patient is a child.
func (r related) guardian() bool {
	kin, said := false, ""
	for _, c := range r.Relationship {
		said += " " + c.Text
		for _, code := range c.Coding {
			upper := strings.ToUpper(string(code.Code))
			if slices.Contains(parents, upper) {
				return true
			}
			if upper == nextOfKin {
				kin = true
			} else {
				said += " " + code.Display
			}
		}
	}
	if strings.TrimSpace(said) == "" {
		return kin
	}
	return parentWord.MatchString(said) && !inLaw.MatchString(said)
}
