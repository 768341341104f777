package fonts

import (
	"io"
	"strings"
	"testing"
)

func TestFontsAreTrueTypeAndStaySmall(t *testing.T) {
	entries, err := files.ReadDir(".")
	if err != nil || len(entries) != 21 {
		t.Fatalf("%d fonts, %v", len(entries), err)
	}
	total := 0
	for _, e := range entries {
		data, err := io.ReadAll(Open(strings.TrimSuffix(e.Name(), ".ttf")))
		if err != nil || !strings.HasPrefix(string(data), "\x00\x01\x00\x00") {
			t.Errorf("%s is no TrueType font (%v)", e.Name(), err)
		}
		total += len(data)
	}
	if total > 7_600_000 {
		t.Errorf("the fonts are %d bytes", total)
	}
}
