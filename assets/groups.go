package assets

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed names/groups.toml
var groups string

// NameGroup holds the names of one language or heritage group, the most common first.
type NameGroup struct {
	Name                string
	Percent             float64 // of households
	Own                 int     // in a hundred have a first name of the group
	Family, Girls, Boys []string
}

// NameGroups returns the groups of Massachusetts in the order of the file; who is
// in none has a name of the general pools.
func NameGroups() []NameGroup {
	var raw map[string]struct {
		Percent           float64
		Own               int
		Family, Girl, Boy string
	}
	meta, err := toml.Decode(groups, &raw)
	if err != nil {
		panic(fmt.Sprintf("assets: names/groups.toml: %v", err))
	}
	var all []NameGroup
	for _, key := range meta.Keys() {
		if len(key) != 1 {
			continue
		}
		g := raw[key.String()]
		all = append(all, NameGroup{key.String(), g.Percent, g.Own, list(g.Family), list(g.Girl), list(g.Boy)})
	}
	return all
}

func list(s string) []string { return strings.Split(s, ", ") }
