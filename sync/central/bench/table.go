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
		titles += fmt.Sprintf(" %.2f million people, %s |", float64(t.size)/1e6, t.store())
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
	for _, kind := range kinds {
		for _, t := range towns {
			slices.Sort(t.times[kind])
		}
		if len(towns[0].times[kind]) == 0 {
			continue
		}
		line(kind+", p50 / p99", func(t *town) string { return t.percentiles(kind) }, growth(towns, kind))
	}
	line("read from the disk for a cold hit", func(t *town) string {
		if t.url != "" {
			return ""
		}
		return fmt.Sprintf("%.1f KB", float64(t.read["cold hits"])/1024/float64(max(1, len(t.times["cold hits"]))))
	}, "")
	line("released of the hits", func(t *town) string {
		return fmt.Sprintf("%.1f %%", float64(t.released)*100/float64(len(t.times["warm hits"])))
	}, "")
	fmt.Fprintf(w, "\n%s: %d warm and %d cold matches of each kind; %s/%s, %d cores%s, %s%s.\n", time.Now().Format(time.DateOnly),
		len(towns[0].times["warm hits"]), len(towns[0].times["cold hits"]), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), busy(), runtime.Version(), serverSays(towns))
}

// percentiles are those of sorted times.
func (t *town) percentiles(kind string) string {
	if len(t.times[kind]) == 0 {
		return ""
	}
	return fmt.Sprintf("%.3f / %.3f ms", percentile(t.times[kind], .5).Seconds()*1e3, percentile(t.times[kind], .99).Seconds()*1e3)
}

// growth is how much longer it takes in the largest town than in the smallest, for each store.
func growth(towns []*town, kind string) (text string) {
	for _, store := range []string{"SQLite", "PostgreSQL"} {
		var of []*town
		for _, t := range towns {
			if t.store() == store && len(t.times[kind]) > 0 {
				of = append(of, t)
			}
		}
		if len(of) == 0 {
			continue
		}
		grows := func(p float64) float64 {
			return float64(percentile(of[len(of)-1].times[kind], p)) / float64(percentile(of[0].times[kind], p))
		}
		if text != "" {
			text += "; PostgreSQL "
		}
		text += fmt.Sprintf("%.2f / %.2f", grows(.5), grows(.99))
	}
	return text
}

// serverSays says how the server is set, when there is one.
func serverSays(towns []*town) string {
	for _, t := range towns {
		if t.url != "" {
			return "; PostgreSQL with Debian's settings (fsync on), on the same machine, by its socket; its load is vaxcentral's move from the file"
		}
	}
	return ""
}

func (t *town) loaded() string {
	if t.load == 0 {
		return "was there"
	}
	if t.url != "" {
		return fmt.Sprintf("%.0f people/s: %.0f s", float64(t.size)/t.load.Seconds(), t.load.Seconds())
	}
	return fmt.Sprintf("%.0f people/s: %.0f s, %.0f s of them for the indexes", float64(t.size)/t.load.Seconds(), t.load.Seconds(), t.index.Seconds())
}
