//! The door for boxes. In: signed requests. Out: what the screen shows next, what the lock may do. A box identifies people, shows what they
//! type, opens when it is told to, and reports what happened. Bringing back works even where the host has doubts.

use super::App;
use super::auth::Signed;
use super::body::Body;
use super::people::id;
use super::problem::Problem;
use super::view;
use crate::writer::{Caller, Reply};
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use keyward_host_core::event::Who;
use keyward_host_core::id::{BinId, BoxId, KeyId, OperationId, PersonId, VisitId};
use keyward_host_core::kinds::{Method, OperationState, Proof};
use keyward_host_core::org::Org;
use keyward_host_core::vault::Stretched;
use keyward_host_core::{Done, Next, Report, Shown, Turn};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::PoisonError;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/boxes/{box}/enrolment", post(enrol))
        .route("/boxes/{box}/heartbeat", post(heartbeat))
        .route("/boxes/{box}/commands", get(commands))
        .route("/boxes/{box}/visits", post(identify))
        .route("/boxes/{box}/visits/{visit}", get(proceed))
        .route("/boxes/{box}/visits/{visit}/key", post(choose))
        .route("/boxes/{box}/visits/{visit}/reason", post(reason))
        .route("/boxes/{box}/visits/{visit}/proof", post(proof))
        .route("/boxes/{box}/visits/{visit}/code", post(code))
        .route("/boxes/{box}/returns", post(bring_back))
        .route("/boxes/{box}/returns/done", post(brought_back))
        .route("/boxes/{box}/operations/{operation}/begin", post(begin))
        .route("/boxes/{box}/operations/{operation}/report", post(report))
}

/// A command of a box. It may be sent again: what it does depends on how things stand, not on how often it comes.
pub async fn told<T>(
    app: &App,
    signed: Signed<T>,
    run: impl FnOnce(&mut Turn<'_>, BoxId, T) -> Reply + Send + 'static,
) -> Response
where
    T: Send + 'static,
{
    let Signed { org, r#box, value, time, .. } = signed;
    heard(app, &org, r#box).await;
    let outcome = app.writer.act(&org, Caller::Box(r#box), None, Some(time), move |turn| {
        turn.heard_of(r#box, true);
        turn.actor = keyward_host_core::event::Actor::Box(r#box);
        run(turn, r#box, value)
    });
    outcome.await.into_response()
}

/// Writes down that a box was heard of, every twenty seconds at most. That it cannot be written keeps nobody from a return.
async fn heard(app: &App, org: &str, r#box: BoxId) {
    let now = (app.clock)();
    {
        let mut heard = app.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let last = heard.entry(r#box).or_insert(i64::MIN);
        if now.as_second().saturating_sub(*last) < 20 {
            return;
        }
        *last = now.as_second();
    }
    if let Err(error) = app.store.heard(org, &r#box.to_string(), now).await {
        eprintln!("keyward-host: it could not be written down that a box was heard of: {error}");
    }
}

fn shown(next: Done<Next>) -> Reply {
    let next = next?;
    let status = if matches!(next, Next::Refused(..)) { 403 } else { 200 };
    Ok((status, view::next(&next)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Enrol {
    code: String,
    public_key: String,
}

async fn enrol(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    body: Body<Enrol>,
) -> Result<Response, Problem> {
    let r#box: BoxId = id(&who)?;
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.enrol(r#box, &body.value.code, &body.value.public_key)?;
        Ok((200, json!({ "box": r#box, "enrolled": true })))
    });
    Ok(outcome.await.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Says that the box is there; gives the time and the number for its screen.
async fn heartbeat(State(app): State<App>, signed: Signed<Nothing>) -> Response {
    let (pepper, sent) = (app.keys.pepper.clone(), signed.time);
    told(&app, signed, move |turn, r#box, _| {
        let now = turn.now;
        turn.clock_of(r#box, sent);
        let screen = pepper.presence(r#box.0, now.as_second() / 30);
        Ok((200, json!({ "now": now.to_string(), "screen_code": screen, "screen_code_changes_in": 30 - now.as_second().rem_euclid(30) })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patience {
    /// Seconds to wait for one, if there is none yet.
    #[serde(default)]
    wait: u64,
}

/// Openings that were ordered away from the box and wait for it.
async fn commands(
    State(app): State<App>,
    query: Result<Query<Patience>, QueryRejection>,
    signed: Signed<Nothing>,
) -> Result<Response, Problem> {
    let patience = query.map_err(|_| Problem::body("`wait` is a number of seconds, at most 25."))?.0.wait.min(25);
    let end = tokio::time::Instant::now() + std::time::Duration::from_secs(patience);
    let (org, r#box) = (signed.org.clone(), signed.r#box);
    let mut length = app.writer.watch(&org);
    loop {
        length.borrow_and_update();
        let waiting = app.writer.look(&org, move |org, _, now| {
            org.openings().any(|(_, one)| one.r#box == r#box && one.state == OperationState::Ordered && now < one.until)
        });
        if waiting.await? || tokio::time::timeout_at(end, length.changed()).await.is_err() {
            break;
        }
    }
    Ok(told(&app, signed, |turn, r#box, _| {
        let open = turn.org.openings().filter(|(_, operation)| {
            operation.r#box == r#box && operation.state == OperationState::Ordered && turn.now < operation.until
        });
        let open: Vec<Value> = open
            .map(|(id, operation)| {
                let bin = turn.org.bins.get(&operation.bin).map(|bin| bin.label.clone());
                json!({ "operation": id, "kind": operation.kind, "bin": bin, "until": operation.until.to_string() })
            })
            .collect();
        Ok((200, json!({ "open": open })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identify {
    method: Method,
    value: String,
}

async fn identify(State(app): State<App>, signed: Signed<Identify>) -> Response {
    told(&app, signed, |turn, r#box, said| {
        if said.value.len() > 200 {
            return Err(keyward_host_core::Fault::Invalid("value", "at most 200 characters".to_string()));
        }
        let (visit, next) = turn.identify(r#box, said.method, &said.value)?;
        let status = if matches!(next, Next::Refused(..)) { 403 } else { 201 };
        let mut body = view::next(&next);
        body["visit"] = json!(visit);
        Ok((status, body))
    })
    .await
}

pub fn visit<T>(signed: &Signed<T>) -> Result<VisitId, Problem> {
    id(signed.path.get("visit").map_or("", String::as_str))
}

/// A visit of this box. One that belongs to another box does not exist here.
pub fn here(turn: &Turn<'_>, r#box: BoxId, visit: VisitId) -> Done<()> {
    let other = turn.org.visits.get(&visit).is_some_and(|visit| visit.r#box != r#box)
        || turn.org.decoys.get(&visit).is_some_and(|decoy| decoy.r#box != r#box);
    if other { Err(keyward_host_core::Fault::Over("visit")) } else { Ok(()) }
}

async fn proceed(State(app): State<App>, signed: Signed<Nothing>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, _| {
        here(turn, r#box, visit)?;
        shown(turn.proceed(visit))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choose {
    key: KeyId,
}

async fn choose(State(app): State<App>, signed: Signed<Choose>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, said| {
        here(turn, r#box, visit)?;
        shown(turn.choose(visit, said.key))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    code: String,
    #[serde(default)]
    text: String,
}

async fn reason(State(app): State<App>, signed: Signed<Why>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, said| {
        here(turn, r#box, visit)?;
        shown(turn.give_reason(visit, &said.code, &said.text))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShowProof {
    #[serde(default)]
    proof: Option<Proof>,
    #[serde(default)]
    digits: Option<String>,
    #[serde(default)]
    badge: Option<String>,
    #[serde(default)]
    fingerprint_of: Option<PersonId>,
}

/// The salt of the PIN of whoever a visit belongs to; another one where there is none, so that the work is the same.
fn pin_salt(org: &Org, visit: VisitId) -> [u8; 16] {
    let person = org.visits.get(&visit).and_then(|visit| match visit.who {
        Who::Person(id) => Some(id),
        Who::Guest(_) => None,
    });
    let pin: Option<Stretched> = person.and_then(|id| org.vault.person(id)?.pin);
    pin.map_or([7; 16], |pin| pin.salt)
}

async fn proof(State(app): State<App>, signed: Signed<ShowProof>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    let ShowProof { proof, digits, badge, fingerprint_of } = &signed.value;
    let proof = *proof;
    let shape = || Problem::body("Exactly one of digits, badge and fingerprint_of is needed.");
    let value = match (digits, badge, fingerprint_of) {
        (Some(digits), None, None)
            if digits.len() <= 10 && digits.bytes().all(|one| one.is_ascii_digit()) && !digits.is_empty() =>
        {
            let salt = app.writer.look(&signed.org, move |org, _, _| pin_salt(org, visit)).await?;
            let stretched = match digits.len() {
                4 => Some(app.stretcher.stretch(digits, salt).await.ok_or_else(Problem::down)?),
                _ => None,
            };
            Shown::Digits(digits.clone(), stretched)
        }
        (Some(_), None, None) => return Err(Problem::body("digits: 1 to 10 digits.")),
        (None, Some(badge), None) => Shown::Badge(badge.clone()),
        (None, None, Some(person)) => Shown::Fingerprint(*person),
        _ => return Err(shape()),
    };
    Ok(told(&app, signed, move |turn, r#box, _| {
        here(turn, r#box, visit)?;
        shown(turn.show(visit, proof, value))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    /// Whether one was sent and did not arrive.
    #[serde(default)]
    again: bool,
}

async fn code(State(app): State<App>, signed: Signed<Code>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, said| {
        here(turn, r#box, visit)?;
        shown(if said.again { turn.resend(visit) } else { turn.ask_code(visit) })
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Return {
    fob: String,
    #[serde(default)]
    visit: Option<VisitId>,
}

async fn bring_back(State(app): State<App>, signed: Signed<Return>) -> Response {
    told(&app, signed, |turn, r#box, said| shown(turn.bring_back(r#box, &said.fob, said.visit))).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Returned {
    fob: String,
    bin: BinId,
    /// When, by the clock of the box.
    at: Timestamp,
}

/// What came back while the host could not be reached.
async fn brought_back(State(app): State<App>, signed: Signed<Returned>) -> Response {
    told(&app, signed, |turn, r#box, said| {
        turn.box_time = Some(said.at);
        turn.brought_back(r#box, &said.fob, said.bin)?;
        Ok((200, json!({ "recorded": true })))
    })
    .await
}

fn operation<T>(signed: &Signed<T>) -> Result<OperationId, Problem> {
    id(signed.path.get("operation").map_or("", String::as_str))
}

async fn begin(State(app): State<App>, signed: Signed<Nothing>) -> Result<Response, Problem> {
    let operation = operation(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, _| shown(turn.begin(r#box, operation))).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "what")]
enum Said {
    Taken { verified: bool },
    NotTaken,
    Placed,
    NotPlaced,
    Empty,
    Wrong { fob: String },
}

async fn report(State(app): State<App>, signed: Signed<Said>) -> Result<Response, Problem> {
    let operation = operation(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, said| {
        let report = match said {
            Said::Taken { verified } => Report::Taken { verified },
            Said::NotTaken => Report::NotTaken,
            Said::Placed => Report::Placed,
            Said::NotPlaced => Report::NotPlaced,
            Said::Empty => Report::Empty,
            Said::Wrong { fob } => Report::Wrong { fob },
        };
        turn.report(r#box, operation, report)?;
        Ok((200, json!({ "recorded": true })))
    })
    .await)
}
