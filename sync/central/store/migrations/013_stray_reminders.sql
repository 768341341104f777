-- How often a new code was asked for by a receipt that nobody has: it looks like one that somebody has.
ALTER TABLE strays ADD COLUMN reminded INTEGER NOT NULL DEFAULT 0;
