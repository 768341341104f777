package store

import (
	"context"
	"time"
)

// Lost is how much has come since a time: what a back-up of then has not.
type Lost struct {
	Requests, Notices, Prints, Corrections, Releases, Acts, Imports int
	Enrolled, Changed                                               int // kiosks that were let in; other changes of kiosks, such as revocations
}

// Since counts what has come since a time.
func (s *Store) Since(ctx context.Context, at time.Time) (l Lost, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM requests WHERE made >= ?1), (SELECT count(*) FROM notices WHERE at >= ?1),
		(SELECT count(*) FROM prints WHERE at >= ?1), (SELECT count(*) FROM amendments WHERE made >= ?1), (SELECT count(*) FROM releases WHERE at >= ?1),
		(SELECT count(*) FROM acts WHERE at >= ?1), (SELECT count(*) FROM imports WHERE finished >= ?1),
		(SELECT count(*) FROM kiosk_certs WHERE issued >= ?1), (SELECT count(*) FROM kiosk_changes WHERE at >= ?1)`, at.Unix()).
		Scan(&l.Requests, &l.Notices, &l.Prints, &l.Corrections, &l.Releases, &l.Acts, &l.Imports, &l.Enrolled, &l.Changed)
	return l, err
}
