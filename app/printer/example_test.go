package printer_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/printer"
)

// A folder is a printer as well, and fails when a file in it says so.
func Example() {
	dir, err := os.MkdirTemp("", "pages-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	p, err := printer.Open(printer.Options{Address: "folder:" + dir, Paper: "letter", Kiosk: "town-hall-1", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		panic(err)
	}

	ctx := context.Background()
	result := p.Print(ctx, desk.Document{PDF: []byte("%PDF-1.4 …"), Pages: 1}, func(desk.Progress) {})
	fmt.Println(result.Outcome)

	if err := os.WriteFile(filepath.Join(dir, "fault-jam"), nil, 0o600); err != nil {
		panic(err)
	}
	fmt.Println(p.Ready(ctx).Code)
	// Output:
	// printed
	// jam
}
