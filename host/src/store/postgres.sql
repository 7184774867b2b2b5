-- Version 1. Bodies of entries are the leaves of the log, byte for byte. What is private is sealed before it comes here.
CREATE TABLE org (id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE);
CREATE TABLE entry (
  org TEXT NOT NULL REFERENCES org (id), seq BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (org, seq)
);
-- Hashes over complete subtrees of the log: what proofs are made of.
CREATE TABLE node (
  org TEXT NOT NULL, level BIGINT NOT NULL, place BIGINT NOT NULL, hash BYTEA NOT NULL, PRIMARY KEY (org, level, place)
);
-- A record that was erased leaves its name, so that another host hears of it.
CREATE TABLE vault (
  org TEXT NOT NULL, owner TEXT NOT NULL, sealed BYTEA, seq BIGINT NOT NULL, PRIMARY KEY (org, owner)
);
CREATE INDEX vault_seq ON vault (org, seq);
-- Where each key is, beside the log: the database itself refuses two places for a key and two keys in a bin.
CREATE TABLE place (
  org TEXT NOT NULL, key TEXT NOT NULL, bin TEXT, who TEXT, version BIGINT NOT NULL,
  PRIMARY KEY (org, key), CHECK (bin IS NULL OR who IS NULL)
);
CREATE UNIQUE INDEX one_key_per_bin ON place (org, bin) WHERE bin IS NOT NULL;
CREATE TABLE outbox (
  org TEXT NOT NULL, notice TEXT NOT NULL, sealed BYTEA NOT NULL, due BIGINT NOT NULL, PRIMARY KEY (org, notice)
);
CREATE INDEX outbox_due ON outbox (due);
-- What was answered to a request that may come again.
CREATE TABLE answered (
  org TEXT NOT NULL, caller TEXT NOT NULL, request TEXT NOT NULL, hash BYTEA NOT NULL, status BIGINT NOT NULL,
  sealed BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (org, caller, request)
);
CREATE INDEX answered_at ON answered (at);
-- When a box was last heard of, by any host.
CREATE TABLE heard (
  org TEXT NOT NULL, box TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (org, box)
);
