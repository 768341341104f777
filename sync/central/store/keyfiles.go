package store

import (
	"bytes"
	"context"
)

// Files of keys that change while a service runs, sealed, for the folders of all instances
// (folder/share.go).

// KeyFiles are the files, sealed, by their names; none when no instance has shared its own yet.
func (s *Store) KeyFiles(ctx context.Context) (map[string][]byte, error) { return keyFiles(ctx, s.db) }

func keyFiles(ctx context.Context, from source) (all map[string][]byte, err error) {
	all = map[string][]byte{}
	err = each(ctx, from, func(row scanner) error {
		var name string
		var sealed []byte
		err := row.Scan(&name, &sealed)
		all[name] = sealed
		return err
	}, `SELECT name, sealed FROM key_files`)
	return all, err
}

// ShareKeyFiles puts these files in the place of all that there are, and has the other instances look.
func (s *Store) ShareKeyFiles(ctx context.Context, files map[string][]byte) error {
	return s.write(ctx, func(tx *transaction) error {
		before, err := keyFiles(ctx, tx)
		for name := range before {
			if _, is := files[name]; err == nil && !is {
				_, err = tx.ExecContext(ctx, `DELETE FROM key_files WHERE name = ?`, name)
			}
		}
		for name, sealed := range files {
			if err == nil && !bytes.Equal(before[name], sealed) {
				_, err = tx.ExecContext(ctx, `INSERT INTO key_files (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = ?2`, name, sealed)
			}
		}
		if err == nil && s.d.tell != "" {
			_, err = tx.ExecContext(ctx, s.d.tell, "0 "+WordKeys)
		}
		return err
	})
}
