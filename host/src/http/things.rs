//! Keys, groups, places, boxes, bookings: what administrators keep. In: JSON. Out: what was made; codes are shown once.

use super::App;
use super::auth::Person;
use super::body::Body;
use super::people::{command, id, seen};
use super::problem::Problem;
use super::view;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{delete, post, put};
use jiff::Timestamp;
use keyward_host_core::event::{KeyCard, Place};
use keyward_host_core::hours::Hours;
use keyward_host_core::id::{BinId, BookingId, KeyId, LocationId};
use keyward_host_core::kinds::{BinState, BookingKind, KeyStatus};
use keyward_host_core::org::Where;
use keyward_host_core::vault::Contact;
use serde::Deserialize;
use serde_json::{Value, json};

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/key-groups", post(group))
        .route("/keys", post(key).get(keys))
        .route("/keys/{key}", put(change_key))
        .route("/keys/{key}/place", put(place))
        .route("/keys/{key}/status", put(status))
        .route("/locations", post(location).get(locations))
        .route("/locations/{location}", put(change_location))
        .route("/locations/{location}/hours", put(hours))
        .route("/boxes", post(add_box).get(boxes))
        .route("/bins/{bin}", put(bin))
        .route("/bookings", post(book).get(bookings))
        .route("/bookings/{booking}", delete(cancel))
        .route("/reservations", post(reserve))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

async fn group(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Named>) -> Response {
    command(&app, &slug, person, "key-groups", body.hash, move |turn| {
        let group = turn.create_group(&body.value.name)?;
        Ok((201, json!({ "group": group })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    card: KeyCard,
    #[serde(default)]
    address: String,
    #[serde(default)]
    notes: String,
}

async fn key(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<NewKey>) -> Response {
    command(&app, &slug, person, "keys", body.hash, move |turn| {
        let NewKey { card, address, notes } = body.value;
        let (key, warning) = turn.create_key(card, &address, &notes)?;
        Ok((201, json!({ "key": key, "warning": warning })))
    })
    .await
}

async fn keys(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all: Vec<Value> = turn.org.keys.iter().map(|(id, key)| view::key(turn.org, *id, key)).collect();
        json!({ "keys": all })
    })
    .await
}

async fn change_key(
    State(app): State<App>,
    Path((slug, key)): Path<(String, String)>,
    person: Person,
    body: Body<KeyCard>,
) -> Result<Response, Problem> {
    let id: KeyId = id(&key)?;
    Ok(command(&app, &slug, person, &format!("keys/{key}"), body.hash, move |turn| {
        turn.change_key(id, body.value)?;
        Ok((200, json!({ "key": id })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPlace {
    place: Where,
    why: String,
}

async fn place(
    State(app): State<App>,
    Path((slug, key)): Path<(String, String)>,
    person: Person,
    body: Body<NewPlace>,
) -> Result<Response, Problem> {
    let id: KeyId = id(&key)?;
    Ok(command(&app, &slug, person, &format!("place/{key}"), body.hash, move |turn| {
        turn.correct(id, body.value.place, &body.value.why)?;
        Ok((200, json!({ "key": id, "place": body.value.place })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: KeyStatus,
}

async fn status(
    State(app): State<App>,
    Path((slug, key)): Path<(String, String)>,
    person: Person,
    body: Body<NewStatus>,
) -> Result<Response, Problem> {
    let id: KeyId = id(&key)?;
    Ok(command(&app, &slug, person, &format!("status/{key}"), body.hash, move |turn| {
        turn.key_status(id, body.value.status)?;
        Ok((200, json!({ "key": id, "status": body.value.status })))
    })
    .await)
}

async fn location(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<Place>) -> Response {
    command(&app, &slug, person, "locations", body.hash, move |turn| {
        let unwatched = body.value.placement.is_empty();
        let location = turn.set_location(None, body.value)?;
        let warning =
            unwatched.then_some("A box is no vault. Please hang it where it is watched, and say so in `placement`.");
        Ok((201, json!({ "location": location, "warning": warning })))
    })
    .await
}

async fn change_location(
    State(app): State<App>,
    Path((slug, location)): Path<(String, String)>,
    person: Person,
    body: Body<Place>,
) -> Result<Response, Problem> {
    let id: LocationId = id(&location)?;
    Ok(command(&app, &slug, person, &format!("locations/{location}"), body.hash, move |turn| {
        turn.set_location(Some(id), body.value)?;
        Ok((200, json!({ "location": id })))
    })
    .await)
}

async fn locations(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn
            .org
            .locations
            .iter()
            .map(|(id, place)| json!({ "location": id, "card": place.card, "hours": place.hours }));
        json!({ "locations": all.collect::<Vec<_>>() })
    })
    .await
}

async fn hours(
    State(app): State<App>,
    Path((slug, location)): Path<(String, String)>,
    person: Person,
    body: Body<Hours>,
) -> Result<Response, Problem> {
    let id: LocationId = id(&location)?;
    Ok(command(&app, &slug, person, &format!("hours/{location}"), body.hash, move |turn| {
        let digest = turn.set_hours(id, body.value)?;
        Ok((200, json!({ "location": id, "policy": digest })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBox {
    location: LocationId,
    name: String,
    bins: Vec<String>,
}

async fn add_box(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<NewBox>) -> Response {
    command(&app, &slug, person, "boxes", body.hash, move |turn| {
        let (id, code) = turn.add_box(body.value.location, &body.value.name, &body.value.bins)?;
        let bins = turn.org.boxes.get(&id).map(|it| it.bins.clone()).unwrap_or_default();
        let bins: Vec<Value> = bins
            .iter()
            .map(|bin| json!({ "bin": bin, "label": turn.org.bins.get(bin).map(|bin| bin.label.clone()) }))
            .collect();
        Ok((201, json!({ "box": id, "enrolment_code": code, "bins": bins })))
    })
    .await
}

async fn boxes(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let bin = |id: &BinId| {
            let bin = turn.org.bins.get(id)?;
            Some(json!({ "bin": id, "label": bin.label, "state": bin.state, "key": bin.key }))
        };
        let all = turn.org.boxes.iter().map(|(id, it)| {
            let bins: Vec<Value> = it.bins.iter().filter_map(bin).collect();
            json!({ "box": id, "name": it.name, "location": it.location, "enrolled": it.public_key.is_some(), "online": it.online, "clock_off_seconds": it.skew, "bins": bins })
        });
        json!({ "boxes": all.collect::<Vec<_>>() })
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBin {
    state: BinState,
}

async fn bin(
    State(app): State<App>,
    Path((slug, bin)): Path<(String, String)>,
    person: Person,
    body: Body<NewBin>,
) -> Result<Response, Problem> {
    let id: BinId = id(&bin)?;
    Ok(command(&app, &slug, person, &format!("bins/{bin}"), body.hash, move |turn| {
        turn.bin_state(id, body.value.state)?;
        Ok((200, json!({ "bin": id, "state": body.value.state })))
    })
    .await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBooking {
    key: KeyId,
    guest: Contact,
    #[serde(default = "one_time")]
    kind: BookingKind,
    from: Timestamp,
    until: Timestamp,
}

fn one_time() -> BookingKind {
    BookingKind::OneTime
}

async fn book(State(app): State<App>, Path(slug): Path<String>, person: Person, body: Body<NewBooking>) -> Response {
    command(&app, &slug, person, "bookings", body.hash, move |turn| {
        let NewBooking { key, guest, kind, from, until } = body.value;
        let booked = turn.book(key, guest, kind, from, until)?;
        Ok((201, json!({ "booking": booked.booking, "code": booked.code, "link": booked.link })))
    })
    .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewReservation {
    key: KeyId,
    from: Timestamp,
    until: Timestamp,
}

async fn reserve(
    State(app): State<App>,
    Path(slug): Path<String>,
    person: Person,
    body: Body<NewReservation>,
) -> Response {
    command(&app, &slug, person, "reservations", body.hash, move |turn| {
        let booked = turn.reserve(body.value.key, body.value.from, body.value.until)?;
        Ok((201, json!({ "booking": booked.booking })))
    })
    .await
}

async fn bookings(State(app): State<App>, Path(slug): Path<String>, person: Person) -> Response {
    seen(&app, &slug, person, |turn| {
        let all = turn.org.bookings.iter().map(|(id, booking)| {
            let guest = turn.org.vault.guest(*id).map(|guest| guest.name.clone());
            json!({
                "booking": id, "key": booking.key, "person": booking.person, "guest": guest, "kind": booking.kind, "state": booking.state,
                "from": booking.from.to_string(), "until": booking.until.to_string(),
            })
        });
        json!({ "bookings": all.collect::<Vec<_>>() })
    })
    .await
}

async fn cancel(
    State(app): State<App>,
    Path((slug, booking)): Path<(String, String)>,
    person: Person,
) -> Result<Response, Problem> {
    let id: BookingId = id(&booking)?;
    Ok(command(&app, &slug, person, &format!("cancel/{booking}"), [0; 32], move |turn| {
        turn.cancel_booking(id)?;
        Ok((200, json!({ "booking": id, "state": "cancelled" })))
    })
    .await)
}
