//! One batch of commands for one organization, in one transaction. In: the lock on the organization, what commands made. Out: all of it
//! on the disk, or nothing. Whoever has the lock first reads what other hosts have written; so several hosts on one database are one
//! system. Refuses to write anything private unsealed.

use super::db::{Tx, insert, rows, rows_in, run};
use super::{Answered, Done, Loaded, Store, StoreError, absorb, grown, owner_text};
use jiff::Timestamp;
use keyward_audit::{Frontier, Hash, leaf};
use keyward_host_core::Made;
use keyward_host_core::event::{Entry, Event};
use keyward_host_core::id::{KeyId, OrgId};
use keyward_host_core::org::{Org, Where};
use keyward_host_core::shelf;
use std::collections::BTreeSet;
use std::sync::PoisonError;

/// Milliseconds until a message that failed is tried again.
const AGAIN: i64 = 15_000;

/// A batch that has the lock.
#[derive(Debug)]
pub struct Batch {
    store: Store,
    tx: Tx,
    id: OrgId,
    org: String,
    edge: Frontier,
    moved: BTreeSet<KeyId>,
    /// Entries and nodes that wait to be written together.
    entries: Vec<(i64, String)>,
    nodes: Vec<(i64, i64, Hash)>,
    wrote: bool,
}

impl Store {
    /// Takes the lock on an organization and reads what others have written since.
    pub async fn begin(&self, loaded: &mut Loaded) -> Done<Batch> {
        let mut tx = self.db.begin().await?;
        let org = loaded.id.to_string();
        if let Tx::Postgres(_) = &tx {
            rows_in!(&mut tx, (String,), "SELECT id FROM org WHERE id = $1 FOR UPDATE", &org)?;
        }
        loop {
            let next = i64::try_from(loaded.org.seq).unwrap_or(i64::MAX);
            let sql = "SELECT body FROM entry WHERE org = $1 AND seq >= $2 ORDER BY seq LIMIT 10000";
            let bodies = rows_in!(&mut tx, (String,), sql, &org, next)?;
            if bodies.is_empty() {
                break;
            }
            absorb(loaded, bodies.into_iter().map(|(body,)| body))?;
        }
        let sql = "SELECT owner, sealed, seq FROM vault WHERE org = $1 AND seq >= $2";
        let from = i64::try_from(loaded.vault).unwrap_or(i64::MAX);
        let records = rows_in!(&mut tx, (String, Option<Vec<u8>>, i64), sql, &org, from)?;
        self.unseal(loaded, records)?;
        let (id, edge) = (loaded.id, loaded.edge.clone());
        Ok(Batch {
            store: self.clone(),
            tx,
            id,
            org,
            edge,
            moved: BTreeSet::new(),
            entries: Vec::new(),
            nodes: Vec::new(),
            wrote: false,
        })
    }
}

impl Batch {
    /// An answer that was given before.
    pub async fn answered(&mut self, caller: &str, request: &str) -> Done<Option<Answered>> {
        let sql = "SELECT hash, status, sealed FROM answered WHERE org = $1 AND caller = $2 AND request = $3";
        let found = rows_in!(&mut self.tx, (Vec<u8>, i64, Vec<u8>), sql, &self.org, caller, request)?;
        let Some((hash, status, sealed)) = found.into_iter().next() else { return Ok(None) };
        let plain = self.store.keys.open(&format!("{}/answered/{caller}/{request}", self.org), &sealed)?;
        let hash = hash.try_into().map_err(|_| StoreError("a hash has 32 bytes".to_string()))?;
        let body = String::from_utf8(plain).map_err(|error| StoreError(error.to_string()))?;
        let status = u16::try_from(status).unwrap_or(200);
        Ok(Some(Answered { caller: caller.to_string(), request: request.to_string(), hash, status, body }))
    }

    /// Writes what one command made.
    pub async fn write(&mut self, made: &Made, answered: Option<&Answered>, now: Timestamp) -> Done<()> {
        let Batch { store, tx, org, edge, .. } = self;
        self.wrote = true;
        for entry in &made.entries {
            let body = serde_json::to_string(entry).map_err(|error| StoreError(error.to_string()))?;
            if entry.seq != edge.size() {
                return Err(StoreError(format!("entry {} comes where {} is due", entry.seq, edge.size())));
            }
            for (level, place, hash) in grown(edge, leaf(body.as_bytes())) {
                self.nodes.push((i64::from(level), i64::try_from(place).unwrap_or(i64::MAX), hash));
            }
            self.entries.push((i64::try_from(entry.seq).unwrap_or(i64::MAX), body));
            self.moved.extend(key_of(&entry.event));
            modules(store, tx, entry).await?;
            outbox(tx, org, &entry.event, now).await?;
        }
        let seq = i64::try_from(edge.size()).unwrap_or(i64::MAX);
        for (owner, record) in &made.records {
            let name = owner_text(owner)?;
            let sealed = match record {
                Some(record) => {
                    let plain = serde_json::to_vec(record).map_err(|error| StoreError(error.to_string()))?;
                    Some(store.keys.seal(&format!("{org}/{name}"), &plain)?)
                }
                None => None,
            };
            let sql = "INSERT INTO vault (org, owner, sealed, seq) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (org, owner) DO UPDATE SET sealed = excluded.sealed, seq = excluded.seq";
            run!(&mut *tx, sql, &*org, &name, sealed, seq)?;
        }
        for message in &made.messages {
            let plain = serde_json::json!({
                "channel": message.channel, "to": message.to, "text": message.text, "until": message.until,
            });
            let notice = message.notice.to_string();
            let sealed = store.keys.seal(&format!("{org}/outbox/{notice}"), plain.to_string().as_bytes())?;
            let sql = "INSERT INTO outbox (org, notice, sealed, due) VALUES ($1, $2, $3, $4)";
            run!(&mut *tx, sql, &*org, &notice, sealed, now.as_millisecond())?;
        }
        if let Some(answered) = answered {
            let about = format!("{org}/answered/{}/{}", answered.caller, answered.request);
            let sealed = store.keys.seal(&about, answered.body.as_bytes())?;
            let sql = "INSERT INTO answered (org, caller, request, hash, status, sealed, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let (status, at) = (i64::from(answered.status), now.as_millisecond());
            run!(
                &mut *tx,
                sql,
                &*org,
                &answered.caller,
                &answered.request,
                answered.hash.as_slice(),
                status,
                sealed,
                at
            )?;
        }
        Ok(())
    }

    /// Puts it all on the disk, with where keys are now.
    pub async fn commit(mut self, loaded: &mut Loaded) -> Done<()> {
        if !self.wrote {
            return Ok(());
        }
        let Batch { tx, org, entries, nodes, .. } = &mut self;
        insert!(tx, "INSERT INTO entry (org, seq, body) ", entries, 1_000, |values, row| {
            values.push_bind(&*org).push_bind(row.0).push_bind(&row.1);
        });
        insert!(tx, "INSERT INTO node (org, level, place, hash) ", nodes, 1_000, |values, row| {
            values.push_bind(&*org).push_bind(row.0).push_bind(row.1).push_bind(row.2.as_slice());
        });
        place(&mut self.tx, &self.org, &loaded.org, &self.moved).await?;
        debug_assert_eq!(self.id, loaded.id, "the batch is about this organization");
        self.tx.commit().await?;
        loaded.vault = self.edge.size();
        loaded.edge = self.edge;
        Ok(())
    }
}

/// Keeps the modules that decided, each once.
async fn modules(store: &Store, tx: &mut Tx, entry: &Entry) -> Done<()> {
    for digest in entry.decisions.iter().map(|asked| &asked.digest) {
        let known = || store.modules.lock().unwrap_or_else(PoisonError::into_inner);
        if digest.is_empty() || known().contains(digest) {
            continue;
        }
        let Some(bytes) = shelf::module(digest) else { continue };
        let sql = "INSERT INTO module (digest, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        run!(&mut *tx, sql, digest, &*bytes)?;
        // If this transaction is given up the next one must write it, so only what was committed before counts as known.
        let sql = "SELECT digest FROM module WHERE digest = $1";
        if !rows!(&store.db, (String,), sql, digest)?.is_empty() {
            known().insert(digest.clone());
        }
    }
    Ok(())
}

/// A message that went out, or never will, leaves the outbox with its text; one that failed waits.
async fn outbox(tx: &mut Tx, org: &str, event: &Event, now: Timestamp) -> Done<()> {
    let (notice, gone) = match event {
        Event::NoticeSent { notice } => (notice, true),
        Event::NoticeFailed { notice, last, .. } => (notice, *last),
        _ => return Ok(()),
    };
    let notice = notice.to_string();
    if gone {
        run!(tx, "DELETE FROM outbox WHERE org = $1 AND notice = $2", org, notice)?;
    } else {
        let due = now.as_millisecond() + AGAIN;
        run!(tx, "UPDATE outbox SET due = $3 WHERE org = $1 AND notice = $2", org, notice, due)?;
    }
    Ok(())
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
async fn place(tx: &mut Tx, id: &str, org: &Org, moved: &BTreeSet<KeyId>) -> Done<()> {
    for key in moved {
        run!(&mut *tx, "UPDATE place SET bin = NULL, who = NULL WHERE org = $1 AND key = $2", id, key.to_string())?;
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
        let version = i64::try_from(known.version).unwrap_or(i64::MAX);
        let sql = "INSERT INTO place (org, key, bin, who, version) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org, key) DO UPDATE SET \
                   bin = excluded.bin, who = excluded.who, version = excluded.version WHERE excluded.version > place.version";
        run!(&mut *tx, sql, id, key.to_string(), bin, who, version)?;
    }
    Ok(())
}
