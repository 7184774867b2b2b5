//! D2: the power goes. What the host wrote is recorded, call by call; for moments in between, the disk is made as it may have been: what was
//! synced is there, of the rest some is missing, some torn in sectors. A host that finds such a disk has everything that was acknowledged
//! before that moment, and a log that holds.
//!
//! `KEYWARD_CUTS=400 cargo test -p keyward-host --test power` tries more moments.

mod desk;

use desk::Folder;
use desk::process::{ask, free, host, kill, owner, ready};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::Command;

/// One call of the host that matters to a disk, or an answer that was sent.
#[derive(Clone, Debug)]
enum Call {
    Write { file: String, at: usize, bytes: Vec<u8> },
    Sync { file: String },
    Cut { file: String, length: usize },
    Gone { file: String },
    Acknowledged(String),
}

/// The bytes of a text as `strace -xx` writes it.
fn bytes(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).filter_map(|pair| u8::from_str_radix(pair.get(..2)?, 16).ok()).collect()
}

/// What happened to the files of a folder, in order.
fn read(trace: &str, folder: &str) -> Vec<Call> {
    let (mut calls, mut half): (Vec<Call>, BTreeMap<&str, String>) = (Vec::new(), BTreeMap::new());
    for line in trace.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        // A call that another thread came between stands in two lines: it counts when it is over.
        let whole = if let Some(begun) = rest.strip_suffix(" <unfinished ...>") {
            half.insert(thread, begun.to_string());
            continue;
        } else if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((_, tail)) = resumed.split_once("resumed>") else { continue };
            half.remove(thread).unwrap_or_default() + tail
        } else {
            rest.to_string()
        };
        if whole.contains(") = -1 ") || whole.contains(") = ?") {
            continue;
        }
        let Some((name, arguments)) = whole.split_once('(') else { continue };
        let file = || {
            let path = arguments.split_once('<')?.1.split_once('>')?.0;
            let path =
                String::from_utf8(if path.contains("\\x") { bytes(path) } else { path.as_bytes().to_vec() }).ok()?;
            path.strip_prefix(folder).map(|path| path.trim_start_matches('/').to_string())
        };
        let quoted = || arguments.split('"').nth(1).map(bytes);
        let number = |text: &str| text.trim().parse::<usize>().ok();
        match name {
            "pwrite64" => {
                let (Some(file), Some(bytes)) = (file(), quoted()) else { continue };
                let tail = arguments.rsplit_once(')').map_or("", |(inner, _)| inner);
                let Some(at) = tail.rsplit(", ").next().and_then(number) else { continue };
                calls.push(Call::Write { file, at, bytes });
            }
            "fsync" | "fdatasync" => calls.extend(file().map(|file| Call::Sync { file })),
            "ftruncate" => {
                let Some(file) = file() else { continue };
                let inner = arguments.rsplit_once(')').map_or("", |(inner, _)| inner);
                let Some(length) = inner.rsplit(", ").next().and_then(number) else { continue };
                calls.push(Call::Cut { file, length });
            }
            "unlink" => {
                let Some(path) = quoted().and_then(|bytes| String::from_utf8(bytes).ok()) else { continue };
                if let Some(file) = path.strip_prefix(folder) {
                    calls.push(Call::Gone { file: file.trim_start_matches('/').to_string() });
                }
            }
            "sendto" | "write" | "writev" => {
                let sent: Vec<u8> = arguments.split('"').skip(1).step_by(2).flat_map(bytes).collect();
                let sent = String::from_utf8_lossy(&sent).to_string();
                if sent.starts_with("HTTP/1.1 201")
                    && let Some(id) = sent.split("\"person\":\"").nth(1).and_then(|rest| rest.get(..26))
                {
                    calls.push(Call::Acknowledged(id.to_string()));
                }
            }
            _ => {}
        }
    }
    calls
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The files as they may be found after the power went before call number `moment`.
fn after(
    start: &BTreeMap<String, Vec<u8>>,
    calls: &[Call],
    moment: usize,
    dice: &mut impl FnMut(u64) -> u64,
) -> BTreeMap<String, Vec<u8>> {
    let mut safe = start.clone();
    // Of each file, what was not synced yet.
    let mut open: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    let apply = |files: &mut BTreeMap<String, Vec<u8>>, call: &Call| match call {
        Call::Write { file, at, bytes } => put(files.entry(file.clone()).or_default(), *at, bytes),
        Call::Cut { file, length } => files.entry(file.clone()).or_default().resize(*length, 0),
        Call::Gone { file } => drop(files.remove(file)),
        Call::Sync { .. } | Call::Acknowledged(_) => {}
    };
    for call in &calls[..moment] {
        match call {
            Call::Write { file, .. } | Call::Cut { file, .. } | Call::Gone { file } => {
                open.entry(file).or_default().push(call)
            }
            Call::Sync { file } => {
                open.remove(file.as_str()).into_iter().flatten().for_each(|call| apply(&mut safe, call))
            }
            Call::Acknowledged(_) => {}
        }
    }
    for call in open.into_values().flatten() {
        match (call, dice(3)) {
            (_, 0) => {}
            (Call::Write { file, at, bytes }, 1) => {
                for (sector, part) in bytes.chunks(512).enumerate() {
                    if dice(2) == 0 {
                        put(safe.entry(file.clone()).or_default(), at + sector * 512, part);
                    }
                }
            }
            (call, _) => apply(&mut safe, call),
        }
    }
    safe
}

fn files(folder: &std::path::Path) -> BTreeMap<String, Vec<u8>> {
    let all = std::fs::read_dir(folder).expect("the folder").flatten();
    let all = all.filter(|file| !file.file_name().to_string_lossy().ends_with("-shm"));
    all.map(|file| (file.file_name().to_string_lossy().to_string(), std::fs::read(file.path()).expect("a file")))
        .collect()
}

#[test]
fn d2_what_was_acknowledged_survives_a_power_cut() {
    let cuts = std::env::var("KEYWARD_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(60usize);
    let folder = Folder::new();
    let listen = free();
    let mut child = host(&folder, &listen, &[], &[]);
    ready(&listen, &mut child).expect("it starts");
    let session = owner(&folder, &listen);
    kill(child);
    let data = folder.0.join("data");
    let start = files(&data);
    let trace = folder.0.join("trace").to_str().expect("a path").to_string();
    let what = "trace=pwrite64,fsync,fdatasync,ftruncate,unlink,sendto,write,writev";
    let strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-qq", "-o", &trace, "-e", what].map(str::to_string);
    let mut child = host(&folder, &listen, &strace, &[]);
    ready(&listen, &mut child).expect("it starts");
    for turn in 0..60 {
        let body = json!({ "name": format!("P {turn}") }).to_string();
        ask(&listen, "POST", "/v1/acme/people", &[("Authorization", &session)], &body).expect("an answer");
    }
    kill(child);
    let calls = read(&std::fs::read_to_string(&trace).expect("a trace"), data.to_str().expect("a path"));
    let count = |which: fn(&Call) -> bool| calls.iter().filter(|call| which(call)).count();
    let (writes, syncs) =
        (count(|call| matches!(call, Call::Write { .. })), count(|call| matches!(call, Call::Sync { .. })));
    let acknowledged = count(|call| matches!(call, Call::Acknowledged(_)));
    assert!(
        writes > 100 && syncs >= 60 && acknowledged == 60,
        "{writes} writes, {syncs} syncs, {acknowledged} answers"
    );

    let mut random = 11u64;
    let mut dice = |sides: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % sides
    };
    let mut checked = 0;
    for cut in 0..cuts {
        let moment = calls.len() * (cut + 1) / cuts;
        let found = after(&start, &calls, moment, &mut dice);
        let there = Folder::new();
        std::fs::create_dir_all(there.0.join("data")).expect("a folder");
        for (name, bytes) in &found {
            let path = there.0.join("data").join(name);
            std::fs::write(&path, bytes).expect("a file");
            let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, own).expect("a file of one's own");
        }
        let verified = Command::new(env!("CARGO_BIN_EXE_keyward-host"))
            .args(["verify", "--data"])
            .arg(there.0.join("data"))
            .output()
            .expect("verify");
        assert!(verified.status.success(), "before call {moment}: {}", String::from_utf8_lossy(&verified.stderr));
        let all = there.0.join("data/keyward.db");
        let log = log(&all);
        for call in &calls[..moment] {
            if let Call::Acknowledged(id) = call {
                assert!(log.contains(id.as_str()), "before call {moment}: {id} was acknowledged");
                checked += 1;
            }
        }
    }
    println!(
        "{cuts} cuts of the power among {writes} writes and {syncs} syncs: {checked} acknowledged people looked for, all there"
    );
}

/// Every entry of a database.
fn log(database: &std::path::Path) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("the database");
        let rows: Vec<(String,)> = sqlx::query_as("SELECT body FROM entry").fetch_all(&pool).await.expect("entries");
        rows.into_iter().map(|(body,)| body).collect::<Vec<_>>().join("\n")
    })
}
