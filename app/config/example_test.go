package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"vaxkiosk/app/config"
)

// Everything that is wrong with a file is said at once, each with its line and a way out.
func ExampleLoad() {
	dir, err := os.MkdirTemp("", "kiosk-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "kiosk.toml")
	text := `[central]
url = "http://central.example.org"

[paper]
size = "legal"
colour = true
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		panic(err)
	}

	_, err = config.Load(file)
	var wrong config.Problems
	if errors.As(err, &wrong) {
		for _, p := range wrong {
			if p.Line > 1 { // the others are about what is missing
				fmt.Printf("line %d, %s: %s\n", p.Line, p.Key, p.Text)
			}
		}
	}
	// Output:
	// line 2, central.url: must start with https://; set it to central's address, for example "https://central.example.org"
	// line 5, paper.size: is "legal"; set it to "letter" or "a4"
	// line 6, paper.colour: is not a key of this configuration; correct its spelling or remove it
}
