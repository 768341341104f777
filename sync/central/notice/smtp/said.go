package smtp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/textproto"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"vaxkiosk/sync/central/notice"
)

// What the relay says, without its words.

var (
	errAway = errors.New("no connection")
	errTLS  = errors.New("no TLS")
)

// greeted is what went wrong before a message was begun: never the contact's fault.
func greeted(err error) error {
	var answer *textproto.Error
	var who x509.UnknownAuthorityError
	var name x509.HostnameError
	var bad x509.CertificateInvalidError
	var alert tls.AlertError
	var record tls.RecordHeaderError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &answer) && (answer.Code == 534 || answer.Code == 535 || answer.Code == 538):
		return &notice.Fault{What: "the relay does not take the user and password", Code: answer.Code}
	case errors.As(err, &answer):
		return &notice.Fault{What: "the relay does not talk to us", Code: answer.Code}
	case errors.Is(err, errTLS), errors.As(err, &who), errors.As(err, &name), errors.As(err, &bad), errors.As(err, &alert), errors.As(err, &record):
		return &notice.Fault{What: "the relay's certificate is not one that we trust for its name, or it speaks no TLS 1.2"}
	case errors.Is(err, errAway):
		return &notice.Fault{What: "the relay cannot be reached"}
	case strings.HasPrefix(err.Error(), "STARTTLS "): // it has no other mark
		return &notice.Fault{What: "the relay offers no STARTTLS"}
	}
	return &notice.Fault{What: "the conversation with the relay broke off before a message"}
}

// said is what went wrong with a message.
func said(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return greeted(err)
	}
	f := &notice.Fault{Code: e.ErrorCode()}
	answer := answered.FindStringSubmatch(e.Error())
	if answer != nil {
		f.Status = answer[1]
	}
	final := f.Code >= 500 && f.Code < 600
	switch e.Reason {
	case gomail.ErrSMTPMailFrom:
		f.What = "the relay refused the sender"
	case gomail.ErrSMTPRcptTo:
		f.What, f.Final = "the relay refused the recipient", final && !relaying(f, answer) && !strained(f)
	case gomail.ErrSMTPData:
		f.What, f.Final = "the relay refused the message", final && !strained(f)
	case gomail.ErrSMTPDataClose:
		f.What, f.Final, f.Unknown = "the relay refused the message", final && !strained(f), f.Code == 0
	case gomail.ErrGetSender, gomail.ErrGetRcpts, gomail.ErrNoUnencoded:
		f.What = "the message could not be written"
	case gomail.ErrSMTPReset, gomail.ErrWriteContent, gomail.ErrConnCheck, gomail.ErrAmbiguous:
		f.What = "the conversation with the relay broke off"
	}
	if f.Unknown {
		f.What = "the relay did not say whether it took the message"
	}
	return f
}

// answered finds the enhanced status code behind the code, which relays have that do not announce it
// too (exim), and what else they say, of which one word is looked for.
var answered = regexp.MustCompile(`: [45]\d\d "?(?:([45]\.\d{1,3}\.\d{1,3}) )?([^"]*)`)

// strained reports whether the relay refuses for its own sake: it has trouble (5.3.x), or has had so
// much of us that it takes no more today (5.4.5). That passes, whatever the first digit says.
func strained(f *notice.Fault) bool {
	return strings.HasPrefix(f.Status, "5.3.") && f.Status != tooBig || f.Status == "5.4.5"
}

// tooBig is said of a message, and does not pass.
const tooBig = "5.3.4"

// relaying reports whether a refusal is of us and not of the recipient: the relay does not
// send on for whoever asks (5.7.x, or no status and that word), or wants to be told a password
// first (530). It would lose everybody's notices to take that for a dead address.
func relaying(f *notice.Fault, answer []string) bool {
	return f.Code == 530 || strings.HasPrefix(f.Status, "5.7.") ||
		f.Status == "" && answer != nil && strings.Contains(strings.ToLower(answer[2]), "relay")
}
