package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/OpenPrinting/goipp"
)

// The wire: one IPP message in one HTTP POST (RFC 8010). A message with a
// document has a known length and is never sent again by the HTTP client.

const defaultPort = "631"

type wire struct {
	http    *http.Client
	address string // http or https
	printer string // printer-uri
	user    string // requesting-user-name
}

func newWire(u *url.URL, pin []byte, user string) wire {
	at := *u
	at.Scheme = "http"
	if u.Scheme == "ipps" {
		at.Scheme = "https"
	}
	if u.Port() == "" {
		at.Host = net.JoinHostPort(u.Hostname(), defaultPort)
	}
	return wire{
		http: &http.Client{
			Transport: &http.Transport{
				DialContext:     dialer.DialContext,
				DialTLSContext:  dialTLS(pinned(pin)),
				MaxIdleConns:    2,
				IdleConnTimeout: 5 * time.Second, // before printers close it
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		address: at.String(),
		printer: u.String(),
		user:    user,
	}
}

// lastGood is the last status that is no refusal (RFC 8011, appendix B).
const lastGood goipp.Status = 0x00ff

// post sends a message and, when there is one, a document.
func (w wire) post(ctx context.Context, m *goipp.Message, document []byte) (*goipp.Message, error) {
	head, err := m.EncodeBytes()
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	body := io.MultiReader(bytes.NewReader(head), bytes.NewReader(document))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address, body)
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	req.ContentLength = int64(len(head) + len(document))
	req.Header.Set("Content-Type", goipp.ContentType)
	res, err := w.http.Do(req)
	if err != nil {
		return nil, cause(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, pageOf(res)
	}
	answer, err := decode(res.Body, m.RequestID)
	if errors.Is(err, errNotIPP) || errors.Is(err, errTooLong) {
		return nil, &alienError{err, res.Header.Get("Content-Type")}
	}
	if err != nil {
		return nil, err
	}
	if answer.RequestID != m.RequestID {
		return nil, errors.New("the answer is for another request")
	}
	if status := goipp.Status(answer.Code); status > lastGood {
		_, job := number(m.Operation, "job-id")
		return answer, &statusError{status, job}
	}
	return answer, nil
}

// cause strips the address that net/http repeats in its errors.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// request starts a message about the printer or, with a job, about that job.
func (w wire) request(op goipp.Op, id uint32, job int) *goipp.Message {
	m := goipp.NewRequest(goipp.DefaultVersion, op, id)
	m.Operation.Add(goipp.MakeAttr("attributes-charset", goipp.TagCharset, goipp.String("utf-8")))
	m.Operation.Add(goipp.MakeAttr("attributes-natural-language", goipp.TagLanguage, goipp.String("en")))
	m.Operation.Add(goipp.MakeAttr("printer-uri", goipp.TagURI, goipp.String(w.printer)))
	if job != 0 {
		m.Operation.Add(goipp.MakeAttr("job-id", goipp.TagInteger, goipp.Integer(job)))
	}
	m.Operation.Add(goipp.MakeAttr("requesting-user-name", goipp.TagName, goipp.String(w.user)))
	return m
}

// ask adds which attributes the answer shall hold.
func ask(m *goipp.Message, names ...string) {
	values := make([]goipp.Value, len(names))
	for i, n := range names {
		values[i] = goipp.String(n)
	}
	m.Operation.Add(goipp.MakeAttr("requested-attributes", goipp.TagKeyword, values[0], values[1:]...))
}

// Reading attributes: what is missing or of another type is empty, zero or false.

func find(attrs goipp.Attributes, name string) goipp.Values {
	for _, a := range attrs {
		if a.Name == name {
			return a.Values
		}
	}
	return nil
}

func texts(attrs goipp.Attributes, name string) []string {
	var all []string
	for _, v := range find(attrs, name) {
		switch s := v.V.(type) {
		case goipp.String:
			all = append(all, string(s))
		case goipp.TextWithLang:
			all = append(all, s.Text)
		}
	}
	return all
}

func text(attrs goipp.Attributes, name string) string {
	if all := texts(attrs, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

func numbers(attrs goipp.Attributes, name string) []int {
	var all []int
	for _, v := range find(attrs, name) {
		if n, ok := v.V.(goipp.Integer); ok {
			all = append(all, int(n))
		}
	}
	return all
}

func number(attrs goipp.Attributes, name string) (n int, ok bool) {
	if all := numbers(attrs, name); len(all) > 0 {
		return all[0], true
	}
	return 0, false
}

// isTrue reads a boolean that counts as true when a printer leaves it out.
func isTrue(attrs goipp.Attributes, name string) bool {
	for _, v := range find(attrs, name) {
		if b, ok := v.V.(goipp.Boolean); ok {
			return bool(b)
		}
	}
	return true
}
