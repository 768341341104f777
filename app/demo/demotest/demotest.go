// Package demotest is for tests that start a kiosk of their own against a demo's central.
//
// Configs writes variants of the configuration that a demo's kiosk was enrolled with, broken
// ones and such with a data folder of their own. It refuses, by failing the test, a variant
// that is the working one. Only tests import it.
package demotest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Configs writes variants of the configuration of a demo's kiosk.
type Configs struct {
	Dir string // where they are

	t    testing.TB
	demo string // the demo's folder
	good string // the text of the working one
}

// NewConfigs reads the working configuration in a demo's folder.
func NewConfigs(t testing.TB, demo string) *Configs {
	t.Helper()
	enrolment := filepath.Join(demo, "enrolment")
	text, err := os.ReadFile(filepath.Join(enrolment, "kiosk.toml"))
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	for _, file := range []string{"ca.pem", "kiosk.pem", "kiosk-key.pem"} {
		good = strings.ReplaceAll(good, `"`+file+`"`, fmt.Sprintf("%q", filepath.Join(enrolment, file)))
	}
	return &Configs{t.TempDir(), t, demo, good}
}

// With replaces pairs of texts and returns the flags for the changed file.
func (c *Configs) With(name string, pairs ...string) []string {
	c.t.Helper()
	text := strings.NewReplacer(pairs...).Replace(c.good)
	if text == c.good {
		c.t.Fatalf("%s: nothing to change", name)
	}
	path := filepath.Join(c.Dir, name+".toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return []string{"--config", path}
}

// Data is the data folder of the working configuration, as its text has it.
func (c *Configs) Data() string { return fmt.Sprintf("%q", filepath.Join(c.demo, "kiosk")) }

// Other is another data folder, beside the variants, as a configuration has it.
func (c *Configs) Other(name string) string { return fmt.Sprintf("%q", filepath.Join(c.Dir, name)) }
