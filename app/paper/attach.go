package paper

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"

	"github.com/jung-kurt/gofpdf"

	"vaxkiosk/app/record"
)

// The health cards as a file inside the PDF (SMART Health Cards, "via File
// Download"): for whoever keeps the PDF and not the paper. A printer passes it
// over; four cards add less than 5 kB.

const cardFile = "vaccine-record.smart-health-card"

// bundle is the content of a .smart-health-card file.
type bundle struct {
	Cards []string `json:"verifiableCredential"` // one JWS each
}

// attach puts the cards into the PDF; without a card there is no file.
func attach(pdf *gofpdf.Fpdf, cards []record.Card) error {
	if len(cards) == 0 {
		return nil
	}
	var b bundle
	for _, c := range cards {
		b.Cards = append(b.Cards, c.JWS)
	}
	content, err := json.Marshal(b)
	if err != nil {
		return err
	}
	pdf.SetAttachments([]gofpdf.Attachment{{Content: content, Filename: cardFile}})
	return nil
}

var fileHead = regexp.MustCompile(`\n<< /Type /EmbeddedFile /Length (\d+) /Filter /FlateDecode [^\n]*>>\n+stream\n`)

// checkFile compares the file inside the finished PDF with the JWS of the codes on
// its pages.
func checkFile(pdf []byte, codes []string) error {
	files := fileHead.FindAllSubmatchIndex(pdf, -1)
	switch {
	case len(codes) == 0 && len(files) == 0:
		return nil
	case len(codes) == 0 || len(files) != 1:
		return errors.New("the page does not have one file with its cards")
	}
	head := files[0]
	content, err := inflate(pdf[head[1]:], pdf[head[2]:head[3]])
	if err != nil {
		return err
	}
	var b bundle
	reading := json.NewDecoder(bytes.NewReader(content))
	reading.DisallowUnknownFields()
	if reading.Decode(&b) != nil || !slices.Equal(b.Cards, codes) {
		return errors.New("the file with the cards holds others than the codes")
	}
	return nil
}
