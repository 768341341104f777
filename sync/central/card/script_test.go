package card

import (
	"testing"

	"vaxkiosk/app/record"
	"vaxkiosk/sync/central/madeup"
)

// Names and places come as the registry writes them, in whatever script.
func TestNamesOfEveryScriptAreSignedAndReadBack(t *testing.T) {
	s := signer(t)
	p := madeup.Generate(24, 1, today)[5]
	for given, family := range map[string]string{
		"小明": "王", "민수": "김", "さくら": "山田", "محمد": "علي", "فاطمة": "الزهراء 2", "Ali": "محمد", "សុខ": "ចាន់ណា",
		"עברית": "name", "नेपाली": "श्रेष्ठ", "অনির্বাণ": "চট্টোপাধ্যায়", "สมชาย": "ศรีสุข", "አበበ": "በቀለ", "Ọ̀ṣun": "Adébáyọ̀", "𠮷": "野",
	} {
		p.Given, p.Family = given, family
		for i := range p.Doses {
			p.Doses[i].Performer, p.Doses[i].Manufacturer = family+" "+given, given
		}
		answer, r := issue(t, s, p)
		if r.Given != given || r.Family != family || len(answer.Cards) == 0 {
			t.Errorf("%s %s: %d cards, of %s %s", given, family, len(answer.Cards), r.Given, r.Family)
		}
		for _, d := range r.Doses {
			if d.Status == record.StatusCompleted && d.OnCard().Performer != family+" "+given {
				t.Errorf("%s %s: a card says another place", given, family)
			}
		}
	}
}
