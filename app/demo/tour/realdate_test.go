package tour

import (
	"testing"

	"github.com/jezek/xgb/xproto"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// More key symbols that are no Latin-1 letter (X11/keysymdef.h).
const (
	symBack xproto.Keysym = 0xff08
	symTab  xproto.Keysym = 0xff09
	symUp   xproto.Keysym = 0xff52
	symDown xproto.Keysym = 0xff54
)

// strike strikes keys that type nothing.
func (r *real) strike(all ...xproto.Keysym) {
	r.t.Helper()
	for _, sym := range all {
		key, ok := r.keys.keys[sym]
		if !ok {
			r.t.Fatalf("the X display has no key %#x", sym)
		}
		if err := r.keys.strike(key); err != nil {
			r.t.Fatal(err)
		}
	}
}

// A real window gives each touch, each key and the Tab key to what it is for: by
// fingers, by a real keyboard in one go and with Tab between the parts, and with the
// arrow keys.
func TestADateIsEnteredInTheRealWindow(t *testing.T) {
	want := request.Date{Year: 1988, Month: 10, Day: 16}
	ways := map[string]func(*real){
		"fingers": func(r *real) {
			r.do("month.10", func(v visit.Visit) bool { return v.Form.Draft.Birth.Month == 10 })
			for i, tag := range []string{"pin.1", "pin.6", "pin.1", "pin.9", "pin.8", "pin.8"} {
				r.tapAt(r.middle(tag))
				r.await("the touch of "+tag, func(v visit.Visit) bool {
					return v.Form.Draft.Birth == want || v.Form.Half.Typed != "" || i == 1 && v.Form.Half.Part == request.YearPart
				})
			}
		},
		"keyboard": func(r *real) { r.types("10161988") },
		"scanner":  func(r *real) { r.types("1988-10-16") },
		"tab": func(r *real) {
			r.types("10")
			r.strike(symTab)
			r.types("15")
			r.strike(symTab, symBack, symBack)
			r.types("16")
			r.strike(symTab)
			r.types("1988")
		},
		"arrows": func(r *real) {
			r.strike(symDown, symDown, symDown, symDown, symReturn) // from January to the last row
			r.types("15")
			r.types("1989")
			r.strike(symUp, symTab)
			r.until("the button behind the date", func() bool {
				var focus string
				r.asks("focus", &focus)
				return focus == "form.next"
			})
			r.do("birth.day", func(v visit.Visit) bool { return v.Form.Half.Part == request.DayPart })
			r.strike(symDown)
		},
	}
	r := openReal(t, "1920x1080")
	for name, way := range ways {
		r.goes("welcome.en", "choosing")
		r.goes("choose.ask", "consent")
		r.goes("consent.agree", "declaring")
		r.goes("declare.self", "declaring-self")
		r.goes("declare.accept", "form-name")
		r.write("form.given", "Ana", func(v visit.Visit) string { return v.Form.Draft.Given })
		r.write("form.family", "Ruiz", func(v visit.Visit) string { return v.Form.Draft.Family })
		r.goes("form.next", "form-birth")
		way(r)
		r.await("the date by "+name, func(v visit.Visit) bool { return v.Form.Draft.Birth == want && !v.Form.Half.Waits() })
		r.calm() // Enter acts, and waits for the screen as a finger does
		r.strike(symReturn)
		r.awaitScreen("form-gender")
		for v := r.state(); v.State != visit.Choosing; v = r.state() {
			before := screenName(v)
			r.do("form.back", func(v visit.Visit) bool { return screenName(v) != before })
		}
		r.goes("form.back", "welcome")
	}
}
