-- Version 2. Modules that decided something, by their digest, so that every decision can be asked again.
CREATE TABLE module (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
