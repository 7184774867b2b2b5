//! Strangers, mistakes and two organizations: no route breaks, and nobody sees what is not theirs.

mod desk;

use axum::body::Body;
use axum::http::Request;
use desk::{Desk, LockBox};
use serde_json::{Value, json};

/// Every route below an organization, with the methods it has.
const ROUTES: &[(&str, &str)] = &[
    ("POST", "login"),
    ("POST", "login/code"),
    ("POST", "logout"),
    ("GET", "me"),
    ("PUT", "me/password"),
    ("PUT", "me/pin"),
    ("POST", "me/authenticator"),
    ("POST", "me/authenticator/code"),
    ("PUT", "me/login-code"),
    ("PUT", "me/settings/person.my_pickup_2fa"),
    ("POST", "password/reset"),
    ("POST", "password/reset/ID"),
    ("POST", "people"),
    ("GET", "people"),
    ("GET", "people/ID"),
    ("PUT", "people/ID/duties"),
    ("PUT", "people/ID/role"),
    ("PUT", "people/ID/suspension"),
    ("DELETE", "people/ID/suspension"),
    ("POST", "people/ID/access-code"),
    ("POST", "people/ID/qr-code"),
    ("POST", "people/ID/badge"),
    ("DELETE", "people/ID/pin"),
    ("DELETE", "credentials/ID"),
    ("POST", "profiles"),
    ("GET", "profiles"),
    ("PUT", "profiles/ID"),
    ("POST", "permissions"),
    ("GET", "permissions"),
    ("DELETE", "permissions/ID"),
    ("GET", "settings"),
    ("PUT", "settings/org.swap_handshake"),
    ("PUT", "reasons/x"),
    ("POST", "notices"),
    ("POST", "key-groups"),
    ("POST", "keys"),
    ("GET", "keys"),
    ("PUT", "keys/ID"),
    ("PUT", "keys/ID/place"),
    ("PUT", "keys/ID/status"),
    ("POST", "locations"),
    ("GET", "locations"),
    ("PUT", "locations/ID"),
    ("PUT", "locations/ID/hours"),
    ("POST", "boxes"),
    ("GET", "boxes"),
    ("PUT", "bins/ID"),
    ("POST", "bookings"),
    ("GET", "bookings"),
    ("DELETE", "bookings/ID"),
    ("POST", "reservations"),
    ("POST", "swaps"),
    ("POST", "swaps/ID/code"),
    ("GET", "approvals"),
    ("POST", "approvals/ID"),
    ("POST", "visits"),
    ("GET", "visits/ID"),
    ("POST", "visits/ID/key"),
    ("POST", "visits/ID/reason"),
    ("POST", "visits/ID/proof"),
    ("GET", "log"),
    ("GET", "log/checkpoint"),
    ("GET", "log/0/receipt"),
    ("GET", "overview"),
    ("POST", "boxes/ID/enrolment"),
    ("POST", "boxes/ID/heartbeat"),
    ("GET", "boxes/ID/commands"),
    ("POST", "boxes/ID/visits"),
    ("GET", "boxes/ID/visits/ID"),
    ("POST", "boxes/ID/visits/ID/key"),
    ("POST", "boxes/ID/visits/ID/reason"),
    ("POST", "boxes/ID/visits/ID/proof"),
    ("POST", "boxes/ID/visits/ID/code"),
    ("POST", "boxes/ID/returns"),
    ("POST", "boxes/ID/returns/done"),
    ("POST", "boxes/ID/operations/ID/begin"),
    ("POST", "boxes/ID/operations/ID/report"),
    ("GET", "notices"),
    ("GET", "live"),
    ("POST", "me/recovery-codes"),
    ("POST", "me/contact"),
    ("POST", "me/contact/code"),
    ("PUT", "people/ID/contact"),
    ("POST", "people/ID/recovery"),
    ("POST", "people/ID/recovery/agreement"),
    ("DELETE", "people/ID/authenticator"),
    ("DELETE", "people/ID/fingerprint"),
    ("POST", "recovery/ID"),
    ("POST", "boxes/ID/visits/ID/fingerprint"),
    ("POST", "links"),
    ("POST", "links/visits"),
    ("POST", "links/visits/ID"),
    ("POST", "alert-rules"),
    ("GET", "alert-rules"),
    ("PUT", "alert-rules/ID"),
    ("DELETE", "alert-rules/ID"),
    ("POST", "webhooks"),
    ("GET", "webhooks"),
    ("DELETE", "webhooks/ID"),
    ("POST", "procedures"),
    ("GET", "procedures"),
    ("GET", "procedures/check"),
    ("PUT", "procedures/ID"),
    ("DELETE", "procedures/ID"),
    ("POST", "procedures/ID/review"),
    ("PUT", "people/ID/pause"),
    ("DELETE", "people/ID/pause"),
    ("POST", "reviews"),
    ("GET", "reviews"),
    ("GET", "reviews/ID"),
    ("PUT", "reviews/ID/lines/ID"),
    ("POST", "reviews/ID/closing"),
    ("POST", "boxes/ID/count"),
    ("GET", "policies"),
    ("POST", "policies/pickup/check"),
    ("POST", "policies/pickup/drafts"),
    ("POST", "policies/pickup/rollback"),
    ("GET", "drafts"),
    ("GET", "drafts/ID"),
    ("DELETE", "drafts/ID"),
    ("GET", "drafts/ID/difference"),
    ("POST", "drafts/ID/replay"),
    ("POST", "drafts/ID/approval"),
    ("POST", "drafts/ID/publication"),
    ("GET", "log/0/decisions"),
    ("GET", "modules/ID"),
    ("GET", "reports"),
    ("GET", "reports/out"),
    ("GET", "log/search"),
];

/// Routes that anybody may call.
const OPEN: &[&str] = &[
    "login",
    "login/code",
    "password/reset",
    "password/reset/ID",
    "boxes/ID/enrolment",
    "recovery/ID",
    "links",
    "links/visits",
    "links/visits/ID",
];

/// The list is whole: every `.route(…)` of the sources stands in it, with every method.
#[test]
fn b5_no_route_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut found = 0;
    for file in std::fs::read_dir(folder).expect("the folder").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a source");
        for route in text.split(".route(\"/").skip(1) {
            let Some((path, rest)) = route.split_once('"') else { continue };
            let handlers = rest.split(".route(").next().and_then(|rest| rest.split('\n').next()).unwrap_or("");
            for method in ["get", "post", "put", "delete"] {
                let has = [format!(" {method}("), format!(".{method}(")].iter().any(|word| handlers.contains(word));
                let own = ["", "security", "livez", "readyz", "v1/setup"].contains(&path);
                if !has || own {
                    continue;
                }
                found += 1;
                let same = |listed: &str| {
                    let pairs = listed.split('/').zip(path.split('/'));
                    listed.split('/').count() == path.split('/').count()
                        && pairs.into_iter().all(|(listed, part)| part.starts_with('{') || listed == part)
                };
                let known = ROUTES.iter().any(|(one, listed)| one.eq_ignore_ascii_case(method) && same(listed));
                assert!(known, "{method} {path} is not in the list of this test");
            }
        }
    }
    assert!(found >= ROUTES.len(), "{found} of {}", ROUTES.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_no_route_breaks_whatever_it_is_sent() {
    let desk = Desk::new("acme").await;
    let large = "x".repeat(70_000);
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("application/json", b"{}".to_vec()),
        ("application/json", b"".to_vec()),
        ("application/json", b"null".to_vec()),
        ("application/json", b"[1,2".to_vec()),
        ("application/json", b"{\"name\":\"\xff\xfe\"}".to_vec()),
        ("application/json", br#"{"name":"a","name":"b"}"#.to_vec()),
        ("application/json", br#"{"__proto__":{"x":1}}"#.to_vec()),
        ("application/json", format!("{{\"name\":\"{large}\"}}").into_bytes()),
        ("application/json", deep.into_bytes()),
        (
            "application/json",
            br#"{"name":"\u0000\u202e","email":"a\r\nBcc: b@c.de","password":"x","value":"y","code":"z"}"#.to_vec(),
        ),
        ("text/plain", b"hello".to_vec()),
        ("application/x-www-form-urlencoded", b"a=b".to_vec()),
    ];
    let mut asked = 0;
    for (_, route) in ROUTES {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"] {
            for id in ["01M8FR6SBNZXYEH1S6MXX6D9H2", "no-id", "%00", "..%2f..", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
                let path = format!("/v1/acme/{}", route.replace("ID", id));
                if id != "01M8FR6SBNZXYEH1S6MXX6D9H2" && !route.contains("ID") {
                    continue;
                }
                let (kind, body) = &bodies[asked % bodies.len()];
                for session in [None, Some(desk.owner.as_str()), Some("x.y"), Some("01M8FR6SBNZXYEH1S6MXX6D9H2.00")] {
                    let mut request = Request::builder().method(method).uri(&path).header("content-type", *kind);
                    if let Some(session) = session {
                        request = request.header("authorization", format!("Bearer {session}"));
                    }
                    // Signing out would end the session that the others need.
                    if *route == "logout" || *route == "me/pin" {
                        continue;
                    }
                    // A stream goes on for as long as its session.
                    if *route == "live" && session == Some(desk.owner.as_str()) {
                        continue;
                    }
                    let answer = desk.send(request.body(Body::from(body.clone())).expect("a request")).await;
                    assert!(
                        answer.status.as_u16() < 500,
                        "{method} {path} with {kind}: {} {}",
                        answer.status,
                        answer.text
                    );
                    if answer.status.is_client_error()
                        && method != "HEAD"
                        && answer.body.get("next").is_none()
                        && answer.body.get("refused").is_none()
                    {
                        assert_eq!(
                            answer.headers["content-type"], "application/problem+json",
                            "{method} {path}: {}",
                            answer.text
                        );
                    }
                    asked += 1;
                }
            }
        }
    }
    for (kind, body) in &bodies {
        for (method, route) in ROUTES.iter().filter(|(method, route)| *method != "GET" && *route != "logout") {
            let path = format!("/v1/acme/{}", route.replace("ID", "01M8FR6SBNZXYEH1S6MXX6D9H2"));
            let request = Request::builder()
                .method(*method)
                .uri(&path)
                .header("content-type", *kind)
                .header("authorization", format!("Bearer {}", desk.owner));
            let answer = desk.send(request.body(Body::from(body.clone())).expect("a request")).await;
            assert!(answer.status.as_u16() < 500, "{method} {path}: {} {}", answer.status, answer.text);
        }
    }
    assert!(asked > 2_000, "{asked} requests");
    for odd in [
        "log?limit=x",
        "log?from=-1",
        "log?more=1",
        "log/x/receipt",
        "log/99999999999999999999/receipt",
        "log/9999/receipt",
    ] {
        let answer = desk.admin("GET", odd, &json!({})).await;
        assert!(answer.status.is_client_error(), "{odd}: {}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{odd}: {}", answer.text);
    }
    let zipped = Request::builder()
        .method("POST")
        .uri("/v1/acme/login")
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    assert_eq!(desk.send(zipped.body(Body::from("{}")).expect("a request")).await.status.as_u16(), 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_without_a_session_there_is_nothing_to_see() {
    let desk = Desk::new("acme").await;
    for (method, route) in ROUTES.iter().filter(|(_, route)| !OPEN.contains(route)) {
        let path = format!("/v1/acme/{}", route.replace("ID", "01M8FR6SBNZXYEH1S6MXX6D9H2"));
        let answer = desk.call(method, &path, None, (*method != "GET").then_some(&json!({}))).await;
        assert_eq!(answer.status.as_u16(), 401, "{method} {path}: {}", answer.text);
    }
    // A cookie that comes along from a foreign page changes nothing.
    let cookie = format!("__Host-keyward={}", desk.owner);
    for (origin, status) in [(None, 403), (Some("https://evil.example"), 403), (Some("http://localhost"), 201)] {
        let mut request = Request::builder()
            .method("POST")
            .uri("/v1/acme/people")
            .header("cookie", &cookie)
            .header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = desk.send(request.body(Body::from(r#"{"name":"Cy"}"#)).expect("a request")).await;
        assert_eq!(answer.status.as_u16(), status, "{origin:?}: {}", answer.text);
    }
}

/// Everything an organization can name, asked of another one.
#[tokio::test(flavor = "multi_thread")]
async fn b10_two_organizations_share_nothing() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 2).await;
    let key = cabinet.key(&desk, "Secret garden", "fob-1", 0).await;
    let person = cabinet.somebody(&desk, "Ada", "+4366000003", "badge-a").await;
    // A second organization on the same host, set up with a token of its own.
    let until = "2027-01-01T00:00:00Z".parse().expect("a time");
    *desk.app.setup.lock().expect("the token") = Some(("second".to_string(), until));
    let setup = json!({
        "token": "second", "org": { "name": "Other", "slug": "other", "tz": "UTC" },
        "owner": { "name": "Otto", "email": "olga@example.org", "mobile": "+4366000009", "password": "marble fountain 8 tree" },
    });
    desk.post("/v1/setup", None, &setup).await.fine();
    let asked = desk
        .post(
            "/v1/other/login",
            None,
            &json!({ "email": "olga@example.org", "password": "marble fountain 8 tree", "token": true }),
        )
        .await
        .fine();
    let code = desk.code("+4366000009").await;
    let body = json!({ "challenge": asked.text("challenge"), "code": code, "token": true });
    assert_eq!(
        desk.post("/v1/acme/login/code", None, &body).await.status.as_u16(),
        410,
        "a code of another organization"
    );
    let otto = desk.post("/v1/other/login/code", None, &body).await.fine().text("session");
    let ids = [key.as_str(), person.as_str(), cabinet.id.as_str(), cabinet.bins[0].as_str()];
    for (method, route) in ROUTES.iter().filter(|(_, route)| *route != "live") {
        // Otto's session in the other house, and things of the other house in his own.
        for (slug, id) in [
            ("acme", ids[0]),
            ("acme", ids[1]),
            ("other", ids[0]),
            ("other", ids[1]),
            ("other", ids[2]),
            ("other", ids[3]),
        ] {
            if *route == "logout" || OPEN.contains(route) {
                continue;
            }
            let path = format!("/v1/{slug}/{}", route.replace("ID", id));
            let body = json!({});
            let answer = desk.call(method, &path, Some(&otto), (*method != "GET").then_some(&body)).await;
            // A body that no address takes is refused before anybody looks at who sent it.
            if slug == "acme" && answer.body["code"] != "body" {
                assert_eq!(answer.status.as_u16(), 401, "{method} {path}: {}", answer.text);
            }
            for secret in ["Secret garden", "Ada", "+4366000003", "fob-1"] {
                assert!(!answer.text.contains(secret), "{method} {path}: {}", answer.text);
            }
        }
    }
    let place = json!({ "place": { "bin": cabinet.bins[1] }, "why": "mine" });
    let moved = desk.call("PUT", &format!("/v1/other/keys/{key}/place"), Some(&otto), Some(&place)).await;
    assert_eq!(moved.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn c7_a_stranger_cannot_tell_who_has_an_account() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 1).await;
    cabinet.somebody(&desk, "Ada", "+4366000003", "badge-a").await;
    let pair = |left: &desk::Answer, right: &desk::Answer| {
        assert_eq!(left.status, right.status);
        let plain = |answer: &desk::Answer| {
            let mut body = answer.body.clone();
            // A visit has a name of its own, of the same length.
            if let Some(visit) = body.get_mut("visit") {
                *visit = Value::from(visit.as_str().map_or(0, str::len));
            }
            body
        };
        assert_eq!(plain(left), plain(right));
        let names = |answer: &desk::Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(left), names(right));
    };
    let login = |email: &str| json!({ "email": email, "password": "wrong wrong wrong 1" });
    let known = desk.post("/v1/acme/login", None, &login("olga@example.org")).await;
    pair(&known, &desk.post("/v1/acme/login", None, &login("nobody@example.org")).await);
    let known = desk.post("/v1/acme/password/reset", None, &json!({ "email": "olga@example.org" })).await;
    pair(&known, &desk.post("/v1/acme/password/reset", None, &json!({ "email": "nobody@example.org" })).await);
    let number = |number: &str| json!({ "method": "phone_number", "value": number });
    let known = cabinet.ask(&desk, "POST", "visits", &number("+4366000003")).await;
    let unknown = cabinet.ask(&desk, "POST", "visits", &number("+4366999999")).await;
    pair(&known, &unknown);
    let steps = [
        ("GET", "", json!({})),
        ("POST", "/key", json!({ "key": "01M8FR6SBNZXYEH1S6MXX6D9H2" })),
        ("POST", "/reason", json!({ "code": "repair" })),
        ("POST", "/reason", json!({ "code": "nonsense" })),
        ("POST", "/code", json!({})),
        ("POST", "/code", json!({ "again": true })),
    ];
    for (method, step, body) in &steps {
        let left = cabinet.ask(&desk, method, &format!("visits/{}{step}", known.text("visit")), body).await;
        pair(&left, &cabinet.ask(&desk, method, &format!("visits/{}{step}", unknown.text("visit")), body).await);
    }
    for digits in ["123456", "1234"] {
        let proof = json!({ "digits": digits });
        let left = cabinet.ask(&desk, "POST", &format!("visits/{}/proof", known.text("visit")), &proof).await;
        desk.wait(31);
        pair(&left, &cabinet.ask(&desk, "POST", &format!("visits/{}/proof", unknown.text("visit")), &proof).await);
        desk.wait(31);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_a_box_is_good_once_and_as_it_was_signed() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 1).await;
    let (parts, _) = cabinet.request(&desk, "POST", "heartbeat", &json!({})).into_parts();
    let again = || {
        let mut request = Request::builder().method("POST").uri(parts.uri.clone());
        for (name, value) in &parts.headers {
            request = request.header(name, value);
        }
        request
    };
    desk.send(again().body(Body::from("{}")).expect("a request")).await.fine();
    let replayed = desk.send(again().body(Body::from("{}")).expect("a request")).await;
    assert_eq!((replayed.status.as_u16(), replayed.body["code"].as_str()), (409, Some("replayed")));
    let (parts, _) = cabinet.request(&desk, "POST", "returns", &json!({ "fob": "fob-1" })).into_parts();
    let mut request = Request::builder().method("POST").uri(parts.uri.clone());
    for (name, value) in &parts.headers {
        request = request.header(name, value);
    }
    let edited = desk.send(request.body(Body::from(r#"{"fob":"fob-2"}"#)).expect("a request")).await;
    assert_eq!((edited.status.as_u16(), edited.body["code"].as_str()), (401, Some("signature")));
    let late = cabinet.request(&desk, "POST", "heartbeat", &json!({}));
    desk.wait(301);
    let late = desk.send(late).await;
    assert_eq!((late.status.as_u16(), late.body["code"].as_str()), (401, Some("clock")));
}

/// C6: after a day's work, nothing that was secret can be read from the data.
#[tokio::test(flavor = "multi_thread")]
async fn c6_a5_the_data_holds_no_secret_in_plain() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 2).await;
    let key = cabinet.key(&desk, "Patrol car", "fob-car", 0).await;
    let ada = cabinet.somebody(&desk, "Ada Able", "+4366000003", "badge-a").await;
    let code = desk.admin("POST", &format!("people/{ada}/access-code"), &json!({})).await.fine().text("code");
    let visit = cabinet
        .ask(&desk, "POST", "visits", &json!({ "method": "access_code", "value": code }))
        .await
        .fine()
        .text("visit");
    cabinet.ask(&desk, "POST", &format!("visits/{visit}/key"), &json!({ "key": key })).await.fine();
    let sent = desk.code("+4366000003").await;
    cabinet.ask(&desk, "POST", &format!("visits/{visit}/proof"), &json!({ "digits": sent })).await.fine();
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(desk.folder.0.join("data")).expect("the folder") {
        bytes.extend(std::fs::read(file.expect("a file").path()).expect("its bytes"));
    }
    assert!(bytes.len() > 50_000, "the data is here: {}", bytes.len());
    let token = desk.owner.split('.').nth(1).expect("a token").to_string();
    for canary in ["Ada Able", "+4366000003", "olga@example.org", "violet harbour", "badge-a", &code, &sent, &token] {
        let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} can be read from the data");
    }
    assert!(bytes.windows(10).any(|window| window == b"Patrol car"), "what is not private can");
}
