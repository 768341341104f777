-- Staff may vouch for one's own record only.
ALTER TABLE requests ADD COLUMN own INTEGER NOT NULL DEFAULT 0; -- asked for by the person the record is of
