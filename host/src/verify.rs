//! Looks whether a database still says what was written. In: a database, read only, or lines of a log with a checkpoint. Out: how many
//! entries hold, or the first thing that does not. The log is folded again, and must give what the tables beside it say (A2, A4).

use crate::store::{Loaded, Store};
use keyward_audit::{Checkpoint, Frontier, PublicKey, leaf};
use keyward_host_core::id::OrgId;
use keyward_host_core::org::Where;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The organization.
    pub slug: String,
    /// Its entries.
    pub entries: u64,
    /// The hash of all of them.
    pub root: String,
}

/// Verifies every organization of a database.
pub async fn database(store: &Store) -> Result<Vec<Sound>, String> {
    let mut all = Vec::new();
    for (id, slug) in store.orgs().await.map_err(|error| error.to_string())? {
        let loaded = store.fold(id).await.map_err(|error| format!("{slug}: {error}"))?;
        let begun = store.load(id).await.map_err(|error| format!("{slug}: {error}"))?;
        if begun.org != loaded.org || begun.edge != loaded.edge {
            return Err(format!("{slug}: what was written down for a quick start is not what the log says"));
        }
        organization(store, id, &loaded).await.map_err(|why| format!("{slug}: {why}"))?;
        let root = loaded.edge.root().iter().map(|byte| format!("{byte:02x}")).collect();
        all.push(Sound { slug, entries: loaded.edge.size(), root });
    }
    Ok(all)
}

async fn organization(store: &Store, id: OrgId, loaded: &Loaded) -> Result<(), String> {
    let size = loaded.edge.size();
    if size > 0 {
        let nodes = store.nodes(id, size - 1, size).await.map_err(|error| error.to_string())?;
        if keyward_audit::root(&nodes, size) != Some(loaded.edge.root()) {
            return Err("the entries do not have the hash that was stored when they were written".to_string());
        }
    }
    loaded.org.one_key_one_place()?;
    let told = store.places(id).await.map_err(|error| error.to_string())?;
    for (key, bin, who, version) in &told {
        let known = key
            .parse()
            .ok()
            .and_then(|key| loaded.org.keys.get(&key))
            .ok_or_else(|| format!("the log does not know the key {key}"))?;
        let place = match known.place {
            Where::Bin(bin) => (Some(bin.to_string()), None),
            Where::Held(who) => (None, serde_json::to_string(&who).ok()),
            Where::Unknown => (None, None),
        };
        if (bin.clone(), who.clone()) != place || i64::try_from(known.version) != Ok(*version) {
            return Err(format!("the log and the table of places say different things about the key {key}"));
        }
    }
    match told.len() == loaded.org.keys.len() {
        true => Ok(()),
        false => Err("the table of places does not have every key".to_string()),
    }
}

/// Verifies lines of a log, as they were exported, against a signed checkpoint.
pub fn export(lines: &str, checkpoint: &str, key: &str) -> Result<u64, String> {
    let key = PublicKey::parse(key.trim()).ok_or("this is not a public key of a log")?;
    let checkpoint = Checkpoint::open(checkpoint, &key, key.name()).map_err(|error| error.to_string())?;
    let mut edge = Frontier::default();
    for (number, line) in lines.lines().enumerate() {
        let entry: serde_json::Value =
            serde_json::from_str(line).map_err(|error| format!("line {}: {error}", number + 1))?;
        if entry["seq"].as_u64() != Some(edge.size()) {
            return Err(format!("line {}: entry {} is due here", number + 1, edge.size()));
        }
        edge.push(leaf(line.as_bytes()));
    }
    if edge.size() != checkpoint.size {
        return Err(format!("there are {} entries, and the checkpoint is about {}", edge.size(), checkpoint.size));
    }
    match edge.root() == checkpoint.root {
        true => Ok(edge.size()),
        false => Err("an entry was changed: the hash of all of them is not that of the checkpoint".to_string()),
    }
}
