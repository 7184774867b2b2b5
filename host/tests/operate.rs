//! Keeping a host: copies while it works (D12), copies that are too old (T22), what would stand in its way, what it counts, screens that are told
//! (F23), boxes that wait for something to do.

mod desk;

use desk::process::{ask, free, host, kill, owner, ready};
use desk::{Desk, Folder, LockBox};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tower::ServiceExt;

fn keyward(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keyward-host")).args(arguments).output().expect("the host")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn d12_t22_a_copy_is_made_under_load_holds_and_an_older_one_is_refused() {
    let folder = Folder::new();
    let listen = free();
    let mut child = host(&folder, &listen, &[], &[]);
    ready(&listen, &mut child).expect("it starts");
    let session = owner(&folder, &listen);
    let data = folder.0.join("data");
    let (key, old, new) = (data.join("master.key"), folder.0.join("old.db"), folder.0.join("new.db"));
    let made: Arc<Mutex<Vec<String>>> = Arc::default();
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (listen, session, made, stop) = (listen.clone(), session.clone(), Arc::clone(&made), Arc::clone(&stop));
            std::thread::spawn(move || {
                for turn in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let body = json!({ "name": format!("P {client} {turn}") }).to_string();
                    let answer = ask(&listen, "POST", "/v1/acme/people", &[("Authorization", &session)], &body);
                    if let Some((201, body)) = answer {
                        made.lock().expect("the list").push(body["person"].as_str().expect("an id").to_string());
                    }
                }
            })
        })
        .collect();
    let backup = |to: &Path| keyward(&["backup", "--data", text(&data), "--to", text(to)]);
    std::thread::sleep(Duration::from_millis(200));
    let first = backup(&old);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    std::thread::sleep(Duration::from_millis(200));
    let before: Vec<String> = made.lock().expect("the list").clone();
    let second = backup(&new);
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    assert_eq!(backup(&new).status.code(), Some(1), "a copy is written over nothing");
    stop.store(true, Ordering::Relaxed);
    clients.into_iter().for_each(|client| client.join().expect("a client"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&new).expect("a copy").permissions());
    assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    let (_, _) = ask(&listen, "GET", "/v1/acme/people", &[("Authorization", &session)], "").expect("an answer");
    kill(child);

    // It is put elsewhere, has everything that was acknowledged before it was made, and a host goes on with it.
    let there = Folder::new();
    let target = there.0.join("data");
    let restore = |from: &Path, more: &[&str]| {
        let mut all = vec!["restore", "--data", text(&target), "--key-file", text(&key), "--from", text(from)];
        all.extend(more);
        keyward(&all)
    };
    let restored = restore(&new, &[]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    assert_eq!(restore(&new, &[]).status.code(), Some(1), "an empty folder only");
    let listen = free();
    let key_file = text(&key).to_string();
    let mut child = host(&there, &listen, &[], &["--key-file", &key_file]);
    ready(&listen, &mut child).expect("it starts");
    let (_, people) = ask(&listen, "GET", "/v1/acme/people", &[("Authorization", &session)], "").expect("an answer");
    let people = people["people"].to_string();
    assert!(before.len() > 20, "{} people", before.len());
    before.iter().for_each(|id| assert!(people.contains(id.as_str()), "{id} was acknowledged before the copy"));
    // A checkpoint signed now: the older copy does not have it.
    let (status, _) =
        ask(&listen, "POST", "/v1/acme/people", &[("Authorization", &session)], "{\"name\":\"One more\"}")
            .expect("an answer");
    assert_eq!(status, 201);
    let note = checkpoint(&listen, &session);
    kill(child);
    let file = there.0.join("checkpoint");
    std::fs::write(&file, &note).expect("a file");
    std::fs::remove_dir_all(&target).expect("an empty folder again");
    let refused = restore(&old, &["--checkpoint", text(&file)]);
    let why = String::from_utf8_lossy(&refused.stderr).to_string();
    assert!(refused.status.code() == Some(1) && why.contains("older than the checkpoint"), "{why}");
    assert!(!target.join("keyward.db").exists(), "nothing was put there");

    // A copy in which a byte was changed is none.
    let mut bytes = std::fs::read(&new).expect("a copy");
    let at = bytes.windows(11).position(|window| window == b"org.created").expect("the first entry");
    bytes[at] = b'x';
    let edited = there.0.join("edited.db");
    std::fs::write(&edited, bytes).expect("a file");
    let refused = restore(&edited, &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stdout));
}

/// The checkpoint as text.
fn checkpoint(listen: &str, session: &str) -> String {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(listen).expect("a connection");
    let head = format!(
        "GET /v1/acme/log/checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {session}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split_once("\r\n\r\n").expect("a body").1.to_string()
}

#[test]
fn a_check_says_what_would_stand_in_the_way() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let fine = keyward(&["check", "--data", text(&data), "--listen", "127.0.0.1:0"]);
    let told = String::from_utf8_lossy(&fine.stdout).to_string();
    assert!(fine.status.success() && !told.contains("wrong"), "{told}");
    let wrong =
        keyward(&["check", "--data", text(&data), "--listen", "192.0.2.1:1", "--address", "http://keys.example.org"]);
    let told = String::from_utf8_lossy(&wrong.stdout).to_string();
    assert_eq!(wrong.status.code(), Some(1), "{told}");
    assert!(told.contains("wrong  where it listens") && told.contains("wrong  how people reach it"), "{told}");
    let other = Folder::new();
    let key = other.0.join("other.key");
    let foreign = keyward(&["check", "--data", text(&data), "--key-file", text(&key), "--listen", "127.0.0.1:0"]);
    let told = String::from_utf8_lossy(&foreign.stdout).to_string();
    assert!(foreign.status.code() == Some(1) && told.contains("another master key"), "{told}");
    assert!(keyward(&["migrate", "--data", text(&data)]).status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn f23_a_screen_is_told_when_something_changes_and_when_its_session_is_over() {
    let desk = Desk::new("acme").await;
    let request =
        axum::http::Request::builder().uri("/v1/acme/live").header("authorization", format!("Bearer {}", desk.owner));
    let response = desk
        .router
        .clone()
        .oneshot(request.body(axum::body::Body::empty()).expect("a request"))
        .await
        .expect("an answer");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut line = async || {
        let frame = tokio::time::timeout(Duration::from_secs(20), body.frame()).await.expect("in time");
        let bytes = frame?.expect("a frame").into_data().expect("data");
        Some(String::from_utf8(bytes.to_vec()).expect("text"))
    };
    let first = line().await.expect("a line");
    assert!(first.starts_with("event: entries\ndata: {\"entries\":"), "{first}");
    desk.admin("POST", "people", &json!({ "name": "Ada" })).await.fine();
    let second = line().await.expect("a line");
    assert!(second.starts_with("event: entries") && second != first, "{second}");
    desk.admin("POST", "logout", &json!({})).await.fine();
    let mut last = line().await.expect("a line");
    while last.starts_with("event: entries") {
        last = line().await.expect("a line");
    }
    assert!(last.starts_with("event: signed_out"), "{last}");
    assert_eq!(line().await, None, "and then it ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_that_waits_hears_of_an_opening_at_once() {
    let desk = Arc::new(Desk::new("acme").await);
    let lockbox = Arc::new(LockBox::new(&desk, 1).await);
    lockbox.key(&desk, "Patrol car", "fob-car", 0).await;
    let begun = Instant::now();
    let none = lockbox.ask(&desk, "GET", "commands", &Value::Null).await.fine();
    assert_eq!(none.body["open"], json!([]));
    let waiting = {
        let (desk, lockbox) = (Arc::clone(&desk), Arc::clone(&lockbox));
        tokio::spawn(async move { lockbox.ask(&desk, "GET", "commands?wait=20", &Value::Null).await.fine() })
    };
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    lockbox.ask(&desk, "POST", "returns", &json!({ "fob": "fob-new" })).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished(), "an unknown fob opens nothing");
    let car = desk.admin("GET", "keys", &Value::Null).await.body["keys"][0]["key"].as_str().expect("a key").to_string();
    let lost = json!({ "place": "unknown", "why": "somebody has it" });
    desk.admin("PUT", &format!("keys/{car}/place"), &lost).await.fine();
    let back = lockbox.ask(&desk, "POST", "returns", &json!({ "fob": "fob-car" })).await.fine();
    let told = waiting.await.expect("an answer");
    assert_eq!(told.body["open"][0]["operation"], back.body["operation"], "{}", told.text);
    assert!(begun.elapsed() < Duration::from_secs(10));
    let wrong = lockbox.ask(&desk, "GET", "commands?wait=soon", &Value::Null).await;
    assert_eq!(wrong.status.as_u16(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_names_nobody() {
    let desk = Desk::new("acme").await;
    desk.admin("POST", "people", &json!({ "name": "Ada Able" })).await.fine();
    desk.admin("GET", "nowhere", &Value::Null).await;
    let text = desk.app.metrics.text(&desk.app.store, &desk.app.writer).await;
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} in {text}"));
        line.rsplit(' ').next().expect("a value").parse::<f64>().expect("a number")
    };
    assert!(
        value("keyward_requests_total{status=\"2xx\"}") >= 3.0
            && value("keyward_requests_total{status=\"4xx\"}") >= 1.0
    );
    assert!(value("keyward_commands_total") >= value("keyward_batches_total"));
    assert_eq!((value("keyward_store_up"), value("keyward_request_seconds_count") >= 4.0), (1.0, true));
    assert!(!text.contains("Ada") && !text.contains("acme") && !text.contains("+43"));
}
