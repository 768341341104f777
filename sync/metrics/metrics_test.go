package metrics

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestTheTextIsWhatPrometheusReads(t *testing.T) {
	got := string(Text([]Gauge{
		{"a_waiting", "How much.\nIn \\ all", []Sample{{3, [][2]string{{"kiosk", "hall \"2\"\n\\"}, {"fault", "jam"}}}, {0.5, nil}}},
		{"b_empty", "Nothing.", nil},
		{"c_seconds", "Since.", []Sample{{1.764e9, [][2]string{{"kiosk", "a\xff"}}}}},
	}))
	want := `# HELP a_waiting How much.\nIn \\ all
# TYPE a_waiting gauge
a_waiting{kiosk="hall \"2\"\n\\",fault="jam"} 3
a_waiting 0.5
# HELP c_seconds Since.
# TYPE c_seconds gauge
c_seconds{kiosk="a` + "\uFFFD" + `"} 1764000000
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestAnAddressWithoutAHostIsThisMachineAlone(t *testing.T) {
	for given, want := range map[string]string{
		":9465": "127.0.0.1:9465", "10.0.0.7:9465": "10.0.0.7:9465", "[::1]:1": "[::1]:1", "localhost:0": "localhost:0",
		"9465": "", "": "", "host:": "", "host:http": "", "host:65536": "", "http://host:1": "",
	} {
		if got, err := Addr(given); got != want || (err == nil) == (want == "") {
			t.Errorf("%q: %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestItIsServedUntilTheEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error)
	var broken error
	go func() {
		served <- Serve(ctx, l, func(context.Context) ([]Gauge, error) {
			return []Gauge{{"a", "b.", []Sample{{1, nil}}}}, broken
		})
	}()
	get := func(method, path string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://"+l.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	if status, text := get("GET", "/metrics"); status != http.StatusOK || !strings.HasSuffix(text, "\na 1\n") {
		t.Errorf("%d %s", status, text)
	}
	for method, path := range map[string]string{"GET": "/", "POST": "/metrics", "PUT": "/v1/heartbeat"} {
		if status, _ := get(method, path); status < 400 {
			t.Errorf("%s %s: %d", method, path, status)
		}
	}
	broken = errors.New("/srv/data/central.db is locked")
	if status, text := get("GET", "/metrics"); status != http.StatusServiceUnavailable || strings.Contains(text, "central.db") {
		t.Errorf("%d %s", status, text)
	}
	end()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
