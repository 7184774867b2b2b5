//! When the usual way in is gone (R36, F26), and new numbers and addresses (C9). In: passwords, codes, the word of two administrators. Out:
//! secrets that are shown once.

use super::App;
use super::account::{own_password, own_salt};
use super::auth::{Person, Signed};
use super::body::Body;
use super::boxes::{here, told, visit};
use super::people::{command, id};
use super::problem::Problem;
use crate::writer::Caller;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, post, put};
use keyward_host_core::id::{ChallengeId, PersonId};
use keyward_host_core::kinds::Channel;
use keyward_host_core::vault::{Contact, Stretched};
use serde::Deserialize;
use serde_json::json;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/me/recovery-codes", post(codes))
        .route("/me/contact", post(prove))
        .route("/me/contact/code", post(proved))
        .route("/people/{person}/contact", put(contact))
        .route("/people/{person}/recovery", post(start))
        .route("/people/{person}/recovery/agreement", post(agree))
        .route("/people/{person}/authenticator", delete(forget))
        .route("/people/{person}/fingerprint", delete(forget_fingerprint))
        .route("/recovery/{challenge}", post(complete))
        .route("/boxes/{box}/visits/{visit}/fingerprint", post(fingerprint))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

/// The password of whoever is signed in, stretched.
async fn typed(app: &App, slug: &str, person: &Person, plain: &str) -> Result<Stretched, Problem> {
    let (salt, ..) = own_salt(app, slug, person, own_password).await?;
    app.stretcher.stretch(plain, salt).await.ok_or_else(Problem::down)
}

async fn codes(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Password>,
) -> Result<Response, Problem> {
    let typed = typed(&app, &slug, &person, &body.value.password).await?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        if !turn.password_is(&typed)? {
            return Ok((403, json!({ "refused": ["The password is not right."] })));
        }
        let codes = turn.new_recovery_codes()?;
        Ok((201, json!({ "recovery_codes": codes })))
    });
    Ok(outcome.await.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    channel: Channel,
    value: String,
}

async fn prove(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Address>) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let challenge = turn.prove_contact(body.value.channel, &body.value.value)?;
        Ok((202, json!({ "challenge": challenge })))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proved {
    challenge: ChallengeId,
    channel: Channel,
    value: String,
    code: String,
    password: String,
}

async fn proved(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Proved>,
) -> Result<Response, Problem> {
    let Proved { challenge, channel, value, code, password } = body.value;
    let typed = typed(&app, &slug, &person, &password).await?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        if !turn.password_is(&typed)? {
            return Ok((403, json!({ "refused": ["The password is not right."] })));
        }
        Ok(match turn.contact_proved(challenge, channel, &value, &code)? {
            true => (200, json!({ "changed": true, "words": ["Please sign in again."] })),
            false => (403, json!({ "refused": ["This code is not right."] })),
        })
    });
    Ok(outcome.await.into_response())
}

async fn contact(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Contact>,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("contact/{who}"), body.hash, move |turn| {
        turn.change_contact(id, body.value)?;
        Ok((200, json!({ "person": id })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    why: String,
}

async fn start(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Why>,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("recovery/{who}"), body.hash, move |turn| {
        turn.start_recovery(id, &body.value.why)?;
        Ok((202, json!({ "person": id, "agreed": false })))
    })
    .await)
}

async fn agree(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("recovery/{who}/agreement"), [0; 32], move |turn| {
        let (challenge, token) = turn.agree_to_recovery(id)?;
        Ok((201, json!({ "person": id, "challenge": challenge, "token": token })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Complete {
    token: String,
    new: String,
}

async fn complete(
    State(app): State<App>,
    Path((slug, challenge)): Path<(String, String)>,
    body: Body<Complete>,
) -> Result<Response, Problem> {
    let challenge: ChallengeId = id(&challenge)?;
    let new = app.stretcher.judged(&body.value.new, &[], None).await.ok_or_else(Problem::down)?;
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.complete_recovery(challenge, &body.value.token, &new)?;
        Ok((200, json!({ "changed": true })))
    });
    Ok(outcome.await.into_response())
}

async fn forget(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("authenticator/{who}"), [0; 32], move |turn| {
        turn.forget_authenticator(id)?;
        Ok((200, json!({ "person": id, "authenticator": false })))
    })
    .await)
}

async fn forget_fingerprint(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    Ok(command(&app, &slug, person, &format!("fingerprint/{who}"), [0; 32], move |turn| {
        turn.forget_fingerprint(id)?;
        Ok((200, json!({ "person": id, "fingerprint": false })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// The box has stored the fingerprint of whoever stands at it.
async fn fingerprint(State(app): State<App>, signed: Signed<Nothing>) -> Result<Response, Problem> {
    let visit = visit(&signed)?;
    Ok(told(&app, signed, move |turn, r#box, _| {
        here(turn, r#box, visit)?;
        let person = turn.enrol_fingerprint(r#box, visit)?;
        Ok((201, json!({ "person": person, "fingerprint": true })))
    })
    .await)
}
