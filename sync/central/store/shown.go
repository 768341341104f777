package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// When a kiosk hears that its request is answered (promise P5). Matching somebody is not
// the same work to the millisecond as matching nobody, so the answer shows on a
// grid: in whole steps from the arrival, and not before the first. What a request is
// answered with moves it by less than a step, and so does not move what is seen.

// AnswerStep is the grid: several times the work on one request, and less than anybody
// waits for who has typed one.
const AnswerStep = 500 * time.Millisecond

// shownFrom is from when on an answer shows: ?1 is when it was there, ?2 the step. What has
// been shown once stays.
const shownFrom = `CASE WHEN shown > 0 THEN shown WHEN CAST(?1 AS BIGINT) <= arrived + CAST(?2 AS BIGINT) THEN arrived + CAST(?2 AS BIGINT)
	ELSE arrived + (CAST(?1 AS BIGINT) - arrived + CAST(?2 AS BIGINT) - 1) / CAST(?2 AS BIGINT) * CAST(?2 AS BIGINT) END`

// Look is how far a request is, and from when on it is answered if that is known
// already; the zero time otherwise. It is answered once the contact named first has been
// told that no code comes there, whether or not one goes to the other: that one's
// channel must not show.
func (s *Store) Look(ctx context.Context, id string, now time.Time) (state State, answered time.Time, err error) {
	var expires, shown int64
	err = s.db.QueryRowContext(ctx, `SELECT CASE WHEN told <> 0 AND state = 'processing' THEN 'answered' ELSE state END, expires, shown
		FROM requests WHERE id = ?`, id).Scan(&state, &expires, &shown)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", time.Time{}, ErrUnknown
	case err == nil && expires <= now.Unix():
		return Expired, time.Time{}, nil
	case err == nil && state == Answered && shown > now.UnixMilli():
		return Processing, time.UnixMilli(shown), nil
	}
	return state, time.Time{}, err
}

// StateOf is Look without the time.
func (s *Store) StateOf(ctx context.Context, id string, now time.Time) (State, error) {
	state, _, err := s.Look(ctx, id, now)
	return state, err
}
