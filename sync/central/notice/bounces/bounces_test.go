package bounces

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/notice"
)

const ref = "abcdefghij234567"

// report is one with some headers and what machines read.
func report(headers, kind, status string) string {
	return strings.ReplaceAll(headers+`From: Mail Delivery System <mailer-daemon@relay>
Content-Type: multipart/report; report-type=delivery-status; boundary="xx"
MIME-Version: 1.0
Subject: Mail delivery failed

--xx
Content-Type: text/plain; charset=us-ascii

Your message to maria.lopez@example.org could not be delivered.

--xx
Content-Type: `+kind+`

`+status+`
--xx
Content-Type: message/rfc822-headers

Subject: Your vaccine record

--xx--
`, "\n", "\r\n")
}

const (
	toExim    = "Return-path: <>\nEnvelope-to: bounce+" + ref + "@example.org\nTo: bounce+" + ref + "@example.org\n"
	toPostfix = "Return-Path: <>\nX-Original-To: bounce+" + ref + "@example.org\nDelivered-To: bounces@localhost\n"
	ofExim    = `Reporting-MTA: dns; relay

Action: failed
Final-Recipient: rfc822;maria.lopez@example.org
Status: 5.0.0
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.2.1 <maria.lopez@example.org>: the mailbox is switched off
`
	ofPostfix = `Reporting-MTA: dns; relay
X-Postfix-Queue-ID: 4F1
Arrival-Date: Mon, 30 Nov 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; maria.lopez@example.org
Original-Recipient: rfc822;maria.lopez@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <maria.lopez@example.org>: Recipient address
    rejected: User unknown
`
	late = `Reporting-MTA: dns; relay

Final-Recipient: rfc822; maria.lopez@example.org
Action: delayed
Status: 4.4.1
`
)

// samples are messages and what they say.
var samples = map[string]struct {
	text string
	want Bounce // zero: it is no report
}{
	"exim":                {report(toExim, "message/delivery-status", ofExim), Bounce{ref, notice.Failed, "5.2.1"}},
	"without a status":    {report(toExim, "message/delivery-status", strings.ReplaceAll(ofExim, " 5.2.1 ", " ")), Bounce{ref, notice.Failed, "5.0.0"}},
	"postfix":             {report(toPostfix, "message/delivery-status", ofPostfix), Bounce{ref, notice.Failed, "5.1.1"}},
	"to it alone":         {report("To: <BOUNCE+"+strings.ToUpper(ref)+"@Example.org>\n", "message/delivery-status", ofPostfix), Bounce{ref, notice.Failed, "5.1.1"}},
	"other alphabets":     {report(toExim, "message/global-delivery-status", strings.ReplaceAll(ofPostfix, "maria", "maría")), Bounce{ref, notice.Failed, "5.1.1"}},
	"in base64":           {report(toExim, "message/global-delivery-status\nContent-Transfer-Encoding: base64", "QWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjIuMQo="), Bounce{ref, notice.Failed, "5.2.1"}},
	"quoted":              {report(toExim, "message/delivery-status\nContent-Transfer-Encoding: quoted-printable", "Action: failed\nStatus: 5.1=\n.1"), Bounce{ref, notice.Failed, "5.1.1"}},
	"late":                {report(toExim, "message/delivery-status", late), Bounce{Ref: ref}},
	"delivered":           {report(toExim, "message/delivery-status", "Action: delivered\nStatus: 2.0.0\n"), Bounce{ref, notice.Delivered, "2.0.0"}},
	"both":                {report(toExim, "message/delivery-status", ofPostfix+"\nAction: delivered\nStatus: 2.0.0\n"), Bounce{ref, notice.Failed, "5.1.1"}},
	"no status":           {report(toExim, "message/delivery-status", "Action: failed\nStatus: none of ours\n"), Bounce{ref, notice.Failed, ""}},
	"no action":           {report(toExim, "message/delivery-status", "Reporting-MTA: dns; relay\n"), Bounce{}},
	"no ref":              {report("To: bounce@example.org\n", "message/delivery-status", ofExim), Bounce{}},
	"not for machines":    {report(toExim, "text/plain", ofExim), Bounce{}},
	"cut off":             {report(toExim, "message/delivery-status", ofExim)[:500], Bounce{}},
	"an answer":           {toExim + "From: maria.lopez@example.org\nSubject: Re: Your vaccine record\n\nThank you\n", Bounce{}},
	"nothing":             {"", Bounce{}},
	"no mail":             {"\x00\x01\n\n", Bounce{}},
	"a report of no kind": {toExim + "Content-Type: multipart/report\n\nx\n", Bounce{}},
}

func TestOfAReportActionAndStatusAreRead(t *testing.T) {
	for name, c := range samples {
		got, err := Parse(strings.NewReader(c.text))
		if c.want == (Bounce{}) {
			if !errors.Is(err, errOdd) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		} else if got != c.want || err != nil {
			t.Errorf("%s: %v, want %v, %v", name, got, c.want, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range samples {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := Parse(bytes.NewReader(text))
		if err == nil && (!refIn.MatchString("+"+b.Ref+"@") || b.Status != "" && !statusIn.MatchString(b.Status)) {
			t.Errorf("%q %q", b.Ref, b.Status)
		}
		if err != nil && !errors.Is(err, errOdd) {
			t.Error(err)
		}
	})
}

// told is a ledger that knows one notice.
type told struct {
	said []string
	err  error
}

func (l *told) Receipt(_ context.Context, r string, to notice.State, reason string) error {
	if l.err != nil {
		return l.err
	}
	if r != ref {
		return notice.ErrNoRef
	}
	l.said = append(l.said, string(to)+" "+reason)
	return nil
}

// maildir is one with messages in it.
func maildir(t *testing.T, messages map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, sub := range []string{"new", "cur", "tmp"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range messages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// left are the files of a folder.
func left(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAReportIsToldAndRemovedAndWhatIsNoneIsMovedAside(t *testing.T) {
	dir := maildir(t, map[string]string{
		"new/1": samples["postfix"].text, "cur/2:2,S": samples["exim"].text, "new/3": samples["late"].text,
		"new/4": strings.ReplaceAll(samples["exim"].text, ref, "aaaaaaaaaaaaaaaa"), "new/5": samples["an answer"].text, "tmp/6": "unfinished",
	})
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "new/7")); err != nil {
		t.Fatal(err)
	}
	l := &told{}
	r := &Reader{Dir: dir, Ledger: l, Log: slog.New(slog.DiscardHandler)}
	aside, err := r.Once(t.Context())
	if aside != 2 || err != nil || !slices.Equal(l.said, []string{"failed 5.1.1", "failed 5.2.1"}) {
		t.Errorf("told %q, %d aside, %v", l.said, aside, err)
	}
	if files := left(t, dir); !slices.Equal(files, []string{"tmp/6", "unread/5", "unread/7"}) {
		t.Errorf("left are %q", files)
	}
	if aside, err := r.Once(t.Context()); aside != 0 || err != nil || len(l.said) != 2 {
		t.Errorf("the second time: told %q, %d aside, %v", l.said, aside, err)
	}
}

func TestOneFileThatCannotBeMovedKeepsNoOtherWaiting(t *testing.T) {
	dir := maildir(t, map[string]string{"new/1": samples["an answer"].text, "new/2": samples["postfix"].text})
	if err := os.MkdirAll(filepath.Join(dir, unread, "1"), 0o700); err != nil { // takes its place
		t.Fatal(err)
	}
	l := &told{}
	r := &Reader{Dir: dir, Ledger: l, Log: slog.New(slog.DiscardHandler)}
	for range 2 {
		if aside, err := r.Once(t.Context()); err == nil || aside != 0 || len(l.said) != 1 || strings.Contains(err.Error(), dir) {
			t.Errorf("told %q, %d aside, %v", l.said, aside, err)
		}
	}
}

func TestAReportThatCannotBeKeptIsReadAgain(t *testing.T) {
	dir := maildir(t, map[string]string{"new/1": samples["postfix"].text})
	l := &told{err: errors.New("the disk is full")}
	r := &Reader{Dir: dir, Ledger: l, Log: slog.New(slog.DiscardHandler)}
	if _, err := r.Once(t.Context()); !errors.Is(err, l.err) || len(left(t, dir)) != 1 {
		t.Errorf("%v, left are %q", err, left(t, dir))
	}
	l.err = nil
	if _, err := r.Once(t.Context()); err != nil || len(l.said) != 1 || len(left(t, dir)) != 0 {
		t.Errorf("%v, told %q", err, l.said)
	}
}

func TestTheLogSaysWhenTheFolderCannotBeReadAndNothingOfWhatIsInIt(t *testing.T) {
	dir := maildir(t, map[string]string{"new/maria.lopez@example.org": samples["an answer"].text})
	var log bytes.Buffer
	rests := false
	r := &Reader{Dir: dir, Ledger: &told{}, Rests: func() bool { return rests }, Log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	r.round(t.Context())
	r.round(t.Context())
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	rests = true
	r.round(t.Context())
	if files := left(t, dir); len(files) != 1 || !strings.HasPrefix(files[0], "new/") {
		t.Errorf("a service that rests has read: %q", files)
	}
	rests = false
	r.round(t.Context())
	said := log.String()
	for what, n := range map[string]int{"event=bounces.stopped": 1, "event=bounces.resumed": 1, "event=bounces.unread count=1": 1, "maria": 0, dir: 0} {
		if strings.Count(said, what) != n {
			t.Errorf("%q stands there %d times:\n%s", what, strings.Count(said, what), said)
		}
	}
}

func TestRunReadsWhatIsThereAndEnds(t *testing.T) {
	dir := maildir(t, map[string]string{"new/1": samples["postfix"].text})
	ctx, stop := context.WithCancel(t.Context())
	l := &stops{stop: stop}
	(&Reader{Dir: dir, Ledger: l, Rests: func() bool { return false }, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	if l.n != 1 || len(left(t, dir)) != 0 {
		t.Errorf("told %d times, left are %q", l.n, left(t, dir))
	}
}

// stops is a ledger after which it is over.
type stops struct {
	n    int
	stop func()
}

func (s *stops) Receipt(context.Context, string, notice.State, string) error {
	s.n++
	s.stop()
	return nil
}
