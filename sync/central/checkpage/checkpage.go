// Package checkpage is the page that a phone opens from the square code on a print:
// is the record still what the registry says?
//
// It writes HTML without any script, for old phones and small screens (from 320
// CSS pixels), keyboards and screen readers, to WCAG 2.2 AA, in English and Spanish.
// What is touched has 44 pixels each way, and after an error its summary has the focus.
// ReadForm and Form.Check read what was sent, Write writes the form or an answer.
// It knows neither database nor secrets: central (check.go) takes the try, compares and
// hands the Answer in.
//
// The rules: what is typed goes in the body of a POST, so that no birth date is in an
// address. A wrong birth date, an unknown code, one that is too old and one without
// tries get one and the same page. A date that cannot be one costs no try. Who sees
// an unchanged record sees name, birth date and doses, all of which are on the print. Who
// holds a superseded or withdrawn print sees that it is one, and nothing of the record:
// code and birth date are both on the paper, and whoever kept it, such as an employer of
// before, is not to learn what was given or corrected since.
//
// The other language of an answer is the same question once more (Page.Asked).
//
// Nothing on the page comes from elsewhere, and nobody may frame it: see headers.
// Addresses on it are relative, so that it works below any path of the issuer.
package checkpage

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/text/language"

	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

//go:embed page.html check.css words
var files embed.FS

var page = template.Must(template.ParseFS(files, "page.html"))

// Answer is what the registry says of a print.
type Answer struct {
	State  string // "unchanged", "superseded" or "withdrawn"
	Issued time.Time

	// What was printed, when it stands.
	Name  string
	Birth string        // YYYY-MM-DD
	Doses []record.Dose // newest first, and among them other entries
}

// Vaccinations are the doses that count as such.
func (a Answer) Vaccinations() []record.Dose {
	doses, _ := record.Split(a.Doses)
	return doses
}

// Others are the entries that are no vaccination.
func (a Answer) Others() []record.Dose {
	_, others := record.Split(a.Doses)
	return others
}

// Stands reports whether what was printed is still so. Then it is shown.
func (a Answer) Stands() bool { return a.State == "unchanged" }

// Printed is the day of the print, YYYY-MM-DD.
func (a Answer) Printed() string { return a.Issued.Format(time.DateOnly) }

// Page is one page to write: an Answer, a Notice, or else the form.
type Page struct {
	Lang      string // of Lang
	Registry  string // whose page it is
	HelpPhone string // for questions
	Code      string // in the address; "" asks for it
	Form      Form
	Problems  []Problem
	Refused   bool // one answer for all that does not fit
	Notice    string
	Answer    *Answer
	Deep      bool // the address is below /check/

	words map[string]string
}

// Lang is the language of a visitor: the one asked for in the address, or else the
// browser's.
func Lang(r *http.Request) string {
	for _, l := range assets.Languages {
		if r.URL.Query().Get("lang") == l.Tag {
			return l.Tag
		}
	}
	_, n := language.MatchStrings(matcher(), r.Header.Get("Accept-Language"))
	return assets.Languages[n].Tag
}

var matcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, l := range assets.Languages {
		tags = append(tags, language.Make(l.Tag))
	}
	return language.NewMatcher(tags)
})

// headers keep everything else out of the page, and the page to itself.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Permissions-Policy": "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), fullscreen=(), geolocation=(), " +
		"gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=()",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"X-Robots-Tag":                 "noindex",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cache-Control":                "no-store",
}

var errTemplate = errors.New("the check page cannot be written")

// Write writes a page with its status.
func Write(w http.ResponseWriter, status int, p Page) error {
	p.words = words()[p.Lang]
	var b bytes.Buffer
	if err := page.Execute(&b, p); err != nil {
		return errTemplate // err may hold what was to be written
	}
	send(w, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// WriteStyle writes the style sheet.
func WriteStyle(w http.ResponseWriter) {
	css, err := files.ReadFile("check.css")
	if err != nil {
		panic("checkpage: " + err.Error()) // it is embedded
	}
	send(w, http.StatusOK, "text/css; charset=utf-8", css)
}

func send(w http.ResponseWriter, status int, media string, body []byte) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the phone is gone if this fails
}
