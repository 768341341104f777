package printer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/fault"
)

// Answers that are none: what a printer, its web server or something else altogether says
// in place of what was asked, and which row of fault.PrinterFaults that is. Most are
// mistakes of setting up, which IT reads about before any visitor comes.

// statusError is a refusal by the printer.
type statusError struct {
	status goipp.Status
	job    bool // the message was about a job
}

func (e *statusError) Error() string { return e.status.String() }

// fault is the row for a refusal, and the detail.
func (e *statusError) fault() (code fault.Code, detail string) {
	switch e.status {
	// the standard says 0x040a, some printers say 0x040b
	case goipp.StatusErrorDocumentFormatNotSupported, goipp.StatusErrorAttributesOrValues:
		return fault.NoPDF, e.Error() + ": " + formatHint
	case goipp.StatusErrorForbidden, goipp.StatusErrorNotAuthenticated, goipp.StatusErrorNotAuthorized:
		return fault.PrinterAccess, e.Error()
	case goipp.StatusErrorNotAcceptingJobs:
		return fault.NotAccepting, e.Error()
	case goipp.StatusErrorBusy, goipp.StatusErrorServiceUnavailable, goipp.StatusErrorTooManyJobs:
		return fault.PrinterBusy, e.Error()
	case goipp.StatusErrorVersionNotSupported:
		return fault.PrinterVersion, e.Error()
	case goipp.StatusErrorNotFound, goipp.StatusErrorGone:
		if !e.job {
			return fault.PrinterPath, e.Error()
		}
	}
	return fault.PrinterStopped, e.Error()
}

// httpError is an answer of the web server, which the printer itself never saw.
type httpError struct {
	status  int
	to      *url.URL // where it sends whoever asks, nil for nowhere
	secured bool     // it says that it speaks HTTPS here
}

func (e *httpError) Error() string {
	if e.to != nil {
		return fmt.Sprintf("HTTP status %d to %s://%s%s", e.status, e.to.Scheme, e.to.Host, e.to.Path)
	}
	return fmt.Sprintf("HTTP status %d", e.status)
}

// nowhere are what web servers say where they have no printer.
var nowhere = []int{
	http.StatusBadRequest, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone,
	http.StatusUnsupportedMediaType, http.StatusNotImplemented,
}

// pageLength is how much of a page is read, in bytes.
const pageLength = 1 << 10

// pageOf is what a web server answers in place of a printer.
func pageOf(res *http.Response) *httpError {
	e := &httpError{status: res.StatusCode}
	if to, err := res.Location(); err == nil {
		e.to = to
	}
	if e.status == http.StatusBadRequest { // as servers of HTTPS answer who does not encrypt
		page, _ := io.ReadAll(io.LimitReader(res.Body, pageLength))
		e.secured = bytes.Contains(page, []byte("HTTPS"))
	}
	return e
}

// encrypts reports whether the web server wants to be spoken to over TLS.
func (e *httpError) encrypts() bool {
	return e.status == http.StatusUpgradeRequired || e.secured || e.to != nil && (e.to.Scheme == "https" || e.to.Scheme == "ipps")
}

func (e *httpError) fault() fault.Code {
	switch e.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return fault.PrinterAccess
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return fault.PrinterBusy
	}
	switch {
	case e.encrypts():
		return fault.PrinterEncryption
	case slices.Contains(nowhere, e.status), e.status/100 == 3:
		return fault.PrinterPath
	}
	return fault.PrinterStopped
}

// alienError is an answer that is no IPP at all.
type alienError struct {
	err  error
	kind string // its Content-Type
}

func (e *alienError) Error() string {
	if e.kind == "" || e.kind == goipp.ContentType {
		return e.err.Error()
	}
	return e.err.Error() + " but " + e.kind
}

// garbled is the row for an answer that is not even HTTP, empty if it is something else.
// Net/http has no error of its own for it. A record of TLS begins with its type, 0x15 for
// what is wrong, and its version: so answers what has not been spoken to over TLS.
func garbled(err error) fault.Code {
	switch says := err.Error(); {
	case !strings.Contains(says, "malformed HTTP"):
		return ""
	case strings.Contains(says, `"\x15\x03`):
		return fault.PrinterEncryption
	}
	return fault.PrinterNotIPP
}

// isRefusal reports whether the printer itself said no: it took nothing. An answer of its
// web server does not say what became of the document that went out before.
func isRefusal(err error) bool {
	var refused *statusError
	return errors.As(err, &refused)
}
