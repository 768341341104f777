package operator

import (
	"context"
)

// Resume lets a folder that was restored or copied send again. It says how many requests
// wait, and whether it rested at all.
func (o *Operator) Resume(ctx context.Context) (waiting int, rested bool, err error) {
	f, err := o.f.Store.Folder(ctx)
	if err != nil {
		return 0, false, err
	}
	waiting, err = o.f.Store.Resume(ctx)
	return waiting, f.Rests, err
}
