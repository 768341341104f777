package operator

import (
	"context"
	"errors"

	"vaxkiosk/sync/central/registry"
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

// ErrNobody is returned for an id that nobody in the registry has.
var ErrNobody = errors.New("nobody in the registry has this id: it is the one in the file that was imported")

// WithdrawCards revokes all health cards that somebody was given, permanently; the
// record stays. The id is that of the source, or the number.
func (o *Operator) WithdrawCards(ctx context.Context, id string) error {
	return o.onPerson(ctx, id, func(number int) error { return o.f.Store.WithdrawCards(ctx, number) })
}

// RemovePerson removes somebody from the registry, takes back what was released
// to them and revokes all their health cards permanently.
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
	number, ok, err := o.f.Store.NumberOf(ctx, "", id)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNobody
	}
	return f(number)
}
