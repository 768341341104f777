-- What a data folder is: the thumbprints of its keys, and whether it may send.
CREATE TABLE IF NOT EXISTS folder (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  place TEXT NOT NULL,  -- where the file of the database was when this folder began to send; '' where that cannot be known
  rests INTEGER         -- it was restored then and sends nothing until it is resumed; NULL: it sends
) STRICT;
-- Several keys of one kind may be valid at a time.
CREATE TABLE IF NOT EXISTS folder_keys (
  kind  TEXT NOT NULL,
  print TEXT NOT NULL,
  since INTEGER NOT NULL,
  gone  INTEGER,        -- trusted no longer since then
  PRIMARY KEY (kind, print)
) STRICT, WITHOUT ROWID;
