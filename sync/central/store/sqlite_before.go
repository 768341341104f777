package store

import (
	"context"

	"vaxkiosk/app/request"
	"vaxkiosk/sync/central/registry"
)

// inGo is what SQL cannot do of a migration of SQLite.
var inGo = map[int]func(*transaction) error{19: rekey, 22: lengthen}

// otherKeys are the people whose keys another rule made before migration 19: ten digits
// of a phone were E.164 only in an area code that a library knew, and characters that nobody
// sees counted in an address.
const otherKeys = selectPerson + `WHERE phone_key GLOB '[2-9]?????????' OR phone GLOB '*[^ -~]*' OR email GLOB '*[^ -~]*'`

// rekey makes their keys anew, so that they are found.
func rekey(tx *transaction) error {
	ctx := context.Background()
	var all []registry.Person
	err := each(ctx, tx, func(row scanner) error {
		p, err := scanPerson(row)
		all = append(all, p)
		return err
	}, otherKeys)
	if err != nil {
		return err
	}
	keys := keysOf(len(all), func(i int) *registry.Person { return &all[i] })
	update, err := tx.Prepare(`UPDATE people SET phone_key = nullif(?,''), email_key = nullif(?,'') WHERE number = ?`)
	for i := 0; i < len(all) && err == nil; i++ {
		_, err = update.Exec(keys[i].phone, keys[i].email, all[i].Number)
	}
	return err
}

// lengthen gives the requests of before the receipts of today; what their visitors have
// is the beginning of it.
func lengthen(tx *transaction) error {
	ctx := context.Background()
	var ids []string
	err := each(ctx, tx, func(row scanner) error {
		var id string
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM requests`)
	for _, id := range ids {
		if err == nil {
			_, err = tx.ExecContext(ctx, `UPDATE requests SET receipt = ? WHERE id = ?`, request.ReceiptFor(id), id)
		}
	}
	return err
}
