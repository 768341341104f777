package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/config"
	"vaxkiosk/app/demo"
	"vaxkiosk/app/demo/demotest"
	"vaxkiosk/app/exit"
	"vaxkiosk/app/kiosk"
)

// stage opens a demo, whose kiosk keeps its outbox locked.
func stage(t *testing.T) *demo.Stage {
	t.Helper()
	s, err := demo.Open("folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Kiosk.Close(); s.Close() })
	return s
}

func TestTheFormOfTheLogIsTextOrJSON(t *testing.T) {
	for args, good := range map[string]bool{
		"--config x": true, "--config x --log-format text": true, "--config x --log-format json": true,
		"--config x --log-format xml": false, "--config x --log-format=": false,
	} {
		if _, err := parse(strings.Fields(args)); (err == nil) != good || err != nil && !strings.Contains(err.Error(), "--log-format") {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestWithoutADisplayTheProgramSaysSoOnceAndLeavesNothingBehind(t *testing.T) {
	c := demotest.NewConfigs(t, stage(t).Dir)
	args := c.With("nowindow", c.Data(), c.Other("nowindow"))
	for display, says := range map[string]string{"": "DISPLAY", ":9973": ":9973"} {
		t.Setenv("DISPLAY", display)
		temp := t.TempDir()
		t.Setenv("TMPDIR", temp)
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != exit.Fault {
			t.Errorf("at %q: status %d, want %d", display, status, exit.Fault)
		}
		if text := errs.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, says) || !strings.Contains(text, "window") {
			t.Errorf("at %q: it says %q", display, text)
		}
		left, err := os.ReadDir(temp)
		if err != nil || len(left) != 0 {
			t.Errorf("at %q: %d folders left, %v", display, len(left), err)
		}
	}
}

func TestWithALogFileALogAndTheLastWordsAreThereAndNowhereElse(t *testing.T) {
	c := demotest.NewConfigs(t, stage(t).Dir)
	t.Setenv("DISPLAY", ":9973")
	file := filepath.Join(t.TempDir(), "log", "kiosk.log")
	var out, errs bytes.Buffer
	status := run(append(c.With("logged", c.Data(), c.Other("logged")), "--log-file", file), &out, &errs)
	text, err := os.ReadFile(file)
	if err != nil || status != exit.Fault || errs.Len() != 0 || !strings.Contains(string(text), ":9973") {
		t.Errorf("status %d, %q, %q, %v", status, errs.String(), text, err)
	}
	if status := run(append(c.With("logged", c.Data(), c.Other("logged")), "--log-file", filepath.Join(file, "no")), &out, &errs); status != exit.Usage || !strings.Contains(errs.String(), "--log-file") {
		t.Errorf("a log that cannot be: status %d, %q", status, errs.String())
	}
}

func TestAStartThatCannotBeIsOneClearSentenceAndStatus2(t *testing.T) {
	s := stage(t)
	c := demotest.NewConfigs(t, s.Dir)
	damaged := filepath.Join(c.Dir, "damaged", kiosk.OutboxFile)
	if err := os.Mkdir(filepath.Dir(damaged), 0o700); err != nil {
		t.Fatal(err)
	}
	garbage := bytes.Repeat([]byte("no database "), 500)
	if err := os.WriteFile(damaged, garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	working := []string{"--config", filepath.Join(s.Dir, "enrolment", "kiosk.toml")}
	url := s.Kiosk.Config.Central.URL
	for name, x := range map[string]struct{ args, want []string }{
		"no flag":        {nil, []string{"--config", "vaxdemo"}},
		"unknown flag":   {[]string{"--frobnicate"}, []string{"frobnicate", "--help"}},
		"stray word":     {append(working, "now"), []string{`"now"`}},
		"no language":    {append(working, "--lang", "xx"), []string{"xx"}},
		"bad printer":    {append(working, "--printer", "lpt1"), []string{"lpt1", "ipp://"}},
		"missing config": {[]string{"--config", filepath.Join(c.Dir, "none.toml")}, []string{"none.toml", "vaxkiosk enrol "}},
		"broken config":  {c.With("broken", "[central]", "[central"), []string{"broken.toml"}},
		"two mistakes":   {c.With("two", url, "http://central", `"letter"`, `"legal"`), []string{"two.toml", "central.url", "paper.size"}},
		"half a code":    {[]string{"enrol", "--central", url, "--config", filepath.Join(c.Dir, "none.toml"), "--code", "7KQ2"}, []string{"no code"}},
		"locked outbox":  {working, []string{kiosk.OutboxFile}},
		"damaged outbox": {c.With("damaged", c.Data(), c.Other("damaged")), []string{kiosk.OutboxFile}},
	} {
		var out, errs bytes.Buffer
		if status := run(x.args, &out, &errs); status != exit.Usage {
			t.Errorf("%s: status %d, want %d\n%s", name, status, exit.Usage, errs.String())
		}
		for _, want := range x.want {
			if !strings.Contains(errs.String(), want) {
				t.Errorf("%s: %q does not name %q", name, errs.String(), want)
			}
		}
	}
	if content, err := os.ReadFile(damaged); err != nil || !bytes.Equal(content, garbage) {
		t.Errorf("the damaged outbox was touched: %d bytes, %v", len(content), err)
	}
}

func TestHelpVersionAndLicencesAreNoFaults(t *testing.T) {
	for arg, want := range map[string]string{
		"--help":     `^vaxkiosk prints vaccine records`,
		"--version":  `^vaxkiosk \d+\.\d+\.\d+, revision \S+, go1.*\n$`,
		"--schema":   `^[1-9]\d*\n$`,
		"--licenses": `(?m)^fyne.io/fyne/v2 v2.*, LICENSE$`,
	} {
		var out, errs bytes.Buffer
		if status := run([]string{arg}, &out, &errs); status != exit.OK || !regexp.MustCompile(want).Match(out.Bytes()) || errs.Len() != 0 {
			t.Errorf("%s: status %d, %d bytes, %q", arg, status, out.Len(), errs.String())
		}
	}
}

func TestAFlagOfTheDemoIsAnsweredWithTheNameOfItsProgram(t *testing.T) {
	for _, args := range []string{"--demo", "-demo", "--demo --tour x", "--soak=200", "--config x --tour x", "--list-residents"} {
		var out, errs bytes.Buffer
		status := run(strings.Fields(args), &out, &errs)
		if said := errs.String(); status != exit.Usage || strings.Count(said, "\n") != 1 || !strings.Contains(said, "vaxdemo") {
			t.Errorf("%s: status %d, %q", args, status, said)
		}
	}
}

// A folder gives nobody a page: the welcome screen has to say that this is a test, when
// --printer names the folder too.
func TestAPrinterFlagThatNamesAFolderMakesATest(t *testing.T) {
	for printer, want := range map[string]bool{"folder:" + filepath.Join(t.TempDir(), "pages"): true, "ipp://printer/ipp/print": false} {
		cfg := config.Config{}
		if err := usePrinter(&cfg, printer); err != nil || cfg.Kiosk.Test != want {
			t.Errorf("--printer %s: test is %v, %v", printer, cfg.Kiosk.Test, err)
		}
	}
}

func TestTheTestPageNeedsAPrinterAndNothingElse(t *testing.T) {
	pages := t.TempDir()
	s, file, err := demo.SetUp(time.Now, "folder:"+pages, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Stop() // central is away
	var out, errs bytes.Buffer
	if status := run([]string{"--config", file, "--test-print"}, &out, &errs); status != exit.OK || out.String() != "test page: printed\n" || errs.Len() > 0 {
		t.Errorf("status %d, %q, %q", status, &out, &errs)
	}
	if all, err := filepath.Glob(filepath.Join(pages, "*.pdf")); err != nil || len(all) != 1 {
		t.Errorf("%d pages, %v", len(all), err)
	}
}

// installed is the configuration that the package brings, with a data folder of the test.
func installed(t *testing.T) (file, data string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "assets", "install", "kiosk", "kiosk.toml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, data = filepath.Join(dir, "kiosk.toml"), filepath.Join(dir, "state")
	if err := os.WriteFile(file, bytes.Replace(text, []byte("/var/lib/vaxkiosk"), []byte(data), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, data
}

func TestAMachineWithThePackageAloneStartsAndIsNoMistake(t *testing.T) {
	file, data := installed(t)
	t.Setenv("DISPLAY", ":9973") // where nobody listens: so far it comes
	var out, errs bytes.Buffer
	if status := run([]string{"--config", file}, &out, &errs); status != exit.Fault || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), ":9973") {
		t.Errorf("status %d, %q", status, &errs)
	}
	errs.Reset()
	if status := run([]string{"--config", file, "--check-config"}, &out, &errs); status != exit.Usage || !strings.Contains(errs.String(), "central.url is missing") ||
		!strings.Contains(errs.String(), "all of which an enrolment brings: start the kiosk") {
		t.Errorf("status %d, %q", status, &errs)
	}
	if _, err := os.Stat(data); err == nil || out.Len() > 0 {
		t.Errorf("it has made its data folder, or says %q", &out)
	}
}

// Whoever rolls out many kiosks corrects a file once, not mistake by mistake.
func TestCheckConfigSaysAllMistakesALineEachAndStartsNothing(t *testing.T) {
	s, file, err := demo.SetUp(time.Now, "folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var out, errs bytes.Buffer
	if status := run([]string{"--config", file, "--check-config"}, &out, &errs); status != exit.OK || errs.Len() > 0 || !strings.Contains(out.String(), "is good") || !strings.Contains(out.String(), file) {
		t.Errorf("status %d, %q, %q", status, &out, &errs)
	}
	c := demotest.NewConfigs(t, s.Dir)
	out.Reset()
	args := c.With("two", c.Data(), c.Other("data"), `"letter"`, `"legal"`, `"folder:`, `"lpt1:`)
	if err := os.Mkdir(filepath.Join(c.Dir, "two.d"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, "two.d", "10.toml"), []byte("[kiosk]\nnmae = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status := run(append(args, "--check-config"), &out, &errs); status != exit.Usage || out.Len() > 0 {
		t.Errorf("status %d, %q", status, &out)
	}
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	if len(lines) != 4 || !strings.HasSuffix(lines[3], "things to correct: 3") {
		t.Fatalf("it says %q", lines)
	}
	for i, want := range []string{`two\.toml:\d+: printer\.uri .*; set it to `, `two\.toml:\d+: paper\.size .*; set it to `, `two\.d/10\.toml:2: kiosk\.nmae .*; correct`} {
		if !regexp.MustCompile(want).MatchString(lines[i]) {
			t.Errorf("line %d is %q, want %s", i, lines[i], want)
		}
	}
	if _, err := os.Stat(filepath.Join(c.Dir, "data")); err == nil {
		t.Error("checking made the data folder")
	}
}

// Whether the TPM has the key is no mistake of a file, but what IT wants to know all the same.
func TestCheckConfigTriesTheKeyInTheTPM(t *testing.T) {
	s, _, err := demo.SetUp(time.Now, "folder:"+t.TempDir(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := demotest.NewConfigs(t, s.Dir)
	key := fmt.Sprintf("%q", filepath.Join(s.Dir, "enrolment", "kiosk-key.pem"))
	var out, errs bytes.Buffer
	args := c.With("tpm", key, `"tpm:`+strings.Repeat("A", 43)+`"`+"\ntpm = \"/nowhere/tpm\"")
	if status := run(append(args, "--check-config"), &out, &errs); status != exit.Usage || !strings.Contains(errs.String(), "central.key cannot be used: this machine shows no TPM") || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("status %d, %q, %q", status, &out, &errs)
	}
}

func TestWhetherSomebodyIsThereIsSaidByTheStatus(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(runtimeVariable, dir)
	says := func(args string, status int, want string) {
		t.Helper()
		var out, errs bytes.Buffer
		if got := run(strings.Fields(args), &out, &errs); got != status || !strings.Contains(errs.String(), want) || out.Len() > 0 {
			t.Errorf("%s: status %d, %q", args, got, &errs)
		}
	}
	says("--idle-for 5m", exit.OK, "")                                            // no kiosk runs
	if err := os.WriteFile(filepath.Join(dir, "visit"), nil, 0o600); err != nil { // somebody has just left
		t.Fatal(err)
	}
	says("--idle-for 0s", exit.OK, "")
	says("--idle-for 5m --wait 1ms", exit.Fault, "somebody is at the kiosk")
	says("--idle-for soon", exit.Usage, "soon")
	says("--wait 5m", exit.Usage, "--idle-for")
}
