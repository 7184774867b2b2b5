//! People, profiles, credentials, permissions, settings: what administrators change. In: JSON. Out: what was made. Every change can be sent
//! again under its Idempotency-Key.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::problem::Problem;
use super::view;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use keyward_host_core::event::{Permission, Profile, ReasonCode};
use keyward_host_core::id::{CredentialId, PermissionId, PersonId, ProfileId};
use keyward_host_core::kinds::Role;
use keyward_host_core::vault::Contact;
use keyward_host_core::{Duties, NewPerson, Turn};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/people", post(create).get(list))
        .route("/people/{person}", get(one))
        .route("/people/{person}/duties", put(duties))
        .route("/people/{person}/role", put(role))
        .route("/people/{person}/suspension", put(suspend).delete(reactivate))
        .route("/people/{person}/access-code", post(access_code))
        .route("/people/{person}/qr-code", post(qr_code))
        .route("/people/{person}/badge", post(badge))
        .route("/people/{person}/pin", delete(clear_pin))
        .route("/credentials/{credential}", delete(revoke_credential))
        .route("/profiles", post(profile).get(profiles))
        .route("/profiles/{profile}", put(change_profile))
        .route("/permissions", post(grant).get(permissions))
        .route("/permissions/{permission}", delete(revoke))
        .route("/settings", get(settings))
        .route("/settings/{name}", put(setting))
        .route("/reasons/{code}", put(reason))
}

/// An id from a path.
pub fn id<I: std::str::FromStr>(text: &str) -> Result<I, Problem> {
    text.parse().map_err(|_| Problem::nothing())
}

/// A command of a person with a body: the name of the request covers address and body.
pub async fn command(
    app: &App,
    slug: &str,
    person: Person,
    what: &str,
    hash: [u8; 32],
    run: impl FnOnce(&mut Turn<'_>) -> crate::writer::Reply + Send + 'static,
) -> Response {
    let name = person.name(what, hash);
    app.writer.act(slug, person.caller, name, None, run).await.into_response()
}

/// Something an administrator looks at.
pub async fn seen(
    app: &App,
    slug: &str,
    person: Person,
    look: impl FnOnce(&mut Turn<'_>) -> Value + Send + 'static,
) -> Response {
    let outcome = app.writer.act(slug, person.caller, None, None, |turn| {
        turn.must_read()?;
        Ok((200, look(turn)))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    #[serde(default)]
    mobile: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    manager: Option<PersonId>,
    /// A first password; none: a person who uses boxes only.
    #[serde(default)]
    password: Option<String>,
}

async fn create(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<New>,
) -> Result<Response, Problem> {
    let New { name, mobile, email, manager, password } = body.value;
    let password = match &password {
        Some(plain) => {
            let judged = app.stretcher.judged(plain, &[&name], None).await.ok_or_else(Problem::down)?;
            Some(judged)
        }
        None => None,
    };
    let stretched = password.as_ref().map(|judged| judged.stretched);
    let new = NewPerson { contact: Contact { name, mobile, email }, manager, password: stretched };
    Ok(command(&app, &slug, person, "people", body.hash, move |turn| {
        if let Some(judged) = &password {
            turn.judge_password(turn.preset(), judged)?;
        }
        let id = turn.create_person(new)?;
        Ok((201, json!({ "person": id })))
    })
    .await)
}

async fn list(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let people: Vec<Value> = turn.org.people.keys().map(|id| view::person(turn.org, *id)).collect();
        json!({ "people": people })
    })
    .await
}

async fn one(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PersonId = id(&who)?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        turn.must_administrate()?;
        turn.person(id)?;
        Ok((200, view::person(turn.org, id)))
    });
    Ok(outcome.await.into_response())
}

async fn duties(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Duties>,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("duties/{who}"), body.hash, move |turn| {
        turn.change_person(id, body.value)?;
        Ok((200, view::person(turn.org, id)))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRole {
    role: Role,
}

async fn role(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<NewRole>,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("role/{who}"), body.hash, move |turn| {
        turn.grant_role(id, body.value.role)?;
        Ok((200, view::person(turn.org, id)))
    })
    .await)
}

async fn suspend(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("suspend/{who}"), [0; 32], move |turn| {
        turn.suspend(id)?;
        Ok((200, view::person(turn.org, id)))
    })
    .await)
}

async fn reactivate(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("reactivate/{who}"), [0; 32], move |turn| {
        turn.reactivate(id)?;
        Ok((200, view::person(turn.org, id)))
    })
    .await)
}

async fn access_code(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("access-code/{who}"), [0; 32], move |turn| {
        let (credential, code) = turn.issue_code(id)?;
        Ok((201, json!({ "credential": credential, "code": code })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Qr {
    #[serde(default)]
    for_now: bool,
}

async fn qr_code(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Qr>,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("qr-code/{who}"), body.hash, move |turn| {
        let (credential, token) = turn.issue_qr(id, body.value.for_now)?;
        Ok((201, json!({ "credential": credential, "token": token })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Badge {
    serial: String,
}

async fn badge(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
    body: Body<Badge>,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("badge/{who}"), body.hash, move |turn| {
        let credential = turn.link_badge(id, &body.value.serial)?;
        Ok((201, json!({ "credential": credential })))
    })
    .await)
}

async fn clear_pin(
    State(app): State<App>,
    Path((slug, who)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id = id(&who)?;
    Ok(command(&app, &slug, person, &format!("clear-pin/{who}"), [0; 32], move |turn| {
        turn.clear_pin(id)?;
        Ok((200, json!({ "cleared": true })))
    })
    .await)
}

async fn revoke_credential(
    State(app): State<App>,
    Path((slug, credential)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: CredentialId = id(&credential)?;
    Ok(command(&app, &slug, person, &format!("revoke/{credential}"), [0; 32], move |turn| {
        turn.revoke_credential(id, false)?;
        Ok((200, json!({ "revoked": true })))
    })
    .await)
}

async fn profile(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Profile>) -> Response {
    command(&app, &slug, person, "profiles", body.hash, move |turn| {
        let profile = turn.set_profile(None, body.value)?;
        Ok((201, json!({ "profile": profile })))
    })
    .await
}

async fn change_profile(
    State(app): State<App>,
    Path((slug, profile)): Path<(String, String)>,
    person: Person,
    body: Body<Profile>,
) -> Result<Response, Problem> {
    let id: ProfileId = id(&profile)?;
    Ok(command(&app, &slug, person, &format!("profiles/{profile}"), body.hash, move |turn| {
        let profile = turn.set_profile(Some(id), body.value)?;
        Ok((200, json!({ "profile": profile })))
    })
    .await)
}

async fn profiles(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all: Vec<Value> =
            turn.org.profiles.iter().map(|(id, card)| json!({ "profile": id, "card": card })).collect();
        json!({ "profiles": all })
    })
    .await
}

async fn grant(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Permission>) -> Response {
    command(&app, &slug, person, "permissions", body.hash, move |turn| {
        let permission = turn.grant(body.value)?;
        Ok((201, json!({ "permission": permission })))
    })
    .await
}

async fn permissions(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all: Vec<Value> =
            turn.org.permissions.iter().map(|(id, card)| json!({ "permission": id, "card": card })).collect();
        json!({ "permissions": all })
    })
    .await
}

async fn revoke(
    State(app): State<App>,
    Path((slug, permission)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: PermissionId = id(&permission)?;
    Ok(command(&app, &slug, person, &format!("permissions/{permission}"), [0; 32], move |turn| {
        turn.revoke(id)?;
        Ok((200, json!({ "revoked": true })))
    })
    .await)
}

async fn settings(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let declared = turn.org.declared_settings().unwrap_or_default();
        let all: Vec<Value> = declared
            .iter()
            .map(|setting| {
                let now = turn.org.setting(&setting.name).unwrap_or(&setting.default);
                json!({ "name": setting.name, "value": now, "default": setting.default, "values": setting.values })
            })
            .collect();
        json!({ "preset": turn.preset(), "settings": all })
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    value: String,
}

async fn setting(
    State(app): State<App>,
    Path((slug, name)): Path<(String, String)>,
    person: Person,
    body: Body<Setting>,
) -> Response {
    command(&app, &slug, person, &format!("settings/{name}"), body.hash, move |turn| {
        turn.set_setting(&name, &body.value.value, None)?;
        Ok((200, json!({ "name": name, "value": body.value.value })))
    })
    .await
}

async fn reason(
    State(app): State<App>,
    Path((slug, code)): Path<(String, String)>,
    person: Person,
    body: Body<ReasonCode>,
) -> Response {
    command(&app, &slug, person, &format!("reasons/{code}"), body.hash, move |turn| {
        turn.set_reason(&code, body.value)?;
        Ok((200, json!({ "code": code })))
    })
    .await
}
