//! Setting up, signing in, and one's own account. In: addresses, passwords, codes. Out: sessions. The same status, the same body and the
//! same work for an address that is known and one that is not (C7).

use super::App;
use super::auth::{COOKIE, Person};
use super::body::Body;
use super::problem::{Problem, answer};
use crate::writer::{Caller, Outcome};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use keyward_host_core::id::{ChallengeId, PersonId};
use keyward_host_core::kinds::Preset;
use keyward_host_core::org::Org;
use keyward_host_core::vault::{Contact, Stretched};
use keyward_host_core::{NewPerson, SignedIn};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::PoisonError;

/// What stands beside the organizations.
pub fn first() -> Router<App> {
    Router::new().route("/v1/setup", post(setup)).route("/livez", get(livez)).route("/readyz", get(readyz))
}

/// What belongs to an organization.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/login", post(login))
        .route("/login/code", post(login_code))
        .route("/logout", post(logout))
        .route("/me", get(me))
        .route("/me/password", put(password))
        .route("/me/pin", put(pin))
        .route("/me/authenticator", post(authenticator))
        .route("/me/authenticator/code", post(authenticator_code))
        .route("/me/login-code", put(switch))
        .route("/me/settings/{name}", put(own_setting))
        .route("/password/reset", post(reset))
        .route("/password/reset/{challenge}", post(reset_done))
}

async fn livez() -> &'static str {
    "alive\n"
}

async fn readyz(State(app): State<App>) -> Response {
    match app.writer.trouble() {
        None => "ready\n".into_response(),
        Some(_) => Problem::down().into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setup {
    token: String,
    org: SetupOrg,
    owner: SetupOwner,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupOrg {
    name: String,
    slug: String,
    tz: String,
    #[serde(default = "seed")]
    preset: Preset,
}

fn seed() -> Preset {
    Preset::Seed
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupOwner {
    name: String,
    email: String,
    #[serde(default)]
    mobile: Option<String>,
    password: String,
}

/// F01. The token was printed at the first start; it is good once and for an hour.
async fn setup(State(app): State<App>, body: Body<Setup>) -> Result<Response, Problem> {
    let refused = || {
        Problem::new(
            StatusCode::FORBIDDEN,
            "setup_token",
            "This setup token is not accepted. It is good once, for an hour after the first start.",
        )
    };
    let Setup { token, org, owner } = body.value;
    let now = (app.clock)();
    {
        let setup = app.setup.lock().unwrap_or_else(PoisonError::into_inner);
        let good = setup.as_ref().is_some_and(|(own, until)| {
            keyward_host_core::code::same(own.as_bytes(), token.as_bytes()) && now < *until
        });
        if !good {
            return Err(refused());
        }
    }
    let own = [owner.name.as_str(), owner.email.as_str(), org.name.as_str()];
    let judged = app.stretcher.judged(&owner.password, &own, None).await.ok_or_else(Problem::down)?;
    if !keyward_host_core::slug(&org.slug) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "slug: 1 to 40 of a-z, 0-9 and -."));
    }
    // One that was begun and not finished, because something did not fit, is begun again.
    let made = app.writer.create(&org.slug).await.map_err(|_| Problem::down())?;
    if !made && app.writer.look(&org.slug, |org, _, _| org.preset.is_some()).await? {
        return Err(Problem::new(StatusCode::CONFLICT, "conflict", "There is an organization of this name already."));
    }
    let contact = Contact { name: owner.name, mobile: owner.mobile, email: Some(owner.email) };
    let new = NewPerson { contact, manager: None, password: Some(judged.stretched) };
    let slug = org.slug.clone();
    let outcome = app.writer.act(&slug, Caller::Installer, None, None, move |turn| {
        turn.judge_password(org.preset, &judged)?;
        let owner = turn.found(&org.name, &org.slug, &org.tz, org.preset, new)?;
        Ok((201, json!({ "org": org.slug, "owner": owner })))
    });
    let outcome = outcome.await;
    if matches!(outcome, Outcome::Done(..)) {
        *app.setup.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
    Ok(outcome.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
    /// Whether the token is wanted in the body, for programs, instead of a cookie.
    #[serde(default)]
    token: bool,
}

/// The salt of a password; a fixed other one where there is none, so that the work is the same.
fn salt(org: &Org, id: Option<PersonId>) -> [u8; 16] {
    id.and_then(|id| org.vault.person(id)?.password).map_or([7; 16], |stretched| stretched.salt)
}

async fn login(State(app): State<App>, Path(slug): Path<String>, body: Body<Login>) -> Result<Response, Problem> {
    let Login { email, password, token } = body.value;
    if email.len() > 254 || password.len() > 1_000 {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid",
            "An address has at most 254 characters, a password 1,000.",
        ));
    }
    let address = email.clone();
    let salt = app.writer.look(&slug, move |org, _, _| salt(org, org.by_email(&address))).await?;
    let typed = app.stretcher.stretch(&password, salt).await.ok_or_else(Problem::down)?;
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.sign_in(&email, &typed, false).map(|done| signed_in(&done))
    });
    Ok(session(outcome.await, token))
}

fn signed_in(done: &SignedIn) -> (u16, Value) {
    match done {
        SignedIn::Session(session, token) => (200, json!({ "session": format!("{session}.{token}") })),
        SignedIn::Code(challenge, channel) => (
            202,
            json!({ "challenge": challenge, "by": channel.map_or("authenticator", keyward_host_core::kinds::Channel::word) }),
        ),
        SignedIn::Recovery(challenge) => (202, json!({ "challenge": challenge, "by": "recovery_code" })),
        SignedIn::Refused(words) => (403, json!({ "refused": words })),
    }
}

/// Puts a fresh session into a cookie, unless a program wants it in the body.
fn session(outcome: Outcome, token: bool) -> Response {
    let Outcome::Done(200, body) = &outcome else { return outcome.into_response() };
    let session =
        serde_json::from_str::<Value>(body).ok().and_then(|body| body["session"].as_str().map(str::to_string));
    let Some(session) = session.filter(|_| !token) else { return outcome.into_response() };
    let mut response = answer(StatusCode::OK, "application/json", json!({ "signed_in": true }).to_string());
    let cookie = format!("{COOKIE}={session}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=43200");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginCode {
    challenge: ChallengeId,
    code: String,
    #[serde(default)]
    token: bool,
}

async fn login_code(State(app): State<App>, Path(slug): Path<String>, body: Body<LoginCode>) -> Response {
    let LoginCode { challenge, code, token } = body.value;
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.sign_in_code(challenge, &code).map(|done| signed_in(&done))
    });
    session(outcome.await, token)
}

async fn logout(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    let session = person.session;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        turn.sign_out(session);
        Ok((200, json!({ "signed_in": false })))
    });
    outcome.await.into_response()
}

async fn me(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, |turn| {
        let keyward_host_core::event::Actor::Person(id) = turn.actor else {
            return Err(keyward_host_core::Fault::NotAccepted);
        };
        let held = turn.org.keys.iter().filter(|(_, key)| {
            key.place == keyward_host_core::org::Where::Held(keyward_host_core::event::Who::Person(id))
        });
        let held: Vec<Value> = held.map(|(id, key)| super::view::key(turn.org, *id, key)).collect();
        let mut shown = super::view::person(turn.org, id);
        shown["holds"] = Value::from(held);
        Ok((200, shown))
    });
    outcome.await.into_response()
}

/// Looks up whose session it is, outside of any command: for salts only.
pub async fn own_salt(
    app: &App,
    slug: &str,
    person: &Person,
    which: fn(&Org, PersonId) -> Option<Stretched>,
) -> Result<([u8; 16], Option<Stretched>, Vec<String>), Problem> {
    let session = person.session;
    let found = app.writer.look(slug, move |org, _, _| {
        let id = org.sessions.get(&session)?.person;
        let contact = org.vault.person(id)?.contact.clone();
        let words = [Some(contact.name), contact.email, contact.mobile].into_iter().flatten().collect();
        let stretched = which(org, id);
        Some((stretched.map_or([7; 16], |one| one.salt), stretched, words))
    });
    found.await?.ok_or_else(Problem::signed_out)
}

pub fn own_password(org: &Org, id: PersonId) -> Option<Stretched> {
    org.vault.person(id)?.password
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    current: String,
    new: String,
}

async fn password(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Password>,
) -> Result<Response, Problem> {
    let (salt, old, words) = own_salt(&app, &slug, &person, own_password).await?;
    let current = app.stretcher.stretch(&body.value.current, salt).await.ok_or_else(Problem::down)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let new = app.stretcher.judged(&body.value.new, &words, old).await.ok_or_else(Problem::down)?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        Ok(match turn.change_password(&current, &new)? {
            true => (200, json!({ "changed": true, "words": ["Please sign in again. We ask for a code once."] })),
            false => (403, json!({ "refused": ["The current password is not right."] })),
        })
    });
    Ok(outcome.await.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pin {
    pin: String,
}

async fn pin(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Pin>,
) -> Result<Response, Problem> {
    let stretched = app.stretcher.fresh(&body.value.pin).await.ok_or_else(Problem::down)?;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        turn.set_pin(&body.value.pin, stretched)?;
        Ok((200, json!({ "set": true })))
    });
    Ok(outcome.await.into_response())
}

async fn authenticator(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, |turn| {
        let seed = turn.begin_authenticator()?;
        Ok((200, json!({ "secret": base32(&seed), "digits": 6, "period": 30 })))
    });
    outcome.await.into_response()
}

/// Base 32 as authenticator apps take it (RFC 4648).
fn base32(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let five = |at: usize| (0..5).fold(0, |number, next| number << 1 | bit(at * 5 + next));
    (0..bytes.len() * 8 / 5).map(|at| char::from(letters[usize::from(five(at))])).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

async fn authenticator_code(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Code>,
) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        turn.confirm_authenticator(&body.value.code)?;
        Ok((200, json!({ "enrolled": true })))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    on: bool,
    #[serde(default)]
    password: Option<String>,
}

/// R22. Off costs the password, in a session that began with a code.
async fn switch(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<Switch>,
) -> Result<Response, Problem> {
    let Switch { on, password } = body.value;
    let (salt, _, _) = own_salt(&app, &slug, &person, own_password).await?;
    let typed = match &password {
        Some(plain) => Some(app.stretcher.stretch(plain, salt).await.ok_or_else(Problem::down)?),
        None => None,
    };
    let session = person.session;
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let fresh = turn.org.sessions.get(&session).is_some_and(|session| session.with_code);
        turn.switch_login_code(on, typed.as_ref(), fresh)?;
        Ok((200, json!({ "on": on })))
    });
    Ok(outcome.await.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    value: String,
}

async fn own_setting(
    State(app): State<App>,
    Path((slug, name)): Path<(String, String)>,
    person: Person,
    body: Body<Setting>,
) -> Response {
    let outcome = app.writer.act(&slug, person.caller, None, None, move |turn| {
        let keyward_host_core::event::Actor::Person(id) = turn.actor else {
            return Err(keyward_host_core::Fault::NotAccepted);
        };
        turn.set_setting(&name, &body.value.value, Some(id))?;
        Ok((200, json!({ "name": name, "value": body.value.value })))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    email: String,
}

/// R35, V19: the same answer whoever asks.
async fn reset(State(app): State<App>, Path(slug): Path<String>, body: Body<Reset>) -> Response {
    let link = format!("{}/v1/{slug}/password/reset/", app.address);
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.request_reset(&body.value.email, &link);
        Ok((202, json!({ "words": ["If this address is known, a link is on its way. It is good for 30 minutes."] })))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetDone {
    token: String,
    new: String,
}

async fn reset_done(
    State(app): State<App>,
    Path((slug, challenge)): Path<(String, String)>,
    body: Body<ResetDone>,
) -> Result<Response, Problem> {
    let challenge: ChallengeId = challenge.parse().map_err(|_| Problem::nothing())?;
    let old = app.writer.look(&slug, move |org, _, _| {
        let id = org.challenges.get(&challenge)?.person?;
        org.vault.person(id)?.password
    });
    let old = old.await?;
    let new = app.stretcher.judged(&body.value.new, &[], old).await.ok_or_else(Problem::down)?;
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        turn.complete_reset(challenge, &body.value.token, &new)?;
        Ok((200, json!({ "changed": true })))
    });
    Ok(outcome.await.into_response())
}
