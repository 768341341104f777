-- migrations/030_last_word.sql says what for.
ALTER TABLE forecasts ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE doses ADD COLUMN restricted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN guarded BIGINT NOT NULL DEFAULT 0;
CREATE TABLE removed_doses (
	id_key BIGINT PRIMARY KEY
);
ALTER TABLE acts DROP CONSTRAINT acts_what_check;
ALTER TABLE acts ADD CONSTRAINT acts_what_check CHECK (what IN ('link', 'unlink', 'remove-dose', 'restore-dose'));
