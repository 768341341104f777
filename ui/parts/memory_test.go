package parts

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"vaxkiosk/app/request"
)

// reach walks over everything an object holds, functions left out, and reports
// texts and fields.
func reach(v reflect.Value, seen map[uintptr]bool, text func(string), field func(*Field)) {
	switch v.Kind() {
	case reflect.String:
		text(v.String())
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		if v.Type() == reflect.TypeFor[*Field]() {
			field((*Field)(v.UnsafePointer()))
			return
		}
		reach(v.Elem(), seen, text, field)
	case reflect.Interface:
		if !v.IsNil() {
			reach(v.Elem(), seen, text, field)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			reach(v.Field(i), seen, text, field)
		}
	case reflect.Slice, reflect.Array:
		text(letters(v))
		for i := range v.Len() {
			reach(v.Index(i), seen, text, field)
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			reach(it.Key(), seen, text, field)
			reach(it.Value(), seen, text, field)
		}
	}
}

// letters reads bytes or runes as text; anything else is none.
func letters(v reflect.Value) string {
	var b strings.Builder
	if kind := v.Type().Elem().Kind(); kind != reflect.Int32 && kind != reflect.Uint8 {
		return ""
	}
	for i := range v.Len() {
		if v.Index(i).CanInt() {
			b.WriteRune(rune(v.Index(i).Int()))
		} else {
			b.WriteByte(byte(v.Index(i).Uint()))
		}
	}
	return b.String()
}

func TestTheKeyboardHoldsNothingTyped(t *testing.T) {
	onDesk(t, Names, "vi", func(t *testing.T, d *desk, f *hand) {
		before := fmt.Sprint(layers, nameLayers, firstLayer, tongues, variants)
		d.write(t, "Quetzalcóatl Nguyễn")
		d.holdDown(t, f, "key.a", long)
		f.move(middle(d.key(t, "variant.ă")))
		f.lift()
		d.holdDown(t, f, "key.delete", time.Second)
		f.lift()
		d.write(t, "Secret")
		fields := 0
		reach(reflect.ValueOf(d.keyboard), map[uintptr]bool{}, func(s string) {
			for _, part := range []string{"uet", "tza", "óat", "guy", "uyễ", "ecr", "ret"} {
				if strings.Contains(strings.ToLower(s), part) {
					t.Errorf("the keyboard holds %q", s)
				}
			}
		}, func(*Field) { fields++ })
		if fields != 1 {
			t.Errorf("the keyboard knows %d fields, want its target", fields)
		}
		if fmt.Sprint(layers, nameLayers, firstLayer, tongues, variants) != before {
			t.Error("a table of the package has changed")
		}
	})
}

func TestTheKeyboardForgetsAFieldItLeft(t *testing.T) {
	onDesk(t, Names, "en", func(t *testing.T, d *desk, f *hand) {
		d.write(t, "Ana")
		d.holdDown(t, f, "key.e", long)
		other := NewField(d.field.st, FieldSpec{Tag: "o", Mode: Names, Of: request.FieldGiven, Width: 700, Changed: func(string) {}})
		d.keyboard.SetTarget(other)
		if d.keyboard.fan != nil {
			t.Error("the fan stays open over another field")
		}
		reach(reflect.ValueOf(d.keyboard), map[uintptr]bool{}, func(string) {}, func(f *Field) {
			if f != other {
				t.Error("the keyboard still knows the field it left")
			}
		})
		if d.field.moved != nil || d.field.active {
			t.Error("the field that was left still turns to the keyboard")
		}
		d.key(t, "key.b").Tapped(nil)
		if other.Text() != "B" || d.field.Text() != "Ana" {
			t.Errorf("typed %q into the other field, %q into the first", other.Text(), d.field.Text())
		}
	})
}

// A variable of the package outlives every visitor, so each is a table that
// nothing writes to.
func TestThePackageHasTablesAndNoOtherVariables(t *testing.T) {
	tables := []string{"firstLayer", "layers", "nameLayers", "tongues", "variants"}
	var found []string
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR {
				continue
			}
			for _, spec := range d.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					found = append(found, name.Name)
				}
			}
		}
	}
	if slices.Sort(found); !slices.Equal(found, tables) {
		t.Errorf("variables %v, want the tables %v", found, tables)
	}
}
