package tour

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"vaxkiosk/app/paper"
	"vaxkiosk/app/record"
	"vaxkiosk/sync/central"
	"vaxkiosk/sync/central/registry"
)

// What the tour checks at the end: the paper against central, the disk against
// what was typed.

// What a tour leaves beside the pictures.
const (
	slipFile = "slip.pdf" // the last one printed
	testFile = "test-page.pdf"
)

// recordFile is the file of the n-th record printed, from 0.
func recordFile(n int) string {
	if n == 0 {
		return "record.pdf"
	}
	return fmt.Sprintf("record-%d.pdf", n+1)
}

// check returns the number of health cards on the paper; all must verify with
// the published keys and carry just the doses central has.
func (g *guide) check() (cards int, err error) {
	if err := g.searchDisk(); err != nil {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join(g.dir, "jwks.json"))
	if err != nil {
		return 0, err
	}
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal(text, &keys); err != nil {
		return 0, fmt.Errorf("jwks.json: %w", err)
	}
	for i, owner := range g.owners {
		n, err := g.checkRecord(recordFile(i), owner, keys)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", recordFile(i), err)
		}
		cards += n
	}
	return cards, nil
}

// checkRecord checks one printed record and counts its cards.
func (g *guide) checkRecord(file string, owner registry.Person, keys jose.JSONWebKeySet) (cards int, err error) {
	pdf, err := os.ReadFile(filepath.Join(g.dir, file))
	if err != nil {
		return 0, err
	}
	codes, err := paper.Codes(pdf)
	if err != nil {
		return 0, err
	}
	var onPaper []record.CardDose
	for i, jws := range codes {
		_, card, err := record.VerifyCard(jws, keys, time.Now())
		if err != nil {
			return 0, fmt.Errorf("code %d on the paper: %w", i+1, err)
		}
		onPaper = append(onPaper, card.Doses...)
	}
	return len(codes), g.compare(owner, onPaper, len(codes) == record.MaxCards)
}

// compare holds the doses of the codes against central's record. Only when all
// codes are used may doses be missing from them.
func (g *guide) compare(owner registry.Person, onPaper []record.CardDose, full bool) error {
	p, ok := g.stage.Central.RecordOf(context.Background(), owner.Number)
	if !ok {
		return errors.New("central does not have the resident")
	}
	var missing int
	for _, d := range p.Doses {
		if !d.FitsCard() {
			continue
		}
		i := slices.Index(onPaper, d.OnCard())
		if i < 0 {
			missing++
			continue
		}
		onPaper = slices.Delete(onPaper, i, i+1)
	}
	switch {
	case len(onPaper) > 0:
		return fmt.Errorf("%d doses are in the codes but not in central's record", len(onPaper))
	case missing > 0 && !full:
		return fmt.Errorf("%d doses of central's record are in no code", missing)
	}
	return nil
}

// searchDisk looks for every typed value in every file of the kiosk's data
// folder (promise P1). A value of up to three bytes is looked for in quotes,
// because ciphertext contains any two letters.
func (g *guide) searchDisk() error {
	dir := g.stage.Kiosk.Config.Kiosk.Data
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for i, value := range g.typed {
			if len(value) <= 3 {
				value = `"` + value + `"`
			}
			if strings.Contains(strings.ToLower(string(content)), strings.ToLower(value)) {
				return fmt.Errorf("%s holds typed value number %d", filepath.Base(path), i+1)
			}
		}
		return nil
	})
	if err == nil && files < 2 {
		err = fmt.Errorf("only %d files in the kiosk's data folder: the search would prove nothing", files)
	}
	return err
}

// collect saves what the tour leaves beside the pictures, while the kiosk still
// runs, and looks for typed values on its disk a first time.
func (g *guide) collect(ctx context.Context) error {
	records, slips, tests := g.pages.printed, g.pages.slips, g.pages.tests
	if len(records) != g.script.records || len(records) != len(g.owners) || len(slips) != g.script.slips || len(tests) != g.script.tests {
		return fmt.Errorf("%d records, %d slips and %d test pages printed, want %d, %d and %d",
			len(records), len(slips), len(tests), g.script.records, g.script.slips, g.script.tests)
	}
	files := map[string][]byte{}
	for i, doc := range records {
		files[recordFile(i)] = doc.PDF
		if err := g.askAPhone(ctx, doc.PDF, g.owners[i]); err != nil {
			return fmt.Errorf("%s: the code for any phone: %w", recordFile(i), err)
		}
	}
	for _, doc := range slips {
		files[slipFile] = doc.PDF
	}
	for _, doc := range tests {
		files[testFile] = doc.PDF
	}
	keys, err := g.stage.Kiosk.Client.JWKS(ctx)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return err
	}
	files["jwks.json"] = append(text, '\n')
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(g.dir, name), content, 0o644); err != nil {
			return err
		}
	}
	if err := g.stage.Kiosk.Box.Backup(ctx, filepath.Join(g.dir, "kiosk.db")); err != nil {
		return err
	}
	return g.searchDisk()
}

// askAPhone opens what the code for any phone leads to, and asks with the birth date
// whether the page still stands.
func (g *guide) askAPhone(ctx context.Context, pdf []byte, owner registry.Person) error {
	address, err := paper.Address(pdf)
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(filepath.Join(g.stage.Dir, "enrolment", central.CAFile))
	if err != nil {
		return err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(pem)
	phone := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, DisableKeepAlives: true}}
	date := strings.Split(owner.Birth.String(), "-")
	form := url.Values{"year": date[:1], "month": date[1:2], "day": date[2:]}.Encode()
	for _, ask := range []struct{ method, body, says string }{{http.MethodGet, "", "<form "}, {http.MethodPost, form, `class="answer unchanged"`}} {
		r, err := http.NewRequestWithContext(ctx, ask.method, address, strings.NewReader(ask.body))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := phone.Do(r)
		if err != nil {
			return err
		}
		page, err := io.ReadAll(res.Body)
		_ = res.Body.Close() // it is read
		if err != nil {
			return err
		}
		if res.StatusCode != http.StatusOK || !strings.Contains(string(page), ask.says) {
			return fmt.Errorf("%s: status %d, and not the page that was to come", ask.method, res.StatusCode)
		}
	}
	return nil
}
