//! How a host begins on a large organization, and what it needs then: 100,000 keys, a million entries. With what was written down of it, and
//! without, in the same run.
//!
//! `cargo xtask bench host`; `KEYWARD_ENTRIES=100000` makes it smaller.

#[path = "../tests/desk/mod.rs"]
mod desk;

use desk::{Desk, settings};
use keyward_host::serve::{Host, Settings};
use keyward_host::store::db::Db;
use keyward_host::store::snapshot::written;
use keyward_host::writer::Caller;
use keyward_host_core::event::KeyCard;
use keyward_host_core::id::KeyId;
use keyward_host_core::org::Where;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// Memory of this process, in megabytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure());
}

async fn measure() {
    let entries = std::env::var("KEYWARD_ENTRIES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000u64);
    let keys = entries / 10;
    let desk = Desk::new("acme").await;
    let session = desk.owner.split_once('.').expect("a session");
    let caller = Caller::Session(session.0.parse().expect("an id"), session.1.to_string());
    let mut made = 0;
    while made < keys {
        let first = made;
        let many = desk.app.writer.act("acme", caller.clone(), None, None, move |turn| {
            for number in first..first + 1_000 {
                let card = json!({ "name": format!("Key {number}"), "fob": format!("fob-{number}") });
                let card: KeyCard = serde_json::from_value(card).expect("a card");
                turn.create_key(card, "", "")?;
            }
            Ok((200, Value::Null))
        });
        many.await;
        made += 1_000;
        if made.is_multiple_of(20_000) {
            eprintln!("{made} keys");
        }
    }
    let all: Vec<KeyId> =
        desk.app.writer.look("acme", |org, _, _| org.keys.keys().copied().collect()).await.expect("the keys");
    let mut at = 0usize;
    loop {
        let some: Vec<KeyId> = (0..1_000).map(|next| all[(at + next) % all.len()]).collect();
        at += 1_000;
        let many = desk.app.writer.act("acme", caller.clone(), None, None, move |turn| {
            for key in some {
                turn.correct(key, Where::Unknown, "nobody knows")?;
            }
            Ok((200, json!(turn.org.seq)))
        });
        let keyward_host::writer::Outcome::Done(_, length) = many.await else { panic!("the store works") };
        if at.is_multiple_of(100_000) {
            eprintln!("{length} entries");
        }
        if length.parse::<u64>().expect("a number") >= entries {
            break;
        }
    }
    let store = &desk.app.store;
    let (id, _) = store.orgs().await.expect("organizations").remove(0);
    let loaded = store.fold(id).await.expect("the log");
    let seq = loaded.org.seq;
    let plain = written(loaded).expect("written down");
    let size = plain.len() / 1_048_576;
    store.keep(id, seq, &plain).await.expect("kept");
    drop(plain);
    println!("{} keys, {seq} entries; written down: {size} MB", all.len());
    let begin = async || {
        let folder = desk::Folder(desk.folder.0.clone());
        let begun = Instant::now();
        let host = Host::open(Settings { ..settings(&folder) }, Arc::new(jiff::Timestamp::now)).await.expect("a host");
        let took = begun.elapsed();
        std::mem::forget(folder);
        drop(host);
        took
    };
    let before = memory();
    let quick = begin().await;
    println!("a host begins in {quick:?}; this process with two of them has {before} and then {} MB", memory());
    let Ok(Db::Sqlite(pool)) = Db::file(&desk.folder.0.join("data/keyward.db")).await else { panic!("the database") };
    sqlx::query("DELETE FROM snapshot").execute(&pool).await.expect("thrown away");
    println!("with nothing written down, from the log alone: {:?}", begin().await);
}
