//! Who is asking. In: headers. Out: a caller, for the writer to check. People have a session, in a cookie that no script can read or as
//! a bearer token; boxes sign each request. Refuses a cookie that comes from a foreign page, and a signed request that comes again.

use super::App;
use super::body;
use super::problem::Problem;
use crate::keys::{unhex, unhexed};
use crate::writer::{Caller, Name, Unseen};
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use ed25519_dalek::{Signature, VerifyingKey};
use jiff::Timestamp;
use keyward_host_core::id::{BoxId, SessionId};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::PoisonError;

/// The cookie of a session.
pub const COOKIE: &str = "__Host-keyward";
/// How far the clock of a box may be off before its requests are refused.
const SKEW: i64 = 300;

/// A person who is signed in, and the name of their request.
#[derive(Debug)]
pub struct Person {
    /// For the writer.
    pub caller: Caller,
    /// The name of the request, if it has one.
    pub request: Option<String>,
    /// The session.
    pub session: SessionId,
}

impl Person {
    /// The same caller, for something that is only looked at.
    #[must_use]
    pub fn same(&self) -> Person {
        Person { caller: self.caller.clone(), request: None, session: self.session }
    }

    /// The name of the request with the hash of what is asked.
    #[must_use]
    pub fn name(&self, what: &str, hash: [u8; 32]) -> Option<Name> {
        self.request.as_ref().map(|request| Name { request: request.clone(), hash: hashed(what, &hash) })
    }
}

fn hashed(what: &str, hash: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(what.as_bytes()).chain_update([0]).chain_update(hash).finalize().into()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn session(headers: &HeaderMap) -> Option<(&str, bool)> {
    if let Some(bearer) = header(headers, "authorization").and_then(|value| value.strip_prefix("Bearer ")) {
        return Some((bearer.trim(), false));
    }
    let cookies = header(headers, "cookie")?.split(';');
    cookies
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| (value, true))
}

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Person, Problem> {
        let (text, cookie) = session(&parts.headers).ok_or_else(Problem::signed_out)?;
        let (id, token) = text.split_once('.').ok_or_else(Problem::signed_out)?;
        let id: SessionId = id.parse().map_err(|_| Problem::signed_out())?;
        let changes = !matches!(parts.method, Method::GET | Method::HEAD);
        // A cookie goes along by itself: what changes something must come from our own pages.
        if cookie && changes && header(&parts.headers, "origin") != Some(app.address.as_str()) {
            return Err(Problem::new(
                axum::http::StatusCode::FORBIDDEN,
                "origin",
                "This did not come from a page of this host.",
            ));
        }
        let request = header(&parts.headers, "idempotency-key").map(str::to_string);
        if request.as_ref().is_some_and(|request| request.is_empty() || request.len() > 100) {
            return Err(Problem::body("An Idempotency-Key has 1 to 100 characters."));
        }
        let caller = Caller::Session(id, token.to_string());
        Ok(Person { caller, request, session: id })
    }
}

/// What a box signs: method, path, time in milliseconds, the name of the request and the hash of the body, a line each.
#[must_use]
pub fn signature_text(method: &str, path: &str, time: i64, nonce: &str, body: &[u8]) -> String {
    let hash: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{method}\n{path}\n{time}\n{nonce}\n{hash}\n")
}

/// A request that a box has signed, with its body.
#[derive(Debug)]
pub struct Signed<T> {
    /// The organization.
    pub org: String,
    /// The box.
    pub r#box: BoxId,
    /// What it says.
    pub value: T,
    /// Its time.
    pub time: Timestamp,
    /// The rest of the path.
    pub path: HashMap<String, String>,
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for Signed<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Signed<T>, Problem> {
        let refused = || {
            Problem::new(
                axum::http::StatusCode::UNAUTHORIZED,
                "signature",
                "The signature of this box is not accepted.",
            )
        };
        let (mut parts, body) = request.into_parts();
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(&mut parts, app)
            .await
            .map_err(|_| Problem::nothing())?;
        let org = path.get("org").cloned().ok_or_else(Problem::nothing)?;
        let r#box: BoxId = path.get("box").and_then(|id| id.parse().ok()).ok_or_else(refused)?;
        let named = |name: &str| header(&parts.headers, name).map(str::to_string).ok_or_else(refused);
        let time: i64 = named("keyward-time")?.parse().map_err(|_| refused())?;
        let nonce = named("keyward-request")?;
        let signature = unhexed(&named("keyward-signature")?)
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .ok_or_else(refused)?;
        let method = parts.method.as_str().to_string();
        // Not the rest that is left below the prefix of the organization.
        let whole = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |whole| whole.0.clone());
        let place = whole.path_and_query().map(|place| place.as_str().to_string()).unwrap_or_default();
        let bytes = body::bytes(Request::from_parts(parts, body), app).await?;
        let known = app
            .writer
            .look(&org, move |org, _, _| org.boxes.get(&r#box).and_then(|it| it.public_key.clone()))
            .await
            .map_err(|unseen| if unseen == Unseen::Down { Problem::down() } else { refused() })?;
        let key = known
            .and_then(|key| unhex(&key))
            .and_then(|key| VerifyingKey::from_bytes(&key).ok())
            .ok_or_else(refused)?;
        let text = signature_text(&method, &place, time, &nonce, &bytes);
        key.verify_strict(text.as_bytes(), &signature).map_err(|_| refused())?;
        let now = (app.clock)();
        let off = now.as_millisecond() - time;
        if off.abs() > SKEW * 1000 {
            let detail = format!("The clock of this box is off by {} seconds. The host says {now}.", off / 1000);
            return Err(Problem::new(axum::http::StatusCode::UNAUTHORIZED, "clock", detail));
        }
        if nonce.is_empty() || nonce.len() > 100 || !fresh(app, &format!("{org}/{}/{nonce}", r#box), now) {
            return Err(Problem::new(
                axum::http::StatusCode::CONFLICT,
                "replayed",
                "This signed request has come before.",
            ));
        }
        let value = body::read(&bytes)?.value;
        let time = Timestamp::from_millisecond(time).map_err(|_| refused())?;
        Ok(Signed { org, r#box, value, time, path })
    }
}

/// Whether a signed request has not come before. They are remembered for longer than they are accepted.
fn fresh(app: &App, nonce: &str, now: Timestamp) -> bool {
    let mut nonces = app.nonces.lock().unwrap_or_else(PoisonError::into_inner);
    let now = now.as_second();
    if nonces.len() > 10_000 {
        nonces.retain(|_, until| *until > now);
    }
    nonces.insert(nonce.to_string(), now + 2 * SKEW).is_none_or(|until| until <= now)
}
