-- Whose record was asked for (app/request), in place of two columns that said less.
-- Empty until the request is answered.
ALTER TABLE requests ADD COLUMN relation TEXT NOT NULL DEFAULT '';
UPDATE requests SET relation = iif(own, 'self', iif(guardian, 'child', ''));
ALTER TABLE requests DROP COLUMN own;
ALTER TABLE requests DROP COLUMN guardian;
