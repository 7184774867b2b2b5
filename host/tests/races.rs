//! Many at once: the same code, the same key, the same request. And the same host again, after it was killed.

mod desk;

use desk::{Desk, LockBox, settings};
use keyward_host::serve::Host;
use keyward_host::verify;
use serde_json::json;
use std::sync::Arc;

const ADA: &str = "+4366000003";

async fn verified(desk: &Desk) {
    verify::database(&desk.app.store).await.expect("the log and the tables beside it agree");
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_sixty_four_right_codes_open_once_and_sixty_four_wrong_ones_never() {
    let desk = Arc::new(Desk::new("acme").await);
    let cabinet = Arc::new(LockBox::new(&desk, 2).await);
    cabinet.somebody(&desk, "Ada", ADA, "badge-a").await;
    for round in 0..5 {
        let visit = cabinet
            .ask(&desk, "POST", "visits", &json!({ "method": "phone_number", "value": ADA }))
            .await
            .fine()
            .text("visit");
        let code = desk.code(ADA).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let digits = if round % 2 == 0 { code } else { wrong.to_string() };
        let tries = (0..64).map(|_| {
            let (desk, cabinet, visit, digits) =
                (Arc::clone(&desk), Arc::clone(&cabinet), visit.clone(), digits.clone());
            tokio::spawn(async move {
                cabinet.ask(&desk, "POST", &format!("visits/{visit}/proof"), &json!({ "digits": digits })).await
            })
        });
        let mut keys = 0;
        for tried in tries.collect::<Vec<_>>() {
            let answer = tried.await.expect("an answer");
            assert!(answer.status.as_u16() < 500, "{}", answer.text);
            keys += usize::from(answer.body["next"] == "keys");
        }
        let log = desk.admin("GET", "log?limit=1000", &json!({})).await.text;
        let passed = log.matches("\"type\":\"challenge.passed\"").count();
        if round % 2 == 0 {
            assert!(keys >= 1, "the right code is accepted");
            assert_eq!(passed, 2 + round / 2, "once (and one each for Olga's sign-in and earlier rounds)");
        } else {
            assert_eq!(keys, 0, "a wrong code is not");
            assert_eq!(passed, 2 + round / 2);
        }
        desk.wait(601);
        desk.tick().await;
    }
    verified(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d5_many_want_one_key_and_one_gets_it() {
    let desk = Arc::new(Desk::new("acme").await);
    let cabinet = Arc::new(LockBox::new(&desk, 2).await);
    let car = cabinet.key(&desk, "Patrol car", "fob-car", 0).await;
    for person in 0..8 {
        cabinet.somebody(&desk, &format!("P{person}"), &format!("+43660001{person}"), &format!("badge-{person}")).await;
    }
    for _ in 0..10 {
        let races = (0..8).map(|person| {
            let (desk, cabinet, car) = (Arc::clone(&desk), Arc::clone(&cabinet), car.clone());
            tokio::spawn(async move {
                let badge = json!({ "method": "badge", "value": format!("badge-{person}") });
                let visit = cabinet.ask(&desk, "POST", "visits", &badge).await.fine().text("visit");
                let chosen = cabinet.ask(&desk, "POST", &format!("visits/{visit}/key"), &json!({ "key": car })).await;
                chosen.body["operation"].as_str().map(str::to_string)
            })
        });
        let mut openings = Vec::new();
        for race in races.collect::<Vec<_>>() {
            openings.extend(race.await.expect("a race"));
        }
        assert_eq!(openings.len(), 1, "one opening: {openings:?}");
        let operation = &openings[0];
        cabinet.ask(&desk, "POST", &format!("operations/{operation}/begin"), &json!({})).await.fine();
        for _ in 0..4 {
            let report = json!({ "what": "taken", "verified": true });
            cabinet.ask(&desk, "POST", &format!("operations/{operation}/report"), &report).await.fine();
        }
        let back = cabinet.ask(&desk, "POST", "returns", &json!({ "fob": "fob-car" })).await.fine().text("operation");
        cabinet.ask(&desk, "POST", &format!("operations/{back}/report"), &json!({ "what": "placed" })).await.fine();
    }
    let log = desk.admin("GET", "log?limit=1000", &json!({})).await.text;
    assert_eq!(log.matches("\"type\":\"custody.taken\"").count(), 10, "one entry for each key that left");
    verified(&desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d9_a_request_that_comes_again_has_one_effect() {
    let desk = Arc::new(Desk::new("acme").await);
    let path = "/v1/acme/people".to_string();
    let send = |name: &str, key: &str, session: String| {
        let body = json!({ "name": name }).to_string();
        let request = axum::http::Request::builder()
            .method("POST")
            .uri(&path)
            .header("authorization", format!("Bearer {session}"));
        let request = request.header("content-type", "application/json").header("idempotency-key", key);
        let request = request.body(axum::body::Body::from(body)).expect("a request");
        let desk = Arc::clone(&desk);
        tokio::spawn(async move { desk.send(request).await })
    };
    let all: Vec<_> = (0..100)
        .map(|turn| send(&format!("Person {}", turn % 10), &format!("key-{}", turn % 10), desk.owner.clone()))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    for one in all {
        seen.insert(one.await.expect("an answer").fine().text("person"));
    }
    assert_eq!(seen.len(), 10, "ten people, a hundred requests");
    let reused = send("Somebody else", "key-1", desk.owner.clone()).await.expect("an answer");
    assert_eq!((reused.status.as_u16(), reused.body["code"].as_str()), (422, Some("reused")));
    let long = send("Long", &"k".repeat(101), desk.owner.clone()).await.expect("an answer");
    assert_eq!(long.status.as_u16(), 400);
    // The same after a restart.
    let clock = {
        let now = Arc::clone(&desk.now);
        Arc::new(move || *now.lock().expect("the clock"))
    };
    let again = Host::open(settings(&desk.folder), clock).await.expect("a host");
    let router = keyward_host::http::router(again.app.clone());
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/v1/acme/people")
        .header("authorization", format!("Bearer {}", desk.owner));
    let request = request.header("content-type", "application/json").header("idempotency-key", "key-1");
    let response = tower::ServiceExt::oneshot(
        router,
        request.body(axum::body::Body::from(json!({ "name": "Person 1" }).to_string())).expect("a request"),
    );
    let bytes = http_body_util::BodyExt::collect(response.await.expect("an answer").into_body())
        .await
        .expect("a body")
        .to_bytes();
    let person: serde_json::Value = serde_json::from_slice(&bytes).expect("json");
    assert!(seen.contains(person["person"].as_str().expect("an id")), "{person}");
}
