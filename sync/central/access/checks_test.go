package access

import (
	"regexp"
	"strings"
	"testing"
)

func TestCheckCodesHaveEightyBitsAndNoLookAlikes(t *testing.T) {
	form := regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)
	seen, signs := map[string]bool{}, map[rune]bool{}
	for range 1000 {
		code := NewCheckCode()
		if !form.MatchString(code) || seen[code] {
			t.Fatalf("%q, seen before: %v", code, seen[code])
		}
		seen[code] = true
		for _, r := range code {
			signs[r] = true
		}
	}
	if len(signs) != 33 { // 32 and the dash
		t.Errorf("%d different signs in 1,000 codes", len(signs))
	}
}

func TestACheckCodeIsReadAsPeopleTypeIt(t *testing.T) {
	const want = "7KQ2-M4VG-0XY1-9ABC"
	for _, typed := range []string{want, strings.ToLower(want), "7KQ2M4VG0XY19ABC", " 7kq2 m4vg oxyl 9abc ", "7KQ2-M4VG-OXYI-9ABC", "7-K-Q-2m4vgoxyi9abc"} {
		if code, ok := ParseCheckCode(typed); !ok || code != want {
			t.Errorf("%q is read as %q, %v", typed, code, ok)
		}
	}
	for _, typed := range []string{"", "7KQ2-M4VG-0XY1", want + "1", "7KQ2-M4VG-0XY1-9ABU", "7KQ2-M4VG-0XY1-9AB\x00", "ＡＢＣＤ", "../../etc/passwd"} {
		if code, ok := ParseCheckCode(typed); ok || code != "" {
			t.Errorf("%q is read as %q", typed, code)
		}
	}
}

func TestHashesOfTheCheckPageAreKeyedAndBoundToTheirCode(t *testing.T) {
	k, other := open(t), open(t)
	const code, birth = "7KQ2-M4VG-0XY1-9ABC", "2019-03-04"
	h := string(k.BirthHash(code, birth))
	for name, x := range map[string][]byte{
		"another pepper": other.BirthHash(code, birth), "another code": k.BirthHash("7KQ2-M4VG-0XY1-9ABD", birth),
		"another date": k.BirthHash(code, "2019-03-05"), "the code": k.CheckHash(code), "a dose": k.DoseHash(code, birth),
	} {
		if string(x) == h {
			t.Errorf("the same hash with %s", name)
		}
	}
	if string(k.BirthHash(code, birth)) != h || string(k.CheckHash(code)) == string(other.CheckHash(code)) {
		t.Error("hashes are not stable, or not keyed")
	}
}
