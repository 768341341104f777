package central

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"vaxkiosk/sync/central/audit"
)

// headEvery is how often the audit's head is signed.
const headEvery = time.Hour

// heads is how the signing of heads goes.
type heads struct {
	signed atomic.Int64 // when it was done last, in seconds since 1970; since when it is due before that
	fails  atomic.Bool
}

// keepHeads signs the head of the audit now, every hour, and at the end.
func (c *Central) keepHeads(ctx context.Context) {
	c.heads.signed.Store(c.o.Now().Unix())
	c.signHead(context.WithoutCancel(ctx), audit.AtStart) // also of one that ends at once
	tick := time.NewTicker(headEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.signHead(ctx, audit.Hourly)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
			c.signHead(last, audit.AtStop)
			cancel()
			return
		}
	}
}

// signHead signs the head. The log says once when that fails, and once when it does no more.
// The audit of a folder that rests is no service's: its heads would stand among those of the service
// that it is a copy of, whose settings it may have been started with.
func (c *Central) signHead(ctx context.Context, why string) {
	if c.state.Rests.Load() {
		c.heads.signed.Store(c.o.Now().Unix())
		return
	}
	_, err := c.SignAudit(ctx, c.o.AuditDir, why)
	if err == nil {
		c.heads.signed.Store(c.o.Now().Unix())
	}
	switch before := c.heads.fails.Swap(err != nil); {
	case err != nil && !before && ctx.Err() == nil:
		c.o.Log.Error("the audit cannot be signed", "event", "audit.unsigned", "why", err.Error())
	case err == nil && before:
		c.o.Log.Info("the audit is signed again", "event", "audit.resumed")
	}
}

// noteSettings notes in the audit which settings are others than at the start before, by a digest
// of each.
func (c *Central) noteSettings(ctx context.Context) error {
	last, err := c.folder.Store.LastSettings(ctx)
	if err != nil {
		return err
	}
	var changed, all []string
	for _, s := range c.o.settings() {
		said := s[0] + ":" + digest(s[1])
		all = append(all, said)
		if !strings.Contains(last+",", said+",") {
			changed = append(changed, s[0])
		}
	}
	if changed == nil {
		return nil
	}
	row := audit.Row{At: c.o.Now(), Kind: audit.Settings, Outcome: "changed=" + strings.Join(changed, ",") + " all=," + strings.Join(all, ",")}
	return c.folder.Store.Audit(ctx, row)
}

// settings are what a start says, by name. None is a secret.
func (o *Options) settings() [][2]string {
	return [][2]string{
		{"issuer", o.Issuer},
		{"service", o.Service},
		{"registry", o.Registry},
		{"help-phone", o.HelpPhone},
		{"hosts", strings.Join(o.Hosts, " ")},
		{"trusted-proxy", fmt.Sprint(o.TrustedProxies)},
		{"unlimited", fmt.Sprint(o.Unlimited)},
		{"workers", fmt.Sprint(o.Workers)},
		{"audit-dir", o.AuditDir},
		{"keep", fmt.Sprint(o.Keep)},
	}
}

// digest tells a value from others.
func digest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return fmt.Sprintf("%x", sum[:6])
}
