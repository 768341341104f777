package central_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/client"
	"vaxkiosk/sync/enrol"
)

// Who stands between a kiosk and central while it is enrolled: somebody with a certificate of
// their own, and a line that breaks.

// relay has a certificate of its own, reads what a kiosk says, and passes it on.
type relay struct {
	url   string
	heard atomic.Pointer[[]byte]
}

// tlsRelay stands between kiosks and a town. Change may change an answer.
func tlsRelay(t *testing.T, w *town, change func(body []byte) []byte) *relay {
	t.Helper()
	other := newTown(t, nil) // whose CA vouches for whoever stands between
	cert, err := other.CA.Server([]string{"127.0.0.1", "localhost"}, w.now())
	if err != nil {
		t.Fatal(err)
	}
	l := listener(t)
	t.Cleanup(func() { l.Close() })
	r := &relay{url: "https://" + l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go r.between(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}}), w, change)
		}
	}()
	return r
}

// between reads a call, makes it itself, and answers what it likes.
func (r *relay) between(conn net.Conn, w *town, change func([]byte) []byte) {
	defer conn.Close()
	call, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	body, err := io.ReadAll(call.Body)
	if err != nil {
		return
	}
	r.heard.Store(&body)
	on, err := tls.Dial("tcp", w.url[len("https://"):], &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	if err != nil {
		return
	}
	defer on.Close()
	call.Body, call.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if call.Write(on) != nil {
		return
	}
	res, err := http.ReadResponse(bufio.NewReader(on), call)
	if err != nil {
		return
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return
	}
	if change != nil {
		answer = change(answer)
		res.StatusCode, res.Header = http.StatusOK, http.Header{"Content-Type": {"application/json"}}
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	_ = res.Write(conn)
}

// passOn passes on so many bytes each way and then hangs up; -1 is all.
func passOn(conn net.Conn, w *town, there, back int64) {
	defer conn.Close()
	on, err := net.Dial("tcp", w.url[len("https://"):])
	if err != nil {
		return
	}
	defer on.Close()
	done := make(chan struct{}, 2)
	pipe := func(to io.Writer, from io.Reader, most int64) {
		if most >= 0 {
			from = io.LimitReader(from, most)
		}
		_, _ = io.Copy(to, from) // somebody hangs up
		done <- struct{}{}
	}
	go pipe(on, conn, there)
	go pipe(conn, on, back)
	<-done
}

func TestWhoStandsBetweenLearnsNothingAndChangesNothing(t *testing.T) {
	w := newTown(t, nil)
	right := w.invite("lobby", false)
	passing := tlsRelay(t, w, nil)
	if _, err := w.enrols(passing.url, right); !errors.Is(err, client.ErrCode) {
		t.Errorf("what is passed on: %v", err)
	}
	heard := *passing.heard.Load()
	if bytes.Contains(heard, []byte(right.Grouped())) {
		t.Error("the code is heard")
	}
	var sent api.EnrolmentRequest
	if err := json.Unmarshal(heard, &sent); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(heard, right.Secret()) || !bytes.Equal(sent.Id, right.ID()) {
		t.Error("more is said than the id, a key and a proof")
	}
	own := func([]byte) []byte { // with a grant of its own, and as good a proof as it can
		grant, err := json.Marshal(api.EnrolmentGrant{Name: "lobby"})
		if err != nil {
			t.Error(err)
		}
		b, err := json.Marshal(api.Enrolment{Grant: grant, Proof: sent.Proof})
		if err != nil {
			t.Error(err)
		}
		return b
	}
	if _, err := w.enrols(tlsRelay(t, w, own).url, right); !errors.Is(err, client.ErrStranger) {
		t.Errorf("what is made up: %v", err)
	}
	if w.states() != "" {
		t.Errorf("somebody is let in: %s", w.states())
	}
	if err := bootstraps(w.enrolled(right)); err != nil {
		t.Errorf("then, straight: %v", err)
	}
}

// What was heard on one connection is worth nothing on another, nor with another key.
func TestAnEnrolmentThatIsSaidAgainIsRefused(t *testing.T) {
	w := newTown(t, nil)
	right := w.invite("lobby", false)
	post := func(conn *tls.Conn, sent api.EnrolmentRequest) int {
		t.Helper()
		body, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+"/v1/enrolments", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Write(conn); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		_, _ = io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	dial := func() *tls.Conn {
		t.Helper()
		conn, err := tls.Dial("tcp", w.url[len("https://"):], &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	conn := dial()
	_, csr := newCSR(t)
	s, err := enrol.Begin(conn.ConnectionState(), right.ID(), csr)
	if err != nil {
		t.Fatal(err)
	}
	sent := api.EnrolmentRequest{Id: right.ID(), Csr: csr, Proof: s.KioskProof(right.Secret())}
	if status := post(conn, sent); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if status := post(dial(), sent); status != http.StatusForbidden {
		t.Errorf("on another connection: status %d", status)
	}
	_, sent.Csr = newCSR(t)
	if status := post(conn, sent); status != http.StatusForbidden {
		t.Errorf("with another key: status %d", status)
	}
}

// Wherever the line breaks nobody is enrolled, and the code can be used again.
func TestALineThatBreaksLeavesTheCode(t *testing.T) {
	w := newTown(t, nil)
	right := w.invite("lobby", false)
	for _, cut := range []struct {
		name        string
		there, back int64
	}{
		{"at once", 0, -1},
		{"in the handshake", 100, -1},
		{"in central's handshake", -1, 200},
		{"in the call", 600, -1},
		{"before the answer", -1, 1200},
		{"in the answer", -1, 2000},
	} {
		l := listener(t)
		go func() {
			if conn, err := l.Accept(); err == nil {
				passOn(conn, w, cut.there, cut.back)
			}
		}()
		if _, err := w.enrols("https://"+l.Addr().String(), right); !errors.Is(err, client.ErrAway) {
			t.Errorf("%s: %v", cut.name, err)
		}
		l.Close()
		if w.states() != "" {
			t.Errorf("%s: somebody is let in", cut.name)
		}
	}
	if err := bootstraps(w.enrolled(right)); err != nil {
		t.Error(err)
	}
}
