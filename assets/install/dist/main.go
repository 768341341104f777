// Package main is dist, which makes of built programs what IT installs: packages (.deb, .rpm,
// and .msi for Windows), an apt repository of them, an SBOM (CycloneDX) of each program, and sums of it all. make dist runs it:
//
//	dist --programs build/programs --out build/dist --nfpm build/bin/nfpm --sbom build/bin/cyclonedx-gomod
//
// The folder of programs has one folder an architecture, such as amd64, with vaxkiosk,
// vaxcentral, or both; of each a package is made, and of windows-amd64/vaxkiosk.exe the one for
// Windows (msi.go). What is in a package stands in kiosk.yaml, central.yaml and windows/kiosk.wxs
// beside this folder, and the files of their own there too. Manual pages and
// completions of a shell are written from what the programs say for --help, and kiosk.toml(5) and
// central.toml(5) from the package comments of app/config and sync/central/config, so that they
// are true as long as these are. It is run in the root of the source.
//
// The same programs make the same bytes, wherever and whenever: every time in them is
// SOURCE_DATE_EPOCH. Nothing is signed here; signatures carry a time, and come last.
//
// It refuses to make packages of programs of which none runs on this machine: the others cannot
// be asked for their help; that for Windows has no manual pages. It refuses to pack a program for
// another machine than its folder says, and an SBOM that does not list what the program says it
// is linked of (go version -m).
package main

import (
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"vaxkiosk/sync/version"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

// job is one run.
type job struct {
	programs, out, nfpm, sbom, version string
	kinds                              []string
	stage                              string // what is written here and goes into packages
	made                               time.Time
}

// architectures are those that packages are made for, by Debian's names, which are Go's.
var architectures = []string{"amd64", "arm64"}

// products are the programs with a package, and its description.
var products = []product{
	{"vaxkiosk", "assets/install/kiosk.yaml", "assets/install/kiosk/preinst", "--schema"},
	{"vaxcentral", "assets/install/central.yaml", "assets/install/central/preinst", "schema"},
}

// product is a program, its package, and how it is asked for the schema of its database.
type product struct{ program, description, preinst, schema string }

func run(ctx context.Context, args []string) error {
	j := job{}
	f := flag.NewFlagSet("dist", flag.ContinueOnError)
	f.StringVar(&j.programs, "programs", "", "`folder` with the built programs")
	f.StringVar(&j.out, "out", "", "`folder` to make it in")
	f.StringVar(&j.nfpm, "nfpm", "", "the `program` nfpm")
	f.StringVar(&j.sbom, "sbom", "", "the `program` cyclonedx-gomod; without it there are no SBOMs")
	f.StringVar(&j.version, "version", version.Number, "the `version` of the packages")
	kinds := f.String("kinds", "deb,rpm", "which `kinds` of packages")
	if err := f.Parse(args); err != nil {
		return err
	}
	if j.programs == "" || j.out == "" || j.nfpm == "" {
		return errors.New("say --programs, --out and --nfpm")
	}
	j.kinds = strings.Split(*kinds, ",")
	epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return errors.New("set SOURCE_DATE_EPOCH to the time that everything is to carry, in seconds since 1970")
	}
	j.made = time.Unix(epoch, 0).UTC()
	if j.stage, err = os.MkdirTemp("", "dist-"); err != nil {
		return err
	}
	defer os.RemoveAll(j.stage)
	return j.all(ctx)
}

func (j *job) all(ctx context.Context) error {
	if err := os.MkdirAll(j.out, 0o755); err != nil {
		return err
	}
	packages := 0
	for _, p := range products {
		if _, err := os.Stat(j.program(runtime.GOARCH, p.program)); err != nil {
			continue
		}
		if err := j.papers(ctx, p.program); err != nil {
			return fmt.Errorf("%s: %w", p.program, err)
		}
		description, err := j.describe(ctx, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p.program, err)
		}
		for _, arch := range architectures {
			n, err := j.pack(ctx, p.program, description, arch)
			if err != nil {
				return fmt.Errorf("%s for %s: %w", p.program, arch, err)
			}
			packages += n
		}
	}
	n, err := j.msi(ctx)
	if err != nil {
		return fmt.Errorf("package for Windows: %w", err)
	}
	if packages += n; packages == 0 {
		return fmt.Errorf("%s has no program for this machine, %s", j.programs, runtime.GOARCH)
	}
	if err := j.repository(ctx); err != nil {
		return fmt.Errorf("apt repository: %w", err)
	}
	return sums(j.out)
}

func (j *job) program(arch, name string) string { return filepath.Join(j.programs, arch, name) }

// pack makes the packages of a program for an architecture, and says how many; none when there
// is no such program.
func (j *job) pack(ctx context.Context, name, description, arch string) (int, error) {
	built, err := os.ReadFile(j.program(arch, name))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err == nil {
		err = runsOn(built, arch)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(j.stage, name), built, 0o600)
	}
	if err != nil {
		return 0, err
	}
	for _, kind := range j.kinds {
		cmd := exec.CommandContext(ctx, j.nfpm, "package", "--config", description, "--packager", kind, "--target", j.out+"/")
		cmd.Env = append(os.Environ(), "ARCH="+arch, "VERSION="+j.version, "STAGE="+j.stage)
		if out, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%s: %w: %s", kind, err, out)
		}
	}
	return len(j.kinds), j.bill(ctx, name, arch)
}

// ending is that of a program's name.
func ending(arch string) string {
	if arch == windowsArch {
		return ".exe"
	}
	return ""
}

// describe writes the description of a package, with the script that refuses to take the place
// of a version whose database the program would not open, and returns its path.
func (j *job) describe(ctx context.Context, p product) (path string, err error) {
	schema, err := exec.CommandContext(ctx, j.program(runtime.GOARCH, p.program), p.schema).Output()
	if err != nil {
		return "", fmt.Errorf("its schema: %w", err)
	}
	fill := strings.NewReplacer("@SCHEMA@", strings.TrimSpace(string(schema)), "@VERSION@", j.version, "${STAGE}", j.stage)
	path = filepath.Join(j.stage, p.program+".yaml")
	for from, to := range map[string]string{p.preinst: filepath.Join(j.stage, p.program+".preinst"), p.description: path} {
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(to, []byte(fill.Replace(string(text))), 0o600)
		}
		if err != nil {
			return "", err
		}
	}
	return path, nil
}

// bill writes the SBOM of a program: the modules that are linked into it, read from itself, with
// the licences found in their source.
func (j *job) bill(ctx context.Context, name, arch string) error {
	if j.sbom == "" {
		return nil
	}
	out := filepath.Join(j.out, fmt.Sprintf("%s_%s_%s.cdx.json", name, j.version, arch))
	cmd := exec.CommandContext(ctx, j.sbom, "bin", "-json", "-noserial", "-notimestamp", "-std", "-licenses", "-version", "v"+j.version, "-output", out, j.program(arch, name+ending(arch)))
	cmd.Env = append(os.Environ(), "GOPROXY=off") // the modules are there: the program was built of them
	if err := billing(cmd, out); err != nil {
		return fmt.Errorf("SBOM: %w", err)
	}
	return nil
}

// machines are those of the header of a program.
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// runsOn refuses a program for another machine than its package is for. A script runs on all.
func runsOn(program []byte, arch string) error {
	if bytes.HasPrefix(program, []byte("#!")) {
		return nil
	}
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		return err
	}
	if f.Machine != machines[arch] {
		return fmt.Errorf("it is a program for %s", f.Machine)
	}
	return nil
}
