//! Three hosts on one PostgreSQL are one system: a session of one is a session of all, a code is used once, a key leaves once, a request has
//! one effect, a message goes out once.

mod desk;

use desk::postgres::Postgres;
use desk::{Desk, LockBox};
use keyward_host::gateway::Gateway;
use keyward_host::{outbox, verify};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

const ADA: &str = "+4366000003";

async fn three(server: &Postgres) -> [Arc<Desk>; 3] {
    let url = || Some(server.url.clone());
    let first = Desk::on("acme", url()).await;
    let (second, third) = (first.beside(url()).await, first.beside(url()).await);
    [Arc::new(first), Arc::new(second), Arc::new(third)]
}

#[tokio::test(flavor = "multi_thread")]
async fn d5_d4_d9_three_hosts_give_a_key_out_once() {
    let server = Postgres::new();
    let hosts = three(&server).await;
    let cabinet = Arc::new(LockBox::new(&hosts[0], 2).await);
    let car = cabinet.key(&hosts[1], "Patrol car", "fob-car", 0).await;
    for person in 0..6 {
        cabinet
            .somebody(&hosts[2], &format!("P{person}"), &format!("+43660001{person}"), &format!("badge-{person}"))
            .await;
    }
    for round in 0..8 {
        let races = (0..6).map(|person| {
            let (desk, cabinet, car) = (Arc::clone(&hosts[person % 3]), Arc::clone(&cabinet), car.clone());
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
        assert_eq!(openings.len(), 1, "round {round}: {openings:?}");
        let operation = &openings[0];
        cabinet.ask(&hosts[round % 3], "POST", &format!("operations/{operation}/begin"), &json!({})).await.fine();
        let reports = (0..3).map(|host| {
            let (desk, cabinet, operation) = (Arc::clone(&hosts[host]), Arc::clone(&cabinet), operation.clone());
            tokio::spawn(async move {
                let report = json!({ "what": "taken", "verified": true });
                cabinet.ask(&desk, "POST", &format!("operations/{operation}/report"), &report).await.fine()
            })
        });
        for report in reports.collect::<Vec<_>>() {
            report.await.expect("a report");
        }
        let back = cabinet
            .ask(&hosts[(round + 1) % 3], "POST", "returns", &json!({ "fob": "fob-car" }))
            .await
            .fine()
            .text("operation");
        cabinet
            .ask(&hosts[(round + 2) % 3], "POST", &format!("operations/{back}/report"), &json!({ "what": "placed" }))
            .await
            .fine();
    }
    let log = hosts[1].admin("GET", "log?limit=1000", &json!({})).await.text;
    assert_eq!(log.matches("\"type\":\"custody.taken\"").count(), 8, "one entry for each key that left");
    let sound = verify::database(&hosts[0].app.store).await.expect("the log and the tables beside it agree");
    assert!(sound[0].entries > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn c4_three_hosts_take_a_code_once_and_count_wrong_ones_together() {
    let server = Postgres::new();
    let hosts = three(&server).await;
    let cabinet = Arc::new(LockBox::new(&hosts[0], 1).await);
    cabinet.somebody(&hosts[0], "Ada", ADA, "badge-a").await;
    let visit = cabinet
        .ask(&hosts[0], "POST", "visits", &json!({ "method": "phone_number", "value": ADA }))
        .await
        .fine()
        .text("visit");
    let code = hosts[0].code(ADA).await;
    let right = (0..24).map(|one| {
        let (desk, cabinet, visit, code) =
            (Arc::clone(&hosts[one % 3]), Arc::clone(&cabinet), visit.clone(), code.clone());
        tokio::spawn(async move {
            cabinet.ask(&desk, "POST", &format!("visits/{visit}/proof"), &json!({ "digits": code })).await
        })
    });
    for one in right.collect::<Vec<_>>() {
        assert!(one.await.expect("an answer").status.as_u16() < 500);
    }
    let log = hosts[2].admin("GET", "log?limit=1000", &json!({})).await.text;
    assert_eq!(log.matches("\"type\":\"challenge.passed\"").count(), 2, "Olga's sign-in, and this one once");
    let visit = cabinet
        .ask(&hosts[1], "POST", "visits", &json!({ "method": "phone_number", "value": ADA }))
        .await
        .fine()
        .text("visit");
    let code = hosts[1].code(ADA).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for host in &hosts {
        cabinet.ask(host, "POST", &format!("visits/{visit}/proof"), &json!({ "digits": wrong })).await;
    }
    let locked = cabinet.ask(&hosts[0], "POST", &format!("visits/{visit}/proof"), &json!({ "digits": code })).await;
    assert_eq!(locked.status.as_u16(), 429, "three wrong tries at three hosts cool the box down: {}", locked.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn d9_d10_a_request_and_a_message_are_of_one_host() {
    let server = Postgres::new();
    let hosts = three(&server).await;
    let session = hosts[0].owner.clone();
    let all = (0..60).map(|turn| {
        let (desk, session) = (Arc::clone(&hosts[turn % 3]), session.clone());
        tokio::spawn(async move {
            let request = axum::http::Request::builder()
                .method("POST")
                .uri("/v1/acme/people")
                .header("content-type", "application/json");
            let request = request
                .header("authorization", format!("Bearer {session}"))
                .header("idempotency-key", format!("key-{}", turn % 5));
            let body = json!({ "name": format!("Person {}", turn % 5) }).to_string();
            desk.send(request.body(axum::body::Body::from(body)).expect("a request")).await.fine().text("person")
        })
    });
    let mut people = BTreeSet::new();
    for one in all.collect::<Vec<_>>() {
        people.insert(one.await.expect("an answer"));
    }
    assert_eq!(people.len(), 5, "five people, sixty requests to three hosts");
    for number in 0..10 {
        let email = format!("p{number}@example.org");
        hosts[number % 3]
            .admin("POST", "people", &json!({ "name": "P", "email": email, "password": "amber kettle 12 moss" }))
            .await
            .fine();
        hosts[0].post("/v1/acme/password/reset", None, &json!({ "email": email })).await.fine();
    }
    let outbox_file = hosts[0].folder.0.join("sent.jsonl");
    let moment = *hosts[0].now.lock().expect("the clock");
    let rounds = (0..6).map(|turn| {
        let (desk, path) = (Arc::clone(&hosts[turn % 3]), outbox_file.clone());
        tokio::spawn(async move {
            let gateway = Gateway::file(path).expect("a gateway");
            outbox::round(&desk.app.store, &desk.app.writer, &gateway, moment).await.expect("a round");
        })
    });
    for round in rounds.collect::<Vec<_>>() {
        round.await.expect("a round");
    }
    let sent = std::fs::read_to_string(outbox_file).expect("messages");
    let ids: Vec<String> =
        sent.lines().map(|line| serde_json::from_str::<Value>(line).expect("json")["id"].to_string()).collect();
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (10, 10), "each message once");
}

/// W16: the database dies. Nothing is given out, nobody is told yes, the host says so; when it is back, so is the host, without hands.
#[tokio::test(flavor = "multi_thread")]
async fn w16_without_its_store_a_host_gives_nothing_out_and_recovers_by_itself() {
    let server = Postgres::new();
    let desk = Desk::on("acme", Some(server.url.clone())).await;
    let cabinet = LockBox::new(&desk, 2).await;
    let car = cabinet.key(&desk, "Patrol car", "fob-car", 0).await;
    cabinet.somebody(&desk, "Ada", ADA, "badge-a").await;
    let badge = json!({ "method": "badge", "value": "badge-a" });
    let visit = cabinet.ask(&desk, "POST", "visits", &badge).await.fine().text("visit");
    server.stop();
    let key = json!({ "key": car });
    let chosen = cabinet.ask(&desk, "POST", &format!("visits/{visit}/key"), &key).await;
    assert_eq!((chosen.status.as_u16(), chosen.body["operation"].as_str()), (503, None), "{}", chosen.text);
    let made = desk.admin("POST", "people", &json!({ "name": "Nobody" })).await;
    assert_eq!((made.status.as_u16(), made.body["person"].as_str()), (503, None), "{}", made.text);
    assert_eq!(desk.call("GET", "/readyz", None, None).await.status.as_u16(), 503);
    assert_eq!(desk.call("GET", "/livez", None, None).await.status.as_u16(), 200);
    server.start();
    // The visit is as it was: nothing of what failed is left.
    let chosen = cabinet.ask(&desk, "POST", &format!("visits/{visit}/key"), &key).await.fine();
    assert_eq!(chosen.body["next"], "open");
    assert_eq!(desk.call("GET", "/readyz", None, None).await.status.as_u16(), 200);
    assert!(!desk.admin("GET", "people", &json!({})).await.fine().text.contains("Nobody"));
    verify::database(&desk.app.store).await.expect("the log and the tables beside it agree");
}
