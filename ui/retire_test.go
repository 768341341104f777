package ui

import (
	"reflect"
	"runtime"
	"strings"
	"testing"
	"weak"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
	"vaxkiosk/ui/robot"
)

// touchedLast are all parts that Fyne may hold because a finger was on them last.
func touchedLast(st *stage) (all []desktop.Hoverable) {
	see := func(o fyne.CanvasObject) {
		if h, ok := o.(desktop.Hoverable); ok {
			all = append(all, h)
		}
	}
	robot.Everything(st.win.Canvas().Content(), see)
	for _, o := range st.win.Canvas().Overlays().List() {
		robot.Everything(o, see)
	}
	return all
}

// textsIn walks over everything that something holds, functions left out.
func textsIn(v reflect.Value, seen map[uintptr]bool, all *strings.Builder) {
	switch v.Kind() {
	case reflect.String:
		all.WriteString(v.String() + "\n")
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			textsIn(v.Elem(), seen, all)
		}
	case reflect.Interface:
		if !v.IsNil() {
			textsIn(v.Elem(), seen, all)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			textsIn(v.Field(i), seen, all)
		}
	case reflect.Slice:
		for i := range v.Len() {
			textsIn(v.Index(i), seen, all)
		}
	default:
	}
}

func TestWhatWasTouchedLastHoldsNothingOfTheVisitor(t *testing.T) {
	st := newStage(t, standing, visit.New(house()))
	for _, s := range samples("en") {
		st.turnTo(standing, s.v)
		held := touchedLast(st)
		st.do(visit.Leave{})
		var texts strings.Builder
		for _, h := range held {
			textsIn(reflect.ValueOf(h), map[uintptr]bool{}, &texts)
		}
		for _, value := range []string{"María", "Neill", "6175550123", "(617) 555-0123", "maria.jose", "8305", "482913", "Guadalupe", "COVID-19"} {
			if strings.Contains(texts.String(), value) {
				t.Errorf("%s: what was touched last holds %q", s.name, value)
			}
		}
	}
}

func TestWhatWasTouchedLastLeadsToNoRecord(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long")
	}
	st := newStage(t, standing, visit.New(house()))
	open := func(v visit.Visit) (held []desktop.Hoverable, gone func() bool) {
		st.turnTo(standing, v)
		r := weak.Make(st.v.Unlock.Record)
		held = touchedLast(st)
		st.do(visit.Leave{})
		return held, func() bool { return r.Value() == nil }
	}
	for _, make := range []func() visit.Visit{
		func() visit.Visit { return at("en", visit.Ready, withDoses(5)) },
		func() visit.Visit { return at("en", visit.PrintFailed, withDoses(5)) },
		func() visit.Visit {
			return at("en", visit.Filling, asking(request.AskDose), fixing(request.WrongDose), opened(2))
		},
	} {
		held, gone := open(make())
		runtime.GC()
		if !gone() {
			t.Errorf("a record stays in memory with %d parts", len(held))
		}
		runtime.KeepAlive(held)
	}
}
