-- Keyed hashes of the doses on a print, one after the other: which of those on file its check page may
-- show. NULL for prints of before, of which nobody knows it.
ALTER TABLE checks ADD COLUMN printed BLOB;
