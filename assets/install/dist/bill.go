package main

import (
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
)

// billedModule is what an SBOM says of a module.
type billedModule struct {
	Name, Version, PURL string
	Hashes              []struct{ Alg, Content string }
}

// billed compares an SBOM with what the program says of itself: the same modules, each with
// version, package URL (for its machine) and sum, and the same Go. Nothing else is in it.
func billed(sbom, program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(sbom)
	if err != nil {
		return err
	}
	var bill struct {
		BOMFormat, SpecVersion string
		Components             []billedModule
	}
	if err := json.Unmarshal(content, &bill); err != nil {
		return err
	}
	if bill.BOMFormat != "CycloneDX" || bill.SpecVersion == "" {
		return errors.New("it is not in CycloneDX")
	}
	said := map[string]billedModule{}
	for _, c := range bill.Components {
		said[c.Name] = c
	}
	linked := []*debug.Module{{Path: "std", Version: info.GoVersion}}
	linked = append(linked, info.Deps...)
	for _, m := range linked {
		if m.Replace != nil {
			m = m.Replace
		}
		if err := agrees(said[m.Path], m, machineOf(info)); err != nil {
			return err
		}
	}
	if len(bill.Components) != len(linked) {
		return fmt.Errorf("it lists %d modules, and %d are linked", len(bill.Components), len(linked))
	}
	return nil
}

// billing runs the command whose last argument is a program, for the machine of that program
// (it would write this one's), and looks at the SBOM that comes of it.
func billing(cmd *exec.Cmd, sbom string) error {
	program := cmd.Args[len(cmd.Args)-1]
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	for _, s := range info.Settings {
		if s.Key == "GOOS" || s.Key == "GOARCH" {
			cmd.Env = append(cmd.Env, s.Key+"="+s.Value)
		}
	}
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, said)
	}
	return billed(sbom, program)
}

// machineOf is what a package URL says of the machine that a program is for.
func machineOf(info *buildinfo.BuildInfo) string {
	said := map[string]string{}
	for _, s := range info.Settings {
		said[s.Key] = s.Value
	}
	return "goarch=" + said["GOARCH"] + "&goos=" + said["GOOS"] + "&type=module"
}

// agrees says what is wrong with a module in an SBOM.
func agrees(c billedModule, m *debug.Module, machine string) error {
	purl := fmt.Sprintf("pkg:golang/%s@%s?", m.Path, m.Version)
	if c.Version != m.Version || !strings.HasPrefix(c.PURL, purl) {
		return fmt.Errorf("%s %s is linked, and it lists %q", m.Path, m.Version, c.PURL)
	}
	if c.PURL != purl+machine {
		return fmt.Errorf("it lists %s, want %s", c.PURL, purl+machine)
	}
	if m.Sum == "" { // Go itself
		return nil
	}
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:"))
	if err != nil {
		return err
	}
	for _, h := range c.Hashes {
		if h.Alg == "SHA-256" && h.Content == hex.EncodeToString(sum) {
			return nil
		}
	}
	return fmt.Errorf("the sum of %s is not the one that is linked", m.Path)
}
