package store

import "errors"

// RunTwice makes every transaction run twice, as when another one was in its way: nothing of
// the first run stays.
func (s *Store) RunTwice() *Store {
	inTheWay := errors.New("another one was in the way")
	s.disturb = func(run int) error {
		if run == 1 {
			return inTheWay
		}
		return nil
	}
	s.d.again = func(err error) bool { return errors.Is(err, inTheWay) }
	return s
}
