package parts

// told is the sentence that says what is wrong with what is typed. It stands below
// that, or on a lying screen above keyboard or pad, where it pushes nothing away.
type told struct {
	fault *Fault // below, a part of what is typed into
	outer *Fault // above keyboard or pad, nil where there is no such place
	aloft bool   // it stands there now
}

// Beside gives the sentence another place; the page says when it stands there.
func (t *told) Beside(outer *Fault) { t.outer = outer }

func (t *told) say(problem string) {
	t.fault.Set(problem)
	if t.outer != nil {
		t.outer.Set(problem)
	}
	t.settle()
}

// settle hides the sentence where it does not stand.
func (t *told) settle() {
	t.fault.Hidden = !t.Wrong() || t.aloft
	if t.outer != nil {
		t.outer.Hidden = !t.Wrong() || !t.aloft
	}
}

// Wrong reports whether there is such a sentence.
func (t *told) Wrong() bool { return t.fault.text.text != "" }

// Height is how high the sentence would be in its other place, 0 without one.
func (t *told) Height() float32 {
	if t.outer == nil || !t.Wrong() {
		return 0
	}
	return t.outer.MinSize().Height
}

// Aloft says where the sentence stands.
func (t *told) Aloft(on bool) {
	t.aloft = on
	t.settle()
}
