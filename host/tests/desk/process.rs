//! The program itself as a process, with a socket: for tests that kill it, or take its disk away.

use super::Folder;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// An address that is free.
pub fn free() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

/// A host on the data of a folder, perhaps below another program, with more arguments.
pub fn host(folder: &Folder, listen: &str, below: &[String], more: &[&str]) -> Child {
    let mut all: Vec<String> = below.to_vec();
    all.push(env!("CARGO_BIN_EXE_keyward-host").to_string());
    let free = ["--requests-per-second", "0", "--guesses-per-minute", "0"];
    all.extend(["serve", "--listen", listen].into_iter().chain(free).chain(more.iter().copied()).map(str::to_string));
    let log = std::fs::File::options().create(true).append(true).open(folder.0.join("host.log")).expect("a log");
    let mut command = Command::new(&all[0]);
    command.args(&all[1..]).arg("--data").arg(folder.0.join("data"));
    command.arg("--outbox-file").arg(folder.0.join("outbox.jsonl")).stdout(log).stderr(Stdio::null());
    command.spawn().unwrap_or_else(|error| panic!("{} is missing ({error}); on Debian `apt install {0}`", all[0]))
}

/// One request; nothing if the host went away before it answered.
pub fn ask(listen: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Option<(u16, Value)> {
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

/// Waits until the host answers, and gives how long that took; nothing if it ended before.
pub fn ready(listen: &str, child: &mut Child) -> Option<Duration> {
    let begun = Instant::now();
    while ask(listen, "GET", "/livez", &[], "").is_none() {
        if child.try_wait().expect("its state").is_some() {
            return None;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "the host does not answer");
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(begun.elapsed())
}

/// Ends a host at once, with whatever stands between it and this test.
pub fn kill(mut child: Child) {
    let _ = Command::new("pkill").args(["-9", "-P", &child.id().to_string()]).status();
    let _ = child.kill();
    let _ = child.wait();
}

/// The code in the last message to somebody.
pub fn code(folder: &Folder, to: &str) -> String {
    for _ in 0..500 {
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

/// Sets the organization up; gives what its owner puts into `Authorization`.
pub fn owner(folder: &Folder, listen: &str) -> String {
    let log = std::fs::read_to_string(folder.0.join("host.log")).expect("a log");
    let line = log.lines().find(|line| line.contains("Setup token")).expect("a token");
    let token = line.rsplit(' ').next().expect("a token");
    let owner = json!({ "name": "Olga", "email": "olga@example.org", "mobile": "+4366000001", "password": "violet harbour 47 lamp" });
    let setup = json!({ "token": token, "org": { "name": "Acme", "slug": "acme", "tz": "UTC" }, "owner": owner });
    assert_eq!(ask(listen, "POST", "/v1/setup", &[], &setup.to_string()).expect("an answer").0, 201);
    let login = json!({ "email": "olga@example.org", "password": "violet harbour 47 lamp", "token": true });
    let (_, asked) = ask(listen, "POST", "/v1/acme/login", &[], &login.to_string()).expect("an answer");
    let body = json!({ "challenge": asked["challenge"], "code": code(folder, "+4366000001"), "token": true });
    let (_, session) = ask(listen, "POST", "/v1/acme/login/code", &[], &body.to_string()).expect("an answer");
    format!("Bearer {}", session["session"].as_str().expect("a session"))
}

/// Verifies the data of a folder.
pub fn verify(folder: &Folder) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward-host"));
    let verified = command.args(["verify", "--data"]).arg(folder.0.join("data")).output().expect("verify");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}
