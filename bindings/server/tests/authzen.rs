//! The example server under real requests: the AuthZEN Authorization API 1.0, our own route, and what is refused.

#[path = "../examples/axum/app.rs"]
mod app;

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::{Live, Policy};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

fn policy(name: &str) -> Policy {
    let mut sources = Sources::new();
    let mut main = None;
    for name in ["words/words", name] {
        let path = format!("{}/../../policies/{name}.ward", env!("CARGO_MANIFEST_DIR"));
        main = Some(sources.add(name, std::fs::read_to_string(path).expect("the policy is there")));
    }
    let compiled = Project::read(sources, None).compile(main.expect("a file"));
    Policy::load(&compiled.module(Options::default()).expect("it builds").bytes).expect("it loads")
}

/// A server of its own for as long as the test runs.
fn served() -> SocketAddr {
    let live = Live::of([policy("after_hours/after_hours"), policy("field_swap/field_swap")]);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, app::router(&live)).await }));
    address
}

/// Sends a request as it is and gives the status and the body.
fn send(address: SocketAddr, method: &str, path: &str, more: &str, body: &[u8]) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n"
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    // A body that is too large may be refused before it has been sent.
    let _ = stream.write_all(body);
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let code = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    (code, head.to_string(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn request() -> Value {
    let path = format!("{}/../../policies/after_hours/request.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("it is there")).expect("it is JSON")
}

#[test]
fn authzen_asks_and_is_answered() {
    let at = served();
    let ask =
        |body: &Value| send(at, "POST", "/access/v1/evaluation", "X-Request-ID: r-1\r\n", body.to_string().as_bytes());
    let mut context = request();
    let person = context.as_object_mut().and_then(|all| all.remove("person")).expect("a person");
    let mut person = person.as_object().cloned().expect("an object");
    let id = person.remove("id").expect("an id");
    let asked = json!({
        "subject": {"type": "person", "id": id, "properties": {"person": person}},
        "action": {"name": "after_hours"},
        "resource": {"type": "key", "id": "k-9"},
        "context": context,
    });
    let (code, head, said) = ask(&asked);
    assert_eq!((code, &said["decision"]), (200, &json!(true)), "{said}");
    assert!(head.to_lowercase().contains("x-request-id: r-1"), "{head}");
    assert_eq!(said["context"]["answers"]["kinds"], "2");
    assert!(said["context"]["reasons"][0]["reason"].as_str().is_some_and(|text| text.contains("two kinds of proof")));
    // Suspended, unknown, not about any policy: no.
    let mut suspended = asked.clone();
    suspended["subject"]["properties"]["person"]["suspended"] = json!(true);
    assert_eq!(ask(&suspended).2["decision"], false);
    let mut unknown = asked.clone();
    unknown["context"] = json!({});
    let (code, _, said) = ask(&unknown);
    assert_eq!((code, &said["decision"], &said["context"]["status"]), (200, &json!(false), &json!("unsure-missing")));
    let mut other = asked.clone();
    other["action"]["name"] = json!("fly");
    assert_eq!((ask(&other).0, &ask(&other).2["decision"]), (200, &json!(false)));
    // What is no question at all.
    for (path, value, part) in [
        ("/subject", json!({"type": "person"}), "subject.id"),
        ("/action", json!({}), "action.name"),
        ("/context", json!([]), "context"),
        ("/subject/properties", json!("x"), "subject.properties"),
        ("/context/now", json!("yesterday"), "now"),
        ("/context/nonsense", json!(1), "nonsense"),
    ] {
        let mut wrong = asked.clone();
        match wrong.pointer_mut(path) {
            Some(place) => *place = value,
            None => wrong["context"]["nonsense"] = value,
        }
        let (code, _, said) = ask(&wrong);
        assert_eq!(code, 400, "{path}: {said}");
        assert!(said["error"]["message"].as_str().is_some_and(|text| text.contains(part)), "{path}: {said}");
    }
    let (code, _, said) = send(at, "GET", "/.well-known/authzen-configuration", "", b"");
    assert_eq!((code, said["access_evaluation_endpoint"].as_str()), (200, Some("http://test/access/v1/evaluation")));
}

#[test]
fn our_own_route_answers_as_the_command_does() {
    let at = served();
    let (code, _, said) = send(at, "POST", "/decide/keyward.after_hours", "", request().to_string().as_bytes());
    assert_eq!((code, &said["status"], &said["answers"]["access"]), (200, &json!("ok"), &json!("allowed")));
    assert_eq!(said["policy"]["name"], "keyward.after_hours");
    let (code, _, said) = send(at, "POST", "/decide/after_hours/", "", b"{}");
    assert_eq!(code, 404, "{said}");
    let (code, _, said) = send(at, "POST", "/decide/after_hours", "", b"{\"method\":\"badg\"}");
    assert_eq!((code, &said["error"]["code"], &said["error"]["key"]), (400, &json!("KW503"), &json!("method")));
    for (method, path, body, expected) in [
        ("POST", "/decide/nothing", &b"{}"[..], 404),
        ("GET", "/decide/after_hours", b"", 405),
        ("POST", "/decide/after_hours", b"\xff\xfe", 400),
        ("POST", "/decide/after_hours", b"", 400),
        ("POST", "/nothing", b"", 404),
        ("GET", "/livez", b"", 200),
        ("POST", "/access/v1/evaluation", b"{", 400),
        ("POST", "/access/v1/evaluation", b"null", 400),
        ("DELETE", "/access/v1/evaluation", b"", 405),
    ] {
        assert_eq!(send(at, method, path, "", body).0, expected, "{method} {path}");
    }
    let large = vec![b' '; (64 << 10) + 1];
    assert_eq!(send(at, "POST", "/decide/after_hours", "", &large).0, 413, "B5");
}
