package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vaxkiosk/sync/central/clustertest"
	"vaxkiosk/sync/central/madeup"
	"vaxkiosk/sync/seal"
)

// measurePolls says what so many kiosks cost that wait for an answer, each over a connection of its
// own: while all of them are answered, and while nobody is, at a copy of the folder, which rests.
func measurePolls(t *testing.T) string {
	t.Helper()
	s := newLoad(t, "", 1, *loadPolls)
	rush := s.rush()
	s.stop()
	s.urls, s.kiosks = nil, nil
	rests := filepath.Join(s.dir, "rests")
	if err := clustertest.Copy(filepath.Join(s.dir, "data-0"), rests); err != nil {
		t.Fatal(err)
	}
	s.serves(rests, 0)
	defer s.stop()
	s.connects()
	pid := s.processes[0].Process.Pid
	before := memoryOf(t, pid)
	ctx, end := context.WithCancel(t.Context())
	polls := s.waits(ctx)
	waiting, cpu := memoryOf(t, pid), cpuOf(t, pid)
	watched := time.NewTimer(*loadMinute)
	<-watched.C
	after, spent := memoryOf(t, pid), cpuOf(t, pid)-cpu
	end()
	polls.Wait()
	return rush + fmt.Sprintf("%d kiosks that wait while nothing is answered, each over its own connection, take %d MB more than none (%d MB in all, %d a little later) and %.2f s of a core in %v.",
		*loadPolls, (max(waiting, after)-before)>>20, waiting>>20, after>>20, spent.Seconds(), *loadMinute)
}

// rush has each kiosk hand in a request at once and wait for its answer.
func (s *loadService) rush() string {
	s.Helper()
	visits := s.visits(*loadPolls)
	pid := s.processes[0].Process.Pid
	var all sync.WaitGroup
	cpu, began := cpuOf(s.T, pid), time.Now()
	few := make(chan struct{}, 16) // handshakes at once
	for _, v := range visits {
		all.Go(func() {
			few <- struct{}{}
			err := v.ask()
			<-few
			if err == nil {
				err = v.hears()
			}
			if err != nil {
				s.Error(err)
			}
		})
	}
	all.Wait()
	took, spent := time.Since(began), cpuOf(s.T, pid)-cpu
	return fmt.Sprintf("%d kiosks that ask at once and wait have all heard of their answer after %.1f s, %.0f a second, for %.1f s of a core. ",
		len(visits), took.Seconds(), float64(len(visits))/took.Seconds(), spent.Seconds())
}

// waits has each kiosk hand in a request and ask again and again what became of it, until ctx ends. It
// returns when all of them wait.
func (s *loadService) waits(ctx context.Context) *sync.WaitGroup {
	s.Helper()
	plain := loadAsks(madeup.Generate(1, madeup.DemoSeed, madeup.DemoDay)[0]).Encode()
	var begun, polls sync.WaitGroup
	few := make(chan struct{}, 16) // handshakes at once
	for _, to := range s.kiosks {
		begun.Add(1)
		polls.Go(func() {
			key := rand.Text()
			few <- struct{}{}
			e, err := seal.Seal(s.to, seal.ForRequest, key, plain)
			if err == nil {
				_, err = to[0].PostRequest(ctx, key, e.Encode())
			}
			<-few
			begun.Done()
			for err == nil && ctx.Err() == nil {
				_, err = to[0].Status(ctx, key, 25*time.Second)
			}
			if err != nil && ctx.Err() == nil {
				s.Error(err)
			}
		})
	}
	begun.Wait()
	return &polls
}

// memoryOf is how much memory a process has in use (RSS).
func memoryOf(t *testing.T, pid int) int64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	var kb int64
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// cpuOf is how much of a core a process has used.
func cpuOf(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime, in hundredths
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
