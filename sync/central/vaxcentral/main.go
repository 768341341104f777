// Vaxcentral runs the reference central service of VaxKiosk.
//
//	vaxcentral init --data DIR [--database URL]
//	vaxcentral serve --config FILE
//	vaxcentral serve --data DIR --listen ADDR --issuer URL --registry NAME --help-phone NUMBER [--notices DIR] [--metrics ADDR] [--pprof ADDR] …
//	vaxcentral serve --data DIR --listen ADDR --demo|--demo-people N
//	vaxcentral check [--json] --config FILE|--data DIR …
//	vaxcentral kiosk add --data DIR --name NAME --url https://HOST[:PORT] --printer URI --out DIR
//	vaxcentral kiosk invite|replace --data DIR --name NAME --url https://HOST[:PORT] [--printer URI] [--by WHO]
//	vaxcentral kiosk invite --data DIR --csv FILE --out FILE --url https://HOST[:PORT] [--ttl 72h] [--by WHO]
//	vaxcentral kiosk list --data DIR [--json]
//	vaxcentral kiosk unusual --data DIR
//	vaxcentral kiosk log --data DIR [--name NAME] [--json]
//	vaxcentral kiosk ask NAME restart|test-page|settings|diagnostics --data DIR [--by WHO]
//	vaxcentral kiosk diagnostics NAME --data DIR
//	vaxcentral kiosk suspend --data DIR --name NAME --reason WHY [--by WHO]
//	vaxcentral kiosk resume --data DIR --name NAME [--by WHO]
//	vaxcentral kiosk revoke --data DIR --name NAME --reason WHY [--by WHO]
//	vaxcentral staff add|remove --data DIR --id ID
//	vaxcentral staff list --data DIR
//	vaxcentral amendment list --data DIR [--all]
//	vaxcentral amendment show|close NUMBER --data DIR [--by STAFF-ID]
//	vaxcentral review list --data DIR
//	vaxcentral review show|close RECEIPT --data DIR [--by STAFF-ID]
//	vaxcentral review release RECEIPT --person N --data DIR [--by STAFF-ID]
//	vaxcentral notice list --data DIR [--json]
//	vaxcentral notice retry RECEIPT|--all --data DIR
//	vaxcentral notice stop|start --data DIR
//	vaxcentral problem list --data DIR
//	vaxcentral usage show --data DIR [--days N] [--by day|month|kiosk|kiosk,day] [--format text|csv]
//	vaxcentral print list --data DIR [--days N] [--all]
//	vaxcentral release list --data DIR [--days N] [--json]
//	vaxcentral audit verify|sign --data DIR [--audit-dir DIR]
//	vaxcentral audit export --data DIR --out FILE.csv|- [--from DAY] [--to DAY]
//	vaxcentral audit person ID --data DIR [--csv FILE] [--page FILE.html [--name]] [--by STAFF-ID]
//	vaxcentral retention show [--json] [--keep NAME=TIME …]
//	vaxcentral retention run --data DIR [--dry-run] [--keep NAME=TIME …] [--audit-dir DIR]
//	vaxcentral people generate --data DIR | --out FILE.csv|FILE.ndjson [--count N] [--seed S] [--history K]
//	vaxcentral people import --data DIR [--source NAME] [--report FILE.csv] [--dry-run] … FILE
//	vaxcentral people link --data DIR ONE OTHER [--by STAFF-ID]
//	vaxcentral people unlink --data DIR OTHER [--by STAFF-ID]
//	vaxcentral people remove-dose|restore-dose --data DIR [--source NAME] ID [--by STAFF-ID]
//	vaxcentral people acts --data DIR [--days N]
//	vaxcentral people remove --data DIR --id ID
//	vaxcentral codes update --data DIR [--force] FILE…
//	vaxcentral codes show [--data DIR]
//	vaxcentral card withdraw --data DIR --id ID
//	vaxcentral key list|rotate|rotate-sealing --data DIR
//	vaxcentral key distrust --data DIR --key KEY
//	vaxcentral evaluate FILE.csv
//	vaxcentral backup --data DIR --out FILE.age --recipient AGE-KEY [--recipient …] [--recipients-file FILE]
//	vaxcentral backup verify FILE --identity FILE
//	vaxcentral restore FILE --identity FILE --data EMPTY-DIR [--database URL] [--instead-of DIR]
//	vaxcentral move --data DIR --to URL
//	vaxcentral resume --data DIR
//	vaxcentral schema [--data DIR]
//	vaxcentral --version
//	vaxcentral --licenses
//
// Each command explains its flags with --help, each group (kiosk, staff, …) its commands.
//
// Everything is in the data folder, which init alone makes: a folder that lacks a file
// is refused by all others, and nothing is written. Back it up with backup; the
// README beside this program says what to do when something is lost. What goes wrong is
// one sentence on standard error with the file and the fix, or one for each mistake in a file of
// settings; the exit status is 2.
// It is 1 when an import or evaluation refused some lines or the latter found a
// wrong release, and 130 after Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"vaxkiosk/assets"
	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/config"
	"vaxkiosk/sync/central/operator"
	"vaxkiosk/sync/version"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(audit.As(ctx, audit.Actor{Login: osUser()}), os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	complain(os.Stderr, err)
	os.Exit(statusOf(err))
}

// complain says what went wrong in one sentence, or in one for each mistake in a file of settings.
func complain(to io.Writer, err error) {
	var wrong config.Problems
	if !errors.As(err, &wrong) {
		fmt.Fprintln(to, "vaxcentral:", strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	for _, p := range wrong {
		fmt.Fprintln(to, "vaxcentral:", p)
	}
}

// command is one subcommand.
type command struct {
	name, about string
	run         func(ctx context.Context, f *flag.FlagSet, args []string, stdout, stderr io.Writer) error
}

var commands = []command{
	{"init", "make the data folder with all its keys: once, for a new service", initFolder},
	{"serve", "run the service", serve},
	{"check", checkAbout, check},
	{"kiosk invite", "print a code that enrols a kiosk, once and within an hour, and the line to type there; with --csv for many", inviteKiosk},
	{"kiosk replace", "print a code that enrols another machine, or the same one anew, under the name of a kiosk", replaceKiosk},
	{"kiosk add", "let a kiosk in without a network: writes its certificate and its configuration", addKiosk},
	{"kiosk list", "list the kiosks, those that need a person first, with how each does and when it called last", listKiosks},
	{"kiosk unusual", "list at which kiosks more is asked for than usual, or what looks like guessing", unusualKiosks},
	{"kiosk log", "list what was done to kiosks, when and by whom", logKiosks},
	{"kiosk ask", askAbout, askKiosk},
	{"kiosk diagnostics", "show what a kiosk said of itself when it was asked for diagnostics: NAME", showDiagnostics},
	{"kiosk suspend", "let a kiosk in no more until it is resumed", suspendKiosk},
	{"kiosk resume", "let a kiosk in again that is suspended", resumeKiosk},
	{"kiosk revoke", "let a kiosk in no more, permanently: a stolen one, say; its name stays taken", revokeKiosk},
	{"staff add", "let a staff member sign in at the kiosks: asks for their PIN, or reads it from standard input", addStaff},
	{"staff remove", "let a staff member sign in no more", removeStaff},
	{"staff list", "list who may sign in, with failures and locks", listStaff},
	{"amendment list", "list the corrections that people asked for", listAmendments},
	{"amendment show", "open one and say what it asks for; who looks is noted", showAmendment},
	{"amendment close", "close one and erase what it says; who does it is noted", closeAmendment},
	{"review list", "list the requests that agree with somebody only in part, or with several people", listReviews},
	{"review show", "open one beside those who may be meant; who looks is noted", showReview},
	{"review release", "send the pickup code for the person you have chosen; who does it is noted", releaseReview},
	{"review close", "end one and erase what it says; who does it is noted", closeReview},
	{"notice list", "list the notices that did not go out, and why; neither contacts nor codes", listNotices},
	{"notice retry", "send what did not go out again, with a new code: RECEIPT, or --all", retryNotices},
	{"notice stop", "send nothing to a phone number or e-mail address any more, which is read from standard input", stopNotices},
	{"notice start", "send there again what is for them; it is read from standard input", startNotices},
	{"problem list", "list the technical problems that visitors reported", listProblems},
	{"usage show", usageAbout, showUsage},
	{"print list", "list the prints that failed or are in doubt and the records that kiosks refused, and why", listPrints},
	{"release list", "list the records that staff opened on a photo ID: when, who and at which kiosk", listReleases},
	{"audit verify", verifyAbout, verifyAudit},
	{"audit sign", "sign the audit's last row now; a service that runs does so at start and end, and every hour", signAudit},
	{"audit export", exportAbout, exportAudit},
	{"audit person", personAbout, auditPerson},
	{"retention show", "say for how long what is kept, where, by which rule, and what erases it", showRetention},
	{"retention run", retentionRunAbout, runRetention},
	{"people generate", "make made-up residents, into the registry or a file", generatePeople},
	{"people import", importAbout, importPeople},
	{"people link", linkAbout, linkPeople},
	{"people unlink", "make somebody a person of their own again: OTHER, an id or SOURCE:ID; who does it is noted", unlinkPerson},
	{"people remove-dose", "remove one report of a dose by its ID in the file that was imported, also when the source sends it again; who does it is noted", removeDose},
	{"people restore-dose", "let a report count again that was removed by hand; who does it is noted", restoreDose},
	{"people acts", "list who was linked and parted, and from whom a dose was removed or restored, when and by whom", listActs},
	{"people remove", "remove a person and revoke all health cards that they were given", removePerson},
	{"codes update", codesAbout, updateCodes},
	{"codes show", "say which code tables of the CDC are in force, and how old they are", showCodes},
	{"card withdraw", "revoke all health cards that a person was given so far; the record stays", withdrawCards},
	{"key list", "list the keys that sign health cards, and since when, those that kiosks seal to, and the one that signs the audit", listKeys},
	{"key rotate", "publish the next key now, 30 days before it signs, and not only after a year", rotateKey},
	{"key rotate-sealing", "make a new key for kiosks to seal to; the one before opens what they hold, and is then erased", rotateSealing},
	{"key distrust", "take a key that others may have out of the published ones: its cards verify no longer", distrustKey},
	{"evaluate", evaluateAbout, evaluate},
	{"backup verify", "open a back-up, and check that all of it is there and belongs together", verifyBackup},
	{"backup", "write the whole data folder into one encrypted file; the service may run; backup verify checks one", backUp},
	{"restore", "make a data folder from a back-up; it sends nothing until resume", restore},
	{"move", moveAbout, move},
	{"resume", "let a restored or copied folder send: only when no other service works on the same requests", resume},
	{"schema", schemaAbout, showSchema},
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	for _, c := range commands {
		words := strings.Fields(c.name)
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != c.name {
			continue
		}
		f := flag.NewFlagSet("vaxcentral "+c.name, flag.ContinueOnError)
		f.SetOutput(stdout)
		f.Usage = func() {
			fmt.Fprintf(stdout, "vaxcentral %s: %s\n", c.name, c.about)
			f.PrintDefaults()
		}
		return c.run(ctx, f, args[len(words):], stdout, stderr)
	}
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-version" || args[0] == "version") {
		fmt.Fprintln(stdout, version.Of("vaxcentral"))
		return nil
	}
	if len(args) == 1 && args[0] == "--licenses" {
		return assets.WriteLicenses(stdout)
	}
	if helped(args, stdout) {
		return nil
	}
	return noCommand(args)
}

func names() string {
	var all []string
	for _, c := range commands {
		all = append(all, c.name)
	}
	return strings.Join(all, ", vaxcentral ")
}

// withOperator runs f on a data folder, whether or not a service runs there.
func withOperator(ctx context.Context, dir string, f func(*operator.Operator) error) error {
	return interrupted(ctx, operator.On(ctx, dir, f), "run the same command again")
}

// parse reads flags; those named in required must not be empty.
func parse(f *flag.FlagSet, args []string, required ...string) error {
	rest, err := parseFlags(f, args, required...)
	if err == nil && len(rest) > 0 {
		return fmt.Errorf("%q is not a flag; see %s --help", rest[0], f.Name())
	}
	return err
}

// parseFile reads flags and the name of one file, in any order.
func parseFile(f *flag.FlagSet, args []string, required ...string) (string, error) {
	all, err := parseNames(f, args, required...)
	if err == nil && len(all) != 1 {
		err = fmt.Errorf("give the name of one file; see %s --help", f.Name())
	}
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// parseNames reads flags and names, in any order.
func parseNames(f *flag.FlagSet, args []string, required ...string) ([]string, error) {
	rest, err := parseFlags(f, args)
	for n := 1; err == nil && len(rest) > n; n++ { // flags behind the name
		var more []string
		if more, err = parseFlags(f, rest[n:]); err == nil {
			rest = append(rest[:n], more...)
		}
	}
	if err == nil {
		_, err = parseFlags(f, nil, required...)
	}
	return rest, err
}

func parseFlags(f *flag.FlagSet, args []string, required ...string) ([]string, error) {
	usage, out := f.Usage, f.Output()
	f.Usage = func() {} // an error is one sentence, not a page
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	f.Usage = usage
	f.SetOutput(out)
	if errors.Is(err, flag.ErrHelp) {
		usage()
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w; see %s --help", err, f.Name())
	}
	return f.Args(), wanted(f, required...)
}

// wanted names the flags that are left out and must not be.
func wanted(f *flag.FlagSet, required ...string) error {
	var missing []string
	for _, name := range required {
		if f.Lookup(name).Value.String() == "" {
			missing = append(missing, "--"+name)
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("also give %s; see %s --help", strings.Join(missing, " and "), f.Name())
}
