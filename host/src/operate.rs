//! Keeping a host: copies of its data, and whether it would start (D12, T22). In: folders, files, settings. Out: a copy that was verified, or what
//! is wrong. Refuses to write over anything, and to call something a copy that does not hold.

use crate::keys::Keys;
use crate::serve::{Settings, database};
use crate::store::Store;
use crate::store::db::Db;
use crate::verify;
use keyward_audit::Checkpoint;
use std::path::Path;

/// Opens the file of a database with its key.
async fn open(file: &Path, key_file: &Path) -> Result<Store, String> {
    if !file.exists() {
        return Err(format!("{}: there is no database", file.display()));
    }
    let keys = Keys::at(key_file)?;
    let db = Db::file(file).await.map_err(|error| format!("{}: {error}", file.display()))?;
    Store::open(db, keys).await.map_err(|error| format!("{}: {error}", file.display()))
}

/// Only the owner may read it.
fn private(file: &Path) -> Result<(), String> {
    #[cfg(unix)]
    {
        let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(file, own).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Copies a database that may be in use, as it is at one moment, and verifies the copy. Gives what is in it.
pub async fn backup(data: &Path, key_file: &Path, to: &Path) -> Result<Vec<verify::Sound>, String> {
    if to.exists() {
        return Err(format!("{} exists already; a copy is written over nothing", to.display()));
    }
    let store = open(&database(data), key_file).await?;
    store.copy(to).await.map_err(|error| format!("{}: {error}", to.display()))?;
    private(to)?;
    let copy = open(to, key_file).await?;
    let found = verify::database(&copy).await;
    copy.close().await;
    // What SQLite keeps beside a database it has open is empty now, and no part of the copy.
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", to.display()));
    }
    found
}

/// Verifies a copy, and puts it where a host finds it. With a checkpoint, the copy must have everything that was signed there: an
/// older one would bring back keys that have left and codes that were used (T22).
pub async fn restore(
    from: &Path,
    data: &Path,
    key_file: &Path,
    witness: Option<&str>,
) -> Result<Vec<verify::Sound>, String> {
    let place = database(data);
    if place.exists() {
        return Err(format!("{} exists already; restore into an empty folder", place.display()));
    }
    let copy = open(from, key_file).await?;
    let found = verify::database(&copy).await?;
    if let Some(note) = witness {
        seen(&copy, &Keys::at(key_file)?, note).await?;
    }
    copy.close().await;
    std::fs::create_dir_all(data).map_err(|error| format!("{}: {error}", data.display()))?;
    let half = data.join("keyward.db.restoring");
    let failed = |error: std::io::Error| format!("{}: {error}", half.display());
    std::fs::copy(from, &half).map_err(failed)?;
    std::fs::File::open(&half).and_then(|file| file.sync_all()).map_err(failed)?;
    private(&half)?;
    std::fs::rename(&half, &place).map_err(failed)?;
    Ok(found)
}

/// Whether a copy has what a checkpoint was signed over.
async fn seen(store: &Store, keys: &Keys, note: &str) -> Result<(), String> {
    let origin = note.lines().next().unwrap_or_default();
    let key = keys.signer(origin)?.public_key();
    let checkpoint = Checkpoint::open(note, &key, origin).map_err(|error| format!("the checkpoint: {error}"))?;
    let slug = origin.rsplit('/').nth(1).unwrap_or_default();
    let orgs = store.orgs().await.map_err(|error| error.to_string())?;
    let (id, _) =
        orgs.into_iter().find(|(_, own)| own == slug).ok_or(format!("the copy has no organization {slug}"))?;
    if checkpoint.size == 0 {
        return Ok(());
    }
    let nodes = store.nodes(id, checkpoint.size - 1, checkpoint.size).await.map_err(|error| error.to_string())?;
    match keyward_audit::root(&nodes, checkpoint.size) {
        Some(root) if root == checkpoint.root => Ok(()),
        Some(_) => Err("the copy has another history than the checkpoint".to_string()),
        None => {
            Err(format!("the copy is older than the checkpoint, which was signed over {} entries", checkpoint.size))
        }
    }
}

/// What would stand in the way of a host with these settings: each thing, and whether it is well.
pub async fn check(settings: &Settings) -> Vec<(String, Result<String, String>)> {
    let mut found = Vec::new();
    let folder = std::fs::create_dir_all(&settings.data).map_err(|error| error.to_string());
    let keys = Keys::at(&settings.key_file);
    let shown = settings.key_file.display().to_string();
    found.push(("master key".to_string(), keys.as_ref().map(|_| shown).map_err(Clone::clone)));
    let writable = folder.and_then(|()| {
        let probe = settings.data.join(".probe");
        std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)).map_err(|error| error.to_string())
    });
    found.push(("folder of the data".to_string(), writable.map(|()| settings.data.display().to_string())));
    let db = match &settings.database {
        Some(url) => Db::server(url).await.map(|db| (db, "PostgreSQL")),
        None => Db::file(&database(&settings.data)).await.map(|db| (db, "SQLite")),
    };
    let store = match (db, keys) {
        (Ok((db, kind)), Ok(keys)) => {
            Store::open(db, keys).await.map(|_| kind.to_string()).map_err(|error| error.to_string())
        }
        (Err(error), _) => Err(error.to_string()),
        (_, Err(why)) => Err(why),
    };
    found.push(("database".to_string(), store));
    let bound = tokio::net::TcpListener::bind(&settings.listen).await;
    found.push((
        "where it listens".to_string(),
        bound.map(|_| settings.listen.clone()).map_err(|error| format!("{}: {error}", settings.listen)),
    ));
    let address = settings.address.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|start| address.starts_with(start));
    let reached = match address.starts_with("https://") || local {
        true => Ok(address),
        false => Err(format!("{address}: people reach a host by https; its cookies are for that only")),
    };
    found.push(("how people reach it".to_string(), reached));
    found.push(("messages".to_string(), Ok(format!("{:?}", settings.gateway))));
    found
}
