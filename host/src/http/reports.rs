//! Reports (F21), the search of the log (F22, R69), and both as CSV (B7). In: which report, from when to when. Out: rows; a copy as CSV
//! stands in the log as one. Refuses to reckon beside people at boxes: a report works on a copy of the organization.

use super::App;
use super::auth::Person;
use super::policies::{beside, looked};
use super::problem::{Problem, answer};
use super::trail::reader;
use super::view;
use crate::writer::Outcome;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use keyward_host_core::event::Entry;
use keyward_host_core::org::Org;
use keyward_host_core::report::{History, Kind, Report, report};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Days a report covers when nobody says.
const MONTH: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Entries a report reads at most.
const MOST: u64 = 500_000;
/// Entries that are read at a time.
const PAGE: u32 = 5_000;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new().route("/reports", get(all)).route("/reports/{report}", get(one)).route("/log/search", get(search))
}

async fn all(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    super::people::seen(&app, &slug, person, |_| {
        let each = Kind::ALL
            .iter()
            .map(|kind| json!({ "report": kind.word(), "title": kind.title(), "columns": kind.columns() }));
        json!({ "reports": each.collect::<Vec<_>>() })
    })
    .await
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    #[serde(default)]
    format: Format,
}

fn asked<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Problem> {
    let wrong = |error: QueryRejection| Problem::body(format!("This is not how it is asked: {}.", error.body_text()));
    query.map(|Query(value)| value).map_err(wrong)
}

/// Entries from one time to another.
async fn history(app: &App, slug: &str, from: Timestamp, until: Timestamp) -> Result<Vec<Entry>, Problem> {
    let down = |_| Problem::down();
    let orgs = app.store.orgs().await.map_err(down)?;
    let (org, _) = orgs.into_iter().find(|(_, own)| own == slug).ok_or_else(Problem::nothing)?;
    let size = app.writer.look(slug, |org, _, _| org.seq).await.map_err(Problem::from)?;
    let mut next = app.store.since(org, size, from).await.map_err(down)?;
    let end = app.store.since(org, size, until).await.map_err(down)?;
    if end.saturating_sub(next) > MOST {
        let why = format!("That is {} entries; a report reads at most {MOST}. Please ask for less time.", end - next);
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why));
    }
    let mut all = Vec::new();
    while next < end {
        let bodies = app.store.entries(org, next, PAGE).await.map_err(down)?;
        let read =
            beside(move || bodies.iter().map(|body| serde_json::from_str(body)).collect::<Result<Vec<Entry>, _>>());
        let entries = read.await?.map_err(|_| Problem::down())?;
        let Some(last) = entries.last() else { break };
        next = last.seq + 1;
        all.extend(entries.into_iter().filter(|entry| entry.seq < end));
    }
    Ok(all)
}

async fn one(
    State(app): State<App>,
    Path((slug, name)): Path<(String, String)>,
    person: Person,
    query: Result<Query<Span>, QueryRejection>,
) -> Result<Response, Response> {
    let kind = Kind::of(&name).ok_or_else(|| Problem::nothing().into_response())?;
    let Span { from, until, format } = asked(query).map_err(IntoResponse::into_response)?;
    let now = (app.clock)();
    let until = until.unwrap_or_else(|| now.saturating_add(SignedDuration::from_millis(1)).unwrap_or(now));
    let from = from.unwrap_or_else(|| until.saturating_sub(MONTH).unwrap_or(Timestamp::MIN));
    if from >= until {
        return Err(
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "`from` comes before `until`.").into_response()
        );
    }
    let org: Org = looked(&app, &slug, person.same(), |turn| {
        turn.must_read()?;
        Ok(turn.org.clone())
    })
    .await?;
    if format == Format::Csv {
        noted(&app, &slug, person, format!("report {name} from {from} until {until}")).await?;
    }
    let before = SignedDuration::from_hours(24 * kind.lookback());
    let first = from.saturating_sub(before).unwrap_or(Timestamp::MIN);
    let entries = history(&app, &slug, first, until).await.map_err(IntoResponse::into_response)?;
    let made = beside(move || report(kind, &History { org: &org, entries: &entries, from, until, now })).await;
    let made = made.map_err(IntoResponse::into_response)?;
    Ok(match format {
        Format::Csv => csv(&name, &made),
        Format::Json => {
            let told = json!({
                "report": made.name, "title": made.title, "note": made.note, "from": from.to_string(), "until": until.to_string(),
                "columns": made.columns, "rows": made.rows,
            });
            answer(StatusCode::OK, "application/json", told.to_string())
        }
    })
}

/// A copy leaves the house: that stands in the log.
async fn noted(app: &App, slug: &str, person: Person, what: String) -> Result<(), Response> {
    let outcome = app.writer.act(slug, person.caller, None, None, move |turn| {
        turn.export(&what)?;
        Ok((200, Value::Null))
    });
    match outcome.await {
        Outcome::Done(..) => Ok(()),
        other => Err(other.into_response()),
    }
}

/// A table for a spreadsheet: every cell is text there, whatever it begins with.
fn csv(name: &str, report: &Report) -> Response {
    let file = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\""));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let file = file.unwrap_or(HeaderValue::from_static("attachment"));
    (StatusCode::OK, [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)], report.csv()).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Anything with an id: a person, a key, a box, a bin, a visit, a booking …
    about: Option<String>,
    /// A second one.
    and: Option<String>,
    /// A type of entry, or the first word of some: `custody.taken`, `custody`.
    r#type: Option<String>,
    #[serde(default)]
    after_hours: bool,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    /// Only entries before this one: how to go on.
    before: Option<u64>,
    #[serde(default = "hundred")]
    limit: u32,
}

fn hundred() -> u32 {
    100
}

/// What an entry must say, as parts of its JSON.
fn says(
    about: Option<String>,
    and: Option<String>,
    kind: Option<String>,
    after_hours: bool,
) -> Result<[String; 4], Problem> {
    let wrong = |why: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why);
    let named = |id: Option<String>| match id {
        Some(id) if id.parse::<keyward_host_core::id::KeyId>().is_ok() => {
            Ok(format!("\"{}\"", id.to_ascii_uppercase()))
        }
        Some(_) => Err(wrong("`about` and `and` are ids, as they stand in the log.")),
        None => Ok(String::new()),
    };
    let plain = |one: u8| one.is_ascii_lowercase() || b"._".contains(&one);
    let kind = match kind {
        Some(kind) if !kind.is_empty() && kind.bytes().all(plain) => {
            let end = if kind.contains('.') { "\"" } else { "." };
            format!("\"type\":\"{kind}{end}")
        }
        Some(_) => return Err(wrong("`type` is a type of entry, such as custody.taken, or its first word.")),
        None => String::new(),
    };
    let closed = if after_hours { "\"after_hours\":true".to_string() } else { String::new() };
    Ok([named(about)?, named(and)?, kind, closed])
}

/// Entries about something, newest first, with the names of what stands in them.
async fn search(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    query: Result<Query<Search>, QueryRejection>,
) -> Result<Response, Response> {
    let (org, size) = reader(&app, &slug, person).await?;
    let Search { about, and, r#type, after_hours, from, until, before, limit } =
        asked(query).map_err(IntoResponse::into_response)?;
    let says = says(about, and, r#type, after_hours).map_err(IntoResponse::into_response)?;
    let down = |_| Problem::down().into_response();
    let first = match from {
        Some(from) => app.store.since(org, size, from).await.map_err(down)?,
        None => 0,
    };
    let last = match until {
        Some(until) => app.store.since(org, size, until).await.map_err(down)?,
        None => size,
    };
    let limit = limit.clamp(1, 1_000);
    let bodies = app.store.search(org, first..last.min(before.unwrap_or(last)), &says, limit).await.map_err(down)?;
    let entries: Vec<Value> = bodies.iter().filter_map(|body| serde_json::from_str(body).ok()).collect();
    let more = entries.len() == limit as usize;
    let next = entries.last().and_then(|entry| entry["seq"].as_u64()).filter(|_| more);
    let told = app.writer.look(&slug, move |org, _, _| {
        let mut names = BTreeMap::new();
        entries.iter().for_each(|entry| naming(org, entry, &mut names));
        json!({ "entries": entries, "names": names, "before": next })
    });
    let told = told.await.map_err(|unseen| Problem::from(unseen).into_response())?;
    Ok(answer(StatusCode::OK, "application/json", told.to_string()))
}

/// The names of things whose ids stand in some JSON.
fn naming(org: &Org, value: &Value, names: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) if text.len() == 26 && !names.contains_key(text) => {
            if let Some(name) = view::called(org, text) {
                names.insert(text.clone(), name);
            }
        }
        Value::Array(all) => all.iter().for_each(|one| naming(org, one, names)),
        Value::Object(all) => all.values().for_each(|one| naming(org, one, names)),
        _ => {}
    }
}
