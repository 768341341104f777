package operator

import (
	"context"
	"errors"
	"strings"
	"time"

	"vaxkiosk/sync/central/audit"
	"vaxkiosk/sync/central/registry"
	"vaxkiosk/sync/central/store"
)

// ImportPeople adds people to the registry or replaces those with the same numbers.
func (o *Operator) ImportPeople(ctx context.Context, all []registry.Person) error {
	return o.f.Store.ImportPeople(ctx, all)
}

// RecordOf returns a person as the registry has them.
func (o *Operator) RecordOf(ctx context.Context, number int) (registry.Person, bool) {
	p, ok, err := o.f.Store.Person(ctx, number)
	return p, ok && err == nil
}

// People are named by their id in the source without a name, or as SOURCE:ID.

// ErrNobody is returned for an id that nobody in the registry has.
var ErrNobody = errors.New("nobody in the registry has this id: it is the one in the file that was imported")

// WithdrawCards revokes all health cards that somebody was given, permanently; the
// record stays.
func (o *Operator) WithdrawCards(ctx context.Context, id string) error {
	return o.onPerson(ctx, id, func(number int) error { return o.f.Store.WithdrawCards(ctx, number) })
}

// RemovePerson removes what a source says of somebody, takes back what was released to them
// and revokes all their health cards permanently. What another source says of them stays.
func (o *Operator) RemovePerson(ctx context.Context, id string) error {
	return o.onPerson(ctx, id, func(number int) error {
		there, err := o.f.Store.RemovePerson(ctx, number)
		if err == nil && !there {
			err = ErrNobody
		}
		return err
	})
}

func (o *Operator) onPerson(ctx context.Context, id string, f func(int) error) error {
	source, inSource, named := strings.Cut(id, ":")
	if !named {
		source, inSource = "", id
	}
	number, ok, err := o.f.Store.NumberOf(ctx, source, inSource)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNobody
	}
	return f(number)
}

// LinkPeople makes one person of two, which is noted: what is on file of other counts for one.
func (o *Operator) LinkPeople(ctx context.Context, one, other string, by Looker) error {
	return o.onPerson(ctx, one, func(a int) error {
		return o.onPerson(ctx, other, func(b int) error {
			return o.f.Store.Link(as(ctx, by), a, b)
		})
	})
}

// UnlinkPerson makes somebody a person of their own again, which is noted.
func (o *Operator) UnlinkPerson(ctx context.Context, other string, by Looker) error {
	return o.onPerson(ctx, other, func(number int) error {
		return o.f.Store.Unlink(as(ctx, by), number)
	})
}

// ErrNoDose is returned for an id that no dose on file has.
var ErrNoDose = errors.New("no dose on file has this id, or it was removed already: it is the one in the file that was imported, and a file of doses without ids has none")

// RemoveDose removes one report of a dose by its id in a source, "" being the default one,
// which is noted. It stays removed, whatever the source sends, until RestoreDose.
func (o *Operator) RemoveDose(ctx context.Context, source, id string, by Looker) error {
	found, err := o.f.Store.RemoveDose(as(ctx, by), source, id)
	if err == nil && !found {
		err = ErrNoDose
	}
	return err
}

// ErrNotRemoved is returned for an id of no dose that was removed by hand.
var ErrNotRemoved = errors.New("no dose with this id was removed by hand, or it was restored since")

// RestoreDose takes back that a report was removed, which is noted. It reports whether the
// report is on file: if not, it counts once its source sends it.
func (o *Operator) RestoreDose(ctx context.Context, source, id string, by Looker) (there bool, err error) {
	person, _, err := o.f.Store.DoseOf(ctx, source, id)
	if err != nil {
		return false, err
	}
	found, err := o.f.Store.RestoreDose(as(ctx, by), source, id)
	if err == nil && !found {
		err = ErrNotRemoved
	}
	return person != 0, err
}

// Acts are what was done to people by hand since a time, oldest first.
func (o *Operator) Acts(ctx context.Context, from time.Time) ([]store.Act, error) {
	return o.f.Store.Acts(ctx, from)
}

// as has what is done with ctx be done by them.
func as(ctx context.Context, by Looker) context.Context {
	return audit.As(ctx, audit.Actor{Staff: by.Staff, Login: by.OSUser})
}
