package kiosk

import (
	"context"
	"net"
	"time"

	"vaxkiosk/sync/api"
	"vaxkiosk/sync/metrics"
)

// The kiosk's own /metrics, for a Prometheus or an agent on this machine. The configuration
// lets nobody else in, and nothing is listened to without it.

// serveMetrics serves them until ctx ends, if the configuration says where. For visitors it is
// no matter whether that works.
func (k *Kiosk) serveMetrics(ctx context.Context) {
	at := k.Config.Metrics.Listen
	if at == "" {
		return
	}
	l, err := net.Listen("tcp", at)
	if err == nil {
		err = metrics.Serve(ctx, l, metrics.Handler(k.gauges))
	}
	if err != nil {
		k.Log.Error("the metrics are not served; check metrics.listen", "event", "metrics.not-served", "cause", err)
	}
}

// gauges are how the kiosk does now.
func (k *Kiosk) gauges(ctx context.Context) ([]metrics.Metric, error) {
	now := time.Now()
	h, err := k.vitals.beat(ctx, now)
	if err != nil {
		return nil, err
	}
	ahead, heard := k.vitals.last()
	all := []metrics.Metric{
		{Name: "vaxkiosk_info", Help: "Always 1; version is this program.", Samples: []metrics.Sample{{Value: 1, Labels: [][2]string{{"version", h.Version}}}}},
		gauge("vaxkiosk_certificate_left_seconds", "Time until the end of the kiosk's certificate, to the minute.", k.Client.Certificate().NotAfter.Sub(now).Truncate(time.Minute).Seconds()),
		gauge("vaxkiosk_out_of_service", "1 while the screen says that nothing can be asked for.", one(h.Screen == api.OutOfService)),
		gauge("vaxkiosk_waiting", "How much is saved here that central has not taken.", float64(h.Waiting)),
		gauge("vaxkiosk_waiting_oldest_seconds", "How old the oldest of that is; 0 when none waits.", float64(h.Oldest)),
		gauge("vaxkiosk_refused", "How much is kept here that central can never take.", float64(h.Refused)),
	}
	if h.Printer != nil {
		fault := "none"
		if *h.Printer != api.HeartbeatPrinterReady {
			fault = string(*h.Printer)
		}
		all = append(all, metrics.Metric{
			Name: "vaxkiosk_printer_fault", Help: "1 while nothing can be printed; fault says why, and is none otherwise.",
			Samples: []metrics.Sample{{Value: one(fault != "none"), Labels: [][2]string{{"fault", fault}}}},
		})
	}
	if h.Settings != nil {
		all = append(all, gauge("vaxkiosk_settings_age_seconds", "How long ago it was known that central's settings here are the newest.", float64(*h.Settings)))
	}
	if h.DiskFree != nil {
		all = append(all, gauge("vaxkiosk_disk_free_bytes", "How much may still be written.", float64(*h.DiskFree)*(1<<20)))
	}
	if ahead != nil {
		all = append(all, gauge("vaxkiosk_clock_skew_seconds", "By how much the clock is ahead of central's.", ahead.Seconds()))
	}
	if !heard.IsZero() {
		all = append(all, gauge("vaxkiosk_heartbeat_timestamp_seconds", "When central took the last heartbeat.", float64(heard.Unix())))
	}
	return all, nil
}

func gauge(name, help string, value float64) metrics.Metric {
	return metrics.Metric{Name: name, Help: help, Samples: []metrics.Sample{{Value: value}}}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
