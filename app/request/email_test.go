package request

import "testing"

func TestAnAddressIsOneHoweverItIsWritten(t *testing.T) {
	for typed, want := range map[string]string{
		" Ann.Fox@Example.ORG ": "ann.fox@example.org", "ann+vax@example.org": "ann@example.org", "Ann+a+b@example.org": "ann@example.org",
		"\ufeffann.\u200bfox@example.org\u00a0": "ann.fox@example.org", "o’brien@example.org": "o'brien@example.org",
		"n/a": "", "+vax@example.org": "", "ann@": "", "@example.org": "", "-@-.org": "",
	} {
		if got := EmailKey(typed); got != want {
			t.Errorf("e-mail %q: got %q, want %q", typed, got, want)
		}
	}
}

func TestAPlaceholderIsNoAddress(t *testing.T) {
	for _, s := range []string{
		"none@none.com", "no@no.com", "na@na.com", "n/a@n/a.com", "x@x.com", "aaa@aaa.com", "abc@abc.com", "123@123.com", "email@email.com", "null@null.com",
		"no-email@example.org", "NoEmail@noemail.com", "no.e-mail@clinic.org", "noemail4711@clinic.org", "jsmith@no-email.com", "ann@none.com", "none@gmail.com", "na@gmail.com", "no@yahoo.com",
		"unknown@unknown.org", "UNK@hospital.org", "declined@hospital.org", "patient_declined@hospital.org", "refused@refused.com", "not.provided@x.org",
		"test@example.com", "ann@test.com", "donotreply@hospital.org", "no-reply@hospital.org", "ann@nowhere.invalid", "root@mail.localhost",
	} {
		if got := EmailKey(s); got != "" {
			t.Errorf("%q is taken for somebody's", s)
		}
	}
}

func TestAnAddressThatLooksLikeAPlaceholderIsSomebodys(t *testing.T) {
	for _, s := range []string{
		"jones@jones.net", "na@family.org", "no@family.org.uk", "noel@example.org", "noemi.lopez@example.org", "nona@example.org", "nonemaker@example.org",
		"notaro@example.org", "testa@example.org", "tester.jones@example.org", "fakery@example.org", "unknowable@example.org", "nobodys.perfect@example.org",
		"d.eclined@example.org", "n.one@example.org", "null@example.org", "abc@example.org", "1234@example.org", "ann@testing.org", "ann@nonesuch.com", "ann@unknownpleasures.com",
		"ann@mail.com", "ann@na.example.org", "refusedenied@example.org", "email@example.org", "x@example.org",
	} {
		if got := EmailKey(s); got != s {
			t.Errorf("%q is taken for nobody's: %q", s, got)
		}
	}
}
