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
	got := string(Text([]Metric{
		{Name: "a_waiting", Help: "How much.\nIn \\ all", Samples: []Sample{{Value: 3, Labels: [][2]string{{"kiosk", "hall \"2\"\n\\"}, {"fault", "jam"}}}, {Value: 0.5}}},
		{Name: "b_empty", Help: "Nothing."},
		{Name: "c_seconds", Help: "Since.", Samples: []Sample{{Value: 1.764e9, Labels: [][2]string{{"kiosk", "a\xff"}}}}},
		{Name: "d_total", Help: "So far.", Kind: Counter, Samples: []Sample{{Value: 7}}},
		{Name: "e_seconds", Help: "How long.", Kind: Histogram, Samples: Distribution([]float64{0.1, 2}, []uint64{3, 0, 1}, 4.5, [2]string{"route", "/"})},
	}))
	want := `# HELP a_waiting How much.\nIn \\ all
# TYPE a_waiting gauge
a_waiting{kiosk="hall \"2\"\n\\",fault="jam"} 3
a_waiting 0.5
# HELP c_seconds Since.
# TYPE c_seconds gauge
c_seconds{kiosk="a` + "\uFFFD" + `"} 1764000000
# HELP d_total So far.
# TYPE d_total counter
d_total 7
# HELP e_seconds How long.
# TYPE e_seconds histogram
e_seconds_bucket{route="/",le="0.1"} 3
e_seconds_bucket{route="/",le="2"} 3
e_seconds_bucket{route="/",le="+Inf"} 4
e_seconds_sum{route="/"} 4.5
e_seconds_count{route="/"} 4
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
		served <- Serve(ctx, l, Handler(func(context.Context) ([]Metric, error) {
			return []Metric{{Name: "a", Help: "b.", Samples: []Sample{{Value: 1}}}}, broken
		}))
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
