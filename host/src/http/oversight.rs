//! Procedures, reviews, counts, consequences, notices (R15-R18, R59-R64, F27). In: JSON. Out: how they stand, and where rules and procedures do not
//! agree; that is proved beside the writer.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::people::{command, id, seen};
use super::policies::{beside, looked};
use super::problem::{Problem, answer};
use super::view;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use jiff::Timestamp;
use keyward_host_core::id::{BoxId, PermissionId, PersonId, ProcedureId, ReviewId};
use keyward_host_core::notice::{NOTICES, VERSION};
use keyward_host_core::org::Org;
use keyward_host_core::procedure::{Procedure, Violation, Written};
use keyward_host_core::review::{Counted, Review, Scope};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/notices", post(acknowledge).get(notices))
        .route("/procedures", post(publish).get(procedures))
        .route("/procedures/check", get(check))
        .route("/procedures/{procedure}", put(change).delete(retire))
        .route("/procedures/{procedure}/review", post(reviewed))
        .route("/people/{person}/pause", put(pause).delete(unpause))
        .route("/reviews", post(start).get(reviews))
        .route("/reviews/{review}", get(one))
        .route("/reviews/{review}/lines/{permission}", put(decide))
        .route("/reviews/{review}/closing", post(close))
        .route("/boxes/{box}/count", post(count))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    version: u32,
}

async fn acknowledge(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Acknowledged>,
) -> Response {
    command(&app, &slug, person, "notices", body.hash, move |turn| {
        turn.acknowledge(body.value.version)?;
        Ok((200, json!({ "acknowledged": body.value.version })))
    })
    .await
}

async fn notices(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = NOTICES.map(|(name, words)| json!({ "notice": name, "words": words }));
        let read = turn.org.notices_read.get(&VERSION);
        let read =
            read.map(|(id, at)| json!({ "person": id, "name": view::name(turn.org, *id), "at": at.to_string() }));
        json!({ "version": VERSION, "notices": all, "acknowledged": read })
    })
    .await
}

fn written(org: &Org, id: ProcedureId, written: &Written) -> Value {
    json!({
        "procedure": id, "version": written.version, "card": written.card, "by": written.by, "by_name": view::name(org, written.by),
        "at": written.at.to_string(), "review_due": written.review_due.map(|due| due.to_string()),
    })
}

async fn publish(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Procedure>) -> Response {
    command(&app, &slug, person, "procedures", body.hash, move |turn| {
        let (id, version) = turn.publish_procedure(None, body.value)?;
        Ok((201, json!({ "procedure": id, "version": version })))
    })
    .await
}

async fn procedures(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn.org.procedures.iter().map(|(id, one)| written(turn.org, *id, one));
        json!({ "procedures": all.collect::<Vec<_>>() })
    })
    .await
}

async fn change(
    State(app): State<App>,
    Path((slug, procedure)): Path<(String, String)>,
    person: Person,
    body: Body<Procedure>,
) -> Result<Response, Problem> {
    let id: ProcedureId = id(&procedure)?;
    Ok(command(&app, &slug, person, &format!("procedures/{procedure}"), body.hash, move |turn| {
        let (id, version) = turn.publish_procedure(Some(id), body.value)?;
        Ok((200, json!({ "procedure": id, "version": version })))
    })
    .await)
}

async fn retire(
    State(app): State<App>,
    Path((slug, procedure)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: ProcedureId = id(&procedure)?;
    Ok(command(&app, &slug, person, &format!("procedures/{procedure}/retire"), [0; 32], move |turn| {
        turn.retire_procedure(id)?;
        Ok((200, json!({ "procedure": id, "retired": true })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    note: String,
    #[serde(default = "year")]
    months: u32,
}

fn year() -> u32 {
    12
}

async fn reviewed(
    State(app): State<App>,
    Path((slug, procedure)): Path<(String, String)>,
    person: Person,
    body: Body<Look>,
) -> Result<Response, Problem> {
    let id: ProcedureId = id(&procedure)?;
    Ok(command(&app, &slug, person, &format!("procedures/{procedure}/review"), body.hash, move |turn| {
        let due = turn.review_procedure(id, &body.value.note, body.value.months)?;
        Ok((200, json!({ "procedure": id, "review_due": due.to_string() })))
    })
    .await)
}

/// Where rules, settings and procedures do not agree.
async fn check(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Result<Response, Response> {
    let checking = looked(&app, &slug, person, |turn| {
        turn.must_read()?;
        Ok(turn.org.check_procedures())
    });
    let checking = checking.await?;
    let found = beside(move || checking.prove()).await.map_err(IntoResponse::into_response)?;
    Ok(answer(StatusCode::OK, "application/json", json!({ "findings": found }).to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pause {
    after: Violation,
    days: u32,
}

async fn pause(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Pause>,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("pause/{who}"), body.hash, move |turn| {
        let until = turn.pause(id, body.value.after, body.value.days)?;
        Ok((200, json!({ "person": id, "until": until.to_string() })))
    })
    .await)
}

async fn unpause(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("unpause/{who}"), [0; 32], move |turn| {
        turn.unpause(id)?;
        Ok((200, json!({ "person": id, "until": null })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewReview {
    reviewer: PersonId,
    due: Timestamp,
    #[serde(default)]
    scope: Scope,
}

async fn start(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<NewReview>) -> Response {
    command(&app, &slug, person, "reviews", body.hash, move |turn| {
        let NewReview { reviewer, due, scope } = body.value;
        let (review, lines) = turn.start_review(reviewer, due, &scope)?;
        Ok((201, json!({ "review": review, "lines": lines })))
    })
    .await
}

fn review(org: &Org, id: ReviewId, review: &Review) -> Value {
    let open = review.lines.iter().filter(|(id, line)| line.is_none() && org.permissions.contains_key(id)).count();
    json!({
        "review": id, "reviewer": review.reviewer, "reviewer_name": view::name(org, review.reviewer), "started": review.started.to_string(),
        "due": review.due.to_string(), "closed": review.closed.map(|at| at.to_string()), "lines": review.lines.len(), "open": open,
    })
}

async fn reviews(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn.org.reviews.iter().map(|(id, one)| review(turn.org, *id, one));
        json!({ "reviews": all.collect::<Vec<_>>() })
    })
    .await
}

/// A review with each right as it is now; one that is gone has no card.
async fn one(
    State(app): State<App>,
    Path((slug, which)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Response> {
    let id: ReviewId = id(&which).map_err(IntoResponse::into_response)?;
    let told = looked(&app, &slug, person, move |turn| {
        turn.must_read()?;
        let found = turn.org.reviews.get(&id).ok_or(keyward_host_core::Fault::NotFound("review"))?;
        let mut told = review(turn.org, id, found);
        let line = |(permission, keeps): (&PermissionId, &Option<bool>)| json!({ "permission": permission, "card": turn.org.permissions.get(permission), "keeps": keeps });
        told["rights"] = found.lines.iter().map(line).collect();
        Ok(told)
    });
    Ok(answer(StatusCode::OK, "application/json", told.await?.to_string()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    keeps: bool,
    #[serde(default)]
    note: String,
}

async fn decide(
    State(app): State<App>,
    Path((slug, which, line)): Path<(String, String, String)>,
    person: Person,
    body: Body<Line>,
) -> Result<Response, Problem> {
    let (review, permission): (ReviewId, PermissionId) = (id(&which)?, id(&line)?);
    Ok(command(&app, &slug, person, &format!("reviews/{which}/{line}"), body.hash, move |turn| {
        turn.decide_line(review, permission, body.value.keeps, &body.value.note)?;
        Ok((200, json!({ "permission": permission, "keeps": body.value.keeps })))
    })
    .await)
}

async fn close(
    State(app): State<App>,
    Path((slug, which)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let review: ReviewId = id(&which)?;
    Ok(command(&app, &slug, person, &format!("reviews/{which}/closing"), [0; 32], move |turn| {
        let (kept, revoked) = turn.close_review(review)?;
        Ok((200, json!({ "review": review, "kept": kept, "revoked": revoked })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    bins: Vec<Counted>,
}

async fn count(
    State(app): State<App>,
    Path((slug, which)): Path<(String, String)>,
    person: Person,
    body: Body<Count>,
) -> Result<Response, Problem> {
    let r#box: BoxId = id(&which)?;
    Ok(command(&app, &slug, person, &format!("count/{which}"), body.hash, move |turn| {
        let (right, differences) = turn.count_box(r#box, &body.value.bins)?;
        Ok((200, json!({ "box": r#box, "right": right, "differences": differences })))
    })
    .await)
}
