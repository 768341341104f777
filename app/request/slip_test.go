package request

import "testing"

func TestAnAddressThatLooksLikeASlipIsAskedAbout(t *testing.T) {
	for typed, want := range map[string]string{
		"ana@gmail.con": "gmail.com", "ana@gmial.com": "gmail.com", "ana@gamil.com": "gmail.com", "ana@gmail.co": "gmail.com", "ana@gmail.cm": "gmail.com",
		"ana@gmal.com": "gmail.com", "ana@gmaill.com": "gmail.com", "Ana@GMAIL.CON": "gmail.com", "ana@gmial.con": "gmail.com", "ana@gmail.comm": "gmail.com",
		"ana@hotmial.com": "hotmail.com", "ana@hotmal.com": "hotmail.com", "ana@yaho.com": "yahoo.com", "ana@yahooo.com": "yahoo.com", "ana@yahoo.vom": "yahoo.com",
		"ana@outlok.com": "outlook.com", "ana@iclod.com": "icloud.com", "ana@comcast.ent": "comcast.net", "ana@comcast.nte": "comcast.net", "ana@verizon.nte": "verizon.net",
		"ana@aol.con": "aol.com", "ana@mail.con": "mail.com", "ana@live.cmo": "live.com", "ana@clinic.example.ogr": "clinic.example.org", "ana@mit.eud": "mit.edu",
		"ana\u200b@gmail.con": "gmail.com",
	} {
		if got := MeantDomain(typed); got != want {
			t.Errorf("%s: meant %q, want %q", typed, got, want)
		}
	}
}

func TestADomainThatPeopleHaveIsNotAskedAbout(t *testing.T) {
	for _, d := range append([]string{
		"example.org", "example.com", "yahoo.ca", "yahoo.es", "yahoo.com.ar", "hotmail.es", "hotmail.fr", "outlook.es", "live.ca", "mass.gov", "harvard.edu",
		"gmail.example.org", "tufts.edu", "naver.com", "qq.com", "163.com", "126.com", "web.de", "orange.fr", "wanadoo.fr", "state.ma.us", "uol.com.br",
	}, append(asked, common...)...) {
		if got := MeantDomain("ana@" + d); got != "" {
			t.Errorf("%s: meant %q", d, got)
		}
	}
}

func TestWhatWasMeantIsAnAddressAndNotAskedAboutAgain(t *testing.T) {
	for _, typed := range []string{"ana.ruiz+vax@gmail.con", "ana@yaho.com", "ana@mit.eud", " ana@comcast.ent "} {
		put := WithDomain(typed, MeantDomain(typed))
		if code := checkEmail(put); code != "" || MeantDomain(put) != "" {
			t.Errorf("%s becomes %s: %q", typed, put, code)
		}
	}
	if got := WithDomain(" Ana.Ruiz@gmial.com", "gmail.com"); got != "Ana.Ruiz@gmail.com" {
		t.Errorf("the part before the @ becomes %s", got)
	}
}
