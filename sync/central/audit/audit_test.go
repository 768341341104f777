package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"vaxkiosk/sync/central/audit"
)

// An auditor has the CSV and the manual, and not this program.
func TestTheHashOfARowCanBeWorkedOutFromTheCSVAlone(t *testing.T) {
	var before audit.Sum
	var out bytes.Buffer
	c, err := audit.NewCSV(&out)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range oneYear() {
		r = r.Sealed(int64(i+1), before)
		before = r.Sum
		if err := c.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(lines) != len(oneYear())+1 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	prev := hex.EncodeToString(make([]byte, 32))
	for _, line := range lines[1:] {
		var b []byte
		for _, f := range append([]string{"vaxkiosk audit 1"}, line[:10]...) {
			b = append(binary.BigEndian.AppendUint32(b, uint32(len(f))), f...) //nolint:gosec // short
		}
		sum := sha256.Sum256(b)
		if line[10] != hex.EncodeToString(sum[:]) || line[9] != prev {
			t.Errorf("row %s: %s behind %s", line[0], line[10], line[9])
		}
		prev = line[10]
	}
}

func TestEveryFieldOfARowIsInItsHash(t *testing.T) {
	r := audit.Row{At: at, Actor: "a", Kiosk: "b", Kind: "c", Request: "d", Person: 1, Other: 2, Outcome: "e"}.Sealed(1, audit.Sum{})
	seen := map[audit.Sum]bool{r.Hash(): true}
	for _, change := range []func(*audit.Row){
		func(r *audit.Row) { r.N++ }, func(r *audit.Row) { r.At = r.At.Add(1e6) }, func(r *audit.Row) { r.Actor = "" }, func(r *audit.Row) { r.Kiosk = "" },
		func(r *audit.Row) { r.Kind = "" }, func(r *audit.Row) { r.Request = "" }, func(r *audit.Row) { r.Person = 0 }, func(r *audit.Row) { r.Other = 0 },
		func(r *audit.Row) { r.Outcome = "" }, func(r *audit.Row) { r.Prev[0]++ }, func(r *audit.Row) { r.Actor, r.Kiosk = "ab", "" },
	} {
		other := r
		change(&other)
		if sum := other.Hash(); seen[sum] {
			t.Errorf("%v has the hash of another", other)
		} else {
			seen[sum] = true
		}
	}
}

func TestWhoActsGoesAlongWithACtx(t *testing.T) {
	for want, a := range map[string]audit.Actor{
		audit.Service: {}, audit.Visitor: {Kiosk: "lobby"}, "staff:jane": {Staff: "jane", Kiosk: "lobby"}, "operator:ana": {Login: "ana"}, "operator:ana staff:jane": {Login: "ana", Staff: "jane"},
	} {
		if got := audit.Of(context.WithoutCancel(audit.As(t.Context(), a))); got != a || got.String() != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
}

func TestHeadsAreVerifiedWithTheKeyThatIsPutBesideThem(t *testing.T) {
	dir := t.TempDir()
	made, err := audit.MakeKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n := range int64(3) {
		h, err := made.Sign(n, audit.SumOf([]byte{byte(n)}), audit.Hourly, at)
		if err != nil {
			t.Fatal(err)
		}
		if err := made.Keep(dir, h); err != nil {
			t.Fatal(err)
		}
	}
	key, err := audit.ReadPublic(filepath.Join(dir, audit.PublicFile))
	if err != nil {
		t.Fatal(err)
	}
	if all, err := audit.ReadHeads(dir, key); err != nil || all.Count != 3 {
		t.Errorf("%+v, %v", all, err)
	}
	for _, name := range []string{audit.HeadsFile, audit.PublicFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
	}
	heads := filepath.Join(dir, audit.HeadsFile)
	b, err := os.ReadFile(heads)
	if err != nil {
		t.Fatal(err)
	}
	for what, broken := range map[string][]byte{
		"no JSON": []byte("heads\n"), "another row": bytes.Replace(b, []byte(`"n":2`), []byte(`"n":5`), 1), "another time": bytes.Replace(b, []byte("09:30"), []byte("09:31"), 1),
		"erased": bytes.Replace(b, []byte("hourly"), []byte("erased"), 1),
	} {
		if err := os.WriteFile(heads, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := audit.ReadHeads(dir, key); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
}

// The machine goes down, or the disk is full, while a head is written.
func TestAHeadThatWasCutShortSpoilsNoOther(t *testing.T) {
	signer, err := audit.MakeKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	head := func(n int64) audit.Head {
		h, err := signer.Sign(n, audit.SumOf([]byte{byte(n)}), audit.Hourly, at)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	whole := len(head(2).Line())
	for _, left := range []int{1, 4, 20, whole / 2, whole - 1} {
		dir := t.TempDir()
		if err := signer.Keep(dir, head(1)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, audit.HeadsFile)
		b, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, append(b, head(2).Line()[:left]...), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if all, err := audit.ReadHeads(dir, signer.Public()); err != nil || all.Count != 1 || len(all.Half) != 1 {
			t.Errorf("%d bytes are left: %+v, %v", left, all, err)
		}
		if err := signer.Keep(dir, head(3)); err != nil {
			t.Fatal(err)
		}
		if all, err := audit.ReadHeads(dir, signer.Public()); err != nil || all.Count != 2 || !slices.Equal(all.Half, []int{2}) {
			t.Errorf("%d bytes are left, then another head: %+v, %v", left, all, err)
		}
	}
}
