//! D11: durable pickups a second. 64 clients, each with a person, a badge and a key of its own, take and bring back, over the whole door:
//! signed requests, policies, the log, the disk. Beside it, in the same run, how often the same disk commits one row.
//!
//! `cargo xtask bench host`

#[path = "../tests/desk/mod.rs"]
mod desk;

use desk::{Desk, LockBox};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::sync::Arc;
use std::time::{Duration, Instant};

const CLIENTS: usize = 64;
const FOR: Duration = Duration::from_secs(10);

async fn bare(folder: &desk::Folder) -> f64 {
    let options = SqliteConnectOptions::new()
        .filename(folder.0.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a database");
    sqlx::raw_sql("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)").execute(&pool).await.expect("a table");
    let (begun, mut commits) = (Instant::now(), 0u32);
    while begun.elapsed() < Duration::from_secs(3) {
        sqlx::query("INSERT INTO t (body) VALUES ($1)").bind("x".repeat(400)).execute(&pool).await.expect("a row");
        commits += 1;
    }
    f64::from(commits) / begun.elapsed().as_secs_f64()
}

async fn exchange(desk: &Desk, cabinet: &LockBox, client: usize, key: &str) -> Duration {
    let begun = Instant::now();
    let badge = json!({ "method": "badge", "value": format!("badge-{client}") });
    let visit = cabinet.ask(desk, "POST", "visits", &badge).await.fine().text("visit");
    let chosen = cabinet.ask(desk, "POST", &format!("visits/{visit}/key"), &json!({ "key": key })).await.fine();
    let operation = chosen.text("operation");
    cabinet.ask(desk, "POST", &format!("operations/{operation}/begin"), &json!({})).await.fine();
    let taken = json!({ "what": "taken", "verified": true });
    cabinet.ask(desk, "POST", &format!("operations/{operation}/report"), &taken).await.fine();
    let took = begun.elapsed();
    let back =
        cabinet.ask(desk, "POST", "returns", &json!({ "fob": format!("fob-{client}") })).await.fine().text("operation");
    cabinet.ask(desk, "POST", &format!("operations/{back}/report"), &json!({ "what": "placed" })).await.fine();
    took
}

/// How often a server commits one row.
async fn bare_server(url: &str) -> f64 {
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(url).await.expect("a database");
    sqlx::raw_sql("CREATE TABLE t (n BIGSERIAL PRIMARY KEY, body TEXT)").execute(&pool).await.expect("a table");
    let (begun, mut commits) = (Instant::now(), 0u32);
    while begun.elapsed() < Duration::from_secs(3) {
        sqlx::query("INSERT INTO t (body) VALUES ($1)").bind("x".repeat(400)).execute(&pool).await.expect("a row");
        commits += 1;
    }
    f64::from(commits) / begun.elapsed().as_secs_f64()
}

async fn measure(name: &str, database: Option<String>, commits: f64) {
    let desk = Arc::new(Desk::on("acme", database).await);
    let cabinet = Arc::new(LockBox::new(&desk, CLIENTS).await);
    let mut keys = Vec::new();
    for client in 0..CLIENTS {
        keys.push(cabinet.key(&desk, &format!("Key {client}"), &format!("fob-{client}"), client).await);
        cabinet
            .somebody(&desk, &format!("P {client}"), &format!("+43770{client:05}"), &format!("badge-{client}"))
            .await;
    }
    let begun = Instant::now();
    let clients = keys.into_iter().enumerate().map(|(client, key)| {
        let (desk, cabinet) = (Arc::clone(&desk), Arc::clone(&cabinet));
        tokio::spawn(async move {
            let mut took = Vec::new();
            while begun.elapsed() < FOR {
                took.push(exchange(&desk, &cabinet, client, &key).await);
            }
            took
        })
    });
    let mut all = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        all.extend(client.await.expect("a client"));
    }
    let rate = all.len() as f64 / begun.elapsed().as_secs_f64();
    all.sort_unstable();
    let at = |share: f64| all[((all.len() - 1) as f64 * share) as usize];
    println!("{name}");
    println!("  one row a commit, the same disk {commits:>8.0} /s");
    println!("  pickups, {CLIENTS} clients           {rate:>8.0} /s   each with its return: six durable requests");
    println!("  a pickup takes                  p50 {:>6.1?}  p99 {:>6.1?}", at(0.5), at(0.99));
}

fn main() {
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = desk::Folder::new();
        measure("SQLite", None, bare(&folder).await).await;
        let server = desk::postgres::Postgres::new();
        measure("PostgreSQL", Some(server.url.clone()), bare_server(&server.url).await).await;
    });
}
