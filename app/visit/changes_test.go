package visit_test

import (
	"testing"

	"vaxkiosk/app/request"
	"vaxkiosk/app/visit"
)

// What may change around a visit while it goes on.

// at is the visit after a number of lines of a script that ends before a state.
func at(t *testing.T, script string, s visit.State) visit.Visit {
	t.Helper()
	var found *visit.Visit
	play(t, "testdata/visits/"+script+".txt", func(v visit.Visit) {
		if found == nil && v.State == s {
			found = &v
		}
	})
	if found == nil {
		t.Fatalf("%s never gets to state %d", script, s)
	}
	return *found
}

func do(v visit.Visit, actions ...visit.Action) visit.Visit {
	for _, a := range actions {
		v, _ = visit.Step(v, visit.Event{Visit: v.Number, Call: v.Calls, Do: a}, noon)
	}
	return v
}

func TestANewDeclarationIsDeclaredBeforeTheRequestGoesOut(t *testing.T) {
	h := house()
	h.Texts["en"].Declarations[request.Self] = visit.Declaration{Version: "2", Text: "new"}
	v := do(at(t, "asks-and-prints", visit.Review), visit.Settle{Site: h}, visit.Send{})
	if v.State != visit.Declaring {
		t.Fatalf("state %d, want the declaration", v.State)
	}
	v = do(v, visit.Declare{})
	if v.State != visit.Review || v.Form.Draft.Consent.Declaration != "2" {
		t.Fatalf("state %d, declaration %q", v.State, v.Form.Draft.Consent.Declaration)
	}
	if v = do(v, visit.Send{}); v.State != visit.Saving {
		t.Errorf("state %d, want saving", v.State)
	}
}

func TestAVisitGoesOnInTheFirstLanguageWhenItsOwnIsTakenAway(t *testing.T) {
	h := house()
	h.Languages = h.Languages[1:]
	delete(h.Texts, "en")
	v := do(at(t, "asks-and-prints", visit.Review), visit.Settle{Site: h})
	if v.Lang != "es" || v.Texts().PolicyVersion == "" {
		t.Errorf("language %q without texts", v.Lang)
	}
	if w := do(visit.New(house()), visit.Settle{Site: h}); w.Lang != "" {
		t.Errorf("a visit that has not begun is in %q", w.Lang)
	}
}

func TestWhoseRecordIsNeverSkippedOnTheWayBackToTheReview(t *testing.T) {
	v := do(at(t, "asks-and-prints", visit.Review), visit.Change{Question: request.AskRelation}, visit.Back{}, visit.Back{})
	if v.State != visit.Consent {
		t.Fatalf("state %d, want consent", v.State)
	}
	if v = do(v, visit.Agree{}); v.State != visit.Declaring {
		t.Fatalf("state %d, want whose record", v.State)
	}
	if v = do(v, visit.Choose{Relation: request.Represented}, visit.PickCapacity{Capacity: request.Attorney}, visit.Declare{}); v.State != visit.Review {
		t.Errorf("state %d, want the review", v.State)
	}
}

func TestAnOpenRecordLeavesNothingOfWhatWasTyped(t *testing.T) {
	v := do(visit.New(house()), visit.Begin{Lang: "en"}, visit.Ask{}, visit.Agree{}, visit.Choose{Relation: request.Self}, visit.Declare{},
		visit.Type{Field: request.FieldGiven, Text: "Linh"}, visit.Back{}, visit.Back{}, visit.Back{}, visit.Back{}, visit.Collect{},
		visit.TypeReceipt{Text: request.ReceiptFor("key")}, visit.Next{}, visit.TypeCode{Digits: "482913"}, visit.Next{},
		visit.TypePIN{Digits: "8317"}, visit.Next{}, visit.Unlocked{Token: "pass"}, visit.Fetched{Record: aRecord()})
	if v.State != visit.Ready {
		t.Fatalf("state %d, want the record", v.State)
	}
	if v.Form.Draft != (request.Draft{}) || v.Track.Typed != "" || v.Unlock.Code != "" || v.Unlock.PIN != "" {
		t.Error("the form, the receipt as typed, the code or the PIN is still there")
	}
}

func TestWhatIsReviewedIsWhatIsSent(t *testing.T) {
	v := at(t, "asks-and-prints", visit.Review)
	v = do(v, visit.Change{Question: request.AskName}, visit.Type{Field: request.FieldGiven, Text: "María\u00a0 José "},
		visit.Type{Field: request.FieldFamily, Text: "O’Neill–Gar\u00adcía"}, visit.Next{})
	if v.State != visit.Review || v.Form.Draft.Given != "María José" || v.Form.Draft.Family != "O'Neill-García" {
		t.Fatalf("state %s, reviewed as %q %q", v.State, v.Form.Draft.Given, v.Form.Draft.Family)
	}
	_, fx := visit.Step(v, visit.Event{Visit: v.Number, Do: visit.Send{}}, noon)
	if save, is := fx[0].(visit.Save); !is || save.Request.Given != v.Form.Draft.Given || save.Request.Family != v.Form.Draft.Family {
		t.Error("something else is sent")
	}
}
