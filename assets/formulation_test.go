package assets

import "testing"

func TestACodeIsLessSpecificOnlyBesideOneOfItsGroupThatSaysMore(t *testing.T) {
	for _, c := range []struct {
		cvx, than string
		is        bool
	}{
		{"213", "207", true},
		{"88", "140", true},
		{"45", "08", true},
		{"31", "83", true},
		{"85", "31", true},
		{"107", "110", true},
		{"207", "213", false},
		{"213", "213", false},
		{"213", "140", false},
		{"207", "208", false},
		{"31", "85", false},
		{"03", "94", false},
		{"88", "335", false},
		{"335", "88", false},
		{"999", "207", false},
		{"", "207", false},
		{"213", "", false},
	} {
		if LessSpecific(c.cvx, c.than) != c.is {
			t.Errorf("%s beside %s: %v", c.cvx, c.than, !c.is)
		}
	}
}
