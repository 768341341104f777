// Package rules holds the rules of the architecture, as tests: which package may import
// which and why (imports), that every line of a log has an event that a manual lists
// (events), that the README names what exists (readme), and which versions of modules are
// too old (holes). They parse the source themselves: the go command would answer from its
// cache after a violation. What any project could ask of its files is in .golangci.yml.
//
// Whoever adds a package adds its row to the table in imports_test.go, with the reason,
// and plants a violation of it beside the others. Nothing imports this package.
package rules
