-- What may happen only so often: when the bucket of each limit will be empty.
CREATE TABLE limits (
	key   BLOB PRIMARY KEY, -- keyed hash
	empty INTEGER NOT NULL  -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

-- Unknown tracking numbers are counted there too.
DROP TABLE amendment_misses;
