//! What a log folds to, kept so that a host begins quickly. In: an organization as it stands. Out: the same, later, without its log being read.
//! It is sealed, so that nobody without the key can put another one in its place, and `verify` compares it with the log. Refuses one that
//! another version of the fold has made: then the log is read, as if there were none.

use super::db::{rows, run};
use super::{Done, Loaded, Store, StoreError};
use keyward_audit::{Frontier, Hash};
use keyward_host_core::id::OrgId;
use keyward_host_core::org::{FOLD, Org};
use serde::{Deserialize, Serialize};

/// Entries after which another one is made.
pub const EVERY: u64 = 10_000;

#[derive(Serialize, Deserialize)]
struct Snapshot {
    /// Which fold made it.
    fold: u32,
    size: u64,
    edge: Vec<Hash>,
    org: Org,
}

/// What is written down of an organization.
pub fn written(loaded: Loaded) -> Result<Vec<u8>, StoreError> {
    let (size, edge) = (loaded.edge.size(), loaded.edge.edge().to_vec());
    // The vault is left out by itself; it has rows of its own.
    let snapshot = Snapshot { fold: FOLD, size, edge, org: loaded.org };
    serde_json::to_vec(&snapshot).map_err(|error| StoreError(error.to_string()))
}

impl Store {
    /// Keeps what was written down.
    pub async fn keep(&self, org: OrgId, seq: u64, plain: &[u8]) -> Done<()> {
        let sealed = self.keys.seal(&format!("{org}/snapshot"), plain)?;
        let mut tx = self.db.begin().await?;
        let sql = "INSERT INTO snapshot (org, seq, sealed) VALUES ($1, $2, $3) ON CONFLICT (org) DO UPDATE SET seq = excluded.seq, \
                   sealed = excluded.sealed WHERE excluded.seq > snapshot.seq";
        run!(&mut tx, sql, org.to_string(), i64::try_from(seq).unwrap_or(i64::MAX), sealed)?;
        tx.commit().await
    }

    /// How far an organization was written down.
    pub async fn kept_until(&self, id: OrgId) -> Done<u64> {
        let found = rows!(&self.db, (i64,), "SELECT seq FROM snapshot WHERE org = $1", id.to_string())?;
        Ok(found.first().and_then(|(seq,)| u64::try_from(*seq).ok()).unwrap_or(0))
    }

    /// An organization as it was written down last, if it was; its vault is empty.
    pub async fn kept(&self, id: OrgId) -> Done<Option<Loaded>> {
        let sql = "SELECT sealed FROM snapshot WHERE org = $1";
        let Some((sealed,)) = rows!(&self.db, (Vec<u8>,), sql, id.to_string())?.into_iter().next() else {
            return Ok(None);
        };
        let Ok(plain) = self.keys.open(&format!("{id}/snapshot"), &sealed) else { return Ok(None) };
        let read = tokio::task::spawn_blocking(move || serde_json::from_slice::<Snapshot>(&plain).ok());
        let snapshot = read.await.map_err(|error| StoreError(error.to_string()))?;
        let sound = snapshot.filter(|one| one.fold == FOLD && one.org.seq == one.size);
        let loaded =
            sound.and_then(|one| Some(Loaded { id, edge: Frontier::new(one.size, one.edge)?, org: one.org, vault: 0 }));
        Ok(loaded)
    }
}
