//! The HTTP API. In: requests. Out: JSON, problems as RFC 9457 says. A handler reads its body, hands a command to the writer, and shows
//! what came of it. Refuses bodies over 64 KiB, compressed ones, fields it does not know, and to say more to strangers than that
//! something is not accepted.

mod account;
mod alerts;
mod auth;
mod body;
mod boxes;
mod field;
mod limit;
mod links;
mod live;
mod oversight;
mod people;
mod policies;
mod problem;
mod recovery;
mod reports;
mod things;
mod trail;
mod view;

use crate::hook::Hooks;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::secret::Stretcher;
use crate::store::Store;
use crate::writer::{Clock, Writer};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::get;
use keyward_host_core::id::BoxId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

pub use auth::signature_text;
pub use limit::Limits;

/// Bytes of a body at most.
const LARGEST: usize = 64 * 1024;

/// What every handler needs.
#[derive(Clone)]
pub struct App {
    /// Where commands go.
    pub writer: Writer,
    /// For reading the log.
    pub store: Store,
    /// Secrets.
    pub keys: Keys,
    /// For passwords.
    pub stretcher: Stretcher,
    /// The time.
    pub clock: Clock,
    /// Other systems that may be told something.
    pub hooks: Hooks,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// How often addresses may ask.
    pub limits: Limits,
    /// The address people reach the host by, for links.
    pub address: String,
    /// The one-time token of the first setup, with the time it ends at.
    pub setup: Arc<Mutex<Option<(String, jiff::Timestamp)>>>,
    /// Signed requests of boxes that came lately.
    pub nonces: Arc<Mutex<HashMap<String, i64>>>,
    /// When it was last written down that a box was heard of.
    pub heard: Arc<Mutex<HashMap<BoxId, i64>>>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("App")
    }
}

/// All routes.
pub fn router(app: App) -> Router {
    let org = Router::new()
        .merge(account::routes())
        .merge(people::routes())
        .merge(things::routes())
        .merge(field::routes())
        .merge(boxes::routes())
        .merge(trail::routes())
        .merge(policies::routes())
        .merge(reports::routes())
        .merge(alerts::routes())
        .merge(oversight::routes())
        .merge(recovery::routes())
        .merge(links::routes())
        .merge(live::routes());
    Router::new()
        .route("/", get(front))
        .route("/security", get(security))
        .merge(account::first())
        .nest("/v1/{org}", org)
        .fallback(problem::nowhere)
        .method_not_allowed_fallback(problem::not_so)
        .layer(DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(app.limits.clone(), limit::limited))
        .layer(middleware::map_response(headers))
        .layer(middleware::from_fn_with_state(Arc::clone(&app.metrics), counted))
        .with_state(app)
}

/// What somebody reads who opens the address in a browser.
async fn front() -> &'static str {
    concat!(
        "keyward-host ",
        env!("CARGO_PKG_VERSION"),
        "\n\nThis is the API of a key system, below /v1. It has no pages yet.\nhost/README.md shows a day with it, with nothing but curl.\n"
    )
}

/// How this host protects what it is trusted with (R19).
async fn security() -> &'static str {
    include_str!("../../../SECURITY.md")
}

/// Counts every answer, and how long it took.
async fn counted(State(metrics): State<Arc<Metrics>>, request: Request, next: middleware::Next) -> Response {
    let begun = std::time::Instant::now();
    let response = next.run(request).await;
    metrics.answered(response.status().as_u16(), begun.elapsed());
    response
}

/// Headers that every answer has.
async fn headers(mut response: Response) -> Response {
    let all = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        all.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
