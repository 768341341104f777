package paper

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf16"
)

// Reading a finished PDF of ours again. What is read are the bytes that go to
// the printer: page contents are found through the page objects, inflated, and
// taken apart into the text and the squares inside each marked group.

// Tags of the marked groups.
const (
	tagWho         = "Who"
	tagSource      = "Source"  // registry and time
	tagCount       = "Count"   // of the doses
	tagWhose       = "Whose"   // on later pages
	tagHead        = "Head"    // the heads of the columns of a table
	tagDisease     = "Disease" // in the overview
	tagDays        = "Days"    // in the overview
	tagMarks       = "Marks"   // below the overview
	tagTitle       = "Title"   // of the list
	tagFamily      = "Family"
	tagRow         = "Row"
	tagCode        = "Code"
	tagFoot        = "Foot"
	tagRecommended = "Advice"
	tagAsOf        = "AsOf"
	tagOther       = "Other"  // entry
	tagOthers      = "Others" // title of the other entries
	tagUnread      = "Unread"
	tagCheck       = "Check"
	tagNumber      = "Number" // of a slip, with its code
	tagLine        = "Line"   // one line with outlines
	tagLoose       = ""       // text in no marked group

	tagUnknown = "Unknown" // what says that a letter is not on the page
)

// group is what one marked group draws.
type group struct {
	tag   string
	texts []drawn
	rects [][4]float64 // x, y, width, height from the lower left corner
	forms []outlined
}

// drawn is one text with the place of its baseline.
type drawn struct {
	x, y float64
	s    string
}

var errUnreadable = errors.New("the finished PDF cannot be read again")

var (
	pageObject = regexp.MustCompile(`<</Type /Page\n(?s:.{0,400}?)/Contents (\d+) 0 R>>`)
	streamHead = regexp.MustCompile(`^<</Filter /FlateDecode /Length (\d+)>>\nstream\n`)
)

// readBack returns the marked groups of all pages in the order they are drawn, of a file that
// asks not to be scaled.
func readBack(pdf []byte) ([]group, error) {
	var all []group
	pages := pageObject.FindAllSubmatch(pdf, -1)
	switch {
	case len(pages) == 0:
		return nil, errUnreadable
	case bytes.Count(pdf, []byte(string(catalogHead)+asDrawn)) != 1:
		return nil, errors.New("the finished PDF may be scaled when it is printed")
	}
	for _, page := range pages {
		content, err := stream(pdf, string(page[1]))
		if err != nil {
			return nil, err
		}
		groups, err := readPage(content)
		if err != nil {
			return nil, err
		}
		all = append(all, groups...)
	}
	return all, nil
}

// marked are the groups that were marked as such.
func marked(groups []group) []group {
	return slices.DeleteFunc(groups, func(g group) bool { return g.tag == tagLoose })
}

// stream inflates the stream of an object.
func stream(pdf []byte, object string) ([]byte, error) {
	_, rest, ok := bytes.Cut(pdf, []byte("\n"+object+" 0 obj\n"))
	head := streamHead.FindSubmatch(rest)
	if !ok || head == nil {
		return nil, errUnreadable
	}
	return inflate(rest[len(head[0]):], head[1])
}

// inflate unpacks what stands at the beginning of data, length bytes of it.
func inflate(data, length []byte) ([]byte, error) {
	n, err := strconv.Atoi(string(length))
	if err != nil || n > len(data) {
		return nil, errUnreadable
	}
	z, err := zlib.NewReader(bytes.NewReader(data[:n]))
	if err != nil {
		return nil, errUnreadable
	}
	content, err := io.ReadAll(z)
	if err != nil {
		return nil, errUnreadable
	}
	return content, nil
}

// readPage runs the few operators that matter here; the others end their
// operands like these do.
func readPage(content []byte) ([]group, error) {
	var p reading
	for len(content) > 0 {
		token, rest, err := nextToken(content)
		if err != nil {
			return nil, err
		}
		content = rest
		if token != "" {
			p.ink(token)
			if !p.operand(token) {
				p.operator(token)
			}
		}
	}
	if p.hidden || p.form != nil || p.broken {
		return nil, errUnreadable
	}
	return p.groups, nil
}

// reading is how far a page content is read.
type reading struct {
	groups     []group
	open       bool // the last group
	numbers    []float64
	name, text string
	x, y, size float64
	line       *drawn    // a line with outlines that is open
	hidden     bool      // text is invisible
	pale       bool      // what is filled is not black
	paleBefore []bool    // when the drawing state was saved
	form       *outlined // invisible text whose outlines are still to come
	broken     bool      // what is seen is not what is read
}

func (p *reading) operand(token string) bool {
	switch token[0] {
	case '(':
		p.text = token[1:]
		return true
	case '/':
		p.name = token[1:]
		return true
	}
	if token[0] > '9' { // an operator, spared the price of an error
		return false
	}
	n, err := strconv.ParseFloat(token, 64)
	if err == nil {
		p.numbers = append(p.numbers, n)
	}
	return err == nil
}

func (p *reading) operator(token string) {
	n := len(p.numbers)
	switch {
	case token == "BMC":
		p.begin()
	case token == "EMC":
		p.end()
	case token == "Td" && n >= 2:
		p.x, p.y = p.numbers[n-2], p.numbers[n-1]
	case token == "Tf" && n >= 1:
		p.size = p.numbers[n-1]
	case token == "Tr" && n >= 1:
		p.render(p.numbers[n-1])
	case token == "Tj":
		p.show(drawn{p.x, p.y, fromUTF16(p.text)})
	case token == "re" && p.open && n >= 4:
		last := len(p.groups) - 1
		p.groups[last].rects = append(p.groups[last].rects, [4]float64(p.numbers[n-4:]))
	}
	p.colour(token)
	p.numbers = p.numbers[:0]
}

// colour follows with what is filled, which must be black where text is.
func (p *reading) colour(token string) {
	n := len(p.numbers)
	switch token {
	case "g", "rg", "k", "scn":
		p.pale = token != "g" || n == 0 || p.numbers[n-1] != 0
	case "q":
		p.paleBefore = append(p.paleBefore, p.pale)
	case "Q":
		if last := len(p.paleBefore) - 1; last >= 0 {
			p.pale, p.paleBefore = p.paleBefore[last], p.paleBefore[:last]
		}
	}
}

// nextToken cuts one token off: "(" and a string's bytes, "/" and a name, a
// number or an operator; "" for white space.
func nextToken(b []byte) (token string, rest []byte, err error) {
	const space = " \n\r\t[]"
	switch {
	case bytes.IndexByte([]byte(space), b[0]) >= 0:
		return "", b[1:], nil
	case b[0] != '(':
		n := bytes.IndexAny(b[1:], space+"(/")
		if n < 0 {
			n = len(b) - 1
		}
		return string(b[:n+1]), b[n+1:], nil
	}
	text := []byte{'('}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case ')':
			return string(text), b[i+1:], nil
		case '\\':
			if i++; i < len(b) && b[i] == 'r' {
				text = append(text, '\r')
			} else if i < len(b) {
				text = append(text, b[i])
			}
		default:
			text = append(text, b[i])
		}
	}
	return "", nil, errUnreadable
}

func fromUTF16(s string) string {
	units := make([]uint16, len(s)/2)
	for i := range units {
		units[i] = uint16(s[2*i])<<8 | uint16(s[2*i+1])
	}
	return string(utf16.Decode(units))
}

// bitmap rebuilds the modules of a code, of a size, from its rectangles, each of
// which must lie on the grid.
func (g group) bitmap(side float64) ([][]bool, error) {
	steps := func(points float64) (int, error) { return steps(points, side) }
	if len(g.rects) == 0 {
		return nil, fmt.Errorf("a code has no squares")
	}
	left, right, top, bottom := math.Inf(1), math.Inf(-1), math.Inf(-1), math.Inf(1)
	for _, r := range g.rects {
		left, right = min(left, r[0]), max(right, r[0]+r[2])
		bottom, top = min(bottom, r[1]), max(top, r[1]+r[3])
	}
	size, err := steps(right - left)
	high, err2 := steps(top - bottom)
	if err != nil || err2 != nil || size != high || size < 21 || size > 17+4*maxVersion {
		return nil, fmt.Errorf("a code is not a square of %.1f point modules", side)
	}
	bits := make([][]bool, size)
	for i := range bits {
		bits[i] = make([]bool, size)
	}
	for _, r := range g.rects {
		x, err1 := steps(r[0] - left)
		y, err2 := steps(top - r[1] - r[3])
		n, err3 := steps(r[2])
		one, err4 := steps(r[3])
		if errors.Join(err1, err2, err3, err4) != nil || one != 1 {
			return nil, fmt.Errorf("a square of a code is off its grid")
		}
		for i := range n {
			bits[y][x+i] = true
		}
	}
	return bits, nil
}

// steps is a length in modules of a size.
func steps(points, side float64) (int, error) {
	n := math.Round(points / side)
	if math.Abs(points-n*side) > 0.03 {
		return 0, errUnreadable
	}
	return int(n), nil
}
