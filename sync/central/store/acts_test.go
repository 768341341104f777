package store

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// noActs are what writes and leaves no row in the audit, with why.
var noActs = map[string]string{
	"AddAmendment": "sealed, and unread", "AddRequest": "sealed, and unread", "Hold": "unread", "Unhold": "unread", "SealAnew": "unread: sealed to another key",
	"AmendmentStateOf": "tells nothing of a record", "TakeTry": "what comes of a try is an act", "TakeTryByReceipt": "what comes of a try is an act",
	"TakeStaffTry": "what comes of a try is an act", "TakeCheck": "what comes of a try is an act", "Take": "counts", "Return": "counts",
	"Tell": "a notice is in notices", "EndResend": "a notice is in notices", "PutOff": "later", "PutOffResend": "later", "TakeJob": "later", "MendDues": "later",
	"Import": "part of a run: its begin and its end are acts", "Fill": "part of a run", "Ready": "about nobody", "SawKiosks": "about nobody", "KeepHeartbeat": "about nobody", "KeepDiagnostics": "about nobody",
	"AddProblem": "about nobody", "AddUsage": "about nobody", "Publish": "about nobody", "Purge": "by the table of package retention", "PurgeAmendments": "by the table of package retention",
	"PurgeReports": "by the table of package retention", "PurgeChecks": "by the table of package retention", "PurgeLists": "by the table of package retention", "PurgeInvitations": "by the table of package retention",
	"Join": "instances", "TakeWork": "instances", "ShareKeyFiles": "a key that is new is an act", "Carry": "folder.Move notes it", "BeginNotice": "a notice is in notices", "PutOffNotice": "a notice is in notices", "LackReceipts": "a notice is in notices", "Receipt": "a notice is in notices",
	"Reclaim": "erased before", "DoseOf": "reads", "Pools": "reads", "Close": "writes nothing",
}

// writers are how a method of the store writes.
var writers = []string{"write", "counting", "writing", "one", "transact"}

func TestWhatWritesIsAnActOrSaysWhyNot(t *testing.T) {
	found := map[string]bool{}
	for _, f := range filesOf(t, ".") {
		for _, d := range f.Decls {
			m, is := d.(*ast.FuncDecl)
			if !is || m.Recv == nil || !ast.IsExported(m.Name.Name) {
				continue
			}
			if !writes(m.Body) {
				continue
			}
			if found[m.Name.Name] = true; noActs[m.Name.Name] == "" {
				t.Errorf("%s writes and leaves no row in the audit: have it act, or say here why not", m.Name.Name)
			}
		}
	}
	for name := range noActs {
		if !found[name] {
			t.Errorf("%s writes nothing any more, or is an act", name)
		}
	}
}

// writes reports whether a body calls one of writers of the store.
func writes(body ast.Node) (is bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		sel, of := n.(*ast.SelectorExpr)
		if of && slices.Contains(writers, sel.Sel.Name) {
			if x, named := sel.X.(*ast.Ident); named && strings.HasPrefix(x.Name, "s") {
				is = true
			}
		}
		return true
	})
	return is
}
