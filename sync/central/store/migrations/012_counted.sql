-- When each bucket was last counted into, in milliseconds: later than now means that the clock was set back.
ALTER TABLE limits ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
