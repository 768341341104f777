package printer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"math/big"
	"slices"
	"strings"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// Pages that a printer holds until a number is typed at its panel (job-password, PWG
// 5100.11), if the configuration asks for it: for a printer that others stand at too.
// The number is made up for one job and shown at the kiosk. It is never the visitor's
// PIN: that would go to the printer as a hash without salt, which four digits do not
// survive. A printer that does not announce all of it is sent nothing, because one
// that knows no password prints at once and says nothing.

// How many digits a number has: as few as the printer takes, between these.
const (
	fewDigits  = 4
	manyDigits = 8
)

// passwords are what a printer announces about held pages.
type passwords struct {
	max         int // length, 0 for none at all
	lengths     goipp.Range
	repertoire  string
	encryptions []string
}

func passwordsOf(attrs goipp.Attributes) passwords {
	p := passwords{
		repertoire:  text(attrs, "job-password-repertoire-configured"),
		encryptions: texts(attrs, "job-password-encryption-supported"),
	}
	p.max, _ = number(attrs, "job-password-supported")
	for _, v := range find(attrs, "job-password-length-supported") {
		p.lengths, _ = v.V.(goipp.Range)
	}
	return p
}

// digits is how many the number has; 0 means that the printer takes no such number.
func (p passwords) digits() int {
	n, most := max(fewDigits, p.lengths.Lower), min(manyDigits, p.max)
	if p.lengths.Upper > 0 {
		most = min(most, p.lengths.Upper)
	}
	takes := p.repertoire == "" || strings.HasSuffix(p.repertoire, "_digits") || strings.HasSuffix(p.repertoire, "_any")
	if !takes || n > most {
		return 0
	}
	return n
}

// encryption is how the number is sent; empty means that the printer takes it in no
// way that is known here. Either way it goes over ipps.
func (p passwords) encryption() string {
	for _, e := range []string{"sha2-256", "none"} {
		if slices.Contains(p.encryptions, e) {
			return e
		}
	}
	return ""
}

// noHold is the fault of a printer that cannot hold pages, nil for one that can.
func (a about) noHold() *fault.Fault {
	switch {
	case a.queue:
		return &fault.Fault{Code: fault.NoHold, Detail: "a print server does not hold pages"}
	case !a.splits || a.passwords.digits() == 0 || a.passwords.encryption() == "":
		return &fault.Fault{Code: fault.NoHold, Detail: "it announces no job-password of digits, sent as sha2-256 or plain"}
	}
	return nil
}

// newNumber makes up a number.
func newNumber(digits int) string {
	var s strings.Builder
	for range digits {
		n, _ := rand.Int(rand.Reader, big.NewInt(10)) // this reader does not fail
		s.WriteByte(byte('0' + n.Int64()))
	}
	return s.String()
}

// lock adds the number to the message that makes the job.
func (j *job) lock(m *goipp.Message) {
	if j.number == "" {
		return
	}
	password, how := []byte(j.number), j.able.passwords.encryption()
	if how != "none" {
		sum := sha256.Sum256(password)
		password = sum[:]
	}
	m.Operation.Add(goipp.MakeAttr("job-password", goipp.TagString, goipp.Binary(password)))
	m.Operation.Add(goipp.MakeAttr("job-password-encryption", goipp.TagKeyword, goipp.String(how)))
}

// ignores reports whether an answer says that the number was not taken.
func ignores(answer *goipp.Message) bool {
	return slices.ContainsFunc(answer.Unsupported, func(a goipp.Attribute) bool { return strings.HasPrefix(a.Name, "job-password") })
}

// unlocked removes a job that the printer would not hold, and that has no document.
func (j *job) unlocked(ctx context.Context) desk.Result {
	why := fault.Fault{Code: fault.NoHold, Detail: "it ignores the job-password that it announces"}
	j.giveUp(ctx, why)
	return failed(why)
}

// waits reports whether the printer holds the pages until the number is typed.
func (j *job) waits(s snapshot) bool {
	return j.number != "" && (s.state == jobHeld || slices.Contains(s.reasons, "job-password-wait"))
}

// release is the number, until the printer has held the pages and does no more.
func (j *job) release(s snapshot) string {
	waits := j.waits(s)
	j.held = j.held || waits
	if j.held && !waits {
		return ""
	}
	return j.number
}
