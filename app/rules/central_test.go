package rules

import (
	"strings"
	"testing"
)

// centralRooms is inside for the rooms of central. Made-up people may be in their tests only: see users.
var centralRooms = []struct {
	pkg  string
	may  []string
	note string
}{
	{"sync/central/calls", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/worker", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/operator", roomUsers, "calls, worker and operator tell each other nothing but through the store and notify: each is read, tested and replaced alone"},
	{"sync/central/folder", below("access", "audit", "authority", "card", "codes", "sealing", "store"), "a data folder is opened before anybody works on it"},
	{"sync/central/config", append(below("card", "retention"), "sync/settings"), "settings are read before anything they set up"},
	{"sync/central/preflight", append(below("authority", "card", "config", "folder", "notice", "store"), "sync/settings", "sync/disk"), "what is looked at before a start works on nothing yet"},
	{"sync/central/fleet", below("store"), "how kiosks do is judged by what the store has, for whoever shows it"},
	{"sync/central/codes", below(), "code tables are read before anything they name"},
	{"sync/central/door", below("access", "authority", "notify", "store", "door/doortest"), "who gets in is decided before anything is read of what they want"},
	{"sync/central/sealing", below("store", "madeup"), "sealed requests are opened alike for all rooms, so it knows none of them"},
	{"sync/central/notice", below("notice"), "messages and who carries them know no room: what becomes of them is told to the ledger"},
	{"sync/central/ledger", below("access", "notice", "store"), "what comes back is noted for all who bring it, so it knows none of them"},
	{"sync/central/store", below("access", "audit", "counts", "match", "notice", "retention", "registry", "madeup"), "the store keeps; it knows nobody who asks it"},
	{"sync/central/store/storetest", below("store", "access", "audit", "counts", "match", "notice", "retention", "registry", "madeup"), "the suite of a database knows what is kept there, and no room"},
	{"sync/central/retention", below(), "for how long what is kept is the same for whoever keeps or shows it"},
	{"sync/central/audit", below(), "an auditor needs no more than the rows and the key: it knows nobody who keeps or shows them"},
	{"sync/central/watch", below(), "what is counted knows nobody who does it, so that nothing of a visitor can get into a count"},
	{"sync/central/notify", below("access", "watch"), "all rooms hear of each other here, so it knows none of them"},
	{"sync/central/registry", below("registry", "madeup"), "what is on file of people is the same wherever it comes from and whoever keeps it"},
}

// roomUsers are what calls, worker and operator work with.
var roomUsers = below("access", "audit", "authority", "card", "codes", "checkpage", "counts", "door", "fleet", "folder", "ledger", "match", "notice", "notify", "registry", "retention", "sealing", "store", "watch", "madeup")

// below is what a room of central may import: some others, and what both ends share.
func below(rooms ...string) []string {
	all := []string{"sync/api", "sync/seal", "sync/enrol", "sync/keyfile", "sync/metrics", "sync/version", "app/request", "app/record", "app/names", "app/fhir", "assets"}
	for _, r := range rooms {
		all = append(all, "sync/central/"+r)
	}
	return all
}

func init() {
	inside = append(inside, centralRooms...)
	users = append(users, struct {
		path string
		only []string
		note string
	}{"sync/central/store/storetest", nil, "only tests look into a database past the service"})
}

func TestARoomOfCentralReachesNoneBesideOrAboveIt(t *testing.T) {
	for _, tt := range []struct{ room, other, want string }{
		{"calls", "worker", "replaced alone"},
		{"calls", "operator", "replaced alone"},
		{"worker", "calls", "replaced alone"},
		{"worker", "operator", "replaced alone"},
		{"operator", "calls", "replaced alone"},
		{"operator", "worker", "replaced alone"},
		{"folder", "operator", "before anybody works"},
		{"door", "calls", "before anything is read"},
		{"config", "folder", "before anything they set up"},
		{"preflight", "worker", "works on nothing yet"},
		{"sealing", "worker", "knows none"},
		{"audit", "store", "knows nobody"},
		{"notify", "store", "knows none"},
		{"store", "folder", "nobody who asks"},
		{"notice/bounces", "store", "told to the ledger"},
		{"ledger", "worker", "knows none of them"},
		{"store/storetest", "worker", "and no room"},
		{"registry", "store", "wherever it comes from"},
		{"registry/exchange", "store", "wherever it comes from"},
	} {
		for _, file := range []string{"x.go", "x_test.go"} {
			got := breaches(planted(t, "sync/central/"+tt.room+"/"+file, `package x; import "vaxkiosk/sync/central/`+tt.other+`"`))
			if len(got) != 1 || !strings.Contains(got[0], tt.want) {
				t.Errorf("%s of %s with %s: %q, want one breach about %q", file, tt.room, tt.other, got, tt.want)
			}
		}
	}
	for _, file := range []string{"sync/central/x_test.go", "app/demo/x_test.go"} {
		if got := breaches(planted(t, file, `package x; import "database/sql"`)); len(got) != 1 || !strings.Contains(got[0], "SQL stays behind") {
			t.Errorf("raw SQL in %s: %q", file, got)
		}
	}
	if got := breaches(planted(t, "sync/central/worker/x.go", `package x; import "vaxkiosk/sync/central/store/storetest"`)); len(got) != 1 || !strings.Contains(got[0], "past the service") {
		t.Errorf("a helper of tests in the program: %q", got)
	}
	for room, others := range map[string][]string{"calls": {"store", "door", "notify"}, "worker": {"match", "notice", "store"}, "operator": {"folder", "registry"}, "store": {"registry", "match"}} {
		for _, other := range others {
			if got := breaches(planted(t, "sync/central/"+room+"/x.go", `package x; import "vaxkiosk/sync/central/`+other+`"`)); len(got) > 0 {
				t.Errorf("%s with %s: %q", room, other, got)
			}
		}
	}
}
