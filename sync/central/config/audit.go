package config

import (
	"vaxkiosk/sync/central/retention"
	"vaxkiosk/sync/settings"
)

// audit reads where signed heads are kept, and for how long what is.
func (f file) audit(c *Config) {
	if dir := f.Maybe("audit.folder", "the folder of signed heads, or leave it out"); dir != "" {
		c.Audit = f.Path("audit.folder", dir)
	}
	for _, name := range retention.Names() {
		key := "retention." + name
		text := f.Maybe(key, `a number of days or years, such as "400d" or "7y"`)
		if text == "" {
			continue
		}
		if c.Keep == nil {
			c.Keep = retention.Periods{}
		}
		if err := c.Keep.Set(name, text); err != nil {
			f.Wrong(key, "cannot be so; %s", err)
		}
	}
}

// Keeping reads of a configuration only where signed heads are kept and for how long what is, for
// who works on a folder beside the service. Without a file both are as the service has them
// without one. Problems elsewhere in the file are the service's.
func (s Source) Keeping() (auditDir string, keep retention.Periods, err error) {
	path := s.Path()
	if path == "" {
		return "", nil, nil
	}
	f := file{settings.Read(path)}
	if f.Problems != nil {
		return "", nil, f.Err()
	}
	var c Config
	f.audit(&c)
	return c.Audit, c.Keep, f.Err()
}
