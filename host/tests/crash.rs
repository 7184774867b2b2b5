//! D1, D10: a host is killed again and again while clients write. What was acknowledged is there afterwards, nothing is there in half, the log
//! holds, and every message that stands in it went out. How long the host takes to be back is printed, and not judged: this is a build for tests on a machine with other work.
//!
//! `KEYWARD_CYCLES=300 cargo test -p keyward-host --test crash` kills it more often.

mod desk;

use desk::Folder;
use desk::process::{ask, free, host, kill, owner, ready, verify};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CLIENTS: usize = 8;

#[test]
fn d1_d9_d10_what_was_acknowledged_survives_a_kill_and_every_message_goes_out() {
    let cycles = std::env::var("KEYWARD_CYCLES").ok().and_then(|text| text.parse().ok()).unwrap_or(25u32);
    let folder = Folder::new();
    let listen = free();
    let mut child = host(&folder, &listen, &[], &[]);
    ready(&listen, &mut child).expect("it starts");
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
        child = host(&folder, &listen, &[], &[]);
        slowest = slowest.max(ready(&listen, &mut child).expect("it starts"));
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
    kill(child);
    verify(&folder);
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
