//! D6: what three hosts on one database answered, while one of them is killed and started again, fits one order for each key. What is written is
//! the name of a key, what is read is the list of keys; a request that got no answer may have had its effect or not. The checker is that of
//! Wing and Gong, for each key by itself; it is tried on histories that are right and on histories that are not.

mod desk;

use desk::Folder;
use desk::postgres::Postgres;
use desk::process::{ask, free, host, kill, owner, ready};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One request about one key: when it was sent, when the answer came (never, if none came), what it was.
#[derive(Clone, Copy, Debug)]
struct Op {
    begun: u64,
    ended: u64,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Wrote(u64),
    Read(u64),
}

/// Whether some order of the requests explains every answer: one after the other, none before it was sent, none after it was answered.
/// The key says 0 at first.
fn fits(history: &[Op]) -> bool {
    fn search(history: &[Op], done: &mut Vec<bool>, value: u64, seen: &mut HashSet<(Vec<bool>, u64)>) -> bool {
        let open = || history.iter().enumerate().filter(|(at, _)| !done[*at]);
        // What got no answer need not have happened.
        if open().all(|(_, op)| op.ended == u64::MAX) {
            return true;
        }
        if !seen.insert((done.clone(), value)) {
            return false;
        }
        let first_end = open().map(|(_, op)| op.ended).min().unwrap_or(u64::MAX);
        let next: Vec<usize> = open().filter(|(_, op)| op.begun <= first_end).map(|(at, _)| at).collect();
        for at in next {
            let after = match history[at].what {
                What::Wrote(new) => new,
                What::Read(saw) if saw == value => value,
                What::Read(_) => continue,
            };
            done[at] = true;
            if search(history, done, after, seen) {
                return true;
            }
            done[at] = false;
        }
        false
    }
    search(history, &mut vec![false; history.len()], 0, &mut HashSet::new())
}

#[test]
fn d6_the_checker_knows_right_histories_from_wrong_ones() {
    let op = |begun, ended, what| Op { begun, ended, what };
    let (w, r) = (What::Wrote, What::Read);
    let never = u64::MAX;
    let right = [
        vec![op(0, 1, w(1)), op(2, 3, r(1))],
        vec![op(0, 9, w(1)), op(2, 3, r(0)), op(4, 5, r(1))],
        vec![op(0, 9, w(1)), op(0, 9, w(2)), op(10, 11, r(1))],
        vec![op(0, 9, w(1)), op(0, 9, w(2)), op(10, 11, r(2))],
        vec![op(0, never, w(1)), op(2, 3, r(0)), op(4, 5, r(1)), op(6, 7, r(1))],
        vec![op(0, never, w(1)), op(2, 3, r(0)), op(4, 5, r(0))],
        vec![op(0, 4, r(1)), op(3, 5, w(1))],
    ];
    let wrong = [
        vec![op(0, 1, w(1)), op(2, 3, r(0))],
        vec![op(0, 9, w(1)), op(2, 3, r(1)), op(4, 5, r(0))],
        vec![op(0, 1, w(1)), op(2, 3, w(2)), op(4, 5, r(1))],
        vec![op(0, never, w(1)), op(2, 3, r(1)), op(4, 5, r(0))],
        vec![op(0, 1, r(1)), op(3, 5, w(1))],
        vec![op(0, 9, w(1)), op(0, 9, w(2)), op(10, 11, r(1)), op(12, 13, r(2))],
        vec![op(0, 1, r(7))],
    ];
    right.iter().for_each(|history| assert!(fits(history), "{history:?}"));
    wrong.iter().for_each(|history| assert!(!fits(history), "{history:?}"));
    // Histories that come from one order are right; with one read of a value that was long over they are not.
    let mut random = 7u64;
    let mut dice = |sides: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % sides
    };
    for _ in 0..50 {
        let (mut history, mut value) = (Vec::new(), 0);
        for at in 0..40u64 {
            let middle = at * 10 + 100;
            let what = if dice(2) == 0 {
                value = at + 1;
                w(value)
            } else {
                r(value)
            };
            history.push(op(middle - dice(30), middle + dice(30), what));
        }
        assert!(fits(&history), "{history:?}");
        let Some(write) = history.iter().position(|op| matches!(op.what, What::Wrote(_))) else { continue };
        let What::Wrote(old) = history[write].what else { continue };
        history.extend([op(1_000, 1_001, w(9_999)), op(1_002, 1_003, r(old))]);
        assert!(!fits(&history), "{history:?}");
    }
}

#[test]
fn d6_three_hosts_with_one_killed_answer_as_one() {
    let server = Postgres::new();
    let folder = Folder::new();
    std::fs::write(folder.0.join("database"), &server.url).expect("a file");
    let database = folder.0.join("database").to_str().expect("a path").to_string();
    let more = ["--database-file", database.as_str()];
    let listen: Vec<String> = (0..3).map(|_| free()).collect();
    let mut children = Vec::new();
    for listen in &listen {
        let mut child = host(&folder, listen, &[], &more);
        ready(listen, &mut child).expect("it starts");
        children.push(child);
    }
    let session = owner(&folder, &listen[0]);
    let keys: Vec<String> = (0..3)
        .map(|number| {
            let card = json!({ "card": { "name": format!("Key {number} 0") } }).to_string();
            let made =
                ask(&listen[0], "POST", "/v1/acme/keys", &[("Authorization", &session)], &card).expect("an answer");
            made.1["key"].as_str().expect("a key").to_string()
        })
        .collect();
    let history: Arc<Mutex<BTreeMap<usize, Vec<Op>>>> = Arc::default();
    let (begun, values) = (Instant::now(), Arc::new(AtomicU64::new(1)));
    let clients: Vec<_> = (0..6usize)
        .map(|client| {
            let (listen, session, keys) = (listen.clone(), session.clone(), keys.clone());
            let (history, values) = (Arc::clone(&history), Arc::clone(&values));
            std::thread::spawn(move || {
                let now = || u64::try_from(begun.elapsed().as_nanos()).expect("a time");
                for turn in 0..60usize {
                    let (listen, key) = (&listen[(client + turn) % 3], (client * 7 + turn * 5) % 3);
                    let start = now();
                    if (client + turn) % 2 == 0 {
                        let value = values.fetch_add(1, Ordering::Relaxed);
                        let card = json!({ "name": format!("Key {key} {value}") }).to_string();
                        let path = format!("/v1/acme/keys/{}", keys[key]);
                        let ended = match ask(listen, "PUT", &path, &[("Authorization", &session)], &card) {
                            Some((200, _)) => now(),
                            // No answer, or one that says nothing was done: it may have had its effect, and then at any time.
                            _ => u64::MAX,
                        };
                        let op = Op { begun: start, ended, what: What::Wrote(value) };
                        history.lock().expect("the history").entry(key).or_default().push(op);
                    } else if let Some((200, body)) =
                        ask(listen, "GET", "/v1/acme/keys", &[("Authorization", &session)], "")
                    {
                        let ended = now();
                        let all = body["keys"].as_array().expect("keys");
                        for (number, id) in keys.iter().enumerate() {
                            let own = all.iter().find(|one| one["key"] == id.as_str()).expect("the key");
                            let name = own["name"].as_str().expect("a name");
                            let saw = name.rsplit(' ').next().expect("a number").parse().expect("a number");
                            let op = Op { begun: start, ended, what: What::Read(saw) };
                            history.lock().expect("the history").entry(number).or_default().push(op);
                        }
                    } else {
                        std::thread::sleep(Duration::from_millis(30));
                    }
                }
            })
        })
        .collect();
    for killed in [1, 2] {
        std::thread::sleep(Duration::from_millis(400));
        children[killed].kill().expect("it dies");
        children[killed].wait().expect("it is dead");
        std::thread::sleep(Duration::from_millis(150));
        children[killed] = host(&folder, &listen[killed], &[], &more);
    }
    clients.into_iter().for_each(|client| client.join().expect("a client"));
    children.into_iter().for_each(kill);
    let history = history.lock().expect("the history");
    let mut counts = Vec::new();
    for (key, mut ops) in history.clone() {
        ops.sort_by_key(|op| op.begun);
        let open = ops.iter().filter(|op| op.ended == u64::MAX).count();
        counts.push((ops.len(), open));
        assert!(fits(&ops), "key {key}: no order explains {ops:?}");
    }
    println!("requests and unanswered ones, by key: {counts:?}");
    assert!(counts.iter().all(|(all, _)| *all > 80), "{counts:?}");
}
