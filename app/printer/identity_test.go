package printer

import (
	"context"

	"vaxkiosk/app/fault"
)

// reused restarts the printer, which gives the number to another job.
func reused(other func(*fakeJob)) func(f *fake, end context.CancelFunc) {
	return at(3, func(f *fake, _ *fakeJob) {
		f.reboot()
		j := f.add()
		j.state, j.name, j.user, j.made = jobCompleted, jobName, "lobby", 1000
		other(j)
	})
}

// withoutUUID is a printer that gives jobs no UUID and, without a clock, does not say
// how long it has been on.
func withoutUUID(clock bool, day func(*fake, context.CancelFunc)) func(*fake, context.CancelFunc) {
	return func(f *fake, end context.CancelFunc) {
		f.noUUID, f.noClock = true, !clock
		day(f, end)
	}
}

// printersRestart are printers that no longer know a job, or know another one.
func printersRestart() []bad {
	same := func(*fakeJob) {}
	all := []bad{
		{name: "forgets the job", day: at(3, func(f *fake, _ *fakeJob) { f.jobs = map[int]*fakeJob{} }), outcome: isUnknown, wrong: fault.NoAnswer},
		{
			name: "has no clock and forgets the job", day: withoutUUID(false, at(3, func(f *fake, _ *fakeJob) { f.reboot() })),
			outcome: isUnknown, wrong: fault.NoAnswer, detail: "no longer knows",
		},
		{name: "restarts and has no jobs", day: at(3, func(f *fake, _ *fakeJob) { f.reboot() }), outcome: isUnknown, wrong: fault.Restarted, detail: "7 s ago"},
	}
	for name, day := range map[string]func(*fake, context.CancelFunc){
		"restarts":               reused(same),
		"restarts, without UUID": withoutUUID(true, reused(same)),
		"restarts, without UUID and clock, a job of another name": withoutUUID(false, reused(func(j *fakeJob) { j.name = "minutes" })),
		"restarts, without UUID and clock, a job of another user": withoutUUID(false, reused(func(j *fakeJob) { j.user = "town-hall" })),
		"restarts, without UUID and clock, a job of another time": withoutUUID(false, reused(func(j *fakeJob) { j.made = 11 })),
	} {
		all = append(all, bad{name: name, day: day, outcome: isUnknown, wrong: fault.Restarted, detail: "another job"})
	}
	return all
}
