//! The policies of an organization: what is in force, drafts, what they would change, publishing (F05); and past decisions asked again (F22).
//! In: texts, places in the log. Out: findings, differences, modules. Compiling and comparing happen beside the writer, so nobody at a box
//! waits for it. Refuses to publish from anything but a stored draft.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::people::{command, id, seen};
use super::problem::{Problem, answer};
use super::trail::reader;
use crate::writer::Outcome;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use keyward_host_core::event::Entry;
use keyward_host_core::id::DraftId;
use keyward_host_core::kinds::{DraftState, Preset};
use keyward_host_core::org::{Draft, Org};
use keyward_host_core::replay::{Replay, Replayed, again};
use keyward_host_core::shelf::{self, Examined, Kind, Which};
use keyward_host_core::{Fault, Turn};
use serde::Deserialize;
use serde_json::{Value, json};

/// Entries that are read at a time.
const PAGE: u32 = 5_000;
/// Days that are replayed when nobody says how many.
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/policies", get(all))
        .route("/policies/{policy}/check", post(check))
        .route("/policies/{policy}/drafts", post(draft))
        .route("/policies/{policy}/rollback", post(roll_back))
        .route("/drafts", get(drafts))
        .route("/drafts/{draft}", get(one).delete(withdraw))
        .route("/drafts/{draft}/difference", get(difference))
        .route("/drafts/{draft}/replay", post(replay))
        .route("/drafts/{draft}/approval", post(approve))
        .route("/drafts/{draft}/publication", post(publish))
        .route("/log/{seq}/decisions", get(decisions))
        .route("/modules/{digest}", get(module))
}

fn kind(word: &str) -> Result<Kind, Problem> {
    Kind::of(word).ok_or_else(Problem::nothing)
}

/// Something that takes long, beside everything else.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::down())
}

fn examined(examined: &Examined) -> Value {
    json!({
        "name": examined.name, "version": examined.version, "errors": examined.errors, "warnings": examined.warnings,
        "findings": examined.findings,
    })
}

fn shown(org: &Org, id: DraftId, draft: &Draft) -> Value {
    json!({
        "draft": id, "policy": draft.policy, "name": draft.name, "version": draft.version, "why": draft.why, "state": draft.state,
        "by": draft.by, "by_name": super::view::name(org, draft.by), "at": draft.at.to_string(), "approved_by": draft.approved,
    })
}

/// The policies in force: whose they are, their text, the module of each place.
async fn all(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let org = &*turn.org;
        let preset = turn.preset();
        let digest = |which: &Which| shelf::compiled(which).ok().map(|policy| policy.digest().to_string());
        let each = Kind::ALL.map(|kind| {
            let which = org.which(kind);
            let own = org.own.get(kind.word());
            let mut told = json!({
                "policy": kind.word(), "digest": digest(&which), "draft": own, "refines": kind.base(preset), "shipped": kind.shipped(preset),
            });
            if kind == Kind::AfterHours {
                let places = org.locations.iter().map(|(id, place)| {
                    json!({ "location": id, "name": place.card.name, "digest": digest(&org.after_hours_of(Some(*id))) })
                });
                told["places"] = places.collect();
            }
            told
        });
        json!({ "preset": preset, "policies": each })
    })
    .await
}

/// What somebody may look at: the organization is asked once, and what follows happens beside the writer.
pub async fn looked<T: Send + 'static>(
    app: &App,
    slug: &str,
    person: Person,
    look: impl FnOnce(&mut Turn<'_>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Response> {
    let (out, value) = std::sync::mpsc::channel();
    let outcome = app.writer.act(slug, person.caller, None, None, move |turn| {
        let _ = out.send(look(turn)?);
        Ok((200, Value::Null))
    });
    match outcome.await {
        Outcome::Done(..) => value.recv().map_err(|_| Problem::down().into_response()),
        other => Err(other.into_response()),
    }
}

/// The preset, for an administrator.
fn preset(turn: &mut Turn<'_>) -> Result<Preset, Fault> {
    turn.must_administrate()?;
    Ok(turn.preset())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

/// Checks a text without keeping it.
async fn check(
    State(app): State<App>,
    Path((slug, policy)): Path<(String, String)>,
    person: Person,
    body: Body<Text>,
) -> Result<Response, Response> {
    let kind = kind(&policy).map_err(IntoResponse::into_response)?;
    let preset = looked(&app, &slug, person, preset).await?;
    let found =
        beside(move || shelf::examine(kind, preset, &body.value.text)).await.map_err(IntoResponse::into_response)?;
    Ok(answer(StatusCode::OK, "application/json", examined(&found).to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDraft {
    text: String,
    why: String,
}

async fn draft(
    State(app): State<App>,
    Path((slug, policy)): Path<(String, String)>,
    person: Person,
    body: Body<NewDraft>,
) -> Result<Response, Response> {
    let kind = kind(&policy).map_err(IntoResponse::into_response)?;
    let preset = looked(&app, &slug, person.same(), preset).await?;
    let NewDraft { text, why } = body.value;
    let found = beside({
        let text = text.clone();
        move || shelf::examine(kind, preset, &text)
    });
    let found = found.await.map_err(IntoResponse::into_response)?;
    Ok(command(&app, &slug, person, &format!("drafts/{policy}"), body.hash, move |turn| {
        let draft = turn.draft(kind, &text, &why, &found)?;
        let mut told = examined(&found);
        told["draft"] = json!(draft);
        Ok((201, told))
    })
    .await)
}

async fn drafts(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all: Vec<Value> = turn.org.drafts.iter().map(|(id, draft)| shown(turn.org, *id, draft)).collect();
        json!({ "drafts": all })
    })
    .await
}

/// A draft with its text and what is found in it now.
async fn one(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let id: DraftId = id(&draft).map_err(IntoResponse::into_response)?;
    let (mut told, kind, preset, text) = looked(&app, &slug, person, move |turn| {
        let (kind, ..) = sides(turn, id)?;
        let draft = turn.org.drafts.get(&id).ok_or(Fault::NotFound("draft"))?;
        Ok((shown(turn.org, id, draft), kind, turn.preset(), draft.text.clone()))
    })
    .await?;
    let found = beside({
        let text = text.clone();
        move || shelf::examine(kind, preset, &text)
    });
    let found = found.await.map_err(IntoResponse::into_response)?;
    told["text"] = json!(&*text);
    told["found"] = examined(&found);
    Ok(answer(StatusCode::OK, "application/json", told.to_string()))
}

/// A draft, and what is in force instead of it.
fn sides(turn: &mut Turn<'_>, id: DraftId) -> Result<(Kind, Which, Which), Fault> {
    turn.must_administrate()?;
    let draft = turn.org.drafts.get(&id).ok_or(Fault::NotFound("draft"))?;
    let after = turn.org.with_draft(draft).ok_or(Fault::NotFound("policy"))?;
    Ok((after.kind, turn.org.which(after.kind), after))
}

/// Exactly what a draft decides otherwise than what is in force.
async fn difference(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let id: DraftId = id(&draft).map_err(IntoResponse::into_response)?;
    let (_, before, after) = looked(&app, &slug, person, move |turn| sides(turn, id)).await?;
    let found = beside(move || shelf::difference(&before, &after)).await.map_err(IntoResponse::into_response)?;
    let found = found.map_err(|why| Problem::new(StatusCode::CONFLICT, "conflict", why).into_response())?;
    Ok(answer(StatusCode::OK, "application/json", found.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What a draft would have decided otherwise, in the history of this organization.
async fn replay(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
    body: Body<Span>,
) -> Result<Response, Response> {
    let id: DraftId = id(&draft).map_err(IntoResponse::into_response)?;
    let (kind, _, after) = looked(&app, &slug, person, move |turn| sides(turn, id)).await?;
    let until = body.value.until.unwrap_or_else(|| (app.clock)());
    let from = body.value.from.unwrap_or_else(|| until.saturating_sub(MONTH).unwrap_or(Timestamp::MIN));
    if from >= until {
        let wrong = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "`from` comes before `until`.");
        return Err(wrong.into_response());
    }
    let found =
        replayed(&app, &slug, Replay::new(kind, after, from, until)).await.map_err(IntoResponse::into_response)?;
    let mut told = serde_json::to_value(found).map_err(|_| Problem::down().into_response())?;
    (told["from"], told["until"]) = (json!(from.to_string()), json!(until.to_string()));
    Ok(answer(StatusCode::OK, "application/json", told.to_string()))
}

async fn replayed(app: &App, slug: &str, mut replay: Replay) -> Result<Replayed, Problem> {
    let orgs = app.store.orgs().await.map_err(|_| Problem::down())?;
    let (org, _) = orgs.into_iter().find(|(_, own)| own == slug).ok_or_else(Problem::nothing)?;
    let mut next = 0;
    loop {
        let bodies = app.store.entries(org, next, PAGE).await.map_err(|_| Problem::down())?;
        let entries: Result<Vec<Entry>, _> = bodies.iter().map(|body| serde_json::from_str(body)).collect();
        let entries = entries.map_err(|_| Problem::down())?;
        let Some(last) = entries.last() else { return Ok(replay.finish()) };
        next = last.seq + 1;
        for digest in entries.iter().flat_map(|entry| replay.wants(entry)).collect::<std::collections::BTreeSet<_>>() {
            let bytes = app.store.module(&digest).await.map_err(|_| Problem::down())?;
            replay.give(&digest, bytes.as_deref());
        }
        replay = beside(move || {
            entries.iter().for_each(|entry| replay.feed(entry));
            replay
        })
        .await?;
    }
}

async fn withdraw(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: DraftId = id(&draft)?;
    Ok(command(&app, &slug, person, &format!("withdraw/{draft}"), [0; 32], move |turn| {
        turn.withdraw(id)?;
        Ok((200, json!({ "draft": id, "state": DraftState::Withdrawn })))
    })
    .await)
}

async fn approve(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: DraftId = id(&draft)?;
    Ok(command(&app, &slug, person, &format!("approval/{draft}"), [0; 32], move |turn| {
        turn.approve_draft(id)?;
        Ok((200, json!({ "draft": id, "approved": true })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Publication {
    /// Why its warnings are accepted; needed where it has some.
    #[serde(default)]
    accepts: String,
}

async fn publish(
    State(app): State<App>,
    Path((slug, draft)): Path<(String, String)>,
    person: Person,
    body: Body<Publication>,
) -> Result<Response, Response> {
    let id: DraftId = id(&draft).map_err(IntoResponse::into_response)?;
    // Compiled beside the writer first: inside it is on the shelf already.
    let (kind, preset, text, ready) = looked(&app, &slug, person.same(), move |turn| {
        let (kind, _, after) = sides(turn, id)?;
        let (name, version) = after.top();
        let places = turn.org.locations.values().filter(|_| kind == Kind::AfterHours);
        let site = |hours: String| Which { site: Some(hours.into()), ..after.clone() };
        let mut all: Vec<Which> =
            places.map(|place| site(place.hours.ward("site", &place.card.name, &name, version))).collect();
        let text = turn.org.drafts.get(&id).map(|draft| draft.text.clone()).unwrap_or_default();
        all.push(after);
        Ok((kind, turn.preset(), text, all))
    })
    .await?;
    let found = beside(move || {
        ready.iter().for_each(|which| drop(shelf::compiled(which)));
        shelf::examine(kind, preset, &text)
    });
    let found = found.await.map_err(IntoResponse::into_response)?;
    Ok(command(&app, &slug, person, &format!("publication/{draft}"), body.hash, move |turn| {
        let digest = turn.publish(id, &body.value.accepts, &found)?;
        Ok((200, json!({ "draft": id, "state": DraftState::Live, "digest": digest })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    why: String,
}

async fn roll_back(
    State(app): State<App>,
    Path((slug, policy)): Path<(String, String)>,
    person: Person,
    body: Body<Back>,
) -> Result<Response, Problem> {
    let kind = kind(&policy)?;
    Ok(command(&app, &slug, person, &format!("rollback/{policy}"), body.hash, move |turn| {
        let digest = turn.roll_back(kind, &body.value.why)?;
        Ok((200, json!({ "policy": kind.word(), "digest": digest })))
    })
    .await)
}

/// Why something was allowed or refused: the decisions of an entry, asked again of the modules that made them.
async fn decisions(
    State(app): State<App>,
    Path((slug, seq)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let (org, size) = reader(&app, &slug, person).await?;
    let seq: u64 = seq.parse().ok().filter(|seq| *seq < size).ok_or_else(|| Problem::nothing().into_response())?;
    let down = || Problem::down().into_response();
    let body = app.store.entries(org, seq, 1).await.map_err(|_| down())?;
    let entry: Entry = body.first().and_then(|body| serde_json::from_str(body).ok()).ok_or_else(down)?;
    let mut all = Vec::new();
    for asked in &entry.decisions {
        let module = app.store.module(&asked.digest).await.map_err(|_| down())?;
        let asked = asked.clone();
        let told = beside(move || {
            let again = module.and_then(|bytes| again(&bytes, &asked));
            json!({ "policy": asked.policy, "decision": asked.decision, "digest": asked.digest, "again": again })
        });
        all.push(told.await.map_err(IntoResponse::into_response)?);
    }
    let told = json!({ "seq": seq, "at": entry.at.to_string(), "decisions": all });
    Ok(answer(StatusCode::OK, "application/json", told.to_string()))
}

/// The bytes of a module that decided something, or is in force: the same decide in a page.
async fn module(
    State(app): State<App>,
    Path((slug, digest)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let outcome = app.writer.act(&slug, person.caller, None, None, |turn| {
        let keyward_host_core::event::Actor::Person(_) = turn.actor else {
            return Err(Fault::Forbidden("Please sign in."));
        };
        Ok((200, Value::Null))
    });
    match outcome.await {
        Outcome::Done(..) => {}
        other => return Err(other.into_response()),
    }
    let stored = app.store.module(&digest).await.map_err(|_| Problem::down().into_response())?;
    let bytes = stored.or_else(|| shelf::module(&digest).map(|bytes| bytes.to_vec()));
    let bytes = bytes.ok_or_else(|| Problem::nothing().into_response())?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static("application/wasm"))], bytes).into_response())
}
