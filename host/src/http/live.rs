//! Screens that stay up to date (F23). In: a session. Out: a stream of server-sent events: how long the log is, each time it grows. What has
//! changed is asked for as always. Refuses to go on when the session has ended, and does not keep a session awake.

use super::App;
use super::auth::Person;
use super::problem::Problem;
use crate::writer::{Caller, Outcome};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use keyward_host_core::session_of;
use serde_json::Value;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;

/// How often it is said that the stream is alive, and looked whether the session is.
const ALIVE: Duration = Duration::from_secs(15);

/// The routes.
pub fn routes() -> Router<App> {
    Router::new().route("/live", get(live))
}

async fn live(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Result<Response, Response> {
    let Caller::Session(session, token) = person.caller.clone() else {
        return Err(Problem::signed_out().into_response());
    };
    let outcome = app.writer.act(&slug, person.caller, None, None, |_| Ok((200, Value::Null))).await;
    if !matches!(outcome, Outcome::Done(..)) {
        return Err(outcome.into_response());
    }
    let (lines, stream) = mpsc::channel::<String>(8);
    let mut length = app.writer.watch(&slug);
    tokio::spawn(async move {
        let mut said = None;
        loop {
            let now = *length.borrow_and_update();
            let line = match said == Some(now) {
                true => ": alive\n\n".to_string(),
                false => format!("event: entries\ndata: {{\"entries\":{now}}}\n\n"),
            };
            said = Some(now);
            if lines.send(line).await.is_err() {
                return;
            }
            let changed = tokio::time::timeout(ALIVE, length.changed()).await;
            if matches!(changed, Ok(Err(_))) {
                return;
            }
            let (session, token) = (session, token.clone());
            let alive = app
                .writer
                .look(&slug, move |org, keys, now| session_of(org, &keys.pepper, now, session, &token).is_some());
            if !matches!(alive.await, Ok(true)) {
                let _ = lines.send("event: signed_out\ndata: {}\n\n".to_string()).await;
                return;
            }
        }
    });
    let kind = HeaderValue::from_static("text/event-stream");
    Ok(([(header::CONTENT_TYPE, kind)], Body::new(Lines(stream))).into_response())
}

/// A body that goes on as long as there are lines.
struct Lines(mpsc::Receiver<String>);

impl axum::body::HttpBody for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|line| line.map(|line| Ok(hyper::body::Frame::data(Bytes::from(line)))))
    }
}
