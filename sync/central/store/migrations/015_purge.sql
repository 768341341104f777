-- What is taken back or erased is found by index, however much else there is.
CREATE INDEX requests_person ON requests (person) WHERE person IS NOT NULL;
CREATE INDEX requests_living ON requests (expires) WHERE state <> 'expired';
CREATE INDEX tokens_person ON tokens (person);
CREATE INDEX tokens_expires ON tokens (expires);
CREATE INDEX strays_expires ON strays (expires);
CREATE INDEX amendments_person ON amendments (person) WHERE person IS NOT NULL;
CREATE INDEX amendments_open ON amendments (expires) WHERE state <> 'closed';

-- When what is old was erased last, by the clock of then.
CREATE TABLE purged (at INTEGER NOT NULL) STRICT;
INSERT INTO purged SELECT max(made) FROM requests HAVING count(*) > 0;
