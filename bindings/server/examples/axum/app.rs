//! The routes. In: policies that are obeyed. Out: our own decision route, and that of the AuthZEN Authorization API 1.0. Refuses
//! bodies above 64 KiB, and to say yes for any reason but a decision with the status ok.
//!
//! AuthZEN asks with subject, action, resource and context. The action names the policy (`after_hours` for
//! `keyward.after_hours`) or, where that has several, policy and decision (`login/enter`). The request is made of the properties of subject and
//! resource and of the context, whose keys are inputs; the ids of subject and resource go to the inputs `<type>.id` where the
//! policy has them. Yes is the answer `access` with the value `allowed`, or the answer `allowed` with yes.

use std::cell::RefCell;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use keyward_server::json::{Decided, Said, Terms, read_request};
use keyward_server::{DecideError, Decider, Live, Schema, Status, Worker};
use serde_json::{Map, Value, json};

/// Most bytes of a body.
const LARGEST: usize = 64 << 10;

/// The routes of some policies.
pub fn router(live: &Arc<Live>) -> Router {
    Router::new()
        .route("/decide/{policy}", post(decide))
        .route("/access/v1/evaluation", post(evaluation))
        .route("/.well-known/authzen-configuration", get(configuration))
        .route("/livez", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Arc::clone(live))
}

/// What is wrong with a request.
struct Refused(StatusCode, Value);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}

fn refused(code: StatusCode, message: impl ToString) -> Refused {
    Refused(code, json!({"error": {"message": message.to_string()}}))
}

/// Our own route: the request of a policy, and what `keyward decide --format json` prints.
async fn decide(State(live): State<Arc<Live>>, Path(policy): Path<String>, body: Bytes) -> Result<Response, Refused> {
    let decided = answered(&live, &policy, &body)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], decided.json()).into_response())
}

/// AuthZEN 1.0.
async fn evaluation(State(live): State<Arc<Live>>, headers: HeaderMap, body: Bytes) -> Response {
    let found = evaluated(&live, &body);
    let mut response = found.map_or_else(IntoResponse::into_response, |value| Json(value).into_response());
    if let Some(id) = headers.get("x-request-id") {
        response.headers_mut().insert("x-request-id", HeaderValue::clone(id));
    }
    response
}

async fn configuration(headers: HeaderMap) -> Json<Value> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let at = format!("http://{host}");
    Json(json!({"policy_decision_point": at, "access_evaluation_endpoint": format!("{at}/access/v1/evaluation")}))
}

fn evaluated(live: &Arc<Live>, body: &[u8]) -> Result<Value, Refused> {
    let bad = |message: &str| refused(StatusCode::BAD_REQUEST, message);
    let asked: Value = serde_json::from_slice(body).map_err(|error| bad(&format!("this is not JSON: {error}")))?;
    let text = |of: &str, key: &str| {
        let value = asked.get(of).and_then(|object| object.get(key)).and_then(Value::as_str);
        value.ok_or_else(|| bad(&format!("`{of}.{key}` has to be a string")))
    };
    let (action, ids) = (
        text("action", "name")?,
        [(text("subject", "type")?, text("subject", "id")?), (text("resource", "type")?, text("resource", "id")?)],
    );
    let known = live.names().into_iter().find(|name| named(name, action));
    let Some(schema) = known.as_ref().and_then(|name| live.policy(name)) else {
        return Ok(json!({"decision": false, "context": {"reason": "no policy is about this action"}}));
    };
    let schema = schema.schema();
    let mut request = Map::new();
    for part in ["subject", "resource"] {
        let properties = asked.get(part).and_then(|object| object.get("properties"));
        request.extend(object(properties).map_err(|()| bad(&format!("`{part}.properties` has to be an object")))?);
    }
    request.extend(object(asked.get("context")).map_err(|()| bad("`context` has to be an object"))?);
    for (kind, id) in ids {
        let input = format!("{kind}.id");
        if schema.input(&input).is_some() {
            request.insert(input, json!(id));
        }
    }
    let decided = answered(live, action, Value::Object(request).to_string().as_bytes())?;
    let answers: Map<String, Value> = decided.answers.iter().map(|(name, said)| (name.clone(), value(said))).collect();
    let because: Vec<Value> =
        decided.because.iter().map(|because| json!({"id": because.rule, "reason": because.text})).collect();
    let context = json!({"status": decided.status.word(), "answers": answers, "reasons": because, "policy": decided.policy.0, "version": decided.policy.1, "hash": decided.policy.2});
    Ok(json!({"decision": permits(&decided), "context": context}))
}

/// Whether a decision is a yes.
fn permits(decided: &Decided) -> bool {
    let said = |name: &str| decided.answers.iter().find(|(other, _)| other == name).map(|(_, said)| said);
    decided.status == Status::Ok
        && (said("access") == Some(&Said::Name("allowed".to_string())) || said("allowed") == Some(&Said::YesNo(true)))
}

/// Decides a request in JSON; `asked` is `policy` or `policy/decision`.
fn answered(live: &Arc<Live>, asked: &str, body: &[u8]) -> Result<Decided, Refused> {
    let name = live.names().into_iter().find(|name| named(name, asked));
    let name = name.ok_or_else(|| refused(StatusCode::NOT_FOUND, "there is no such policy"))?;
    with_decider(live, &name, |decider| {
        let schema = decider.policy().schema().clone();
        let decision = decision(&schema, asked)
            .ok_or_else(|| refused(StatusCode::NOT_FOUND, "say which decision: policy/decision"))?;
        let request = read_request(&schema, body, &Terms::default()).map_err(|mistake| {
            let error = json!({"code": mistake.fault.code(), "key": mistake.key, "at": mistake.at, "message": mistake.to_string()});
            Refused(StatusCode::BAD_REQUEST, json!({"error": error}))
        })?;
        Decided::new(decider, decision, &request.pack()).map_err(failed)
    })
}

/// `keyward.after_hours` is asked for as `after_hours`, `keyward.after_hours` or either with a decision behind it.
fn named(policy: &str, asked: &str) -> bool {
    let asked = asked.split('/').next().unwrap_or(asked);
    policy == asked || policy.rsplit('.').next() == Some(asked)
}

fn decision(schema: &Schema, asked: &str) -> Option<u32> {
    match asked.split_once('/') {
        Some((_, name)) => schema.decision(name),
        None if schema.decisions.len() == 1 => Some(0),
        None => None,
    }
}

thread_local! {
    static WORKER: RefCell<Option<(usize, Worker)>> = const { RefCell::new(None) };
}

/// Each thread has deciders of its own, so that none waits for another.
fn with_decider<T>(
    live: &Arc<Live>,
    name: &str,
    call: impl FnOnce(&mut Decider) -> Result<T, Refused>,
) -> Result<T, Refused> {
    WORKER.with_borrow_mut(|worker| {
        let of = Arc::as_ptr(live) as usize;
        if worker.as_ref().is_none_or(|(other, _)| *other != of) {
            *worker = Some((of, Worker::new(live)));
        }
        let Some((_, worker)) = worker else { return Err(refused(StatusCode::INTERNAL_SERVER_ERROR, "no worker")) };
        call(worker.decider(name).map_err(failed)?)
    })
}

fn failed(error: DecideError) -> Refused {
    refused(StatusCode::INTERNAL_SERVER_ERROR, error)
}

fn object(value: Option<&Value>) -> Result<Map<String, Value>, ()> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(_) => Err(()),
    }
}

fn value(said: &Said) -> Value {
    serde_json::from_str(&said.json()).unwrap_or(Value::Null)
}
