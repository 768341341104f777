package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// suite and component are what sources.list says behind the address of the repository.
const (
	suite     = "stable"
	component = "main"
)

// repository makes an apt repository of the packages: the packages themselves, an index for
// each architecture, and Release, which vouches for the indexes once it is signed.
func (j *job) repository(ctx context.Context) error {
	root := filepath.Join(j.out, "apt")
	pool := filepath.Join(root, "pool", component)
	if err := os.MkdirAll(pool, 0o755); err != nil {
		return err
	}
	debs, err := filepath.Glob(filepath.Join(j.out, "*.deb"))
	if err != nil {
		return err
	}
	for _, deb := range debs {
		if err := os.Rename(deb, filepath.Join(pool, filepath.Base(deb))); err != nil {
			return err
		}
	}
	for _, arch := range architectures {
		if err := index(ctx, root, arch); err != nil {
			return err
		}
	}
	return release(filepath.Join(root, "dists", suite), j.made)
}

// index lists the packages of an architecture, by name, as apt reads them.
func index(ctx context.Context, root, arch string) error {
	cmd := exec.CommandContext(ctx, "apt-ftparchive", "--arch", arch, "-o", "APT::FTPArchive::MD5=false", "-o", "APT::FTPArchive::SHA1=false", "packages", "pool/"+component)
	cmd.Dir = root
	var errs bytes.Buffer
	cmd.Stderr = &errs
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("apt-ftparchive: %w: %s", err, &errs)
	}
	paragraphs := strings.Split(strings.TrimSpace(string(list)), "\n\n")
	slices.Sort(paragraphs)
	list = []byte(strings.Join(paragraphs, "\n\n") + "\n")
	dir := filepath.Join(root, "dists", suite, component, "binary-"+arch)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(list); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "Packages"), list, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "Packages.gz"), packed.Bytes(), 0o644)
}

// release writes the sums of the indexes into Release.
func release(dir string, made time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Origin: VaxKiosk\nLabel: VaxKiosk\nSuite: %s\nCodename: %[1]s\nArchitectures: %s\nComponents: %s\nDate: %s\nSHA256:\n",
		suite, strings.Join(architectures, " "), component, made.Format(time.RFC1123Z))
	files, err := filepath.Glob(filepath.Join(dir, component, "binary-*", "Packages*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, " %x %d %s\n", sha256.Sum256(content), len(content), name)
	}
	return os.WriteFile(filepath.Join(dir, "Release"), []byte(b.String()), 0o644)
}

// sumsFile is checked with sha256sum -c in the folder that it is in.
const sumsFile = "SHA256SUMS"

// sums writes the sums of all files of a folder.
func sums(root string) error {
	var b strings.Builder
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == sumsFile {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(content), filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, sumsFile), []byte(b.String()), 0o644)
}
