//! Bodies. In: bytes of a request. Out: what a handler wants, or a problem that names the place. Refuses what is not JSON, is too large, is
//! compressed, or has fields nobody knows.

use super::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A body that was read, with the hash of its bytes.
#[derive(Debug)]
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
}

/// The bytes of a body.
pub async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "encoding",
            "Please send the body as it is, not compressed.",
        ));
    }
    let large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "A body has at most 64 KiB.");
    let slow = || Problem::new(StatusCode::REQUEST_TIMEOUT, "slow", "The body did not arrive within ten seconds.");
    let read = tokio::time::timeout(crate::listen::PATIENCE, Bytes::from_request(request, state));
    read.await.map_err(|_| slow())?.map_err(|_| large())
}

/// What bytes say.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Body<T>, Problem> {
    let bytes = if bytes.is_empty() { b"{}".as_slice() } else { bytes };
    let value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::body(format!("The body is not what this address takes: {error}.")))?;
    Ok(Body { value, hash: Sha256::digest(bytes).into() })
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let empty = request.headers().get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
        let nothing = kind.is_empty() && empty;
        if !json && !nothing {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media_type",
                "Please send JSON, with Content-Type: application/json.",
            ));
        }
        read(&bytes(request, state).await?)
    }
}
