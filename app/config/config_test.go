package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/keypad"
	"vaxkiosk/app/tpm"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// folder makes a folder with certificates: kiosk (good), old, early, and a CA.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	day := 24 * time.Hour
	makeCert(t, dir, "kiosk", today.Add(-day), today.Add(day))
	makeCert(t, dir, "old", today.Add(-9*day), today.Add(-2*day))
	makeCert(t, dir, "early", today.Add(day), today.Add(9*day))
	makeCert(t, dir, "ca", today.Add(-day), today.Add(day))
	write(t, dir, "empty.pem", "")
	write(t, dir, "text.pem", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
	return dir
}

func makeCert(t *testing.T, dir, name string, from, until time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until}
	cert, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})))
	write(t, dir, name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const good = `# the kiosk of a town hall

[central]
url = "https://central.example.org:8443"
ca = "ca.pem"
cert = "kiosk.pem"
key = "kiosk.key"
pin = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"

[kiosk]
name = "town-hall-1"
data = "data"
test = true

[printer]
uri = "folder:out"

[paper]
size = "a4"

[window]
fullscreen = false

[metrics]
listen = "127.0.0.1:9464"
`

func TestACompleteConfigurationIsRead(t *testing.T) {
	dir := folder(t)
	c, err := Load(write(t, dir, "kiosk.toml", good))
	if err != nil {
		t.Fatal(err)
	}
	if c.Central.URL != "https://central.example.org:8443" || c.Central.Pin != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" ||
		c.Central.Cert.Leaf.Subject.CommonName != "kiosk" || c.Central.CA == nil {
		t.Errorf("central %+v", c.Central)
	}
	if c.Kiosk != (Kiosk{"town-hall-1", filepath.Join(dir, "data"), true}) || c.Printer.Folder != filepath.Join(dir, "out") ||
		c.Paper.Size != A4 || c.Window.FullScreen || c.Metrics.Listen != "127.0.0.1:9464" {
		t.Errorf("%+v", c)
	}
	if _, err := os.Stat(c.Kiosk.Data); !errors.Is(err, os.ErrNotExist) {
		t.Error("loading made the data folder")
	}
}

func TestWhatIsOptionalHasItsDefault(t *testing.T) {
	text := good[:strings.Index(good, "[window]")]
	c, err := Load(write(t, folder(t), "kiosk.toml", text))
	if err != nil || !c.Window.FullScreen || c.Metrics.Listen != "" {
		t.Errorf("%+v %v", c, err)
	}
}

func TestAbsolutePathsStay(t *testing.T) {
	dir, data := folder(t), filepath.Join(t.TempDir(), "x")
	c, err := Load(write(t, dir, "kiosk.toml", strings.Replace(good, `data = "data"`, `data = '`+data+`'`, 1)))
	if err != nil || c.Kiosk.Data != data {
		t.Errorf("%q %v", c.Kiosk.Data, err)
	}
}

func TestPrintersAreRead(t *testing.T) {
	const sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	dir := folder(t)
	for lines, want := range map[string]Printer{
		`uri = "ipp://printer.local/ipp/print"`:                                             {URI: "ipp://printer.local/ipp/print"},
		`uri = "ipps://[::1]:8631/ipp/print"` + "\n" + `pin = "` + sum + `"`:                {URI: "ipps://[::1]:8631/ipp/print"},
		`uri = "ipps://printer"` + "\n" + `hold = true` + "\n" + `pin = "` + sum + `"`:      {URI: "ipps://printer", Hold: true},
		`uri = "ipps://printer"` + "\n" + `uncounted = true` + "\n" + `pin = "` + sum + `"`: {URI: "ipps://printer", Uncounted: true},
		`uri = "ipp://printer"` + "\n" + `uncounted = true`:                                 {URI: "ipp://printer", Uncounted: true},
		`uri = "folder:/srv/pages"`:                                                         {Folder: "/srv/pages"},
	} {
		c, err := Load(write(t, dir, "kiosk.toml", strings.Replace(good, `uri = "folder:out"`, lines, 1)))
		if err != nil {
			t.Errorf("%s: %v", lines, err)
			continue
		}
		if c.Printer.URI != want.URI || c.Printer.Folder != want.Folder || c.Printer.Hold != want.Hold {
			t.Errorf("%s: %+v", lines, c.Printer)
		}
		if strings.Contains(lines, "ipps") != (fmt.Sprintf("%x", c.Printer.Pin) == sum) {
			t.Errorf("%s: pin %x", lines, c.Printer.Pin)
		}
	}
}

func TestTheKeypadIsThatOfThePresetWithTheKeysOfTheSite(t *testing.T) {
	for lines, want := range map[string]map[keypad.Command][]string{
		"": {keypad.Next: {"Down"}, keypad.Blank: {"F8"}},
		"[keypad]\nnext = [\"scan:191\"]\nblank = []\n":   {keypad.Next: {"scan:191"}, keypad.Blank: nil, keypad.Previous: {"Up"}},
		"[keypad]\npreset = \"vx\"\njack-in = [\"F9\"]\n": {keypad.Slower: {","}, keypad.JackIn: {"F9"}, keypad.Blank: nil},
	} {
		c, err := Load(write(t, folder(t), "kiosk.toml", good+lines))
		if err != nil {
			t.Fatal(err)
		}
		for command, keys := range want {
			if got := c.Keypad.Keys(command); !slices.Equal(got, keys) {
				t.Errorf("%q: %s has %v, want %v", lines, command, got, keys)
			}
		}
	}
}

// mistakes are one change to the good file each, with line and a part of the sentence.
var mistakes = map[string]struct {
	from, to string
	line     int
	says     string
}{
	"url missing":         {`url = "https://central.example.org:8443"`, ``, 3, "central.url is missing; set it to central's address"},
	"url without host":    {`https://central.example.org:8443`, `https://`, 4, "central.url is not an address"},
	"url with a path":     {`:8443"`, `:8443/v1"`, 4, "central.url is not an address without a path"},
	"url with a password": {`https://central`, `https://a:b@central`, 4, "central.url is not an address"},
	"url not https":       {`https://central`, `http://central`, 4, "must start with https://"},
	"url a number":        {`"https://central.example.org:8443"`, `7`, 4, "central.url must be a text in quotes"},
	"proxy by https":      {`pin = "Nz`, "proxy = \"https://proxy:3128\"\npin = \"Nz", 8, "central.proxy is not the address of a proxy; set it to \"http://HOST:PORT\""},
	"proxy, no port":      {`pin = "Nz`, "proxy = \"http://proxy\"\npin = \"Nz", 8, "central.proxy is not the address of a proxy"},
	"proxy with a path":   {`pin = "Nz`, "proxy = \"http://proxy:3128/x\"\npin = \"Nz", 8, "central.proxy is not the address of a proxy"},
	"proxy with password": {`pin = "Nz`, "proxy = \"http://a:b@proxy:3128\"\npin = \"Nz", 8, "central.proxy has a name or password in it"},
	"proxy empty":         {`pin = "Nz`, "proxy = \"\"\npin = \"Nz", 8, "central.proxy must be a text in quotes"},
	"CA not there":        {`"ca.pem"`, `"nowhere.pem"`, 5, "nowhere.pem, which cannot be read (no such file or directory); correct the path"},
	"CA empty":            {`"ca.pem"`, `"empty.pem"`, 5, "central.ca has no certificate in it"},
	"certificate is none": {`"kiosk.pem"`, `"empty.pem"`, 6, "central.cert has no usable certificate"},
	"certificate broken":  {`"kiosk.pem"`, `"text.pem"`, 6, "central.cert has no usable certificate"},
	"another key":         {`"kiosk.key"`, `"old.key"`, 7, "central.key does not belong to central.cert"},
	"key is none":         {`"kiosk.key"`, `"empty.pem"`, 7, "central.key has no usable private key"},
	"key of no TPM":       {`"kiosk.key"`, `"tpm:AAAA"`, 7, "central.key does not name a key in a TPM for central.cert"},
	"in a file for TPM":   {`pin = "Nz`, "key_store = \"tpm\"\npin = \"Nz", 7, "central.key is in a file, and central.key_store wants it in a TPM"},
	"store unknown":       {`pin = "Nz`, "key_store = \"disk\"\npin = \"Nz", 8, `central.key_store is "disk"; set it to "auto" or "tpm" or "file"`},
	"TPM without path":    {`pin = "Nz`, "tpm = \"tpm0\"\npin = \"Nz", 8, "central.tpm is not where a TPM is"},
	"central pin short":   {`"NzbLs`, `"Nz`, 8, "central.pin is not a SHA-256 thumbprint"},
	"central pin hex":     {`"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"`, `"` + strings.Repeat("ab", 32) + `"`, 8, "central.pin is not a SHA-256 thumbprint"},
	"name missing":        {`name = "town-hall-1"`, ``, 10, "kiosk.name is missing"},
	"name too long":       {`town-hall-1`, strings.Repeat("x", 65), 11, "kiosk.name is too long"},
	"data empty":          {`data = "data"`, `data = ""`, 12, "kiosk.data must be a text in quotes"},
	"folder for real":     {"test = true\n", "", 15, "printer.uri is a folder, which is for tests; set it to a printer, or set kiosk.test to true"},
	"folder, no test":     {`test = true`, `test = false`, 16, "printer.uri is a folder, which is for tests"},
	"test a text":         {`test = true`, `test = "yes"`, 13, "kiosk.test is no truth value"},
	"printer missing":     {`uri = "folder:out"`, ``, 15, "printer.uri is missing"},
	"printer by http":     {`folder:out`, `http://printer/ipp`, 16, "printer.uri is not the address of a printer"},
	"printer no folder":   {`folder:out`, `folder:`, 16, "printer.uri is not the address of a printer"},
	"ipps without pin":    {`folder:out`, `ipps://printer/ipp`, 15, "printer.pin is missing"},
	"ipps with a bad pin": {`uri = "folder:out"`, "uri = \"ipps://printer/ipp\"\npin = \"123\"", 17, "printer.pin is not a SHA-256"},
	"ipp that holds":      {`uri = "folder:out"`, "uri = \"ipp://printer/ipp\"\nhold = true", 17, "printer.hold is for ipps:// only"},
	"folder that holds":   {`uri = "folder:out"`, "uri = \"folder:out\"\nhold = true", 17, "printer.hold is for ipps:// only"},
	"folder that counts":  {`uri = "folder:out"`, "uri = \"folder:out\"\nuncounted = true", 17, "printer.uncounted is for printers that count"},
	"hold a text":         {`uri = "folder:out"`, "uri = \"folder:out\"\nhold = \"pin\"", 17, "printer.hold is no truth value"},
	"ipp with a pin":      {`uri = "folder:out"`, "uri = \"ipp://printer/ipp\"\npin = \"123\"", 17, "printer.pin is for ipps:// only"},
	"paper unknown":       {`"a4"`, `"legal"`, 19, `paper.size is "legal"; set it to "letter" or "a4"`},
	"keypad unknown":      {`[metrics]`, "[keypad]\npreset = \"buttons\"\n[metrics]", 25, `keypad.preset is "buttons"; set it to "arrows" or "vx"`},
	"no such key":         {`[metrics]`, "[keypad]\nnext = [\"Dwon\"]\n[metrics]", 25, `keypad.next has "Dwon", which is no key`},
	"key with two ends":   {`[metrics]`, "[keypad]\nnext = [\"F1\"]\nhelp = [\"F1\"]\n[metrics]", 26, `keypad.help has "F1", which next has, too`},
	"key without a list":  {`[metrics]`, "[keypad]\nnext = \"F1\"\n[metrics]", 25, `keypad.next must be a list of texts in quotes; set it to a list of keys`},
	"metrics for others":  {`"127.0.0.1:9464"`, `"0.0.0.0:9464"`, 25, "metrics.listen is not an address of this machine alone; set it to"},
	"metrics a port":      {`"127.0.0.1:9464"`, `":9464"`, 25, "metrics.listen is not an address of this machine alone"},
	"metrics a number":    {`"127.0.0.1:9464"`, `9464`, 25, "metrics.listen must be a text in quotes"},
	"fullscreen a text":   {`= false`, `= "no"`, 22, "window.fullscreen is no truth value"},
	"not the kiosk's":     {`# the kiosk of a town hall`, `release = "code+pin"`, 1, "release is not a key of this configuration"},
	"a mistyped key":      {`name = "town-hall-1"`, "nmae = \"x\"\nname = \"y\"", 11, "kiosk.nmae is not a key of this configuration"},
	"an unknown section":  {`[window]`, "[windows]", 22, "windows.fullscreen is not a key of this configuration"},
	"no TOML":             {`size = "a4"`, `size = a4`, 19, "is not TOML"},
	"a key twice":         {`data = "data"`, "data = \"data\"\ndata = \"data\"", 13, "is not TOML"},
}

var sentence = regexp.MustCompile(`^/[^\n]*kiosk\.toml(:\d+)?: [^\n]+; [^\n]+$`)

func TestEveryMistakeIsOneSentenceWithFileLineAndFix(t *testing.T) {
	dir := folder(t)
	for name, m := range mistakes {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, m.from, m.to, 1)
			if text == good {
				t.Fatal("the mistake changes nothing")
			}
			_, err := Load(write(t, dir, "kiosk.toml", text))
			var p Problems
			if !errors.As(err, &p) || len(p) != 1 {
				t.Fatalf("want one problem, got %v", err)
			}
			if p[0].Line != m.line || !strings.Contains(err.Error(), m.says) || !sentence.MatchString(err.Error()) {
				t.Errorf("line %d: %v", p[0].Line, err)
			}
		})
	}
}

func TestACertificateOutOfItsTimeDoesNotKeepTheKioskFromStarting(t *testing.T) {
	dir := folder(t)
	for _, name := range []string{"old", "early"} {
		c, err := Load(write(t, dir, "kiosk.toml", strings.ReplaceAll(good, `"kiosk.`, `"`+name+`.`)))
		if err != nil || c.Central.Cert.Leaf.Subject.CommonName != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whether the TPM has it is asked when it is used: the kiosk starts, and says so on its screen.
func TestAKeyInATPMIsNamedAndNotAskedFor(t *testing.T) {
	name := "tpm:" + strings.Repeat("A", 43)
	text := strings.Replace(good, `"kiosk.key"`, `"`+name+"\"\nkey_store = \"tpm\"\ntpm = \"/nowhere/tpm\"", 1)
	c, err := Load(write(t, folder(t), "kiosk.toml", text))
	if err != nil {
		t.Fatal(err)
	}
	key, is := c.Central.Cert.PrivateKey.(*tpm.Key)
	if !is || key.Name() != name || c.Central.Cert.Leaf.Subject.CommonName != "kiosk" || !c.Central.Cert.Leaf.PublicKey.(*ecdsa.PublicKey).Equal(key.Public()) {
		t.Errorf("the key is %v", c.Central.Cert.PrivateKey)
	}
	if err := key.Check(); !errors.Is(err, tpm.ErrNone) || !strings.Contains(err.Error(), "/nowhere/tpm") {
		t.Error(err)
	}
}

func TestAKeyThatOthersCanReadIsRefused(t *testing.T) {
	dir := folder(t)
	path := write(t, dir, "kiosk.toml", good)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o660, 0o600, 0o400} {
		if err := os.Chmod(filepath.Join(dir, "kiosk.key"), mode); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		if private := mode&0o077 == 0; private != (err == nil) || !private && (!sentence.MatchString(err.Error()) ||
			!strings.Contains(err.Error(), fmt.Sprintf("kiosk.toml:7: central.key names %s, which others can read (mode %04o)", filepath.Join(dir, "kiosk.key"), mode))) {
			t.Errorf("%04o: %v", mode, err)
		}
	}
}

func TestAllProblemsAreToldAtOnceInOrder(t *testing.T) {
	text := good
	for _, name := range []string{"url not https", "CA not there", "another key", "central pin short", "data empty", "printer by http", "paper unknown", "fullscreen a text", "not the kiosk's"} {
		text = strings.Replace(text, mistakes[name].from, mistakes[name].to, 1)
	}
	_, err := Load(write(t, folder(t), "kiosk.toml", text))
	var p Problems
	if !errors.As(err, &p) || len(p) != 9 {
		t.Fatalf("want 9 problems, got %d:\n%v", len(p), err)
	}
	for i := 1; i < len(p); i++ {
		if p[i].Line <= p[i-1].Line {
			t.Errorf("line %d comes after line %d", p[i].Line, p[i-1].Line)
		}
	}
}

func TestAnEmptyFileNamesEverythingThatIsMissing(t *testing.T) {
	_, err := Load(write(t, t.TempDir(), "kiosk.toml", ""))
	for _, key := range []string{"central.url", "central.ca", "central.cert", "central.key", "central.pin", "kiosk.name", "kiosk.data", "printer.uri", "paper.size"} {
		if err == nil || !strings.Contains(err.Error(), key+" is missing; set it to ") {
			t.Errorf("%s is not named in %v", key, err)
		}
	}
}

func TestAFileThatIsNotThereIsSaidToBeThat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kiosk.toml")
	_, err := Load(path)
	if err == nil || !sentence.MatchString(err.Error()) || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}

// The example in the manual has every key and reads without a problem.
func TestTheExampleInTheManualIsGood(t *testing.T) {
	source, err := os.ReadFile("config.go")
	if err != nil {
		t.Fatal(err)
	}
	var example strings.Builder
	for line := range strings.Lines(string(source)) {
		if text, ok := strings.CutPrefix(line, "//\t"); ok {
			example.WriteString(text)
		}
	}
	text := strings.NewReplacer("central-ca.pem", "ca.pem").Replace(example.String())
	c, err := Load(write(t, folder(t), "kiosk.toml", text))
	if err != nil || c.Printer.Pin == nil || c.Central.Proxy != "proxy.local:3128" {
		t.Errorf("%+v %v\n%s", c, err, text)
	}
}
