-- Version 1. Bodies of entries are the leaves of the log, byte for byte. What is private is sealed before it comes here.
CREATE TABLE org (id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  org TEXT NOT NULL REFERENCES org (id), seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org, seq)
) STRICT, WITHOUT ROWID;
-- Hashes over complete subtrees of the log: what proofs are made of.
CREATE TABLE node (
  org TEXT NOT NULL, level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (org, level, place)
) STRICT, WITHOUT ROWID;
-- A record that was erased leaves its name, so that another host hears of it.
CREATE TABLE vault (
  org TEXT NOT NULL, owner TEXT NOT NULL, sealed BLOB, seq INTEGER NOT NULL, PRIMARY KEY (org, owner)
) STRICT, WITHOUT ROWID;
CREATE INDEX vault_seq ON vault (org, seq);
-- Where each key is, beside the log: the database itself refuses two places for a key and two keys in a bin.
CREATE TABLE place (
  org TEXT NOT NULL, key TEXT NOT NULL, bin TEXT, who TEXT, version INTEGER NOT NULL,
  PRIMARY KEY (org, key), CHECK (bin IS NULL OR who IS NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_key_per_bin ON place (org, bin) WHERE bin IS NOT NULL;
CREATE TABLE outbox (
  org TEXT NOT NULL, notice TEXT NOT NULL, sealed BLOB NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (org, notice)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (due);
-- What was answered to a request that may come again.
CREATE TABLE answered (
  org TEXT NOT NULL, caller TEXT NOT NULL, request TEXT NOT NULL, hash BLOB NOT NULL, status INTEGER NOT NULL,
  sealed BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (org, caller, request)
) STRICT, WITHOUT ROWID;
CREATE INDEX answered_at ON answered (at);
-- When a box was last heard of, by any host.
CREATE TABLE heard (
  org TEXT NOT NULL, box TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (org, box)
) STRICT, WITHOUT ROWID;
