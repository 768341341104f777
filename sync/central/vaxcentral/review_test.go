package main

import (
	"strings"
	"testing"
)

func TestEveryReasonOfACaseForReviewIsInTheManual(t *testing.T) {
	manual := chapter(t, "../README.md", "Cases for review")
	for reason, why := range whyReview {
		if why == "" || !strings.Contains(manual, "\n| `"+string(reason)+"` | ") {
			t.Errorf("%s has no row", reason)
		}
	}
	if rows := strings.Count(manual, "\n| `"); rows != len(whyReview) {
		t.Errorf("%d rows for %d reasons", rows, len(whyReview))
	}
}
