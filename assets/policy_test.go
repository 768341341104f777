package assets_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vaxkiosk/assets"
)

// Limits of the shipped texts in words.
const (
	maxSummary = 120
	maxFull    = 900
)

func eachPolicyText(check func(lang, key, text string)) {
	for _, l := range assets.Languages {
		p := assets.PolicyOf(l.Tag)
		check(l.Tag, "summary", p.Summary)
		check(l.Tag, "full", p.Full)
		for relation, d := range p.Declarations {
			check(l.Tag, "declarations."+relation, d.Text)
		}
	}
}

func TestPolicyIsShortEnoughToRead(t *testing.T) {
	for _, l := range assets.Languages {
		p := assets.PolicyOf(l.Tag)
		for _, text := range []struct {
			name, text string
			most       int
		}{{"summary", p.Summary, maxSummary}, {"full text", p.Full, maxFull}} {
			if n := len(strings.Fields(text.text)); n > text.most || n < text.most/2 {
				t.Errorf("%s: the %s has %d words, want %d to %d", l.Tag, text.name, n, text.most/2, text.most)
			}
		}
	}
}

// facts are what a state portal's policy promises, topic by topic, and the words
// by which each is recognised in the full text.
var facts = []struct{ topic, en, es string }{
	{"copy of what was reported", `have reported to the state's immunization registry`, `han informado al registro de vacunas del estado`},
	{"set up, by whom, which law", `2011.*Department of Public Health.*c\. 111, section 24M, and 105 CMR 222`, `2011.*Departamento de Salud Pública.*c\. 111, sección 24M, y 105 CMR 222`},
	{"missing doses", `federal government or in another state.*ask whoever gave them`, `gobierno federal o que se pusieron en otro estado.*a quien las puso`},
	{"required to ask", `first and last name, the date of birth, the gender, and a cell phone number or an e-mail.*PIN of four digits`, `nombre y el apellido, la fecha de nacimiento y el género.*un número de celular o un correo.*PIN de cuatro números`},
	{"what may be added", `may also give a middle name, an earlier name, and both a cell phone number and an e-mail`, `También puede dar un segundo nombre, un nombre anterior, y los dos: celular y correo`},
	{"who asks for somebody else", `for a child, or for somebody you represent, we also ask for your own name`, `de un menor o de alguien a quien representa, pedimos también el nombre de usted`},
	{"required to get it", `To get the record, you need the same PIN`, `Para recibir el registro necesita el mismo PIN`},
	{"under 18", `under 18, we contact the parent or guardian`, `menor de 18 años, avisamos a la madre, el padre o el tutor`},
	{"used for", `look for a match.*tell you whether.*how the service is used.*keep it running and make it better.*fraud, spam, abuse and crime.*law.*run the registry`, `buscar una coincidencia.*decirle si.*cómo se usa el servicio.*mantenerlo y mejorarlo.*fraudes, mensajes no deseados, abusos y delitos.*ley.*administrar el registro`},
	{"usage data", `visits, busy hours, the pages.*kind of device, the general area.*move through.*never to find out who`, `visitas, las horas de más uso, las páginas.*tipo de aparato.*la zona general.*camino.*nunca para saber quién`},
	{"counts of the kiosk", `how often something happens in an hour.*sends every count, locked.*added up by day and by month\. No sum below five is shown.*give away a smaller number\. No name, birth date or contact`, `cuántas veces pasa algo en una hora.*Manda cada cuenta, cerrada.*suman por día y por mes\. No se muestra a nadie ninguna suma menor que cinco.*revele un número más pequeño.*no hay ningún nombre, fecha de nacimiento ni contacto`},
	{"aggregates", `research, for statistics and to make services better.*shared as summaries`, `investigación, para estadísticas y para mejorar los servicios.*como resúmenes`},
	{"not sold, not public", `do not sell your data, and the public has no access`, `No vendemos sus datos y el público no tiene acceso`},
	{"who may see it", `officials, employees and contractors who need it.*run the service.*answer questions.*help people.*statistics.*check our work.*abuse.*plan`, `funcionarios, empleados y contratistas que los necesitan.*operar el servicio.*responder preguntas.*ayudar.*estadísticas.*revisar.*abusos.*planear`},
	{"courts and the law", `court order or a law`, `orden de un juez o una ley`},
	{"fair information practices", `Fair Information Practices Act.*c\. 66A`, `Fair Information Practices Act.*c\. 66A`},
	{"mistake in a request", `mistake in a request, please make a new request`, `equivocó en una solicitud, haga una solicitud nueva`},
	{"amendment", `ask for a correction\. There is a form`, `pedir una corrección\. Hay un formulario`},
	{"what a correction says", `says whose record it is, the birth date, what is missing or wrong, and how to reach you`, `Dice de quién es el registro, la fecha de nacimiento, qué falta o está mal y cómo comunicarnos con usted`},
	{"how long a correction is kept", `erased when staff close it, and after 180 days at the latest`, `se borra cuando el personal la cierra, y a más tardar después de 180 días`},
	{"what a report says", `the kind of problem, the kiosk, the step you were at and the hour, and nothing about you`, `el tipo de problema, el quiosco, el paso en que estaba y la hora, y nada sobre usted`},
	{"staff who checked an ID", `note who checked it and what kind of ID it was`, `anotamos quién la revisó y de qué tipo era`},
	{"technical problem", `tell us about a technical problem`, `avisarnos de un problema técnico`},
	{"help", `help on this kiosk works without the internet`, `ayuda de este quiosco funciona sin internet`},
	{"kept", `as long as we reasonably need it.*as long as the law asks for, whichever is longer`, `mientras sean razonablemente necesarios para estos fines.*mientras lo pida la ley, lo que dure más`},
	{"security", `encrypted when it is sent.*lost, misused, changed or destroyed.*watch the traffic.*without permission`, `manda cifrada.*no se pierdan, no se usen mal, no se cambien ni se destruyan.*Vigilamos el tráfico.*sin permiso`},
	{"changes", `may change at any time\. The new version is then shown`, `puede cambiar en cualquier momento\. La nueva versión se muestra`},
	{"feedback without personal data", `do not put personal data in a feedback form`, `No ponga datos personales en un formulario de comentarios`},
}

func TestPolicyCoversEveryFact(t *testing.T) {
	for _, f := range facts {
		for lang, pattern := range map[string]string{"en": f.en, "es": f.es} {
			if !regexp.MustCompile(`(?s)` + pattern).MatchString(assets.PolicyOf(lang).Full) {
				t.Errorf("%s: the full text does not tell %q as %q", lang, f.topic, pattern)
			}
		}
	}
}

func TestPolicyHasShortHeadings(t *testing.T) {
	for _, l := range assets.Languages {
		headings := 0
		for _, line := range strings.Split(assets.PolicyOf(l.Tag).Full, "\n") {
			if line == "" || strings.HasSuffix(line, ".") {
				continue
			}
			headings++
			if n := len(strings.Fields(line)); n > 6 {
				t.Errorf("%s: a heading of %d words, or a sentence without its period: %q", l.Tag, n, line)
			}
		}
		if headings != 11 {
			t.Errorf("%s: %d headings, want 11", l.Tag, headings)
		}
	}
}

func TestEveryRelationHasADeclaration(t *testing.T) {
	want := constants(t, "../app/request", func(_, kind string) bool { return kind == "Relation" })
	slices.Sort(want)
	for _, l := range assets.Languages {
		p := assets.PolicyOf(l.Tag)
		if got := slices.Sorted(maps.Keys(p.Declarations)); !slices.Equal(got, want) {
			t.Errorf("%s declares for %v, want %v", l.Tag, got, want)
		}
		for relation, d := range p.Declarations {
			if d.Text == "" || d.Version == "" || d.Version != assets.PolicyOf("en").Declarations[relation].Version {
				t.Errorf("%s: the declaration for %s has no text or another version: %q", l.Tag, relation, d.Version)
			}
		}
		if p.Version == "" || p.Version != assets.PolicyOf("en").Version {
			t.Errorf("%s: the policy has version %q, English %q", l.Tag, p.Version, assets.PolicyOf("en").Version)
		}
	}
}
