package storetest

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"vaxkiosk/sync/central/store"
)

// server is the PostgreSQL of the tests of one program. It is reached by a socket in its
// folder alone, and ends with the program however that ends.
var server struct {
	sync.Mutex
	dir       string
	run       *exec.Cmd
	said      bytes.Buffer
	databases int
}

// template is a database with all tables that others are copied from.
const template = "made"

// OnServer makes an empty database on the server of the tests.
func OnServer(t testing.TB) Base {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.run == nil {
		if err := startServer(); err != nil {
			t.Fatal(err, server.said.String())
		}
		toServer(t, "CREATE DATABASE "+template)
		s, err := store.OpenServer(t.Context(), urlOf(template))
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	server.databases++
	name := fmt.Sprintf("t_%d", server.databases)
	toServer(t, "CREATE DATABASE "+name+" TEMPLATE "+template)
	url := urlOf(name)
	return Base{DB: At(t, url), Open: func() (*store.Store, error) { return store.OpenServer(t.Context(), url) }}
}

// OnEmpty makes a database without tables.
func OnEmpty(t testing.TB) Base {
	t.Helper()
	b := OnServer(t)
	b.DB.exec("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
	return b
}

func toServer(t testing.TB, text string) {
	t.Helper()
	At(t, urlOf("postgres")).exec(text)
}

func urlOf(database string) string { return "postgres://vax@/" + database + "?host=" + server.dir }

// program is one of PostgreSQL, which Debian puts beside the PATH.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 && err == nil {
		return slices.Max(found), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", errors.New(name + " is missing: install the Debian package postgresql-15, or run make test")
	}
	return path, nil
}

// asServer lets a command of the server run as its user: it refuses root.
func asServer(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	c.Dir = server.dir
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return errors.Join(err, os.Chown(server.dir, int(uid), int(gid)))
}

// startServer makes a server and waits until it answers.
func startServer() (err error) {
	if server.dir, err = os.MkdirTemp("/tmp", "vaxpg"); err != nil { // the path of a socket is short
		return err
	}
	initdb, err := program("initdb")
	if err != nil {
		return err
	}
	data := filepath.Join(server.dir, "data")
	c := exec.Command(initdb, "-D", data, "-A", "trust", "-U", "vax", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8")
	c.Stdout, c.Stderr = &server.said, &server.said
	if err := asServer(c); err != nil {
		return err
	}
	if err := c.Run(); err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	return runServer()
}

// runServer runs the server that was made.
func runServer() error {
	postgres, err := program("postgres")
	if err != nil {
		return err
	}
	server.run = exec.Command(postgres, "-D", filepath.Join(server.dir, "data"), "-c", "listen_addresses=", "-c", "unix_socket_directories="+server.dir,
		"-c", "shared_buffers=32MB", "-c", "max_connections=200")
	server.run.Stdout, server.run.Stderr = &server.said, &server.said
	if err := asServer(server.run); err != nil {
		return err
	}
	if err := server.run.Start(); err != nil {
		return err
	}
	return answers()
}

// answers waits until the server takes connections.
func answers() error {
	db, err := sql.Open("pgx", urlOf("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	often := time.NewTicker(20 * time.Millisecond)
	defer often.Stop()
	for range 3000 {
		if err = db.Ping(); err == nil {
			return nil
		}
		<-often.C
	}
	return err
}

// StopServer stops the server of the tests, if one runs. The next database has another one.
func StopServer() {
	server.Lock()
	defer server.Unlock()
	if server.run == nil {
		return
	}
	_ = server.run.Process.Signal(syscall.SIGQUIT) // at once: nothing of it is needed any more
	_ = server.run.Wait()
	_ = os.RemoveAll(server.dir)
	server.run = nil
	server.said.Reset()
}

// CrashServer stops the server as if it had crashed, and starts it again.
func CrashServer(t testing.TB) {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	_ = server.run.Process.Signal(syscall.SIGQUIT)
	_ = server.run.Wait()
	if err := runServer(); err != nil {
		t.Fatal(err)
	}
}
