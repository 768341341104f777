package paper

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/record"
	"vaxkiosk/assets"
)

// The PDF as a file: what others find in it besides the pages.

// eachKind calls with a PDF of every kind, and the cards that are in it.
func eachKind(t *testing.T, each func(t *testing.T, pdf []byte, cards []record.Card)) {
	s := newSigner(t)
	for _, n := range []int{0, 1, 14, 60} {
		r := s.record(maria, many(n), 14)
		for _, big := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d doses, large %v", n, big), func(t *testing.T) {
				doc, err := s.maker().Render(r, desk.Page{Lang: "es", Receipt: receipt, Large: big})
				if err != nil {
					t.Fatal(err)
				}
				each(t, doc.PDF, r.Cards)
			})
		}
	}
	for _, x := range slips {
		t.Run(x.name, func(t *testing.T) {
			each(t, slipOf(t, s.maker(), x.kind, x.number, x.lang), nil)
		})
	}
}

func TestAPDFIsSoundWithEmbeddedFontsAndATitleOnly(t *testing.T) {
	eachKind(t, func(t *testing.T, pdf []byte, _ []record.Card) {
		path := saved(t, pdf)
		if said := tool(t, "qpdf", "qpdf", "--check", path); !strings.Contains(said, "No syntax or stream encoding errors found") {
			t.Error(said)
		}
		fonts := strings.Split(strings.TrimSpace(tool(t, "poppler-utils", "pdffonts", path)), "\n")[2:]
		if len(fonts) == 0 {
			t.Error("no font")
		}
		for _, f := range fonts { // name, type, encoding, embedded, subset, Unicode, object
			if fields := strings.Fields(f); fields[len(fields)-5] != "yes" || fields[len(fields)-3] != "yes" {
				t.Errorf("font is not embedded with Unicode: %s", f)
			}
		}
		if whole := len(assets.Font("NotoSans-Regular")); len(pdf) > whole/2 { // pdffonts knows a subset by its name only
			t.Errorf("%d bytes: are whole fonts of %d in it?", len(pdf), whole)
		}
		for line := range strings.Lines(tool(t, "poppler-utils", "pdfinfo", path)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			value = strings.TrimSpace(value)
			switch key {
			case "Title":
				if value != "Vaccine record" && value != "Number" {
					t.Errorf("title %q", value)
				}
			case "Subject", "Keywords", "Author", "Creator", "Producer", "CreationDate", "ModDate":
				t.Errorf("metadata: %s", line)
			case "Custom Metadata", "Metadata Stream", "JavaScript", "Encrypted":
				if value != "no" {
					t.Errorf("metadata: %s", line)
				}
			}
		}
	})
}

// Fitted to the page, the squares of a code would be smaller than a scanner was promised.
func TestEveryPDFAsksToBePrintedAsItIsDrawn(t *testing.T) {
	asks := func(t *testing.T, pdf []byte) {
		t.Helper()
		var file struct {
			QPDF []json.RawMessage `json:"qpdf"` // what it is, and its objects
		}
		var objects map[string]struct {
			Value any `json:"value"`
		}
		path := saved(t, pdf)
		err := json.Unmarshal([]byte(tool(t, "qpdf", "qpdf", "--json=2", "--json-key=qpdf", path)), &file)
		if err == nil && len(file.QPDF) == 2 {
			err = json.Unmarshal(file.QPDF[1], &objects)
		}
		if err != nil {
			t.Fatal(err)
		}
		root, _ := objects["trailer"].Value.(map[string]any)["/Root"].(string)
		catalog, _ := objects["obj:"+root].Value.(map[string]any)
		viewer, _ := catalog["/ViewerPreferences"].(map[string]any)
		if len(viewer) != 1 || viewer["/PrintScaling"] != "/None" {
			t.Errorf("the catalog asks for %v", viewer)
		}
		if said := tool(t, "qpdf", "qpdf", "--check", path); !strings.Contains(said, "No syntax or stream encoding errors found") {
			t.Error(said)
		}
	}
	eachKind(t, func(t *testing.T, pdf []byte, _ []record.Card) { asks(t, pdf) })
	test, err := newSigner(t).maker().TestPage("es")
	if err != nil {
		t.Fatal(err)
	}
	asks(t, test.PDF)
	if _, err := readBack(bytes.Replace(test.PDF, []byte("/PrintScaling /None"), []byte("/PrintScaling /Some"), 1)); err == nil {
		t.Error("a page that may be scaled passes its check")
	}
}

func TestTheCardsAreInThePDFAsAFile(t *testing.T) {
	eachKind(t, func(t *testing.T, pdf []byte, cards []record.Card) {
		path := saved(t, pdf)
		dir := filepath.Join(filepath.Dir(path), "files")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		tool(t, "poppler-utils", "pdfdetach", "-saveall", "-o", dir, path)
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(cards) == 0 {
			if len(files) > 0 {
				t.Errorf("a file %s without a card", files[0].Name())
			}
			return
		}
		if len(files) != 1 || filepath.Ext(files[0].Name()) != ".smart-health-card" {
			t.Fatalf("files %v", files)
		}
		content, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, c := range cards {
			want = append(want, c.JWS)
		}
		var got map[string][]string
		if err := json.Unmarshal(content, &got); err != nil || len(got) != 1 || !slices.Equal(got["verifiableCredential"], want) {
			t.Errorf("the file has %d keys and %d cards, want %d (%v)", len(got), len(got["verifiableCredential"]), len(want), err)
		}
	})
}

func TestAFileThatDiffersFromTheCodesIsCaught(t *testing.T) {
	s := newSigner(t)
	m := s.maker()
	r := s.record(maria, fourteen(), 9)
	how := desk.Page{Lang: "es"}
	doc, made, err := m.draw(r, how, testNow)
	if err != nil {
		t.Fatal(err)
	}
	first, second := r.Cards[0].JWS, r.Cards[1].JWS
	for name, content := range map[string]string{
		"a card less":    fmt.Sprintf(`{"verifiableCredential":[%q]}`, first),
		"swapped":        fmt.Sprintf(`{"verifiableCredential":[%q,%q]}`, second, first),
		"a card more":    fmt.Sprintf(`{"verifiableCredential":[%q,%q,%q]}`, first, second, first),
		"something else": fmt.Sprintf(`{"name":"x","verifiableCredential":[%q,%q]}`, first, second),
		"no JSON":        "hello",
	} {
		if err := m.check(withFile(t, doc.PDF, content), r, how, made, testNow); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if err := m.check(withFile(t, doc.PDF, fmt.Sprintf(`{"verifiableCredential":[%q,%q]}`, first, second)), r, how, made, testNow); err != nil {
		t.Errorf("the right file is refused: %v", err)
	}
	for name, pdf := range map[string][]byte{
		"no file":   bytes.Replace(doc.PDF, []byte("/EmbeddedFile "), []byte("/EmbeddedNone "), 1),
		"two files": append(slices.Clone(doc.PDF), doc.PDF...),
	} {
		if err := checkFile(pdf, []string{first, second}); err == nil {
			t.Errorf("%s: not noticed", name)
		}
	}
	if err := checkFile(doc.PDF, nil); err == nil {
		t.Error("a file without codes: not noticed")
	}
}

// withFile puts other content into the file inside a PDF.
func withFile(t *testing.T, pdf []byte, content string) []byte {
	t.Helper()
	at := fileHead.FindSubmatchIndex(pdf)
	if at == nil {
		t.Fatal("no file inside")
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	length := fmt.Appendf(nil, "%d", packed.Len())
	return slices.Concat(pdf[:at[2]], length, pdf[at[3]:at[1]], packed.Bytes(), pdf[at[1]:])
}

func TestTheSameRecordInTheSameMinuteGivesTheSameBytes(t *testing.T) {
	s := newSigner(t)
	r := s.record(maria, fourteen(), 9)
	var first []byte
	for second := range 5 {
		m := s.maker(func(o *Options) {
			o.Now = func() time.Time { return testNow.Add(time.Duration(second) * 11 * time.Second) }
		})
		doc, err := m.Render(r, desk.Page{Lang: "es", Receipt: receipt})
		if err != nil {
			t.Fatal(err)
		}
		if second == 0 {
			first = doc.PDF
		} else if !bytes.Equal(first, doc.PDF) {
			t.Fatal("two drawings of one record differ")
		}
	}
}
