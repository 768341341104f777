package config

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the package installs.
func installed(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../../assets/install/central/central.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheFileOfThePackageLacksOnlyWhatTheTownHasToSay(t *testing.T) {
	_, err := Source{File: write(t, filepath.Join(t.TempDir(), FileName), installed(t))}.Load()
	var p Problems
	if !errors.As(err, &p) || len(p) != 3 {
		t.Fatalf("%v", err)
	}
	for i, key := range []string{"service.issuer", "service.registry", "service.help_phone"} {
		if p[i].Key != key || !strings.HasPrefix(p[i].Text, "is missing; ") {
			t.Errorf("%v", p[i])
		}
	}
}

// Explanations begin with a space behind the mark; what does not is a line to fill in.
func TestEveryLineThatThePackageOffersIsGoodWithoutItsMark(t *testing.T) {
	dir := folder(t)
	text := regexp.MustCompile(`(?m)^#([^ \n])`).ReplaceAllString(installed(t), "$1")
	c, err := Source{File: write(t, filepath.Join(dir, FileName), text)}.Load()
	if err != nil || c.Data != "/var/lib/vaxcentral" || c.Notices.Email == nil || c.Metrics == "" || len(c.Proxies) != 1 || len(c.Hosts) != 1 {
		t.Errorf("%v %+v", err, c)
	}
}

// The command of the manual for IT fills it in.
func TestTheCommandOfTheManualFillsInTheFileOfThePackage(t *testing.T) {
	manual, err := os.ReadFile("../../../assets/install/README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := installed(t)
	filled := strings.NewReplacer(`\"`, `"`, "$HOST", "records.your-town.gov", "$REGISTRY", "R", "$PHONE", "211")
	for _, s := range regexp.MustCompile(`s\|(\^#\w+ = \.\*)\|([^|]*)\|`).FindAllStringSubmatch(string(manual), -1) {
		text = regexp.MustCompile("(?m)"+s[1]).ReplaceAllString(text, filled.Replace(s[2]))
	}
	if c, err := (Source{File: write(t, filepath.Join(t.TempDir(), FileName), text)}).Load(); err != nil || c.Issuer != "https://records.your-town.gov" || c.HelpPhone != "211" {
		t.Errorf("%v %+v", err, c)
	}
}
