-- Version 3. What the log of an organization folds to up to an entry, so that a host need not read all of it to begin. It can be thrown away.
CREATE TABLE snapshot (org TEXT PRIMARY KEY, seq INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
