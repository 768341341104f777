package central_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/central/registry"
)

// verifyFolder has a verifier that shares no code with this project.
const verifyFolder = "../../app/paper/verify"

// readCards fetches keys and lists of an issuer like anybody else, and says of each
// card what the verifier says.
const readCards = `
import "./node18.mjs";
import { Directory, SHCReader } from "kill-the-clipboard";
const [iss, where, ...cards] = process.argv.slice(2);
const web = fetch;
globalThis.fetch = (address) => web(address.replace(iss, where));
const issuerDirectory = await Directory.fromURLs([iss]);
for (const card of cards) {
  try {
    await new SHCReader({ issuerDirectory }).fromJWS(card);
    console.log("stands");
  } catch (e) {
    console.log(e.code ?? e.message);
  }
}
`

// verdicts is what the independent verifier says of cards.
func (w *town) verdicts(cards ...string) []string {
	w.t.Helper()
	c := exec.CommandContext(w.t.Context(), "node", append([]string{"--input-type=module", "-", issuer, w.url}, cards...)...)
	c.Dir = verifyFolder
	c.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+filepath.Join(w.dir, operator.CAFile))
	c.Stdin = strings.NewReader(readCards)
	out, err := c.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		w.t.Fatalf("%v: %s", err, failed.Stderr)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Fields(string(out))
}

func TestAnIndependentVerifierReadsTheListOfRevokedCards(t *testing.T) {
	if _, err := os.Stat(filepath.Join(verifyFolder, "node_modules")); errors.Is(err, os.ErrNotExist) {
		t.Skip("the verifier is not installed; make test installs it")
	}
	w := newTown(t, nil)
	k := w.kiosk("town hall")
	p := w.people[0]
	_, token := k.prints(p)
	_, others := k.prints(w.people[1])
	first, other := k.fetch(token).Cards[0].JWS, k.fetch(others).Cards[0].JWS
	if got := w.verdicts(first, other); !slices.Equal(got, []string{"stands", "stands"}) {
		t.Fatalf("at first: %q", got)
	}
	p.Family = "Corrected"
	if err := w.ImportPeople(w.t.Context(), []registry.Person{p, w.people[1]}); err != nil {
		t.Fatal(err)
	}
	_, token = k.prints(p) // what was opened under the former name is closed
	second := k.fetch(token).Cards[0].JWS
	if got := w.verdicts(first, second, other); !slices.Equal(got, []string{"SHC_REVOKED", "stands", "stands"}) {
		t.Errorf("after the correction: %q", got)
	}
	if err := w.WithdrawCards(w.t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	if got := w.verdicts(second, other); !slices.Equal(got, []string{"stands", "SHC_REVOKED"}) {
		t.Errorf("after the withdrawal: %q", got)
	}
}
