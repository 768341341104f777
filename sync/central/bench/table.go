package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// percentile of sorted times.
func percentile(times []time.Duration, p float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	return times[min(len(times)-1, int(p*float64(len(times))))]
}

var kinds = []string{"warm hits", "warm misses", "cold hits", "cold misses"}

// table prints what was measured, as Markdown.
func table(w io.Writer, towns []*town) {
	titles := ""
	for _, t := range towns {
		titles += fmt.Sprintf(" %.2f million people |", float64(t.size)/1e6)
	}
	fmt.Fprintf(w, "| |%s growth |\n|---|", titles)
	for range towns {
		fmt.Fprint(w, "---|")
	}
	fmt.Fprintln(w, "---|")
	line := func(what string, value func(*town) string, growth string) {
		fmt.Fprintf(w, "| %s |", what)
		for _, t := range towns {
			fmt.Fprintf(w, " %s |", value(t))
		}
		fmt.Fprintf(w, " %s |\n", growth)
	}
	line("load", (*town).loaded, "")
	line("size on disk", func(t *town) string {
		return fmt.Sprintf("%d MB, %d bytes a person", t.bytes>>20, t.bytes/int64(t.size))
	}, "")
	line("contacts a person", func(t *town) string { return fmt.Sprintf("%.2f", float64(t.contacts)/float64(t.size)) }, "")
	first, last := towns[0], towns[len(towns)-1]
	for _, kind := range kinds {
		for _, t := range towns {
			slices.Sort(t.times[kind])
		}
		if len(first.times[kind]) == 0 {
			continue
		}
		grows := func(p float64) float64 {
			return float64(percentile(last.times[kind], p)) / float64(percentile(first.times[kind], p))
		}
		line(kind+", p50 / p99", func(t *town) string {
			p50, p99 := percentile(t.times[kind], .5), percentile(t.times[kind], .99)
			return fmt.Sprintf("%.3f / %.3f ms", p50.Seconds()*1e3, p99.Seconds()*1e3)
		}, fmt.Sprintf("%.2f / %.2f", grows(.5), grows(.99)))
	}
	line("read from the disk for a cold hit", func(t *town) string {
		return fmt.Sprintf("%.1f KB", float64(t.read["cold hits"])/1024/float64(max(1, len(t.times["cold hits"]))))
	}, "")
	line("released of the hits", func(t *town) string {
		return fmt.Sprintf("%.1f %%", float64(t.released)*100/float64(len(t.times["warm hits"])))
	}, "")
	fmt.Fprintf(w, "\n%s: %d warm and %d cold matches of each kind; %s/%s, %d cores%s, %s, SQLite.\n", time.Now().Format(time.DateOnly),
		len(first.times["warm hits"]), len(first.times["cold hits"]), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), busy(), runtime.Version())
}

func (t *town) loaded() string {
	if t.load == 0 {
		return "was there"
	}
	return fmt.Sprintf("%.0f people/s: %.0f s, %.0f s of them for the indexes", float64(t.size)/t.load.Seconds(), t.load.Seconds(), t.index.Seconds())
}
