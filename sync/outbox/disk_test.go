package outbox

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/seal"
)

// TestMain runs the child of the kill test when asked to.
func TestMain(m *testing.M) {
	if path := os.Getenv("OUTBOX_CHILD"); path != "" {
		saveForever(path)
	}
	os.Exit(m.Run())
}

// saveForever tells a key on standard output after each Save, as a kiosk tells
// its visitor, until it is killed.
func saveForever(path string) {
	b, err := Open(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	k, _, err := seal.NewPrivateKey()
	for n := 0; err == nil; n++ {
		key := fmt.Sprintf("key-%020d", rand.Int64())
		var e seal.Envelope
		if e, err = seal.Seal(k.Public(), kept[n%len(kept)], key, []byte("plain")); err == nil {
			err = b.Save(context.Background(), key, e.Encode())
		}
		if err == nil {
			fmt.Println(key)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestKillingTheKioskAtAnyInstantLosesNothingThatWasTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.db")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for round := range 12 {
		told = append(told, killed(t, exe, path, round == 0)...)
		b := open(t, path)
		for _, key := range told {
			if _, state, err := b.ID(t.Context(), key); err != nil || state != Waiting {
				t.Errorf("%s was told and is now %q, %v", key, state, err)
			}
		}
		b.Close()
	}
	if len(told) < 12 {
		t.Errorf("only %d were told in all", len(told))
	}
}

// killed runs a child, kills it at a random instant and returns what it told.
func killed(t *testing.T, exe, path string, tryLock bool) (told []string) {
	t.Helper()
	child := exec.Command(exe)
	child.Env = append(os.Environ(), "OUTBOX_CHILD="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if tryLock {
		wantFault(t, path, Locked)
	}
	<-time.After(rand.N(20 * time.Millisecond)) // the instant is the point
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // "killed", as it should be
	whole := first + string(rest)
	whole = whole[:strings.LastIndexByte(whole, '\n')] // the last line may be cut
	return strings.Split(whole, "\n")
}

func onDisk(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

func TestNothingTypedIsReadableOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	b := open(t, filepath.Join(dir, "kiosk.db"))
	typed := request.Request{
		Version: request.EncodingVersion, Relation: request.Self, Given: "Imogen", Family: "Fairweather-Ngô",
		Birth: request.Date{Year: 1987, Month: 11, Day: 23}, Gender: request.Female, Phone: "+16175550142", PIN: "8305", Lang: "en",
	}
	fix := request.Correction{
		Version: request.EncodingVersion, Kind: request.WrongName, Token: "token-of-the-open-record", Family: "Fairweather-Ngô",
		New: request.Name{Given: "Imogen", Family: "Quillfeather"}, Vaccine: "Hepatitis", Place: "Elmwood", Lang: "en",
	}
	var key string
	for range 25 {
		for p, plain := range map[seal.Purpose][]byte{seal.ForRequest: typed.Encode(), seal.ForAmend: fix.Encode()} {
			key = fmt.Sprintf("key-%020d", rand.Int64())
			if err := b.Save(t.Context(), key, sealedFor(t, p, key, string(plain))); err != nil {
				t.Fatal(err)
			}
		}
	}
	words := []string{"Imogen", "Fairweather", "Ngô", "1987-11-23", "6175550142", "relation", "Quillfeather", "Hepatitis", "Elmwood", "token-of"}
	search := func(when string) {
		t.Helper()
		all := onDisk(t, dir)
		if !bytes.Contains(all, []byte(key)) {
			t.Fatalf("%s: the search does not even find the key", when)
		}
		for _, w := range words {
			if bytes.Contains(bytes.ToLower(all), []byte(strings.ToLower(w))) {
				t.Errorf("%s: %q is readable on the disk", when, w)
			}
		}
	}
	search("after saving")
	b.Close()
	search("after closing")
}

func TestASentEnvelopeIsGoneFromTheDiskAfterThePurge(t *testing.T) {
	dir := t.TempDir()
	b := open(t, filepath.Join(dir, "kiosk.db"))
	key, envelope := save(t, b)
	if !bytes.Contains(onDisk(t, dir), envelope) {
		t.Fatal("the search does not even find the envelope that waits")
	}
	if err := b.Sent(t.Context(), key, "id", time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := b.PurgeExpired(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(onDisk(t, dir), envelope[len(envelope)/2:]) {
		t.Error("the envelope is still there")
	}
}
