package store

import "context"

// CodesInUse are the CVX codes of all doses on file, with how many have each.
func (s *Store) CodesInUse(ctx context.Context) (all map[string]int, err error) {
	rows, err := s.db.QueryContext(ctx, `SELECT cvx, count(*) FROM doses WHERE cvx <> '' GROUP BY cvx`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all = map[string]int{}
	for rows.Next() {
		var cvx string
		var n int
		if err := rows.Scan(&cvx, &n); err != nil {
			return nil, err
		}
		all[cvx] = n
	}
	return all, rows.Err()
}
