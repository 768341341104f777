package store

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
)

// numbered makes PostgreSQL's $n of ?n, and of ? alone what SQLite takes it for: the one after
// the highest so far. Statements are few, and each is remembered.
func numbered() func(query string) string {
	var known sync.Map
	return func(query string) string {
		if text, is := known.Load(query); is {
			return text.(string)
		}
		highest := 0
		text := parameter.ReplaceAllStringFunc(query, func(p string) string {
			n, err := strconv.Atoi(p[1:])
			if err != nil {
				n = highest + 1
			}
			highest = max(highest, n)
			return fmt.Sprintf("$%d", n)
		})
		known.Store(query, text)
		return text
	}
}

var parameter = regexp.MustCompile(`\?\d*`)
