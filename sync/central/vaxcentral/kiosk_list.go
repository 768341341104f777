package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"vaxkiosk/sync/central/fleet"
	"vaxkiosk/sync/central/operator"
)

// How the kiosks do: those that need a person come first, then those that do not, those that
// are invited, and those that are revoked.

// kioskLine is a kiosk, or an invitation of one, as --json has it.
type kioskLine struct {
	Name        string       `json:"name"`
	State       string       `json:"state"`
	Needs       []fleet.Need `json:"needs"` // the most urgent first; see package fleet
	ID          string       `json:"id,omitempty"`
	Fingerprint string       `json:"fingerprint,omitempty"`
	Issued      time.Time    `json:"issued,omitzero"`
	Until       time.Time    `json:"until,omitzero"`
	LastSeen    time.Time    `json:"last_seen,omitzero"`
	MissedSince time.Time    `json:"missed_since,omitzero"`
	Suspended   time.Time    `json:"suspended,omitzero"`
	Revoked     time.Time    `json:"revoked,omitzero"`
	Reason      string       `json:"reason,omitempty"`
	By          string       `json:"by,omitempty"`
	Heartbeat   *heartbeat   `json:"heartbeat,omitempty"` // the last one, however old
}

// heartbeat is what a kiosk said last, as --json has it.
type heartbeat struct {
	At       time.Time `json:"at"`
	Version  string    `json:"version"`
	Screen   string    `json:"screen"`
	Waiting  int       `json:"waiting"`
	Oldest   int       `json:"oldest_seconds"`
	Refused  int       `json:"refused"`
	Printer  string    `json:"printer,omitempty"`
	Settings *int      `json:"settings_seconds,omitempty"`
	DiskFree *int      `json:"disk_free_mib,omitempty"`
	Skew     *int      `json:"clock_skew_seconds,omitempty"`
}

func listKiosks(ctx context.Context, f *flag.FlagSet, args []string, stdout, _ io.Writer) error {
	dir := f.String("data", "", "`folder` of database and keys (required)")
	asJSON := f.Bool("json", false, "for programs: one JSON array")
	if err := parse(f, args, "data"); err != nil {
		return err
	}
	return withOperator(ctx, *dir, func(o *operator.Operator) error {
		lines, err := kioskLines(ctx, o)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(stdout, lines)
		}
		return printKiosks(stdout, lines)
	})
}

// printKiosks prints a table, without the columns in which no kiosk has anything, and how many
// kiosks there are: of 300, the ten lines that matter are above, and often out of sight.
func printKiosks(out io.Writer, lines []kioskLine) error {
	rows := [][]string{{"KIOSK", "STATE", "NEEDS", "LAST SEEN", "VERSION", "WAITING", "UNTIL", "SINCE", "WHY", "BY", "FINGERPRINT"}}
	needy, states := 0, map[string]int{}
	for _, k := range lines {
		since := k.Revoked
		if since.IsZero() {
			since = k.Suspended
		}
		rows = append(rows, []string{
			printable(k.Name), k.State, needsOf(k), seenOf(k), orDash(k.version()), waitingOf(k), endOf(k), minute(since),
			orDash(k.Reason), orDash(k.By), orDash(fmt.Sprintf("%.16s", k.Fingerprint)),
		})
		states[k.State]++
		if len(k.Needs) > 0 {
			needy++
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		var shown []string
		for n, cell := range row {
			if n < 4 || slices.ContainsFunc(rows[1:], func(r []string) bool { return r[n] != "-" }) {
				shown = append(shown, cell)
			}
		}
		fmt.Fprintln(w, strings.Join(shown, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	text := fmt.Sprintf("\n%d in all", len(lines))
	for _, state := range slices.Sorted(maps.Keys(states)) {
		text += fmt.Sprintf(", %d %s", states[state], state)
	}
	need := "need"
	if needy == 1 {
		need = "needs"
	}
	_, err := fmt.Fprintf(out, "%s; %d %s a person\n", text, needy, need)
	return err
}

// needsOf says why a person has to look, a dash for nothing.
func needsOf(k kioskLine) string {
	var all []string
	for _, n := range k.Needs {
		text := string(n)
		if n == fleet.Printer {
			text += " (" + k.Heartbeat.Printer + ")"
		}
		all = append(all, text)
	}
	return orDash(strings.Join(all, ", "))
}

func (k kioskLine) version() string {
	if k.Heartbeat == nil {
		return ""
	}
	return k.Heartbeat.Version
}

// waitingOf is how much was saved there at the last heartbeat, and how old the oldest was.
func waitingOf(k kioskLine) string {
	switch h := k.Heartbeat; {
	case h == nil:
		return "-"
	case h.Waiting == 0:
		return "0"
	default:
		return fmt.Sprintf("%d, %s", h.Waiting, roughly(time.Duration(h.Oldest)*time.Second))
	}
}

// seenOf is when a kiosk called last; one that is only invited could not.
func seenOf(k kioskLine) string {
	if k.LastSeen.IsZero() && k.ID != "" {
		return "never"
	}
	return minute(k.LastSeen)
}

// roughly is a duration in its biggest unit.
func roughly(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	case d >= time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= time.Minute:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// endOf is when a certificate or an invitation ends.
func endOf(k kioskLine) string {
	if k.ID == "" {
		return minute(k.Until)
	}
	return k.Until.Local().Format(time.DateOnly)
}

// kioskLines are the kiosks and, before those that are revoked, the invitations.
func kioskLines(ctx context.Context, o *operator.Operator) ([]kioskLine, error) {
	all, err := o.Fleet(ctx)
	if err != nil {
		return nil, err
	}
	invited, err := o.Invitations(ctx)
	if err != nil {
		return nil, err
	}
	lines := []kioskLine{}
	for _, k := range all {
		lines = append(lines, lineOf(k))
	}
	at := slices.IndexFunc(lines, func(k kioskLine) bool { return k.State == fleet.IsRevoked })
	if at < 0 {
		at = len(lines)
	}
	for _, i := range invited {
		state := "invited"
		if !i.Taken.IsZero() {
			state = "enrolling" // it has a certificate and has not called with it
		}
		lines = slices.Insert(lines, at, kioskLine{Name: i.Name, State: state, Needs: []fleet.Need{}, Issued: i.Made.UTC(), Until: i.Expires.UTC(), By: i.By})
		at++
	}
	return lines, nil
}

func lineOf(k fleet.Kiosk) kioskLine {
	line := kioskLine{
		Name: k.Name, State: k.State(), Needs: append([]fleet.Need{}, k.Needs...), ID: k.ID, Fingerprint: k.Fingerprint, Issued: k.Issued.UTC(),
		Until: k.Until.UTC(), LastSeen: k.Seen.UTC(), MissedSince: k.Missed().UTC(), Suspended: k.Suspended.UTC(), Revoked: k.Revoked.UTC(),
		Reason: k.Reason, By: k.By,
	}
	if h := k.Heartbeat; h != nil {
		line.Heartbeat = &heartbeat{
			h.At.UTC(), h.Version, h.Screen, h.Waiting, int(h.Oldest / time.Second), h.Refused, h.Printer, h.Settings, h.DiskFree, h.Skew,
		}
	}
	return line
}
