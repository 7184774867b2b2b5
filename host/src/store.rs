//! The SQLite store. In: what commands made, a batch at a time. Out: the log, the vault, messages to send, answers given before. One
//! transaction for a batch: all of it is on the disk, or nothing. Refuses to know what an entry means beyond its bytes, and to write
//! anything private unsealed.

use crate::keys::Keys;
use jiff::Timestamp;
use keyward_audit::{Frontier, Hash, Nodes, leaf, node};
use keyward_host_core::Made;
use keyward_host_core::event::{Entry, Event};
use keyward_host_core::id::{KeyId, NoticeId, OrgId};
use keyward_host_core::org::{Org, Where};
use keyward_host_core::vault::{Owner, Record};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, Sqlite, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// What can go wrong with the store.
#[derive(Debug)]
pub struct StoreError(pub String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        StoreError(error.to_string())
    }
}

impl From<String> for StoreError {
    fn from(error: String) -> StoreError {
        StoreError(error)
    }
}

/// Milliseconds until a message that failed is tried again.
const AGAIN: i64 = 15_000;

type Done<T> = Result<T, StoreError>;

/// An organization in memory, with the right edge of its log.
#[derive(Debug)]
pub struct Loaded {
    /// Its id.
    pub id: OrgId,
    /// As it stands.
    pub org: Org,
    /// The log so far.
    pub edge: Frontier,
}

/// An answer that was given to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Whose request: who, and its name.
    pub caller: String,
    /// The name of the request.
    pub request: String,
    /// The hash of what was asked.
    pub hash: [u8; 32],
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What one command made, for one organization.
#[derive(Debug)]
pub struct Written {
    /// Of which organization.
    pub org: OrgId,
    /// What was made.
    pub made: Made,
    /// The answer, if the request may come again.
    pub answered: Option<Answered>,
}

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
    keys: Keys,
}

fn text(owner: &Owner) -> Done<String> {
    let json = serde_json::to_value(owner).map_err(|error| StoreError(error.to_string()))?;
    let pair = json.as_object().and_then(|object| object.iter().next());
    pair.map(|(kind, id)| format!("{kind}/{}", id.as_str().unwrap_or_default()))
        .ok_or_else(|| StoreError("an owner has a kind".to_string()))
}

fn owner(text: &str) -> Done<Owner> {
    let (kind, id) = text.split_once('/').ok_or_else(|| StoreError(format!("`{text}` is no owner")))?;
    serde_json::from_value(serde_json::json!({ kind: id })).map_err(|error| StoreError(error.to_string()))
}

impl Store {
    /// Opens the database in a folder, and makes it where there is none.
    pub async fn open(path: &Path, keys: Keys) -> Done<Store> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
        let store = Store { pool, keys };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Done<()> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *transaction).await?;
        match version {
            0 => {
                sqlx::raw_sql(include_str!("schema.sql")).execute(&mut *transaction).await?;
                sqlx::raw_sql("PRAGMA user_version = 1").execute(&mut *transaction).await?;
                let token = self.keys.seal("meta/check", b"keyward")?;
                let token: String = token.iter().map(|byte| format!("{byte:02x}")).collect();
                sqlx::query("INSERT INTO meta (name, value) VALUES ('check', $1)")
                    .bind(token)
                    .execute(&mut *transaction)
                    .await?;
            }
            1 => {
                let token: String = sqlx::query_scalar("SELECT value FROM meta WHERE name = 'check'")
                    .fetch_one(&mut *transaction)
                    .await?;
                let token = crate::keys::unhexed(&token).unwrap_or_default();
                self.keys.open("meta/check", &token).map_err(|_| {
                    StoreError(
                        "this data was made with another master key; give the host the file it was made with"
                            .to_string(),
                    )
                })?;
            }
            newer => {
                return Err(StoreError(format!(
                    "this data is of version {newer}, made by a newer host; this one reads version 1"
                )));
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Names of all organizations.
    pub async fn orgs(&self) -> Done<Vec<(OrgId, String)>> {
        let rows = sqlx::query("SELECT id, slug FROM org ORDER BY id").fetch_all(&self.pool).await?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Done<(OrgId, String)> {
            let id: String = row.try_get(0)?;
            Ok((id.parse().map_err(|_| StoreError(format!("`{id}` is no id")))?, row.try_get(1)?))
        };
        rows.iter().map(read).collect()
    }

    /// Makes an organization; false if the name is taken.
    pub async fn create(&self, id: OrgId, slug: &str) -> Done<bool> {
        let made = sqlx::query("INSERT INTO org (id, slug) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id.to_string())
            .bind(slug)
            .execute(&self.pool)
            .await?;
        Ok(made.rows_affected() == 1)
    }

    /// Reads an organization: its log, folded, and its vault.
    pub async fn load(&self, id: OrgId) -> Done<Loaded> {
        let mut loaded = Loaded { id, org: Org::default(), edge: Frontier::default() };
        loop {
            let bodies = self.entries(id, loaded.org.seq, 10_000).await?;
            if bodies.is_empty() {
                break;
            }
            for body in bodies {
                let entry: Entry = serde_json::from_str(&body).map_err(|error| {
                    StoreError(format!("entry {} of {id} is not one this host understands: {error}", loaded.org.seq))
                })?;
                if entry.seq != loaded.org.seq {
                    return Err(StoreError(format!("entry {} of {id} is missing", loaded.org.seq)));
                }
                loaded.edge.push(leaf(body.as_bytes()));
                loaded.org.apply(&entry);
            }
        }
        let rows = sqlx::query("SELECT owner, sealed FROM vault WHERE org = $1")
            .bind(id.to_string())
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let (name, sealed): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
            let plain = self.keys.open(&format!("{id}/{name}"), &sealed)?;
            let record: Record =
                serde_json::from_slice(&plain).map_err(|error| StoreError(format!("record {name}: {error}")))?;
            loaded.org.vault.put(owner(&name)?, Some(record));
        }
        Ok(loaded)
    }

    /// Bodies of entries from a place on.
    pub async fn entries(&self, org: OrgId, from: u64, limit: u32) -> Done<Vec<String>> {
        let rows = sqlx::query("SELECT body FROM entry WHERE org = $1 AND seq >= $2 ORDER BY seq LIMIT $3")
            .bind(org.to_string())
            .bind(i64::try_from(from).unwrap_or(i64::MAX))
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// The hashes of the log that proofs about entry `index` among the first `size` need; all complete subtrees beside its way.
    pub async fn nodes(&self, org: OrgId, index: u64, size: u64) -> Done<Picked> {
        let mut picked = Picked::default();
        let mut wanted: BTreeSet<(u32, u64)> = BTreeSet::new();
        for level in 0..64 {
            if size >> level == 0 {
                break;
            }
            wanted.extend([
                (level, (index >> level) ^ 1),
                (level, index >> level),
                (level, (size >> level).saturating_sub(1)),
            ]);
        }
        for (level, place) in wanted {
            let hash: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT hash FROM node WHERE org = $1 AND level = $2 AND place = $3")
                    .bind(org.to_string())
                    .bind(level)
                    .bind(i64::try_from(place).unwrap_or(i64::MAX))
                    .fetch_optional(&self.pool)
                    .await?;
            if let Some(hash) = hash.and_then(|hash| Hash::try_from(hash).ok()) {
                picked.0.insert((level, place), hash);
            }
        }
        Ok(picked)
    }

    /// An answer that was given before.
    pub async fn answered(&self, org: OrgId, caller: &str, request: &str) -> Done<Option<Answered>> {
        let row =
            sqlx::query("SELECT hash, status, sealed FROM answered WHERE org = $1 AND caller = $2 AND request = $3")
                .bind(org.to_string())
                .bind(caller)
                .bind(request)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let (hash, status, sealed): (Vec<u8>, u16, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let plain = self.keys.open(&format!("{org}/answered/{caller}/{request}"), &sealed)?;
        let hash = hash.try_into().map_err(|_| StoreError("a hash has 32 bytes".to_string()))?;
        let body = String::from_utf8(plain).map_err(|error| StoreError(error.to_string()))?;
        Ok(Some(Answered { caller: caller.to_string(), request: request.to_string(), hash, status, body }))
    }

    /// Writes a batch. `orgs` are the organizations after it; their edges are moved along once it is on the disk.
    pub async fn commit(&self, batch: &[Written], orgs: &mut BTreeMap<OrgId, Loaded>, now: Timestamp) -> Done<()> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut edges: BTreeMap<OrgId, Frontier> = BTreeMap::new();
        for written in batch {
            let Some(loaded) = orgs.get(&written.org) else { continue };
            let edge = edges.entry(written.org).or_insert_with(|| loaded.edge.clone());
            self.write(&mut transaction, written, edge, now).await?;
        }
        for (id, _) in edges.iter() {
            let Some(loaded) = orgs.get(id) else { continue };
            let moved =
                batch.iter().filter(|written| written.org == *id).flat_map(|written| written.made.entries.iter());
            let moved: BTreeSet<KeyId> = moved.filter_map(|entry| key_of(&entry.event)).collect();
            place(&mut transaction, *id, &loaded.org, &moved).await?;
        }
        transaction.commit().await?;
        for (id, edge) in edges {
            if let Some(loaded) = orgs.get_mut(&id) {
                loaded.edge = edge;
            }
        }
        Ok(())
    }

    async fn write(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        written: &Written,
        edge: &mut Frontier,
        now: Timestamp,
    ) -> Done<()> {
        let org = written.org.to_string();
        for entry in &written.made.entries {
            let body = serde_json::to_string(entry).map_err(|error| StoreError(error.to_string()))?;
            if entry.seq != edge.size() {
                return Err(StoreError(format!("entry {} comes where {} is due", entry.seq, edge.size())));
            }
            sqlx::query("INSERT INTO entry (org, seq, body) VALUES ($1, $2, $3)")
                .bind(&org)
                .bind(i64::try_from(entry.seq).unwrap_or(i64::MAX))
                .bind(&body)
                .execute(&mut **transaction)
                .await?;
            for (level, place, hash) in grown(edge, leaf(body.as_bytes())) {
                sqlx::query("INSERT INTO node (org, level, place, hash) VALUES ($1, $2, $3, $4)")
                    .bind(&org)
                    .bind(level)
                    .bind(i64::try_from(place).unwrap_or(i64::MAX))
                    .bind(hash.as_slice())
                    .execute(&mut **transaction)
                    .await?;
            }
            self.outbox(transaction, &org, &entry.event, now).await?;
        }
        for (owner, record) in &written.made.records {
            let name = text(owner)?;
            match record {
                Some(record) => {
                    let plain = serde_json::to_vec(record).map_err(|error| StoreError(error.to_string()))?;
                    let sealed = self.keys.seal(&format!("{org}/{name}"), &plain)?;
                    sqlx::query("INSERT INTO vault (org, owner, sealed) VALUES ($1, $2, $3) ON CONFLICT (org, owner) DO UPDATE SET sealed = excluded.sealed")
                        .bind(&org)
                        .bind(&name)
                        .bind(sealed)
                        .execute(&mut **transaction)
                        .await?;
                }
                None => {
                    sqlx::query("DELETE FROM vault WHERE org = $1 AND owner = $2")
                        .bind(&org)
                        .bind(&name)
                        .execute(&mut **transaction)
                        .await?;
                }
            }
        }
        for message in &written.made.messages {
            let plain = serde_json::json!({
                "channel": message.channel, "to": message.to, "text": message.text, "until": message.until,
            });
            let notice = message.notice.to_string();
            let sealed = self.keys.seal(&format!("{org}/outbox/{notice}"), plain.to_string().as_bytes())?;
            sqlx::query("INSERT INTO outbox (org, notice, sealed, due) VALUES ($1, $2, $3, $4)")
                .bind(&org)
                .bind(&notice)
                .bind(sealed)
                .bind(now.as_millisecond())
                .execute(&mut **transaction)
                .await?;
        }
        if let Some(answered) = &written.answered {
            let about = format!("{org}/answered/{}/{}", answered.caller, answered.request);
            let sealed = self.keys.seal(&about, answered.body.as_bytes())?;
            sqlx::query("INSERT INTO answered (org, caller, request, hash, status, sealed, at) VALUES ($1, $2, $3, $4, $5, $6, $7)")
                .bind(&org)
                .bind(&answered.caller)
                .bind(&answered.request)
                .bind(answered.hash.as_slice())
                .bind(answered.status)
                .bind(sealed)
                .bind(now.as_millisecond())
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    /// A message that went out, or never will, leaves the outbox with its text; one that failed waits.
    async fn outbox(
        &self,
        transaction: &mut Transaction<'_, Sqlite>,
        org: &str,
        event: &Event,
        now: Timestamp,
    ) -> Done<()> {
        let (notice, gone) = match event {
            Event::NoticeSent { notice } => (notice, true),
            Event::NoticeFailed { notice, last, .. } => (notice, *last),
            _ => return Ok(()),
        };
        if gone {
            let query =
                sqlx::query("DELETE FROM outbox WHERE org = $1 AND notice = $2").bind(org).bind(notice.to_string());
            query.execute(&mut **transaction).await?;
        } else {
            let query = sqlx::query("UPDATE outbox SET due = $3 WHERE org = $1 AND notice = $2");
            query
                .bind(org)
                .bind(notice.to_string())
                .bind(now.as_millisecond() + AGAIN)
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    /// Messages that are due, oldest first.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Done<Vec<(OrgId, NoticeId, serde_json::Value)>> {
        let rows = sqlx::query("SELECT org, notice, sealed FROM outbox WHERE due <= $1 ORDER BY due, notice LIMIT $2")
            .bind(now.as_millisecond())
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        let mut due = Vec::new();
        for row in rows {
            let (org, notice, sealed): (String, String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let plain = self.keys.open(&format!("{org}/outbox/{notice}"), &sealed)?;
            let json = serde_json::from_slice(&plain).map_err(|error| StoreError(error.to_string()))?;
            let id = |text: &str| StoreError(format!("`{text}` is no id"));
            due.push((org.parse().map_err(|_| id(&org))?, notice.parse().map_err(|_| id(&notice))?, json));
        }
        Ok(due)
    }

    /// Forgets answers older than thirty days, the longest a box may be without a network (D9).
    pub async fn forget(&self, now: Timestamp) -> Done<()> {
        let month = now.as_millisecond() - 30 * 24 * 60 * 60 * 1000;
        sqlx::query("DELETE FROM answered WHERE at < $1").bind(month).execute(&self.pool).await?;
        Ok(())
    }

    /// Where the table beside the log says the keys are: key, bin, who, version.
    pub async fn places(&self, org: OrgId) -> Done<Vec<(String, Option<String>, Option<String>, i64)>> {
        let rows = sqlx::query("SELECT key, bin, who, version FROM place WHERE org = $1 ORDER BY key")
            .bind(org.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))).collect()
    }
}

/// The nodes that become complete with one more leaf.
fn grown(edge: &mut Frontier, leaf: Hash) -> Vec<(u32, u64, Hash)> {
    let size = edge.size();
    let before = edge.clone();
    edge.push(leaf);
    let mut all = vec![(0, size, leaf)];
    let mut hash = leaf;
    for (level, left) in (0..size.trailing_ones()).zip(before.edge().iter().rev()) {
        hash = node(left, &hash);
        all.push((level + 1, size >> (level + 1), hash));
    }
    all
}

/// Hashes that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Picked(BTreeMap<(u32, u64), Hash>);

impl Nodes for Picked {
    fn at(&self, level: u32, index: u64) -> Option<Hash> {
        self.0.get(&(level, index)).copied()
    }
}

fn key_of(event: &Event) -> Option<KeyId> {
    match event {
        Event::Placed { key, .. }
        | Event::Taken { key, .. }
        | Event::Returned { key, .. }
        | Event::Corrected { key, .. }
        | Event::Discrepancy { key, .. }
        | Event::SwapCompleted { key, .. }
        | Event::KeyCreated { key, .. } => Some(*key),
        _ => None,
    }
}

/// Writes where keys are now. Places are left before they are taken, so that two keys can change bins in one batch.
async fn place(transaction: &mut Transaction<'_, Sqlite>, id: OrgId, org: &Org, moved: &BTreeSet<KeyId>) -> Done<()> {
    let id = id.to_string();
    for key in moved {
        sqlx::query("UPDATE place SET bin = NULL, who = NULL WHERE org = $1 AND key = $2")
            .bind(&id)
            .bind(key.to_string())
            .execute(&mut **transaction)
            .await?;
    }
    for key in moved {
        let Some(known) = org.keys.get(key) else { continue };
        let (bin, who) = match known.place {
            Where::Bin(bin) => (Some(bin.to_string()), None),
            Where::Held(who) => {
                (None, Some(serde_json::to_string(&who).map_err(|error| StoreError(error.to_string()))?))
            }
            Where::Unknown => (None, None),
        };
        sqlx::query(
            "INSERT INTO place (org, key, bin, who, version) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org, key) DO UPDATE SET \
             bin = excluded.bin, who = excluded.who, version = excluded.version WHERE excluded.version > place.version",
        )
        .bind(&id)
        .bind(key.to_string())
        .bind(bin)
        .bind(who)
        .bind(i64::try_from(known.version).unwrap_or(i64::MAX))
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}
