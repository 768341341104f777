package config

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAReceiptIsTakenOnlyWhereSomebodySignsIt(t *testing.T) {
	dir := folder(t)
	write(t, filepath.Join(dir, "public"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	const section = "[notices.receipts]\nlisten = \":8444\"\nurl = \"https://records.your-town.gov\"\n"
	telnyx := func(key string) string {
		return "[[notices.sms]]\nprofile = \"telnyx\"\nfrom = \"+14132000100\"\nsecret_file = \"sms-token\"\n" + key
	}
	for name, c := range map[string]struct{ more, want string }{
		"none":                    {telnyx(""), ""},
		"a public key":            {telnyx("receipts_key_file = \"public\"\n") + section, ""},
		"a secret":                {telnyx("receipts_key_file = \"sms-token\"\n") + section, "receipts_key_file names no public key of telnyx's"},
		"nobody signs":            {telnyx("") + section, "notices.receipts has no gateway that signs receipts"},
		"nobody sends":            {section, "notices.receipts has no gateway that signs receipts"},
		"nobody takes what it is": {telnyx("receipts_key_file = \"public\"\n"), "receipts_key_file is of use only where receipts are taken"},
	} {
		_, err := Source{File: write(t, filepath.Join(dir, "central.toml"), least+c.more)}.Load()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
