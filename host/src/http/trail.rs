//! The log, for auditors. In: places in it. Out: entries as they were written, signed checkpoints, receipts. Whoever gets a receipt needs
//! neither the host nor its word (A1-A3).

use super::App;
use super::auth::Person;
use super::people::seen;
use super::problem::{Problem, answer};
use crate::writer::Outcome;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use keyward_audit::{Checkpoint, Frontier, Receipt, inclusion};
use keyward_host_core::kinds::Role;
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/log", get(log))
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/{seq}/receipt", get(receipt))
        .route("/overview", get(overview))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    #[serde(default)]
    from: u64,
    #[serde(default = "hundred")]
    limit: u32,
}

fn hundred() -> u32 {
    100
}

/// Whether somebody may read the log, and how long it is.
pub async fn reader(app: &App, slug: &str, person: Person) -> Result<(keyward_host_core::id::OrgId, u64), Response> {
    let outcome = app.writer.act(slug, person.caller, None, None, |turn| {
        turn.must_be(&[Role::Owner, Role::OrgAdmin, Role::Auditor])?;
        Ok((200, json!(turn.org.seq)))
    });
    let seq = match outcome.await {
        Outcome::Done(_, body) => body.parse().unwrap_or(0),
        other => return Err(other.into_response()),
    };
    let all = app.store.orgs().await.map_err(|_| Problem::down().into_response())?;
    let found = all.into_iter().find(|(_, own)| own == slug).map(|(id, _)| id);
    found.map(|id| (id, seq)).ok_or_else(|| Problem::nothing().into_response())
}

/// Entries a line each, as they were written: their bytes are the leaves.
async fn log(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    query: Result<Query<From>, QueryRejection>,
) -> Result<Response, Response> {
    let (org, _) = reader(&app, &slug, person).await?;
    let wrong = |_| Problem::body("The log is asked for with from and limit, which are whole numbers.").into_response();
    let query = query.map_err(wrong)?;
    let bodies = app
        .store
        .entries(org, query.from, query.limit.clamp(1, 1_000))
        .await
        .map_err(|_| Problem::down().into_response())?;
    let mut lines = bodies.join("\n");
    if !lines.is_empty() {
        lines.push('\n');
    }
    Ok(answer(StatusCode::OK, "application/jsonl", lines))
}

/// A signed checkpoint of the log as it is.
async fn signed(app: &App, org: keyward_host_core::id::OrgId, slug: &str, size: u64) -> Result<String, Problem> {
    let nodes = app.store.nodes(org, size.saturating_sub(1), size).await.map_err(|_| Problem::down())?;
    let root = if size == 0 { Some(Frontier::default().root()) } else { keyward_audit::root(&nodes, size) };
    let root = root.ok_or_else(Problem::down)?;
    let origin = format!("{}/v1/{slug}/log", app.address.trim_start_matches("https://").trim_start_matches("http://"));
    let signer = app.keys.signer(&origin).map_err(|_| Problem::down())?;
    Checkpoint { origin, size, root }.sign(&signer).ok_or_else(Problem::down)
}

async fn checkpoint(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Result<Response, Response> {
    let (org, size) = reader(&app, &slug, person).await?;
    let note = signed(&app, org, &slug, size).await.map_err(IntoResponse::into_response)?;
    Ok(answer(StatusCode::OK, "text/plain; charset=utf-8", note))
}

/// A receipt for one entry.
async fn receipt(
    State(app): State<App>,
    Path((slug, seq)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let (org, size) = reader(&app, &slug, person).await?;
    let seq: u64 = seq.parse().map_err(|_| Problem::nothing().into_response())?;
    if seq >= size {
        return Err(Problem::nothing().into_response());
    }
    let down = |_| Problem::down().into_response();
    let nodes = app.store.nodes(org, seq, size).await.map_err(down)?;
    let proof = inclusion(&nodes, seq, size).ok_or_else(|| Problem::down().into_response())?;
    let checkpoint = signed(&app, org, &slug, size).await.map_err(IntoResponse::into_response)?;
    let receipt = Receipt { index: seq, proof, checkpoint };
    Ok(answer(StatusCode::OK, "text/plain; charset=utf-8", receipt.to_string()))
}

/// What an administrator sees first: keys out, overdue, boxes that are not heard of, approvals that wait.
async fn overview(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        use keyward_host_core::org::Where;
        let keys = turn.org.keys.values();
        let out = keys.clone().filter(|key| matches!(key.place, Where::Held(_))).count();
        let missing = keys.clone().filter(|key| key.place == Where::Unknown && key.version > 0).count();
        let overdue = keys.clone().filter(|key| key.due.is_some_and(|due| due < turn.now)).count();
        let silent: Vec<Value> = turn.org.boxes.iter().filter(|(_, it)| it.public_key.is_some() && !it.online).map(|(id, it)| json!({ "box": id, "name": it.name })).collect();
        json!({ "keys": turn.org.keys.len(), "out": out, "missing": missing, "overdue": overdue, "boxes_offline": silent, "people": turn.org.people.len(), "entries": turn.org.seq })
    })
    .await
}
