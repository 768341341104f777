package printer

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/OpenPrinting/goipp"

	"vaxkiosk/app/desk"
	"vaxkiosk/app/fault"
)

// raw writes messages as printers do that do not keep to the rules.
type raw []byte

// head is the beginning of an answer, with one group.
func head() raw { return raw{2, 0, 0, 0, 0, 0, 0, 1, byte(goipp.TagPrinterGroup)} }

func (r raw) add(tag goipp.Tag, name, value string) raw {
	r = append(r, byte(tag))
	for _, s := range []string{name, value} {
		r = append(binary.BigEndian.AppendUint16(r, uint16(len(s))), s...)
	}
	return r
}

func (r raw) delimiter(tag goipp.Tag) raw { return append(r, byte(tag)) }

// named are the attributes that were read, with their values.
func named(m *goipp.Message) (all []string) {
	for _, a := range m.Printer {
		all = append(all, a.Name+"="+strings.Join(texts(m.Printer, a.Name), "+"))
	}
	return all
}

const (
	begin  = goipp.TagBeginCollection
	finish = goipp.TagEndCollection
	member = goipp.TagMemberName
	word   = goipp.TagKeyword
)

// odd are answers as some printers give them, with what is to be read in them.
func odd() map[string]struct {
	says raw
	want []string
} {
	end := func(r raw) raw { return r.delimiter(goipp.TagEnd) }
	return map[string]struct {
		says raw
		want []string
	}{
		"a collection that ends": {
			end(head().add(word, "a", "1").add(begin, "col", "").add(member, "", "x").add(word, "", "y").add(finish, "", "").add(word, "b", "2").add(word, "", "3")),
			[]string{"a=1", "b=2+3"},
		},
		"one that does not, before others": {
			end(head().add(begin, "col", "").add(member, "", "x").add(word, "", "y").add(word, "b", "2").add(word, "", "3")),
			[]string{"b=2+3"},
		},
		"one that does not, at the end of its group": {
			end(head().add(word, "a", "1").add(begin, "col", "").add(member, "", "x").delimiter(goipp.TagPrinterGroup).add(word, "b", "2")),
			[]string{"a=1", "b=2"},
		},
		"one that does not, before one that does": {
			end(head().add(begin, "c", "").add(member, "", "x").add(word, "b", "2").add(begin, "d", "").add(member, "", "x").add(word, "", "y").add(finish, "", "")),
			[]string{"b=2"},
		},
		"one in another that does not end": {
			end(head().add(begin, "c", "").add(member, "", "x").add(begin, "", "").add(member, "", "z").add(word, "", "y").add(finish, "", "").add(word, "b", "2")),
			[]string{"b=2"},
		},
		"several that end": {
			end(head().add(begin, "c", "").add(finish, "", "").add(begin, "", "").add(finish, "", "").add(word, "b", "2")),
			[]string{"b=2"},
		},
		"members with names of their own": {
			end(head().add(begin, "c", "").add(word, "x", "y").add(finish, "", "").add(word, "b", "2")),
			[]string{"b=2"},
		},
		"an end without a beginning": {end(head().add(word, "a", "1").add(finish, "", "").add(word, "b", "2")), []string{"a=1", "b=2"}},
		"a value of nothing":         {end(head().add(word, "", "1").add(word, "b", "2")), []string{"b=2"}},
		"a number of two bytes":      {end(head().add(goipp.TagInteger, "n", "ab").add(word, "b", "2")), []string{"n=", "b=2"}},
		"a truth of none":            {end(head().add(goipp.TagBoolean, "n", "").add(word, "b", "2")), []string{"n=", "b=2"}},
		"a day that is none":         {end(head().add(goipp.TagDateTime, "n", "\x07\xea\x0d\x28\x00\x00\x00\x00+\x00\x00").add(word, "b", "2")), []string{"n=", "b=2"}},
		"a text with half a language": {
			end(head().add(goipp.TagTextLang, "n", "\x00\x05en").add(word, "b", "2")), []string{"n=", "b=2"},
		},
		"a name with its language": {end(head().add(goipp.TagNameLang, "n", "\x00\x02en\x00\x03one")), []string{"n=one"}},
	}
}

func TestWhatNobodyReadsMakesNoAnswerUseless(t *testing.T) {
	for name, c := range odd() {
		m, err := decode(bytes.NewReader(c.says), 1)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := named(m); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if _, err := decode(bytes.NewReader(c.says[:len(c.says)-1]), 1); err == nil {
			t.Errorf("%s: it is read although it breaks off", name)
		}
	}
}

func FuzzAnAnswerIsReadOrRefused(f *testing.F) {
	for _, c := range odd() {
		f.Add([]byte(c.says))
	}
	f.Fuzz(func(t *testing.T, says []byte) {
		m, err := decode(bytes.NewReader(says), 1)
		if err != nil {
			return
		}
		for _, a := range m.Printer {
			for _, v := range a.Values {
				if v.T == begin {
					t.Errorf("a collection is left: %v", a)
				}
			}
		}
	})
}

func TestAPrinterWithALongAnswerOfBrokenCollectionsPrints(t *testing.T) {
	f := newFake(t)
	f.says = able(letter)
	f.on[goipp.OpGetPrinterAttributes] = func(w http.ResponseWriter, _ *http.Request, m *goipp.Message) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		sound, err := f.answer(goipp.OpGetPrinterAttributes, m, nil).EncodeBytes()
		if err != nil {
			t.Error(err)
		}
		long := raw(sound[:len(sound)-1]).delimiter(goipp.TagPrinterGroup)
		for len(long) < 4<<20-1000 {
			long = long.add(begin, "media-col-database", "").add(member, "", "media-size").add(word, "x", strings.Repeat("y", 500))
		}
		_, _ = w.Write(long.delimiter(goipp.TagEnd))
		return true
	}
	if r := f.printer().Print(soon(t), page(1), ignore); r != (desk.Result{Outcome: fault.Printed}) {
		t.Errorf("%+v, want printed", r)
	}
	if got := strings.Join(f.wishes, " "); got != asksForAll {
		t.Errorf("it asked for %q", got)
	}
}
