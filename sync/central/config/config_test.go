package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaxkiosk/sync/central/retention"
)

var update = flag.Bool("update", false, "write the golden file anew")

// folder has the files that the example in the manual names.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	for name, text := range map[string]string{
		"relay-ca.pem": ca, "sms-ca.pem": ca, "empty.pem": "\n", "empty": "\n", "two-lines": "a\nb\n",
		"relay-password": "hunter2\n", "twilio-token": "hunter3", "sms-token": "hunter4\r\n", "sms-receipts-key": "hunter5\n", "open": "hunter6\n",
	} {
		write(t, filepath.Join(dir, name), text)
	}
	if err := os.Chmod(filepath.Join(dir, "open"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// manual is the example of the package comment.
func manual(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("config.go")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(source), "example with every key:\n")
	text, _, _ = strings.Cut(text, "package config\n")
	var example strings.Builder
	for line := range strings.Lines(text) {
		if rest, is := strings.CutPrefix(line, "//"); is {
			example.WriteString(strings.TrimPrefix(rest, "\t"))
		}
	}
	return strings.TrimLeft(example.String(), "\n")
}

func TestTheExampleInTheManualIsGood(t *testing.T) {
	dir := folder(t)
	c, err := Source{File: write(t, filepath.Join(dir, "central.toml"), manual(t))}.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	want := Config{
		Data: at("data"), Listen: ":8443", Hosts: []string{"records.your-town.gov"}, Issuer: "https://records.your-town.gov", Registry: "Registry of Your State",
		HelpPhone: "413-200-0100", Name: "Vaccine records", Workers: 2, Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Metrics: ":9465",
		Files: []string{at("central.toml")},
	}
	want.Notices = Notices{Folder: at("notices"), Email: &Email{
		Relay: "mail.your-town.gov:587", From: "records@your-town.gov", Bounces: "bounces@your-town.gov", Maildir: at("bounces"),
		CA: c.Notices.Email.CA, CAFile: at("relay-ca.pem"), User: "vaxcentral", Password: "hunter2", At: at("central.toml:23"),
	}, SMS: []SMS{
		{Profile: Twilio, From: "+14132000100", Account: "AC" + strings.Repeat("0", 32), Secret: "hunter3", At: at("central.toml:32")},
		{
			Profile: Generic, From: "VAXKIOSK", URL: "https://sms.your-state.gov/v1/messages", Secret: "hunter4", ReceiptsKey: "hunter5",
			CA: c.Notices.SMS[1].CA, CAFile: at("sms-ca.pem"), At: at("central.toml:38"),
			Fields: map[string]string{"to": "phone", "id": "data.id"},
		},
	}, Receipts: &Receipts{Listen: "127.0.0.1:8444", URL: "https://records.your-town.gov", At: at("central.toml:47")}}
	want.Audit, want.Keep = "/mnt/audit", retention.Periods{}
	for name, text := range map[string]string{"requests": "90d", "problems": "180d", "counts": "400d", "audit": "7y"} {
		if err := want.Keep.Set(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(c, want) || c.Notices.Email.CA == nil || c.Notices.SMS[1].CA == nil {
		t.Errorf("%+v", c)
	}
	silent(t, c)
	if _, err := os.Stat(c.Data); !errors.Is(err, os.ErrNotExist) {
		t.Error("loading made the data folder")
	}
}

// silent wants no secret in what a log would print.
func silent(t *testing.T, c Config) {
	t.Helper()
	for _, v := range []any{c, c.Notices, c.Notices.Email, *c.Notices.Email, c.Notices.SMS, c.Notices.SMS[0]} {
		for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
			if s := fmt.Sprintf(form, v); strings.Contains(s, "hunter") {
				t.Errorf("a secret is told: %s", s)
			}
		}
	}
}

func TestWhatIsOptionalHasItsDefault(t *testing.T) {
	dir := folder(t)
	c, err := Source{File: write(t, filepath.Join(dir, "central.toml"), least)}.Load()
	want := Config{
		Data: filepath.Join(dir, "d"), Listen: ":8443", Issuer: "https://records.your-town.gov", Registry: "R", HelpPhone: "211",
		Notices: Notices{Folder: filepath.Join(dir, "d", "notices")}, Files: []string{filepath.Join(dir, "central.toml")},
	}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%v\n%+v\n%+v", err, c, want)
	}
}

const least = "[service]\ndata = \"d\"\nlisten = \":8443\"\nissuer = \"https://records.your-town.gov\"\nregistry = \"R\"\nhelp_phone = \"211\"\n"

func TestWithoutAFileAllComesFromFlags(t *testing.T) {
	flags := map[string]any{
		"data": "d", "listen": ":1", "issuer": "https://records.your-town.gov", "registry": "R", "help-phone": "211", "hosts": []string{"a", "b"}, "service": "S",
		"workers": 3, "trusted-proxy": []string{"10.1.2.3/8"}, "metrics": ":2", "notices": "n", "log-format": "json", "verbose": true, "demo": true, "audit-dir": "/h",
	}
	c, err := Source{Flags: flags}.Load()
	want := Config{
		Data: "d", Listen: ":1", Hosts: []string{"a", "b"}, Issuer: "https://records.your-town.gov", Registry: "R", HelpPhone: "211", Name: "S", Workers: 3,
		Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Metrics: ":2", JSON: true, Verbose: true, Notices: Notices{Folder: "n"}, Audit: "/h",
	}
	if err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%v %+v", err, c)
	}
	for name := range flags {
		if _, is := keys[name]; !is && name != "demo" {
			t.Errorf("--%s has no key", name)
		}
	}
	if len(keys) != len(flags)-1 {
		t.Error("a flag is not tried here")
	}
}

func TestTheFileOfTheDataFolderIsFoundByItself(t *testing.T) {
	dir := folder(t)
	text := strings.Replace(least, "data = \"d\"\n", "", 1)
	file := write(t, filepath.Join(dir, FileName), text)
	s := Source{Flags: map[string]any{"data": dir}}
	if c, err := s.Load(); err != nil || s.Path() != file || c.Data != dir || c.Registry != "R" {
		t.Errorf("%v %+v", err, c)
	}
	write(t, file, least) // which says again where it is
	if _, err := s.Load(); err == nil || !strings.Contains(err.Error(), "central.toml:2: service.data is said by --data on the command line too; remove one") {
		t.Errorf("%v", err)
	}
	s.File = write(t, filepath.Join(dir, "other.toml"), text)
	if c, err := s.Load(); err != nil || len(c.Files) != 1 || c.Files[0] != s.File {
		t.Errorf("%v %+v", err, c)
	}
	if (Source{}).Path() != "" || (Source{Flags: map[string]any{"data": t.TempDir()}}).Path() != "" {
		t.Error("a file is found that is not there")
	}
}

// mistakes are one change to the example each, and what is said of it.
var mistakes = []struct{ from, to, says string }{
	{"data = \"data\" ", "#", "1: service.data is missing; set it to the folder"},
	{`":8443" `, `"8443" #`, "3: service.listen is no address to listen on; set it to"},
	{`":8443" `, `":https" #`, "3: service.listen is no address to listen on"},
	{`["records.your-town.gov"] `, `"records.your-town.gov" #`, "4: service.hosts must be a list of texts"},
	{`["records.your-town.gov"] `, `["https://records.your-town.gov"] #`, "4: service.hosts has \"https://records.your-town.gov\", which is no name"},
	{`["records.your-town.gov"] `, `["records.your-town.gov:8443"] #`, "4: service.hosts has"},
	{`"https://records.your-town.gov" `, `"http://records.your-town.gov" #`, "5: service.issuer is no https address without a slash"},
	{`"https://records.your-town.gov" `, `"https://records.your-town.gov/" #`, "5: service.issuer is no https address without a slash"},
	{`"https://records.your-town.gov" `, `"https://central.example.org" #`, "5: service.issuer is at \"central.example.org\", which is nobody's address in public; give"},
	{`"413-200-0100"`, `"617-555-0100"`, "7: service.help_phone is \"617-555-0100\", which nobody answers; give"},
	{`"Registry of Your State"`, `"Registry\nof"`, "6: service.registry has control characters"},
	{`"Vaccine records"`, `"\u0007"`, "8: service.name has control characters"},
	{"workers = 2 ", "workers = 0 #", "9: service.workers must be a whole number from 1"},
	{`"10.0.0.0/8"`, `"10.0.0.0"`, "10: service.trusted_proxies has \"10.0.0.0\", which is no network"},
	{`":9465" `, `"9465" #`, "13: metrics.listen is no address to listen on"},
	{`"text" `, `"xml" #`, "16: log.format is \"xml\"; set it to \"text\" or \"json\""},
	{"verbose = false", `verbose = "no"`, "17: log.verbose is no truth value"},
	{`.gov:587"`, `.gov"`, "24: notices.email.relay is no machine and port; set it to"},
	{"from = \"records@your-town.gov\"", "#", "23: notices.email.from is missing"},
	{`"records@your-town.gov"`, `"Records <records@your-town.gov>"`, "25: notices.email.from is no address of a mailbox; set it to NAME@DOMAIN"},
	{"bounces = ", "#", "27: notices.email.bounces_maildir is of use with an address only"},
	{"ca = \"relay-ca.pem\"", "ca = \"empty.pem\"", "28: notices.email.ca has no certificate in it"},
	{"user = ", "#", "30: notices.email.password_file is the password of nobody"},
	{"password_file = ", "#", "23: notices.email.password_file is missing"},
	{`"relay-password"`, `"open"`, "30: notices.email.password_file names DIR/open, which others can read (mode 0644); run chmod 600 on it, and replace it"},
	{`"relay-password"`, `"nowhere"`, "30: notices.email.password_file names DIR/nowhere, which cannot be read (no such file or directory)"},
	{`"relay-password"`, `"two-lines"`, "30: notices.email.password_file names a file that is empty or has more than a line"},
	{`"relay-password"`, `"empty"`, "30: notices.email.password_file names a file that is empty or has more than a line"},
	{"password_file = \"relay-password\"", "password_file = \"relay-password\"\npassword = \"hunter2\"", "31: notices.email.password is a secret, which has no place here"},
	{`"twilio" `, `"sns" #`, "33: notices.sms.1.profile is \"sns\"; set it to"},
	{`"+14132000100"`, `"+1 413 200 0100"`, "34: notices.sms.1.from is no number"},
	{`"AC00`, `"SK00`, "35: notices.sms.1.account is no account of Twilio's"},
	{"secret_file = \"twilio-token\"", "secret = \"hunter3\"\nsecret_file = \"twilio-token\"", "36: notices.sms.1.secret is a secret, which has no place here; put it into a file with mode 0600, name that with notices.sms.1.secret_file"},
	{"secret_file = \"twilio-token\"", "receipts_key_file = \"sms-token\"\nsecret_file = \"twilio-token\"", "36: notices.sms.1.receipts_key_file is not for twilio"},
	{"url = ", "#", "38: notices.sms.2.url is missing"},
	{`"https://sms.`, `"http://sms.`, "41: notices.sms.2.url is not usable; set it to an https address"},
	{`"https://sms.`, `"https://u:hunter2@sms.`, "41: notices.sms.2.url is not usable"},
	{"secret_file = \"sms-token\"", "#", "38: notices.sms.2.secret_file is missing"},
	{`"twilio" `, `"telnyx" `, "35: notices.sms.1.account is not for telnyx"},
	{"secret_file = \"twilio-token\"", "secret_file = \"twilio-token\"\nfields.to = \"x\"", "37: notices.sms.1.fields.to is for generic gateways only"},
	{`{to = "phone", id`, `{too = "phone", id`, "45: notices.sms.2.fields.too is not a key of this configuration"},
	{`"127.0.0.1:8444"`, `"8444"`, "48: notices.receipts.listen is no address to listen on"},
	{"listen = \"127.0.0.1:8444\"", "#", "47: notices.receipts.listen is missing"},
	{`"https://records.your-town.gov" # where`, `"https://records.your-town.gov?a=b" # where`, "49: notices.receipts.url has a question mark"},
	{`"https://records.your-town.gov" # where`, `"http://records.your-town.gov" # where`, "49: notices.receipts.url is not usable"},
	{`"/mnt/audit"`, `7`, "52: audit.folder must be a text in quotes"},
	{`problems = "180d"`, `problems = "180"`, "57: retention.problems cannot be so; the time of problems is a number of days or years, like 400d or 7y"},
	{`audit = "7y"`, `audit = "1y"`, "59: retention.audit cannot be so; audit must be kept for 6y at least (six years: 45 CFR 164.316"},
	{`counts = "400d"`, `shoes = "1y"`, "58: retention.shoes is not a key of this configuration"},
	{"[metrics]", "[metrcs]", "13: metrcs.listen is not a key of this configuration"},
	{"[log]", "[registry]\nkind = \"own+hl7v2\"\n[log]", "16: registry.kind is not a key of this configuration"},
	{"[[notices.sms]] ", "[notices.sms.1]", "0: is not TOML"},
}

var sentence = regexp.MustCompile(`^/[^\n]*central\.toml(:\d+)?: [^\n]+[;,] [^\n]+$`)

func TestEveryMistakeIsOneSentenceWithFileLineAndFix(t *testing.T) {
	dir, good := folder(t), manual(t)
	for _, m := range mistakes {
		text := strings.Replace(good, m.from, m.to, 1)
		if text == good {
			t.Errorf("%q is not in the example", m.from)
			continue
		}
		_, err := Source{File: write(t, filepath.Join(dir, "central.toml"), text)}.Load()
		var p Problems
		if !errors.As(err, &p) || len(p) != 1 {
			t.Errorf("%q: want one problem, got %v", m.to, err)
			continue
		}
		key := p[0].Key
		if key != "" {
			key += " "
		}
		got := strings.ReplaceAll(fmt.Sprintf("%d: %s%s", p[0].Line, key, p[0].Text), dir, "DIR")
		if !strings.HasPrefix(got, m.says) && !(m.says[0] == '0' && strings.Contains(got, m.says[3:])) || !sentence.MatchString(err.Error()) {
			t.Errorf("%q: %s\nwant %s", m.to, err, m.says)
		}
		if strings.Contains(err.Error(), "hunter") {
			t.Errorf("a secret is told: %v", err)
		}
	}
}

// All that can be wrong with one file is said in one go, in its order: the golden file is what
// somebody would read.
func TestAllMistakesAreToldAtOnce(t *testing.T) {
	dir := folder(t)
	text, err := os.ReadFile(filepath.Join("testdata", "mistakes.toml"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Source{File: write(t, filepath.Join(dir, "central.toml"), string(text)), Flags: map[string]any{"listen": ":1", "hosts": []string{"a b"}}}.Load()
	if err == nil {
		t.Fatal("it is good")
	}
	got := strings.ReplaceAll(err.Error(), dir+"/", "") + "\n"
	golden := filepath.Join("testdata", "mistakes.txt")
	if *update {
		write(t, golden, got)
	}
	want, err := os.ReadFile(golden)
	if err != nil || got != string(want) {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestWhatIsSaidToThePublicIsSomebodysUnlessItIsADemonstration(t *testing.T) {
	const issuer, phone = "https://records.our-town.gov", "413-200-0100"
	for _, tt := range []struct{ issuer, phone, says string }{
		{issuer, phone, ""},
		{issuer + "/vaccines", "(413) 200-0100 ext. 2", ""},
		{"https://198.18.0.7:8443", "211", ""},
		{"https://contest", "1-800-555-9100", ""}, // contains a reserved word, is not below it
		{"https://central.example.org", phone, `--issuer is at "central.example.org", which is nobody's`},
		{"https://Example.COM.", phone, "nobody's"},
		{"https://example.net:8443/path", phone, "nobody's"},
		{"https://records.example", phone, "nobody's"},
		{"https://records.test", phone, "nobody's"},
		{"https://records.invalid", phone, "nobody's"},
		{"https://localhost:8443", phone, "nobody's"},
		{"https://kiosk.localhost", phone, "nobody's"},
		{"https://127.0.0.1:8443", phone, "nobody's"},
		{"https://[::1]", phone, "nobody's"},
		{issuer, "617-555-0100", `--help-phone is "617-555-0100", which nobody answers`},
		{issuer, "+1 (413) 555 0199", "nobody answers"},
		{issuer, "555-0123", "nobody answers"},
		{issuer, "000-000-0000", "nobody answers"},
		{issuer, "call us", "nobody answers"},
	} {
		s := Source{Flags: map[string]any{"data": "d", "listen": ":1", "issuer": tt.issuer, "registry": "R", "help-phone": tt.phone}}
		if _, err := s.Load(); (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v", tt, err)
		}
		s.Demo = true
		if c, err := s.Load(); err != nil || c.Issuer != tt.issuer || c.HelpPhone != tt.phone {
			t.Errorf("%+v as a demonstration: %v, %+v", tt, err, c)
		}
	}
	if c, err := (Source{Flags: map[string]any{"data": "d", "listen": ":1"}, Demo: true}).Load(); err != nil || c.Issuer == "" || c.Registry == "" || c.HelpPhone == "" {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestWhatIsReadOfABrokenFileIsStillGiven(t *testing.T) {
	dir := folder(t)
	for text, bad := range map[string]bool{
		strings.Replace(least, ":8443", "8443", 1):     false,
		least + "[notices.email]\nrelay = \"x\"\n":     true,
		strings.Replace(least, "\":8443\"", "8443", 1): false,
	} {
		c, err := Source{File: write(t, filepath.Join(dir, "central.toml"), text)}.Load()
		if err == nil || c.Data != filepath.Join(dir, "d") || c.Registry != "R" || c.BadNotices != bad {
			t.Errorf("%v %+v", err, c)
		}
	}
	c, err := Source{File: write(t, filepath.Join(dir, "central.toml"), "[service\n"), Flags: map[string]any{"data": dir}}.Load()
	if err == nil || c.Data != dir || !c.BadNotices {
		t.Errorf("%v %+v", err, c)
	}
}

func TestWhoWorksBesideAServiceReadsItsTimesAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	from := Source{Flags: map[string]any{"data": dir}}
	if at, keep, err := from.Keeping(); at != "" || keep != nil || err != nil {
		t.Errorf("without a file: %q, %v, %v", at, keep, err)
	}
	write(t, filepath.Join(dir, FileName), "[service]\nlisten = 8\n[audit]\nfolder = \"heads\"\n[retention]\nproblems = \"30d\"\n")
	if at, keep, err := from.Keeping(); at != filepath.Join(dir, "heads") || keep.Of(retention.OfProblems) != 30*24*time.Hour || err != nil {
		t.Errorf("%q, %v, %v", at, keep, err)
	}
	write(t, filepath.Join(dir, FileName), "[retention]\naudit = \"30d\"\n")
	if _, _, err := from.Keeping(); err == nil {
		t.Error("a time below its floor is taken")
	}
}
