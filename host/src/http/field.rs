//! Away from boxes: handing a key on, agreeing to a pickup, beginning one in the app. In: JSON of people who are signed in. Out: where it
//! stands.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::people::{command, id};
use super::problem::Problem;
use super::view;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use keyward_host_core::event::{Actor, Reason, Who};
use keyward_host_core::id::{ApprovalId, BoxId, KeyId, PersonId, SwapId, VisitId};
use keyward_host_core::kinds::Proof;
use keyward_host_core::{Done, Fault, Next, Shown, Turn};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/swaps", post(request))
        .route("/swaps/{swap}/code", post(confirm))
        .route("/approvals", get(approvals))
        .route("/approvals/{approval}", post(approve))
        .route("/visits", post(begin))
        .route("/visits/{visit}", get(proceed))
        .route("/visits/{visit}/key", post(choose))
        .route("/visits/{visit}/reason", post(reason))
        .route("/visits/{visit}/proof", post(proof))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hand {
    key: KeyId,
    to: PersonId,
    #[serde(default)]
    reason: Option<Reason>,
}

async fn request(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Hand>) -> Response {
    command(&app, &slug, person, "swaps", body.hash, move |turn| {
        let swapped = turn.request_swap(body.value.key, body.value.to, body.value.reason.as_ref())?;
        let status = if matches!(swapped, keyward_host_core::Swapped::Refused(..)) { 403 } else { 201 };
        Ok((status, view::swapped(&swapped)))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

async fn confirm(
    State(app): State<App>,
    Path((slug, swap)): Path<(String, String)>,
    person: Person,
    body: Body<Code>,
) -> Result<Response, Problem> {
    let id: SwapId = id(&swap)?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let swapped = turn.confirm_swap(id, &body.value.code)?;
        let status = if matches!(swapped, keyward_host_core::Swapped::Done(_)) { 200 } else { 403 };
        Ok((status, view::swapped(&swapped)))
    });
    Ok(outcome.await.into_response())
}

/// What waits for one's own word.
async fn approvals(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, |turn| {
        let Actor::Person(_) = turn.actor else { return Err(Fault::NotAccepted) };
        let all: Vec<Value> = turn
            .org
            .approvals
            .iter()
            .filter(|(_, open)| !open.refused && turn.now < open.until && turn.may_answer(open))
            .map(|(id, open)| {
                let who = turn.org.visits.get(&open.visit).map(|visit| view::person_or_guest(turn.org, visit.who));
                let key = turn.org.keys.get(&open.key).map(|key| key.card.name.clone());
                json!({ "approval": id, "who": who, "key": key, "people": open.people, "given": open.given.len(), "supervisor": open.supervisor, "until": open.until.to_string() })
            })
            .collect();
        Ok((200, json!({ "approvals": all })))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    agrees: bool,
}

async fn approve(
    State(app): State<App>,
    Path((slug, approval)): Path<(String, String)>,
    person: Person,
    body: Body<Word>,
) -> Result<Response, Problem> {
    let id: ApprovalId = id(&approval)?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let counted = turn.approve(id, body.value.agrees)?;
        let status = if counted { 200 } else { 403 };
        Ok((status, json!({ "approval": id, "counted": counted })))
    });
    Ok(outcome.await.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct At {
    r#box: BoxId,
}

/// F12. The bin opens only once the number on the screen of the box was typed.
async fn begin(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<At>) -> Response {
    let session = person.session;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let (visit, next) = turn.identify_app(body.value.r#box, session)?;
        let mut shown = view::next(&next);
        shown["visit"] = json!(visit);
        Ok((201, shown))
    });
    outcome.await.into_response()
}

/// A visit of whoever asks. That of another person does not exist for them.
fn own(turn: &Turn<'_>, id: VisitId) -> Done<()> {
    let mine = |who: Who| matches!((who, turn.actor), (Who::Person(one), Actor::Person(other)) if one == other);
    match turn.org.visits.get(&id) {
        Some(visit) if mine(visit.who) && visit.session.is_some() => Ok(()),
        _ => Err(Fault::Over("visit")),
    }
}

fn shown(next: Done<Next>) -> crate::writer::Reply {
    let next = next?;
    Ok((if matches!(next, Next::Refused(..)) { 403 } else { 200 }, view::next(&next)))
}

async fn step(
    app: &App,
    slug: &str,
    visit: &str,
    person: Person,
    run: impl FnOnce(&mut Turn<'_>, VisitId) -> Done<Next> + Send + 'static,
) -> Result<Response, Problem> {
    let id: VisitId = id(visit)?;
    let outcome = app.writer.act(slug, person.caller, None, None, move |turn| {
        own(turn, id)?;
        shown(run(turn, id))
    });
    Ok(outcome.await.into_response())
}

async fn proceed(
    State(app): State<App>,
    Path((slug, visit)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    step(&app, &slug, &visit, person, |turn, id| turn.proceed(id)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choose {
    key: KeyId,
}

async fn choose(
    State(app): State<App>,
    Path((slug, visit)): Path<(String, String)>,
    person: Person,
    body: Body<Choose>,
) -> Result<Response, Problem> {
    step(&app, &slug, &visit, person, move |turn, id| turn.choose(id, body.value.key)).await
}

async fn reason(
    State(app): State<App>,
    Path((slug, visit)): Path<(String, String)>,
    person: Person,
    body: Body<Reason>,
) -> Result<Response, Problem> {
    step(&app, &slug, &visit, person, move |turn, id| turn.give_reason(id, &body.value.code, &body.value.text)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Digits {
    proof: Proof,
    digits: String,
}

/// Only what can be typed in the app: the number on the screen of the box, and the PIN.
async fn proof(
    State(app): State<App>,
    Path((slug, visit)): Path<(String, String)>,
    person: Person,
    body: Body<Digits>,
) -> Result<Response, Problem> {
    let Digits { proof, digits } = body.value;
    if !matches!(proof, Proof::PresenceCode | Proof::Pin) || digits.is_empty() || digits.len() > 10 {
        return Err(Problem::body(
            "In the app, only the number on the screen of the box and the PIN are typed; a code is typed at the box.",
        ));
    }
    let session = person.session;
    let salt = app.writer.look(&slug, move |org, _, _| {
        let id = org.sessions.get(&session)?.person;
        org.vault.person(id)?.pin.map(|pin| pin.salt)
    });
    let salt = salt.await?.unwrap_or([7; 16]);
    let stretched = app.stretcher.stretch(&digits, salt).await.ok_or_else(Problem::down)?;
    step(&app, &slug, &visit, person, move |turn, id| {
        turn.show(id, Some(proof), Shown::Digits(digits, Some(stretched)))
    })
    .await
}
