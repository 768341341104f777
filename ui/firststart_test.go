package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/visit"
	"vaxkiosk/assets"
	"vaxkiosk/ui/words"
)

const invited = "7KQ2-M4VG-0XYZ-9ABC-DEFG-HJKM-NP"

// newMachine is the visit of a machine that is no kiosk yet.
func newMachine(lang string, change ...func(*visit.Visit)) visit.Visit {
	h := visit.Site{Unenrolled: true, Languages: house().Languages}
	v := visit.New(h)
	v.Lang, v.Touched = lang, morning
	for _, c := range change {
		c(&v)
	}
	return v
}

func atCentral(v *visit.Visit) {
	v.Site.Central, v.Joining.Address = "https://records.your-town.gov:8443", "records.your-town.gov:8443"
}

func typedCode(code string) func(*visit.Visit) {
	return func(v *visit.Visit) {
		atCentral(v)
		v.Joining.AtCode, v.Joining.Code = true, code
	}
}

func snagged(s visit.Snag, detail string) func(*visit.Visit) {
	return func(v *visit.Visit) { v.Joining.Snag, v.Joining.Detail = s, detail }
}

// firstSamples are the screens of a machine that is no kiosk yet.
func firstSamples(lang string) []sample {
	long := func(v *visit.Visit) {
		v.Site.Central = "https://" + strings.Repeat("records.", 11) + "gov:8443"
	}
	fixed := func(v *visit.Visit) { v.Site.CentralFixed = true }
	enrolling := func(v *visit.Visit) { v.State = visit.Enrolling; waiting(v) }
	return []sample{
		{"first", newMachine(lang)},
		{"first-address", newMachine(lang, snagged(visit.BadAddress, ""), func(v *visit.Visit) { v.Joining.Address = "records@your-town" })},
		{"first-no-host", newMachine(lang, atCentral, snagged(visit.NoHost, ""))},
		{"first-code", newMachine(lang, typedCode(""))},
		{"first-code-half", newMachine(lang, typedCode("7kq2m4vgoxyz9a"))},
		{"first-code-sign", newMachine(lang, typedCode("7KQ2M4VU"), snagged(visit.BadSign, ""))},
		{"first-code-fixed", newMachine(lang, typedCode(invited), long, fixed)},
		{"first-not-taken", newMachine(lang, typedCode(invited), snagged(visit.NotTaken, ""))},
		{"first-no-central", newMachine(lang, typedCode(invited), snagged(visit.NoCentral, "the proxy cannot be reached"))},
		{"first-unusable", newMachine(lang, typedCode(invited), snagged(visit.Unusable, `/etc/vaxkiosk/kiosk.toml: printer.uri is missing; set it to "ipp://HOST/ipp/print", "ipps://HOST/ipp/print" or "folder:PATH"`))},
		{"first-joining", newMachine(lang, typedCode(invited), enrolling)},
	}
}

func TestStaffSetUpAMachineThatIsNoKioskYet(t *testing.T) {
	for _, size := range []fyne.Size{standing, lying} {
		v := newMachine("en")
		st := newStage(t, size, v)
		st.reads("For staff", "Set up this kiosk", "Type the address of your central service.")
		if st.robot.Has("top.help") || st.robot.Has("form.back") {
			t.Error("something leads away from a machine that is no kiosk")
		}
		if err := st.robot.Tap("first.next"); err == nil {
			t.Error("there is a way on without an address")
		}
		st.typeIn("records:")
		st.tap("first.next")
		st.reads("An address looks like")
		st.typeIn("8443")
		st.tap("key.next")
		st.reads("Type the setup code", "Central service: https://records:8443", "0 of 26 letters and digits")
		st.typeIn("7KQ2M4VGO")
		st.reads("Read as 7KQ2 M4VG 0", "9 of 26") // an O is a zero
		st.tap("first.next")
		st.reads("has 26 letters and digits, and you typed 9")
		st.typeIn("U")
		st.reads("No setup code has “U” in it.") // at once
		st.tap("key.delete")
		st.typeIn("XYZ9ABCDEFGHJKMNP")
		st.reads("7KQ2 M4VG 0XYZ 9ABC DEFG HJKM NP", "26 of 26")
		st.tap("first.next")
		st.reads("We are setting up this kiosk")
		st.do(visit.EnrolFailed{Snag: visit.NotTaken})
		st.reads("Compare it letter by letter.", "DEFG HJKM NP", "26 of 26")
		st.tap("top.language")
		st.reads("El servicio central no acepta este código.")
		st.tap("form.back", "first.next", "first.next", "first.stop")
		if st.v.State != visit.FirstStart || !st.v.AtInvitation() {
			t.Errorf("%v: stopped at %v", size, st.v.State)
		}
	}
}

// The kiosk that the machine becomes goes on in the same window, and knows of no touch before.
func TestAWindowThatIsHandedToAKioskTakesTouches(t *testing.T) {
	st := newStage(t, standing, newMachine("en", typedCode(invited)))
	st.tap("first.next", "first.stop", "first.next")
	if st.v.Acted == 0 {
		t.Fatal("nothing was counted")
	}
	st.v = visit.New(house())
	st.u.Show(st.v, st.now)
	st.tap("welcome.en", "choose.ask")
	if st.v.State != visit.Consent {
		t.Errorf("the kiosk is at %v", st.v.State)
	}
}

func TestEverySnagHasWords(t *testing.T) {
	for _, l := range assets.Languages {
		for _, s := range visit.Snags {
			if !words.Of(l.Tag).Has("first.snag-" + string(s)) {
				t.Errorf("%s has no words for %s", l.Tag, s)
			}
		}
	}
}
