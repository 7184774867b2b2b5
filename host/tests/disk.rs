//! D3: disks that fail. Each way of telling the host that its data is not on the disk is tried once, and a disk that is full. What was
//! acknowledged is there afterwards; what was not is answered 503 or not at all; a host that is started again goes on.

mod desk;

use desk::Folder;
use desk::process::{ask, free, host, kill, owner, ready, verify};
use serde_json::json;

/// Runs a host on a disk that fails, writes until it does, and looks afterwards. Gives how many were acknowledged and how many not.
fn through(folder: &Folder, session: &str, below: &[String], name: &str) -> (usize, usize) {
    let listen = free();
    let mut child = host(folder, &listen, below, &[]);
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    if ready(&listen, &mut child).is_some() {
        for turn in 0..25 {
            let person = format!("P {name} {turn}");
            let body = json!({ "name": person }).to_string();
            match ask(&listen, "POST", "/v1/acme/people", &[("Authorization", session)], &body) {
                Some((201, made)) => acknowledged.push((person, made["person"].as_str().expect("an id").to_string())),
                Some((503, _)) | None => refused += 1,
                Some((other, body)) => panic!("{name}: {other} {body}"),
            }
        }
    } else {
        refused += 1;
    }
    kill(child);
    let mut child = host(folder, &listen, &[], &[]);
    ready(&listen, &mut child).unwrap_or_else(|| panic!("{name}: it is not back on a disk that works"));
    let (status, people) =
        ask(&listen, "GET", "/v1/acme/people", &[("Authorization", session)], "").expect("an answer");
    assert_eq!(status, 200, "{name}");
    let people = people["people"].as_array().expect("people").clone();
    for (person, id) in &acknowledged {
        let there = people.iter().any(|one| one["name"] == person.as_str() && one["person"] == id.as_str());
        assert!(there, "{name}: {person} was acknowledged");
    }
    kill(child);
    (acknowledged.len(), refused)
}

#[test]
fn d3_a_disk_that_fails_never_leads_to_a_false_yes() {
    let folder = Folder::new();
    let listen = free();
    let mut child = host(&folder, &listen, &[], &[]);
    ready(&listen, &mut child).expect("it starts");
    let session = owner(&folder, &listen);
    kill(child);
    let strace = |inject: &str| {
        let trace = folder.0.join("trace").to_str().expect("a path").to_string();
        ["strace", "-f", "-qq", "-o", &trace, "-e", "trace=fsync,fdatasync,pwrite64", "-e", inject]
            .map(str::to_string)
            .to_vec()
    };
    let (mut yes, mut no) = (0, 0);
    let mut tried = 0;
    for call in ["fsync", "fdatasync", "pwrite64"] {
        for error in ["EIO", "ENOSPC"] {
            for when in ["1", "2", "5", "9+3", "14+"] {
                let inject = format!("inject={call}:error={error}:when={when}");
                let (fine, refused) = through(&folder, &session, &strace(&inject), &inject);
                yes += fine;
                no += refused;
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 30);
    assert!(yes > 100 && no > 30, "{yes} acknowledged, {no} not: the disk did not fail as it should");
    println!("{tried} ways to fail: {yes} acknowledged, all there; {no} not acknowledged");

    // A disk that is full: no file grows beyond what it has.
    let size = std::fs::metadata(folder.0.join("data/keyward.db")).expect("the database").len() / 1024 + 8;
    let full = ["bash".to_string(), "-c".to_string(), format!("trap '' XFSZ; ulimit -f {size}; exec \"$0\" \"$@\"")];
    let (fine, refused) = through(&folder, &session, &full, "full");
    assert!(refused > 0, "{fine} acknowledged on a full disk");
    verify(&folder);
}
