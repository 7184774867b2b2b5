//! Alert rules and webhooks (F20, R71, B8). In: JSON. Out: what was made; the secret of a webhook is shown once. Refuses addresses whose host
//! is not on the list of this installation.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::people::{command, id, seen};
use super::problem::Problem;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{delete, post, put};
use keyward_host_core::alert::{AlertRule, TRIGGERS};
use keyward_host_core::id::{HookId, RuleId};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/alert-rules", post(add).get(rules))
        .route("/alert-rules/{rule}", put(change).delete(remove))
        .route("/webhooks", post(add_hook).get(hooks))
        .route("/webhooks/{hook}", delete(remove_hook))
}

async fn add(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<AlertRule>) -> Response {
    command(&app, &slug, person, "alert-rules", body.hash, move |turn| {
        let rule = turn.set_rule(None, body.value)?;
        Ok((201, json!({ "rule": rule })))
    })
    .await
}

async fn rules(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn.org.rules.iter().map(|(id, card)| json!({ "rule": id, "card": card }));
        let triggers = TRIGGERS.map(|(name, words)| json!({ "on": name, "words": words }));
        json!({ "rules": all.collect::<Vec<_>>(), "triggers": triggers })
    })
    .await
}

async fn change(
    State(app): State<App>,
    Path((slug, rule)): Path<(String, String)>,
    person: Person,
    body: Body<AlertRule>,
) -> Result<Response, Problem> {
    let id: RuleId = id(&rule)?;
    Ok(command(&app, &slug, person, &format!("alert-rules/{rule}"), body.hash, move |turn| {
        turn.set_rule(Some(id), body.value)?;
        Ok((200, json!({ "rule": id })))
    })
    .await)
}

async fn remove(
    State(app): State<App>,
    Path((slug, rule)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: RuleId = id(&rule)?;
    Ok(command(&app, &slug, person, &format!("alert-rules/{rule}/removal"), [0; 32], move |turn| {
        turn.remove_rule(id)?;
        Ok((200, json!({ "rule": id, "removed": true })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewHook {
    name: String,
    url: String,
}

async fn add_hook(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<NewHook>,
) -> Result<Response, Problem> {
    let NewHook { name, url } = body.value;
    let invalid = |why: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why).with("field", "url");
    let host = app.hooks.checked(&url).map_err(invalid)?;
    Ok(command(&app, &slug, person, "webhooks", body.hash, move |turn| {
        let (hook, secret) = turn.add_hook(&name, &url, &host)?;
        Ok((201, json!({ "webhook": hook, "secret": secret })))
    })
    .await)
}

async fn hooks(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn.org.hooks.iter().map(|(id, (name, host))| json!({ "webhook": id, "name": name, "host": host }));
        json!({ "webhooks": all.collect::<Vec<Value>>() })
    })
    .await
}

async fn remove_hook(
    State(app): State<App>,
    Path((slug, hook)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: HookId = id(&hook)?;
    Ok(command(&app, &slug, person, &format!("webhooks/{hook}/removal"), [0; 32], move |turn| {
        turn.remove_hook(id)?;
        Ok((200, json!({ "webhook": id, "removed": true })))
    })
    .await)
}
