package config

import (
	"fmt"
	"strings"
)

// PrinterAt is the printer of an address on a command line: folder:PATH or ipp://.
func PrinterAt(address string) (Printer, error) {
	if folder, ok := strings.CutPrefix(address, "folder:"); ok && folder != "" {
		return Printer{Folder: folder}, nil
	}
	if strings.HasPrefix(address, "ipp://") {
		return Printer{URI: address}, nil
	}
	return Printer{}, fmt.Errorf("--printer %q: want ipp://host/ipp/print or folder:PATH; ipps needs its pin, which goes into the configuration", address)
}
