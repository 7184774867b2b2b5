//! The store: SQLite for one host, PostgreSQL for several. In: what commands made. Out: the log, the vault, messages to send, answers given
//! before. `db` is which database, `batch` what is written together, this file what is read. Refuses to know what an entry means
//! beyond its bytes.

mod batch;
pub mod db;
pub mod snapshot;

pub use batch::Batch;

use crate::keys::Keys;
use db::{Db, rows, rows_in, run};
use jiff::Timestamp;
use keyward_audit::{Frontier, Hash, Nodes, leaf, node};
use keyward_host_core::event::Entry;
use keyward_host_core::id::{NoticeId, OrgId};
use keyward_host_core::org::Org;
use keyward_host_core::vault::{Owner, Record};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// Milliseconds for which a message belongs to the host that is about to send it.
const CLAIM: i64 = 60_000;

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

/// What the store gives.
pub type Done<T> = Result<T, StoreError>;

/// An organization in memory, with the right edge of its log.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its id.
    pub id: OrgId,
    /// As it stands.
    pub org: Org,
    /// The log so far.
    pub edge: Frontier,
    /// Up to where in the log its vault was read.
    pub vault: u64,
}

/// An answer that was given to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Whose request.
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

/// A message that is due: organization, notice, what it says.
pub type Due = (OrgId, NoticeId, serde_json::Value);

/// Where a key is, as the table beside the log says: key, bin, who, version.
pub type PlaceRow = (String, Option<String>, Option<String>, i64);

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    db: Db,
    keys: Keys,
    /// Digests of modules that are stored.
    modules: Arc<Mutex<HashSet<String>>>,
}

pub(crate) fn owner_text(owner: &Owner) -> Done<String> {
    let json = serde_json::to_value(owner).map_err(|error| StoreError(error.to_string()))?;
    let pair = json.as_object().and_then(|object| object.iter().next());
    let text = pair.map(|(kind, id)| format!("{kind}/{}", id.as_str().unwrap_or_default()));
    text.ok_or_else(|| StoreError("an owner has a kind".to_string()))
}

fn owner(text: &str) -> Done<Owner> {
    let (kind, id) = text.split_once('/').ok_or_else(|| StoreError(format!("`{text}` is no owner")))?;
    serde_json::from_value(serde_json::json!({ kind: id })).map_err(|error| StoreError(error.to_string()))
}

/// Applies entries that others have written.
fn absorb(loaded: &mut Loaded, bodies: impl Iterator<Item = String>) -> Done<()> {
    let id = loaded.id;
    for body in bodies {
        let seq = loaded.org.seq;
        let entry: Entry = serde_json::from_str(&body)
            .map_err(|error| StoreError(format!("entry {seq} of {id} is not one this host understands: {error}")))?;
        if entry.seq != seq {
            return Err(StoreError(format!("entry {seq} of {id} is missing")));
        }
        loaded.edge.push(leaf(body.as_bytes()));
        loaded.org.apply(&entry);
    }
    Ok(())
}

/// The nodes that become complete with one more leaf.
fn grown(edge: &mut Frontier, leaf: Hash) -> Vec<(u32, u64, Hash)> {
    let size = edge.size();
    let mut all = vec![(0, size, leaf)];
    let mut hash = leaf;
    for (level, left) in (0..size.trailing_ones()).zip(edge.edge().iter().rev()) {
        hash = node(left, &hash);
        all.push((level + 1, size >> (level + 1), hash));
    }
    edge.push(leaf);
    all
}

impl Store {
    /// On a database that is ready.
    pub async fn open(db: Db, keys: Keys) -> Done<Store> {
        db.prepare(&keys).await?;
        Ok(Store { db, keys, modules: Arc::default() })
    }

    /// Names of all organizations.
    pub async fn orgs(&self) -> Done<Vec<(OrgId, String)>> {
        let all = rows!(&self.db, (String, String), "SELECT id, slug FROM org ORDER BY id")?;
        let read = |(id, slug): (String, String)| match id.parse() {
            Ok(id) => Ok((id, slug)),
            Err(_) => Err(StoreError(format!("`{id}` is no id"))),
        };
        all.into_iter().map(read).collect()
    }

    /// Makes an organization; false if the name is taken.
    pub async fn create(&self, id: OrgId, slug: &str) -> Done<bool> {
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO org (id, slug) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let made = run!(&mut tx, sql, id.to_string(), slug)?;
        tx.commit().await?;
        Ok(made == 1)
    }

    /// Reads an organization: what was written down of it, what came since, and its vault.
    pub async fn load(&self, id: OrgId) -> Done<Loaded> {
        let mut loaded = match self.kept(id).await? {
            Some(kept) => kept,
            None => Loaded { id, org: Org::default(), edge: Frontier::default(), vault: 0 },
        };
        self.catch_up(&mut loaded).await?;
        Ok(loaded)
    }

    /// Reads an organization from its log and nothing else.
    pub async fn fold(&self, id: OrgId) -> Done<Loaded> {
        let mut loaded = Loaded { id, org: Org::default(), edge: Frontier::default(), vault: 0 };
        self.catch_up(&mut loaded).await?;
        Ok(loaded)
    }

    /// Reads what others have written since, without a lock: what one sees is as it was a moment ago.
    pub async fn catch_up(&self, loaded: &mut Loaded) -> Done<()> {
        loop {
            let bodies = self.entries(loaded.id, loaded.org.seq, 10_000).await?;
            if bodies.is_empty() {
                break;
            }
            absorb(loaded, bodies.into_iter())?;
        }
        let sql = "SELECT owner, sealed, seq FROM vault WHERE org = $1 AND seq >= $2";
        let from = i64::try_from(loaded.vault).unwrap_or(i64::MAX);
        let records = rows!(&self.db, (String, Option<Vec<u8>>, i64), sql, loaded.id.to_string(), from)?;
        self.unseal(loaded, records)
    }

    /// Opens records of the vault. Those of the last moment are read again: another may have been written at the same place.
    fn unseal(&self, loaded: &mut Loaded, records: Vec<(String, Option<Vec<u8>>, i64)>) -> Done<()> {
        for (name, sealed, seq) in records {
            let record = match sealed {
                Some(sealed) => {
                    let plain = self.keys.open(&format!("{}/{name}", loaded.id), &sealed)?;
                    let record = serde_json::from_slice::<Record>(&plain);
                    Some(record.map_err(|error| StoreError(format!("record {name}: {error}")))?)
                }
                None => None,
            };
            loaded.org.vault.put(owner(&name)?, record);
            loaded.vault = loaded.vault.max(u64::try_from(seq).unwrap_or(0));
        }
        Ok(())
    }

    /// Bodies of entries from a place on.
    pub async fn entries(&self, org: OrgId, from: u64, limit: u32) -> Done<Vec<String>> {
        let sql = "SELECT body FROM entry WHERE org = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        let bodies = rows!(&self.db, (String,), sql, org.to_string(), from, i64::from(limit))?;
        Ok(bodies.into_iter().map(|(body,)| body).collect())
    }

    /// Entries among some that say all of this, newest first. The texts are parts of the JSON, with no wildcard in them.
    pub async fn search(&self, org: OrgId, among: Range<u64>, says: &[String; 4], limit: u32) -> Done<Vec<String>> {
        let sql = "SELECT body FROM entry WHERE org = $1 AND seq >= $2 AND seq < $3 AND body LIKE $4 AND body LIKE $5 AND \
                   body LIKE $6 AND body LIKE $7 ORDER BY seq DESC LIMIT $8";
        let (from, until) =
            (i64::try_from(among.start).unwrap_or(i64::MAX), i64::try_from(among.end).unwrap_or(i64::MAX));
        let [first, second, third, fourth] = says.each_ref().map(|text| format!("%{text}%"));
        let found = rows!(
            &self.db,
            (String,),
            sql,
            org.to_string(),
            from,
            until,
            &first,
            &second,
            &third,
            &fourth,
            i64::from(limit)
        )?;
        Ok(found.into_iter().map(|(body,)| body).collect())
    }

    /// The first of `size` entries that is not before a time.
    pub async fn since(&self, org: OrgId, size: u64, time: Timestamp) -> Done<u64> {
        let (mut low, mut high) = (0, size);
        while low < high {
            let middle = low + (high - low) / 2;
            let body = self.entries(org, middle, 1).await?;
            let entry: Entry = body
                .first()
                .and_then(|body| serde_json::from_str(body).ok())
                .ok_or_else(|| StoreError(format!("entry {middle} of {org} is missing")))?;
            if entry.at < time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The hashes of the log that proofs about entry `index` among the first `size` need: complete subtrees beside its way, and those
    /// at the right edge.
    pub async fn nodes(&self, org: OrgId, index: u64, size: u64) -> Done<Picked> {
        let mut wanted: BTreeSet<(u32, u64)> = BTreeSet::new();
        for level in (0..64).take_while(|level| size >> level > 0) {
            wanted.extend([(level, (index >> level) ^ 1), (level, index >> level), (level, (size >> level) - 1)]);
        }
        let mut picked = Picked::default();
        for (level, place) in wanted {
            let sql = "SELECT hash FROM node WHERE org = $1 AND level = $2 AND place = $3";
            let at = i64::try_from(place).unwrap_or(i64::MAX);
            let found = rows!(&self.db, (Vec<u8>,), sql, org.to_string(), i64::from(level), at)?;
            if let Some(hash) = found.into_iter().next().and_then(|(hash,)| Hash::try_from(hash).ok()) {
                picked.0.insert((level, place), hash);
            }
        }
        Ok(picked)
    }

    /// A module that decided something.
    pub async fn module(&self, digest: &str) -> Done<Option<Vec<u8>>> {
        let found = rows!(&self.db, (Vec<u8>,), "SELECT bytes FROM module WHERE digest = $1", digest)?;
        Ok(found.into_iter().next().map(|(bytes,)| bytes))
    }

    /// Messages that are due, oldest first. They are this host's for a minute; then, if nothing was heard, anybody's again.
    pub async fn due(&self, now: Timestamp, limit: u32) -> Done<Vec<Due>> {
        // Most of the time there is nothing, and nobody needs to wait for that.
        let sql = "SELECT due FROM outbox WHERE due <= $1 LIMIT 1";
        if rows!(&self.db, (i64,), sql, now.as_millisecond())?.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let own = match &tx {
            db::Tx::Sqlite(_) => "SELECT org, notice, sealed FROM outbox WHERE due <= $1 ORDER BY due, notice LIMIT $2",
            db::Tx::Postgres(_) => {
                "SELECT org, notice, sealed FROM outbox WHERE due <= $1 ORDER BY due, notice LIMIT $2 FOR UPDATE SKIP LOCKED"
            }
        };
        let at = now.as_millisecond();
        let found = rows_in!(&mut tx, (String, String, Vec<u8>), own, at, i64::from(limit))?;
        let mut due = Vec::new();
        for (org, notice, sealed) in &found {
            let plain = self.keys.open(&format!("{org}/outbox/{notice}"), sealed)?;
            let json = serde_json::from_slice(&plain).map_err(|error| StoreError(error.to_string()))?;
            let wrong = |text: &str| StoreError(format!("`{text}` is no id"));
            due.push((org.parse().map_err(|_| wrong(org))?, notice.parse().map_err(|_| wrong(notice))?, json));
            run!(&mut tx, "UPDATE outbox SET due = $3 WHERE org = $1 AND notice = $2", org, notice, at + CLAIM)?;
        }
        if !due.is_empty() {
            tx.commit().await?;
        }
        Ok(due)
    }

    /// Forgets answers older than thirty days, the longest a box may be without a network (D9).
    pub async fn forget(&self, now: Timestamp) -> Done<()> {
        let month = now.as_millisecond() - 30 * 24 * 60 * 60 * 1000;
        let mut tx = self.db.begin().await?;
        run!(&mut tx, "DELETE FROM answered WHERE at < $1", month)?;
        tx.commit().await
    }

    /// A box was heard of.
    pub async fn heard(&self, org: &str, r#box: &str, now: Timestamp) -> Done<()> {
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO heard (org, box, at) VALUES ($1, $2, $3) ON CONFLICT (org, box) DO UPDATE SET at = excluded.at";
        run!(&mut tx, sql, org, r#box, now.as_millisecond())?;
        tx.commit().await
    }

    /// Boxes that no host has heard of for a while: organization, box.
    pub async fn silent(&self, now: Timestamp, seconds: i64) -> Done<Vec<(String, String)>> {
        let before = now.as_millisecond() - seconds * 1000;
        Ok(rows!(&self.db, (String, String), "SELECT org, box FROM heard WHERE at < $1", before)?)
    }

    /// Copies the database to a file, as it is at one moment.
    pub async fn copy(&self, to: &std::path::Path) -> Done<()> {
        match &self.db {
            Db::Sqlite(pool) => {
                let to = to.to_str().ok_or_else(|| StoreError("the name of the file is no text".to_string()))?;
                sqlx::query("VACUUM INTO $1").bind(to).execute(pool).await?;
                Ok(())
            }
            Db::Postgres(_) => Err(StoreError("a PostgreSQL database is copied by pg_dump".to_string())),
        }
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite(pool) => pool.close().await,
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Messages that wait to go out.
    pub async fn waiting(&self) -> Done<i64> {
        let count = rows!(&self.db, (i64,), "SELECT COUNT(*) FROM outbox")?;
        Ok(count.first().map_or(0, |(count,)| *count))
    }

    /// Whether nothing was ever written.
    pub async fn is_empty(&self) -> Done<bool> {
        Ok(rows!(&self.db, (i64,), "SELECT seq FROM entry LIMIT 1")?.is_empty())
    }

    /// Where the table beside the log says the keys are.
    pub async fn places(&self, org: OrgId) -> Done<Vec<PlaceRow>> {
        let sql = "SELECT key, bin, who, version FROM place WHERE org = $1 ORDER BY key";
        Ok(rows!(&self.db, PlaceRow, sql, org.to_string())?)
    }
}

/// Hashes that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Picked(BTreeMap<(u32, u64), Hash>);

impl Nodes for Picked {
    fn at(&self, level: u32, index: u64) -> Option<Hash> {
        self.0.get(&(level, index)).copied()
    }
}
