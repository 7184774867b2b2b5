//! What went wrong, for programs and people (RFC 9457). In: faults. Out: `application/problem+json` with a status, a code that stays
//! the same and a sentence that says the way out. Refuses to tell strangers what exists.

use crate::writer::{Outcome, Unseen};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use keyward_host_core::Fault;
use serde_json::{Value, json};

/// A problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    more: Vec<(&'static str, Value)>,
}

impl Problem {
    /// A problem.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem { status, code, detail: detail.into(), more: Vec::new() }
    }

    /// A body that cannot be read.
    #[must_use]
    pub fn body(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "body", detail)
    }

    /// Not signed in, or not any more.
    #[must_use]
    pub fn signed_out() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "signed_out", "Please sign in.")
    }

    /// Nothing here.
    #[must_use]
    pub fn nothing() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
    }

    /// The host cannot do it now.
    #[must_use]
    pub fn down() -> Problem {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "down",
            "The store does not work at the moment, so nothing was changed. Please try again.",
        )
    }

    /// Says more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Problem {
        self.more.push((name, value.into()));
        self
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        let detail = fault.to_string();
        match fault {
            Fault::NotFound(what) => {
                Problem::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
            }
            Fault::Forbidden(_) => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Fault::Invalid(field, why) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why).with("field", field)
            }
            Fault::Conflict(why) => Problem::new(StatusCode::CONFLICT, "conflict", why),
            Fault::Locked(until) => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", "There were too many wrong tries. Please wait.")
                    .with("until", until.to_string())
            }
            Fault::NotAccepted => Problem::new(StatusCode::FORBIDDEN, "not_accepted", "This is not accepted."),
            Fault::Over(what) => {
                Problem::new(StatusCode::GONE, "over", format!("This {what} is over. Please begin again."))
            }
        }
    }
}

impl From<Unseen> for Problem {
    fn from(unseen: Unseen) -> Problem {
        match unseen {
            Unseen::NoOrg => Problem::nothing(),
            Unseen::Down => Problem::down(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:keyward:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("Problem"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        for (name, value) in self.more {
            body[name] = value;
        }
        answer(self.status, "application/problem+json", body.to_string())
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        match self {
            Outcome::Done(status, body) | Outcome::Again(status, body) => {
                answer(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), "application/json", body)
            }
            Outcome::Fault(fault) => Problem::from(fault).into_response(),
            Outcome::SignedOut => Problem::signed_out().into_response(),
            Outcome::Reused => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "reused",
                "This Idempotency-Key was used for another request. Please use a fresh one.",
            )
            .into_response(),
            Outcome::NoOrg => Problem::nothing().into_response(),
            Outcome::Down => Problem::down().into_response(),
        }
    }
}

/// A response with a body of a type.
pub fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

/// An address that is none.
pub async fn nowhere() -> Problem {
    Problem::nothing()
}

/// A method that an address does not have.
pub async fn not_so() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "This address does not take this method.")
}
