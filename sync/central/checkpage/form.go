package checkpage

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/access"
)

// Form is the form as it was filled in.
type Form struct{ Code, Month, Day, Year string }

// String keeps what was typed out of logs (promise P9).
func (Form) String() string { return "form" }

// GoString is String, so that %#v tells no more.
func (Form) GoString() string { return "form" }

// ReadForm reads what was sent. What is no form reads as an empty one.
func ReadForm(r *http.Request) Form {
	if r.ParseForm() != nil {
		return Form{}
	}
	field := func(name string) string {
		s := strings.TrimSpace(r.PostForm.Get(name))
		return s[:min(len(s), 40)]
	}
	return Form{Code: field("code"), Month: field("month"), Day: field("day"), Year: field("year")}
}

// Asked is a part of the form as it is sent again.
type Asked struct{ Field, Value string }

// Asked is what brought the answer. To read it in the other language the same is asked
// once more, in the body of a POST again: a right birth date spends no try. From a
// page that refuses there is only a link to the empty form, so that a wrong one is
// never sent by itself.
func (p Page) Asked() []Asked {
	all := []Asked{{"month", p.Form.Month}, {"day", p.Form.Day}, {"year", p.Form.Year}}
	if p.Code == "" {
		all = append(all, Asked{"code", p.Form.Code})
	}
	return all
}

// String keeps it out of logs (promise P9).
func (Asked) String() string { return "asked" }

// GoString is String, so that %#v tells no more.
func (Asked) GoString() string { return "asked" }

// Problem is what is wrong with a field: a key of the words, and the input it is
// about ("code" or "birth").
type Problem struct{ Field, Key string }

// Check reads code and birth date, or says what is wrong with them. It costs no try.
func (f Form) Check(now time.Time) (code string, birth request.Date, problems []Problem) {
	code, ok := access.ParseCheckCode(f.Code)
	switch {
	case ok:
	case f.Code == "":
		problems = append(problems, Problem{"code", "code-missing"})
	default:
		problems = append(problems, Problem{"code", "code-wrong"})
	}
	birth, wrong := f.birth(now)
	if wrong != "" {
		problems = append(problems, Problem{"birth", wrong})
	}
	return code, birth, problems
}

// birth reads the birth date; wrong is the key of what is wrong with it.
func (f Form) birth(now time.Time) (d request.Date, wrong string) {
	d = request.Date{Year: number(f.Year), Month: number(f.Month), Day: number(f.Day)}
	switch {
	case f.Year == "" || f.Month == "" || f.Day == "":
		return d, "birth-missing"
	case len(f.Year) != 4:
		return d, "birth-year"
	case !d.Exists():
		return d, "birth-none"
	case d.After(request.DateOf(now.Add(zonesAhead))):
		return d, "birth-future"
	}
	return d, ""
}

// zonesAhead is by how much a day may have begun earlier elsewhere.
const zonesAhead = 14 * time.Hour

// number reads digits, and nothing else; 0 for none.
func number(s string) int {
	if strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, _ := strconv.Atoi(s) // 0 for nothing, too
	return n
}
