-- The contact named first has been told that no code comes there; the code is on its way, if there is one.
ALTER TABLE requests ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
