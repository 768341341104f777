-- Doses that are on the table only and on no card: 1 is what the column says.
ALTER TABLE doses ADD COLUMN not_valid INTEGER NOT NULL DEFAULT 0;  -- given, and the registry does not count it
ALTER TABLE doses ADD COLUMN historical INTEGER NOT NULL DEFAULT 0; -- not reported by who gave it
