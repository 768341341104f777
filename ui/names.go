package ui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/look"
	"vaxkiosk/ui/parts"
)

// askName asks whose name the record has; what few people have is one touch away.
func (k *kit) askName() *page {
	d := k.v.Form.Draft
	p := &page{k: k, head: k.heading(k.ask("name.title"), "name.lead")}
	family := k.blank("form.family", "name.family", d.Family, parts.Names, request.FieldFamily)
	if d.Single {
		family = k.blank("form.family", "name.only", d.Family, parts.Names, request.FieldFamily)
		k.typing(p, parts.Names, family)
	} else {
		k.typing(p, parts.Names, k.blank("form.given", "name.given", d.Given, parts.Names, request.FieldGiven), family)
	}
	p.tail = []fyne.CanvasObject{k.moreOfName()}
	return p
}

// moreOfName leads to what few names have. Staff who correct a record need no
// more than the name.
func (k *kit) moreOfName() *parts.Button {
	spec := parts.Spec{Tag: "name.more", Kind: parts.Small, Title: k.w.Show("name.more"), Width: k.bw, Tap: k.tap(visit.Add{Question: request.AskMore})}
	if k.v.Form.Task != visit.ToAmend {
		return parts.NewButton(k.st, spec)
	}
	single := k.v.Form.Draft.Single
	spec.Tag, spec.Title, spec.Tap = "name.single", k.w.Show(k.ask("more.single")), k.tap(visit.PickSingle{On: !single})
	b := parts.NewButton(k.st, spec)
	b.Pick(single)
	return b
}

// askAsker asks parent, guardian or representative for their own name. One that
// is there from a record before is to be checked.
func (k *kit) askAsker() *page {
	lead := k.ask("asker.lead")
	if k.v.Form.Draft.Asker != (request.Name{}) && k.v.Form.Draft.Asker == k.v.Recall.Name {
		lead = "asker.check"
	}
	p := &page{k: k, head: k.heading("asker.title", lead)}
	k.typing(p, parts.Names,
		k.blank("form.asker-given", "asker.given", k.v.Form.Draft.Asker.Given, parts.Names, request.FieldAskerGiven),
		k.blank("form.asker-family", "asker.family", k.v.Form.Draft.Asker.Family, parts.Names, request.FieldAskerFamily))
	return p
}

// askMore offers what few names have.
func (k *kit) askMore() *page {
	d := k.v.Form.Draft
	p := &page{k: k, head: k.heading("more.title", "more.lead"), footer: k.onlyBack()}
	add := func(tag, icon, key, has string, a visit.Action) *parts.Button {
		if has == "" {
			has = k.w.Show(k.ask(key + "-sub"))
		}
		b := parts.NewButton(k.st, parts.Spec{
			Tag: tag, Kind: parts.Choice, Icon: icon, Title: k.w.Show(k.ask(key)), Sub: has, Width: k.bw, Tap: k.tap(a),
		})
		p.body = append(p.body, b)
		return b
	}
	middle := "more.middle"
	if d.Single {
		middle = "more.suffix"
	}
	add("more.middle", "self", middle, k.middle(), visit.Add{Question: request.AskMiddle})
	add("more.other", "ask", "more.other", joined(d.Other.Given, d.Other.Family), visit.Add{Question: request.AskOther})
	add("more.single", "check", "more.single", "", visit.PickSingle{On: !d.Single}).Pick(d.Single)
	return p
}

// middle is the middle name, where it counts, and the suffix.
func (k *kit) middle() string {
	if k.v.Form.Draft.Single {
		return k.v.Form.Draft.Suffix
	}
	return joined(k.v.Form.Draft.Middle, k.v.Form.Draft.Suffix)
}

// joined is the parts of a name that are not empty.
func joined(names ...string) string {
	return strings.Join(strings.Fields(strings.Join(names, " ")), " ")
}

// askMiddle asks for a middle name and a suffix.
func (k *kit) askMiddle() *page {
	p := &page{k: k, head: k.heading("more.suffix", "more.suffix-sub"), update: func(visit.Visit, time.Time) {}}
	if !k.v.Form.Draft.Single { // a name alone has no middle
		p.head = k.heading("middle.title", "middle.lead")
		k.typing(p, parts.Names, k.blank("form.middle", "middle.middle", k.v.Form.Draft.Middle, parts.Names, request.FieldMiddle))
	}
	suffixes, pick := k.suffixes()
	fault := parts.NewFault(k.st, k.hw)
	p.body = append(p.body, suffixes, fault)
	typed := p.update
	p.update = func(v visit.Visit, now time.Time) {
		typed(v, now)
		pick(v.Form.Draft.Suffix)
		fault.Set(k.problem(v, request.FieldSuffix))
	}
	return p
}

// suffixes is a button for each suffix and one for none, and what marks the one
// that is chosen.
func (k *kit) suffixes() (fyne.CanvasObject, func(string)) {
	all := append([]string{""}, request.Suffixes...)
	unit := (k.hw - k.st.Px(look.Near)*float32(len(request.Suffixes))) / float32(len(all)+1)
	var row []fyne.CanvasObject
	shares := make([]float32, len(all))
	buttons := map[string]*parts.Button{}
	for i, s := range all {
		tag, title, units := "suffix."+strings.Trim(s, "."), s, float32(1)
		if s == "" {
			tag, title, units = "suffix.none", k.w.Show("middle.none"), 2
		}
		b := parts.NewButton(k.st, parts.Spec{
			Tag: tag, Kind: parts.Small, Title: title, Width: units * unit, Tap: k.tap(visit.PickSuffix{Suffix: s}),
		})
		shares[i] = units / float32(len(all)+1)
		buttons[s], row = b, append(row, b)
	}
	pick := func(chosen string) {
		for s, b := range buttons {
			b.Pick(s == chosen)
		}
	}
	return parts.NewStack(k.st, 10, parts.Label(k.st, k.hw, k.w.Show("middle.suffix")),
		parts.NewRow(k.st, look.Near, row...).Weigh(shares...)), pick
}

// askOther asks for a name that was used before. Either part may stay empty.
func (k *kit) askOther() *page {
	p := &page{k: k, head: k.heading("other.title", "other.lead")}
	k.typing(p, parts.Names,
		k.blank("form.other-given", "other.given", k.v.Form.Draft.Other.Given, parts.Names, request.FieldOtherGiven),
		k.blank("form.other-family", "other.family", k.v.Form.Draft.Other.Family, parts.Names, request.FieldOtherFamily))
	return p
}
