-- Staff vouch for the one name that an ID shows.
ALTER TABLE requests ADD COLUMN renamed INTEGER NOT NULL DEFAULT 0; -- another name was given, too
