package ui

import (
	"strings"
	"testing"

	"vaxkiosk/app/visit"
	"vaxkiosk/ui/words"
)

// markupOf is what is on the screen of a record, by keys.
func markupOf(t *testing.T, record func(*visit.Visit)) string {
	t.Helper()
	st := newStage(t, standing, visit.New(house()))
	st.u.words = words.Keys
	st.turnTo(standing, at("en", visit.Ready, record))
	return st.robot.Markup()
}

func TestAScreenOfARecordThatIsNotCompleteNeverSaysThatThereAreNoDoses(t *testing.T) {
	for unread, said := range map[int]string{0: "record.born-none", 1: "[paper.unread-one]", 3: "[paper.unread n=3]"} {
		all := markupOf(t, func(v *visit.Visit) {
			withDoses(0)(v)
			v.Unlock.Record.Unread = unread
		})
		if !strings.Contains(all, said) || strings.Contains(all, "record.born-none") != (unread == 0) || strings.Contains(all, "paper.unread") != (unread > 0) {
			t.Errorf("%d unread:\n%s", unread, all)
		}
	}
}

func TestWhatIsNoVaccinationStandsBelowTheDosesAndIsNotCounted(t *testing.T) {
	all := markupOf(t, withLittle)
	doses, others, apart := strings.Cut(all, "[paper.others]")
	if !apart || !strings.Contains(doses, "n=5]") || strings.Contains(doses, "family.cvx-96") || !strings.Contains(others, "family.cvx-96") {
		t.Errorf("it does not:\n%s", all)
	}
	if strings.Contains(markupOf(t, withDoses(3)), "paper.others") {
		t.Error("a heading of nothing")
	}
}
