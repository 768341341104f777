package assets_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vaxkiosk/assets"
)

func TestEveryProductHasAVaccine(t *testing.T) {
	products := assets.Products()
	if len(products) < 200 {
		t.Fatalf("only %d products", len(products))
	}
	for _, p := range products {
		if v, ok := assets.VaccineOf(p.CVX); !ok || v.Short == "" || v.Full == "" {
			t.Errorf("%s has CVX %q, which the table does not name", p.Name, p.CVX)
		}
	}
}

func TestWhatIsNoVaccineAndWhatNoTableHasIsNamedAsThat(t *testing.T) {
	for _, cvx := range []string{"95", "96", "97", "98", "99", "801", "998", "999"} {
		if _, known := assets.VaccineOf(cvx); !known || !assets.NotVaccine(cvx) || assets.FamilyKey(cvx) != "family.cvx-"+cvx {
			t.Errorf("%s: a vaccine, or named %s", cvx, assets.FamilyKey(cvx))
		}
	}
	for cvx, want := range map[string]string{"03": "family.MMR", "86": "family.other", "935": "family.unknown", "": "family.unknown"} {
		if got := assets.FamilyKey(cvx); assets.NotVaccine(cvx) || got != want {
			t.Errorf("%q: no vaccine, or named %s", cvx, got)
		}
	}
	for snomed, want := range map[string]bool{"397428000": true, "840539006": true, "1": false, "": false} {
		if _, known := assets.DiseaseKey(snomed); known != want {
			t.Errorf("disease %q: known %v", snomed, known)
		}
	}
}

func TestEveryPoolHasNamesWithWeights(t *testing.T) {
	for _, pool := range []string{"family", "given-girl", "given-boy", "family-chinese", "given-girl-chinese", "given-boy-chinese"} {
		names := assets.Names(pool)
		if len(names) < 20 {
			t.Errorf("%s has only %d names", pool, len(names))
		}
		for _, n := range names {
			if n.Name == "" || n.Weight <= 0 {
				t.Errorf("%s: %+v", pool, n)
			}
		}
	}
}

func TestEveryNameGroupHasItsShareAndDistinctNames(t *testing.T) {
	var percent float64
	for _, g := range assets.NameGroups() {
		percent += g.Percent
		if g.Percent <= 0 || g.Own <= 0 || g.Own > 100 {
			t.Errorf("%s has the shares %g and %d", g.Name, g.Percent, g.Own)
		}
		for kind, names := range map[string][]string{"family": g.Family, "girls": g.Girls, "boys": g.Boys} {
			seen := map[string]bool{}
			for _, n := range names {
				if n == "" || strings.TrimSpace(n) != n || seen[n] {
					t.Errorf("%s, %s: %q is empty, untidy or there twice", g.Name, kind, n)
				}
				seen[n] = true
			}
			if len(names) < 15 {
				t.Errorf("%s, %s: only %d names", g.Name, kind, len(names))
			}
		}
	}
	if percent < 40 || percent > 90 {
		t.Errorf("the groups are %g %% of all households", percent)
	}
}

func TestFontsAreTrueType(t *testing.T) {
	for _, name := range []string{"NotoSans-Regular", "NotoSans-Bold"} {
		if !bytes.HasPrefix(assets.Font(name), []byte{0, 1, 0, 0}) {
			t.Errorf("%s is no TrueType font", name)
		}
	}
}

func TestEveryIconIsWellFormedSVG(t *testing.T) {
	paths, err := filepath.Glob("icons/*.svg")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no icons: %v", err)
	}
	for _, path := range paths {
		d := xml.NewDecoder(bytes.NewReader(assets.Icon(strings.TrimSuffix(filepath.Base(path), ".svg"))))
		for {
			if _, err = d.Token(); err != nil {
				break
			}
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSourcesNamesEveryFolder(t *testing.T) {
	text, err := os.ReadFile("SOURCES.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); (e.IsDir() || strings.HasSuffix(name, ".tsv")) && !strings.Contains(string(text), "`"+name) {
			t.Errorf("SOURCES.md does not say where %s comes from", name)
		}
	}
}
