//! The link of a booking, on the phone of a guest (F11, R09). In: the token of the link, in a body and never in an address. Out: what it is for,
//! and the steps of a pickup. A link alone opens nothing from afar: the policy asks for the number on the screen of the box. Refuses to
//! tell a wrong token from one that is over.

use super::App;
use super::body::Body;
use super::people::id;
use super::problem::Problem;
use super::view;
use crate::writer::Caller;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use keyward_host_core::event::Who;
use keyward_host_core::id::{BoxId, KeyId, VisitId};
use keyward_host_core::kinds::{Method, Proof};
use keyward_host_core::org::Where;
use keyward_host_core::{Done, Fault, Next, Shown, Turn};
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/links", post(look))
        .route("/links/visits", post(begin))
        .route("/links/visits/{visit}", post(step))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    link: String,
}

/// The booking of a link that is not taken back; its time may be over.
fn guest(turn: &Turn<'_>, link: &str) -> Done<Who> {
    let known = turn.shown(Method::UrlLink, link).and_then(|id| turn.org.credentials.get(&id));
    known.filter(|known| !known.revoked).map(|known| known.who).ok_or(Fault::NotAccepted)
}

/// What, where, until when. The neutral name of the key, and no address.
async fn look(State(app): State<App>, Path(slug): Path<String>, body: Body<Link>) -> Response {
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        let who = guest(turn, &body.value.link)?;
        let Who::Guest(id) = who else { return Err(Fault::NotAccepted) };
        let booking = turn.org.bookings.get(&id).ok_or(Fault::NotAccepted)?;
        let key = turn.org.keys.get(&booking.key).ok_or(Fault::NotAccepted)?;
        let bin = match key.place {
            Where::Bin(bin) => turn.org.bins.get(&bin),
            _ => None,
        };
        let r#box = bin.and_then(|bin| Some((bin.r#box, turn.org.boxes.get(&bin.r#box)?)));
        let place = r#box.and_then(|(_, it)| turn.org.locations.get(&it.location)).map(|place| place.card.name.clone());
        Ok((
            200,
            json!({
                "org": turn.org.name, "key": booking.key, "name": key.card.name, "from": booking.from.to_string(), "until": booking.until.to_string(),
                "state": booking.state, "held": key.place == Where::Held(who), "box": r#box.map(|(id, _)| id), "box_name": r#box.map(|(_, it)| it.name.clone()),
                "place": place,
            }),
        ))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    link: String,
    r#box: BoxId,
}

fn shown(next: Next, visit: VisitId, status: u16) -> (u16, Value) {
    let mut told = view::next(&next);
    told["visit"] = json!(visit);
    (if matches!(next, Next::Refused(..)) { 403 } else { status }, told)
}

async fn begin(State(app): State<App>, Path(slug): Path<String>, body: Body<Begin>) -> Response {
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        guest(turn, &body.value.link)?;
        let (visit, next) = turn.identify(body.value.r#box, Method::UrlLink, &body.value.link)?;
        Ok(shown(next, visit, 201))
    });
    outcome.await.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    link: String,
    /// The key that is wanted.
    #[serde(default)]
    key: Option<KeyId>,
    /// The number on the screen of the box.
    #[serde(default)]
    presence_code: Option<String>,
}

/// The next step: a key, the number on the screen, or a look at where it stands.
async fn step(
    State(app): State<App>,
    Path((slug, visit)): Path<(String, String)>,
    body: Body<Step>,
) -> Result<Response, Problem> {
    let id: VisitId = id(&visit)?;
    let Step { link, key, presence_code } = body.value;
    if presence_code.as_ref().is_some_and(|digits| digits.len() > 10) || key.is_some() && presence_code.is_some() {
        return Err(Problem::body("One step at a time: a key, or the number on the screen of the box."));
    }
    let outcome = app.writer.act(&slug, Caller::Nobody, None, None, move |turn| {
        let who = guest(turn, &link)?;
        let credential = turn.shown(Method::UrlLink, &link);
        let open = turn.org.visits.get(&id).filter(|open| open.who == who && open.credential == credential);
        open.ok_or(Fault::Over("visit"))?;
        let next = match (key, presence_code) {
            (Some(key), _) => turn.choose(id, key)?,
            (None, Some(digits)) => turn.show(id, Some(Proof::PresenceCode), Shown::Digits(digits, None))?,
            (None, None) => turn.proceed(id)?,
        };
        Ok(shown(next, id, 200))
    });
    Ok(outcome.await.into_response())
}
