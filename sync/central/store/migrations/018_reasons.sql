-- Why a print failed or a record was refused, and at which kiosk, by its name.
ALTER TABLE prints ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE prints ADD COLUMN kiosk_name TEXT NOT NULL DEFAULT '';
