package printer

import (
	"context"
	"errors"
	"slices"

	"github.com/OpenPrinting/goipp"
)

// Whether a number still means this job: printers count from 1 again when they start.
// Where the printer gives UUIDs they decide. Where it gives none, a job is another one
// when the printer was switched on since, or when name, user or time of the job are
// not those it had at first.

// identity is what a job is known by beside its number. What the printer did not say
// is empty or zero.
type identity struct {
	uuid, name, user string
	made             int // time-at-creation
}

// whose are the attributes of an identity.
var whose = []string{"job-uuid", "job-name", "job-originating-user-name", "time-at-creation"}

func identityOf(attrs goipp.Attributes) identity {
	made, _ := number(attrs, "time-at-creation")
	return identity{text(attrs, "job-uuid"), text(attrs, "job-name"), text(attrs, "job-originating-user-name"), made}
}

// differs reports whether two jobs are not the same, by what is known of both.
func (i identity) differs(from identity) bool {
	if i.uuid != "" && from.uuid != "" {
		return i.uuid != from.uuid
	}
	other := func(a, b string) bool { return a != "" && b != "" && a != b }
	return other(i.name, from.name) || other(i.user, from.user) || i.made != 0 && from.made != 0 && i.made != from.made
}

// snapshot is the job as the printer describes it.
type snapshot struct {
	state   int
	reasons []string
	who     identity
	counted
}

func (j *job) state(ctx context.Context) (snapshot, error) {
	m := j.message(goipp.OpGetJobAttributes, j.id)
	ask(m, slices.Concat([]string{"job-state", "job-state-reasons"}, counters, whose)...)
	answer, err := j.quick(ctx, m)
	if err != nil {
		return snapshot{}, err
	}
	s := snapshot{reasons: texts(answer.Job, "job-state-reasons"), who: identityOf(answer.Job), counted: countedOf(answer.Job)}
	s.state, _ = number(answer.Job, "job-state")
	return s, nil
}

// errAnother says that the number now means another job.
var errAnother = errors.New("the number means another job now")

// see is the state of this job and no other. When it fails, nothing may be done to
// the number until it has worked again.
func (j *job) see(ctx context.Context) (snapshot, error) {
	s, err := j.state(ctx)
	if err == nil {
		err = j.compare(ctx, s.who)
	}
	if ctx.Err() == nil { // else it says nothing about the printer
		j.sure = err == nil
	}
	return s, err
}

// compare fails unless what the printer describes is this job.
func (j *job) compare(ctx context.Context, who identity) error {
	if who.differs(j.who) {
		return errAnother
	}
	if who.uuid != "" && j.who.uuid != "" {
		return nil
	}
	a, err := j.about(ctx)
	if err == nil && a.up < j.able.up {
		return errAnother
	}
	return err
}
