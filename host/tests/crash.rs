//! D1, D10: a host is killed again and again while clients write. What was acknowledged is there afterwards, nothing is there in half, the log
//! holds, and every message that stands in it went out. How long the host takes to be back is printed, and not judged: this is a build for tests on a machine with other work.
//!
//! `KEYWARD_CYCLES=300 cargo test -p keyward-host --test crash` kills it more often.

mod desk;

use desk::Folder;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;

fn host(folder: &Folder, listen: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_keyward-host"))
        .args(["serve", "--requests-per-second", "0", "--guesses-per-minute", "0", "--listen", listen, "--data"])
        .arg(folder.0.join("data"))
        .arg("--outbox-file")
        .arg(folder.0.join("outbox.jsonl"))
        .stdout(std::fs::File::options().create(true).append(true).open(folder.0.join("host.log")).expect("a log"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the host")
}

/// One request; nothing if the host went away before it answered.
fn ask(listen: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(listen).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{request}\r\n{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}

fn ready(listen: &str, child: &mut Child) -> Duration {
    let begun = Instant::now();
    while ask(listen, "GET", "/readyz", &[], "").is_none() {
        assert!(child.try_wait().expect("its state").is_none(), "the host does not start");
        assert!(begun.elapsed() < Duration::from_secs(30), "the host does not answer");
        std::thread::sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}

fn code(folder: &Folder, to: &str) -> String {
    for _ in 0..200 {
        let all = std::fs::read_to_string(folder.0.join("outbox.jsonl")).unwrap_or_default();
        let own = all
            .lines()
            .rev()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .find(|message| message["to"] == to);
        let text = own.and_then(|message| message["text"].as_str().map(str::to_string)).unwrap_or_default();
        if let Some(code) = text.split(|one: char| !one.is_ascii_digit()).find(|word| word.len() == 6) {
            return code.to_string();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("no code came");
}

fn owner(folder: &Folder, listen: &str) -> String {
    let log = std::fs::read_to_string(folder.0.join("host.log")).expect("a log");
    let token = log.trim().rsplit(' ').next().expect("a token").to_string();
    let setup = json!({
        "token": token, "org": { "name": "Acme", "slug": "acme", "tz": "UTC" },
        "owner": { "name": "Olga", "email": "olga@example.org", "mobile": "+4366000001", "password": "violet harbour 47 lamp" },
    });
    assert_eq!(ask(listen, "POST", "/v1/setup", &[], &setup.to_string()).expect("an answer").0, 201);
    let login = json!({ "email": "olga@example.org", "password": "violet harbour 47 lamp", "token": true });
    let (_, asked) = ask(listen, "POST", "/v1/acme/login", &[], &login.to_string()).expect("an answer");
    let body = json!({ "challenge": asked["challenge"], "code": code(folder, "+4366000001"), "token": true });
    let (_, session) = ask(listen, "POST", "/v1/acme/login/code", &[], &body.to_string()).expect("an answer");
    format!("Bearer {}", session["session"].as_str().expect("a session"))
}

#[test]
fn d1_d9_d10_what_was_acknowledged_survives_a_kill_and_every_message_goes_out() {
    let cycles = std::env::var("KEYWARD_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(25u32);
    let folder = Folder::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let listen = port.to_string();
    let mut child = host(&folder, &listen);
    ready(&listen, &mut child);
    let session = owner(&folder, &listen);
    let acknowledged: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let key = json!({ "card": { "name": "Patrol car 12" } }).to_string();
    let (_, made) = ask(&listen, "POST", "/v1/acme/keys", &[("Authorization", &session)], &key).expect("an answer");
    let key = made["key"].as_str().expect("a key").to_string();
    let mut slowest = Duration::ZERO;
    for cycle in 0..cycles {
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (stop, session, listen, acknowledged) =
                    (Arc::clone(&stop), session.clone(), listen.clone(), Arc::clone(&acknowledged));
                let key = key.clone();
                std::thread::spawn(move || {
                    for turn in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let name = format!("P {cycle} {client} {turn}");
                        if client == 0 {
                            book(&listen, &session, &key, cycle, turn);
                            continue;
                        }
                        let headers = [("Authorization", session.as_str()), ("Idempotency-Key", name.as_str())];
                        let made =
                            ask(&listen, "POST", "/v1/acme/people", &headers, &json!({ "name": name }).to_string());
                        if let Some((201, body)) = made {
                            let id = body["person"].as_str().expect("an id").to_string();
                            acknowledged.lock().expect("the list").insert(name, id);
                        }
                    }
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(60 + u64::from(cycle * 37 % 140)));
        child.kill().expect("it dies");
        child.wait().expect("it is dead");
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().expect("a client"));
        child = host(&folder, &listen);
        slowest = slowest.max(ready(&listen, &mut child));
    }
    let (status, people) =
        ask(&listen, "GET", "/v1/acme/people", &[("Authorization", &session)], "").expect("an answer");
    assert_eq!(status, 200);
    let people = people["people"].as_array().expect("people");
    let there: BTreeMap<&str, &str> =
        people.iter().filter_map(|one| Some((one["name"].as_str()?, one["person"].as_str()?))).collect();
    assert_eq!(there.len(), people.len(), "nobody is there twice");
    let acknowledged = acknowledged.lock().expect("the list");
    for (name, id) in acknowledged.iter() {
        assert_eq!(there.get(name.as_str()), Some(&id.as_str()), "{name} was acknowledged");
    }
    assert!(acknowledged.len() > cycles as usize, "{} were acknowledged", acknowledged.len());
    // One that may or may not have been written is written once when it is sent again.
    let (name, id) = acknowledged.iter().next_back().expect("one");
    let headers = [("Authorization", session.as_str()), ("Idempotency-Key", name.as_str())];
    let (status, again) =
        ask(&listen, "POST", "/v1/acme/people", &headers, &json!({ "name": name }).to_string()).expect("an answer");
    assert_eq!((status, again["person"].as_str()), (201, Some(id.as_str())));
    let messages = delivered(&folder, &listen, &session);
    child.kill().expect("it dies");
    child.wait().expect("it is dead");
    let verified = Command::new(env!("CARGO_BIN_EXE_keyward-host"))
        .args(["verify", "--data"])
        .arg(folder.0.join("data"))
        .output()
        .expect("verify");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    assert!(messages > cycles as usize / 2, "only {messages} messages");
    println!(
        "{cycles} kills, {} acknowledged, all there, {messages} messages, all out; back after at most {slowest:?}",
        acknowledged.len()
    );
}

/// Books a key for a minute of its own; the guest gets a text.
fn book(listen: &str, session: &str, key: &str, cycle: u32, turn: u32) {
    let begun: jiff::Timestamp = "2030-01-01T00:00:00Z".parse().expect("a time");
    let at = |minute: i64| begun.saturating_add(jiff::SignedDuration::from_mins(minute)).expect("a time").to_string();
    let minute = i64::from(cycle) * 10_000 + i64::from(turn);
    let guest = json!({ "name": "Gus", "mobile": "+4366000055" });
    let body = json!({ "key": key, "guest": guest, "from": at(minute), "until": at(minute + 1) }).to_string();
    let name = format!("B {cycle} {turn}");
    let headers = [("Authorization", session), ("Idempotency-Key", name.as_str())];
    ask(listen, "POST", "/v1/acme/bookings", &headers, &body);
}

/// Waits until every message that stands in the log went out, under the name it has there; gives how many there are.
fn delivered(folder: &Folder, listen: &str, session: &str) -> usize {
    let mut queued = BTreeSet::new();
    let mut path = "/v1/acme/log/search?type=notify.queued&limit=1000".to_string();
    loop {
        let (_, page) = ask(listen, "GET", &path, &[("Authorization", session)], "").expect("an answer");
        let entries = page["entries"].as_array().expect("entries");
        queued.extend(entries.iter().filter_map(|entry| entry["data"]["notice"].as_str().map(str::to_string)));
        let Some(before) = page["before"].as_u64() else { break };
        path = format!("/v1/acme/log/search?type=notify.queued&limit=1000&before={before}");
    }
    let begun = Instant::now();
    loop {
        let all = std::fs::read_to_string(folder.0.join("outbox.jsonl")).unwrap_or_default();
        let lines = all.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let out: BTreeSet<String> = lines.filter_map(|line| line["id"].as_str().map(str::to_string)).collect();
        let missing = queued.difference(&out).count();
        if missing == 0 {
            return queued.len();
        }
        // A message that a dead host was about to send is somebody's again after a minute.
        assert!(begun.elapsed() < Duration::from_secs(90), "{missing} of {} messages did not go out", queued.len());
        std::thread::sleep(Duration::from_millis(200));
    }
}
