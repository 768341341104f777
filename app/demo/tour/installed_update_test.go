package tour

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/kiosk"
	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// installedSteps is the folder in which the test of an update and make dist-test tell each other
// how far they are: a file with the name of a step, and one that lets it go on.
const installedSteps = "VAXKIOSK_STEPS"

// While central is away somebody asks at the installed kiosk, and leaves. Somebody else has filled
// in the form when the machine is updated; they get their page all the same.
func TestAVisitAtAnInstalledKioskThatIsUpdated(t *testing.T) {
	file, notices, steps := os.Getenv(installedConfig), os.Getenv(installedNotices), os.Getenv(installedSteps)
	if file == "" || steps == "" {
		t.Skip("make dist-test installs one")
	}
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	h := handAt(t, siteOf(t, file))
	h.look()
	reached(t, steps, "central-goes")
	keys := map[string]bool{}
	savedIn(t, cfg.Kiosk.Data, keys)
	h.fillIn(someone)
	h.sends(cfg.Kiosk.Data, keys)
	h.look()
	h.tap("sent.leave")

	h.fillIn(someone)
	h.look()
	reached(t, steps, "update")
	key := h.sends(cfg.Kiosk.Data, keys)
	var text string
	wait(t, "the message with the pickup code", func() bool {
		text = messageWith(t, notices, request.ReceiptFor(key))
		return text != ""
	})
	h.told(visit.Answered{})
	h.look()
	h.unlock(sixDigits.FindString(text))
	h.print()
	h.look()
}

// sends sends the form that is filled in, and returns the key under which it was saved.
func (h *hand) sends(data string, known map[string]bool) (key string) {
	h.t.Helper()
	h.touch("review.send")
	wait(h.t, "the request to be saved", func() bool {
		key = savedIn(h.t, data, known)
		return key != ""
	})
	h.told(visit.Saved{Key: key, Receipt: request.ReceiptFor(key)})
	return key
}

// wait looks until something is so.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	late := time.After(3 * patience)
	for !is() {
		select {
		case <-late:
			t.Fatalf("waiting for %s", what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// reached says that a step is reached, and waits until make dist-test lets it go on.
func reached(t *testing.T, steps, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(steps, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wait(t, "make dist-test at "+name, func() bool {
		_, err := os.Stat(filepath.Join(steps, name+".go"))
		return err == nil
	})
}

// keyOf finds keys in the envelopes of requests: sealed, they say no more.
var keyOf = regexp.MustCompile(`"purpose":"request","key":"([A-Za-z0-9_-]{16,64})"`)

// savedIn adds the keys of the requests in an outbox to those that are known, and returns a new one.
func savedIn(t *testing.T, data string, known map[string]bool) (key string) {
	t.Helper()
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(filepath.Join(data, kiosk.OutboxFile+end))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		for _, m := range keyOf.FindAllSubmatch(content, -1) {
			if k := string(m[1]); !known[k] {
				known[k], key = true, k
			}
		}
	}
	return key
}

// messageWith is the text of the message about a receipt, "" when there is none.
func messageWith(t *testing.T, dir, receipt string) string {
	t.Helper()
	for _, text := range messagesIn(t, dir) {
		if regexp.MustCompile(`\b` + receipt + `\b`).MatchString(text) {
			return text
		}
	}
	return ""
}
