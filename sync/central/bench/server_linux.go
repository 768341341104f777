package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"vaxkiosk/sync/central/store"
)

// server is a PostgreSQL of this program's own, reached by a socket in its folder alone.
type server struct {
	dir string
	run *exec.Cmd
}

// serve fills a database on a server from each town, and adds those towns. stop ends the server.
func (o options) serve(ctx context.Context, towns *[]*town, stderr io.Writer) (stop func() error, err error) {
	stop = func() error { return nil }
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	switch {
	case err != nil || !o.server:
		return stop, err
	case len(found) == 0:
		fmt.Fprintln(stderr, "PostgreSQL is left out: install the Debian package postgresql-15")
		return stop, nil
	}
	s := &server{}
	if err := s.start(ctx, filepath.Dir(slices.Max(found))); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	for _, t := range *towns {
		other, err := s.fill(ctx, t, stderr)
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		*towns = append(*towns, other)
	}
	return s.stop, nil
}

// start makes a server and runs it. Its folder is on a short path, for the socket, and its user's.
func (s *server) start(ctx context.Context, bin string) (err error) {
	if s.dir, err = os.MkdirTemp("/var/tmp", "vaxbench"); err != nil {
		return err
	}
	initdb, err := s.command(exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", filepath.Join(s.dir, "data"), "-A", "trust", "-U", "vax", "--locale=C.UTF-8", "-E", "UTF8"))
	if err != nil {
		return err
	}
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said)
	}
	if s.run, err = s.command(exec.Command(filepath.Join(bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-c", "listen_addresses=", "-c", "unix_socket_directories="+s.dir)); err != nil { //nolint:noctx // stop ends it
		return err
	}
	return s.run.Start()
}

// command lets a command of the server run as its user: it refuses root.
func (s *server) command(c *exec.Cmd) (*exec.Cmd, error) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	c.Dir = s.dir
	if os.Getuid() != 0 {
		return c, nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return c, errors.Join(err, os.Chown(s.dir, int(uid), int(gid))) //nolint:gosec // ids of a user
}

func (s *server) stop() error {
	if s.run != nil && s.run.Process != nil {
		_ = s.run.Process.Signal(syscall.SIGQUIT) // at once: nothing of it is needed any more
		_ = s.run.Wait()
	}
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// fill carries a town over to a database of its own.
func (s *server) fill(ctx context.Context, t *town, stderr io.Writer) (*town, error) {
	name := fmt.Sprintf("people_%d", t.size)
	other := *t
	other.url = "postgres://vax@/" + name + "?host=" + s.dir
	other.times, other.read = map[string][]time.Duration{}, map[string]int64{}
	other.candidates, other.released = 0, 0
	said := time.Now()
	say := func(doing string, done, total int64) {
		if time.Since(said) > 5*time.Second {
			said = time.Now()
			fmt.Fprintf(stderr, "%s: %d of %d rows %s\n", name, done, total, doing)
		}
	}
	if err := s.database(ctx, name); err != nil {
		return nil, err
	}
	begin := time.Now()
	from, err := store.Open(ctx, t.path)
	if err != nil {
		return nil, err
	}
	err = errors.Join(from.Carry(ctx, other.url, false, begin, say, func() error { return nil }), from.Close())
	other.load = time.Since(begin)
	if err == nil {
		other.bytes, err = store.ServerSize(ctx, other.url)
	}
	return &other, err
}

// database makes an empty one as soon as the server answers.
func (s *server) database(ctx context.Context, name string) (err error) {
	often := time.NewTicker(50 * time.Millisecond)
	defer often.Stop()
	for range 1200 {
		if err = store.NewDatabase(ctx, "postgres://vax@/postgres?host="+s.dir, name); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-often.C:
		}
	}
	return err
}
