package enrol

import "testing"

func TestALineIsSetAndAllOthersStay(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"in no file":       {"", "\n\n[kiosk]\nname = \"b\"\n"},
		"in a section":     {"[kiosk]\nname = \"a\"\ndata = \"d\"\n", "[kiosk]\nname = \"b\"\ndata = \"d\"\n"},
		"at a section's":   {"[kiosk] # it\ndata = \"d\"\n\n[paper]\nname = \"a\"\n", "[kiosk] # it\ndata = \"d\"\nname = \"b\"\n\n[paper]\nname = \"a\"\n"},
		"in a new section": {"# mine\n[paper]\nsize = \"a4\"", "# mine\n[paper]\nsize = \"a4\"\n\n[kiosk]\nname = \"b\"\n"},
		"in an empty one":  {"[kiosk]\n[paper]\n", "[kiosk]\nname = \"b\"\n[paper]\n"},
	} {
		if got := setLine(tt.text, "kiosk", "name", "b"); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := setLine("[kiosk]\n", "kiosk", "name", "a \"b\" ñ"); got != "[kiosk]\nname = \"a \\\"b\\\" ñ\"\n" {
		t.Errorf("%q", got)
	}
}
