//! `keyward decide --log` and `keyward replay`: what is logged is decided again, by the real binary.

use crate::run::Folder;

const DOOR: &str = "edition 2026
policy acme.door version 1 \"A door\"
input person.id is a user
input role is one of guard, visitor
input badge is yes or no
decision entry
  answer access is the strictest of allowed, refused
if unsure access is refused
normally access is refused because \"Nobody has said yes.\"
rule guards when role is guard and badge is yes then access is allowed because \"Guards may, with a badge.\"
";

const REQUESTS: &str = r#"{"person.id":"ann-of-the-night-shift","role":"guard","badge":true}
{"person.id":"ann-of-the-night-shift","role":"guard","badge":false}
{"person.id":"bob","role":"guard","badge":false}
{"person.id":"eve","role":"visitor","badge":false}
"#;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("old.ward", DOOR);
    let newer = DOOR.replace("version 1", "version 2").replace("guard and badge is yes", "guard");
    folder.write("new.ward", newer.replace("may, with a badge", "may") + "rule open_house when badge is yes and role is visitor then access is allowed because \"Visitors with a badge may.\"\n");
    let out = folder.pipe(&["decide", "old.ward", "--request", "-", "--log", "door.log"], REQUESTS).expect(0).out;
    assert_eq!(out.lines().count(), 4);
    folder
}

#[test]
fn past_decisions_are_decided_again() {
    let folder = folder("replay");
    let ran = folder.run(&["replay", "door.log", "old.ward", "new.ward"]).expect(0);
    for said in [
        "4 decisions from 20",
        "2 would turn out otherwise (50.00%)",
        "      2  entry.access: refused, then allowed",
        "Decided before by\n        2  normally",
        "Decided now by\n        2  guards",
        "Changed, but never asked in this log",
        "role is visitor and badge is yes  (looser, 25%)",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let log = folder.read("door.log");
    assert!(!log.contains("ann") && !ran.out.contains("ann"), "nobody is named:\n{log}");
    folder.run(&["replay", "door.log", "old.ward", "new.ward", "--exit-code"]).expect(1);
    let same = folder.run(&["replay", "door.log", "old.ward", "old.ward", "--exit-code"]).expect(0);
    assert!(same.out.contains("None of them would turn out otherwise."), "{}", same.out);
    let json = folder.run(&["--format", "json", "replay", "door.log", "old.ward", "new.ward"]).expect(0).json();
    assert_eq!((json["rows"].as_u64(), json["changed"].as_u64()), (Some(4), Some(2)));
    assert_eq!(json["regions"].as_array().map(Vec::len), Some(2));
    let piped = folder.pipe(&["replay", "-", "old.ward", "new.ward"], log.as_bytes()).expect(0);
    assert_eq!(piped.out, ran.out);
}

#[test]
fn logs_that_are_cut_off_edited_or_of_others_are_refused() {
    let folder = folder("replay-broken");
    let log = folder.read("door.log");
    folder.write("cut.log", &log[..log.len() - 40]);
    let ran = folder.run(&["replay", "cut.log", "old.ward", "new.ward"]).expect(1);
    assert!(ran.out.contains("3 decisions") && ran.err.contains("line 5 ends in its middle"), "{}{}", ran.out, ran.err);
    folder.write("edited.log", log.replacen("\"decision\":0,\"status\":0", "\"decision\":0,\"status\":1", 1));
    let ran = folder.run(&["replay", "edited.log", "old.ward", "new.ward"]).expect(1);
    assert!(ran.out.is_empty() && ran.err.contains("line 2 does not follow"), "{}{}", ran.out, ran.err);
    folder.write("gate.ward", DOOR.replace("acme.door version 1", "acme.gate version 1"));
    let ran = folder.run(&["replay", "door.log", "gate.ward", "gate.ward"]).expect(1);
    assert!(ran.err.contains("of the policy `acme.door`, not of `acme.gate`"), "{}", ran.err);
    let ran = folder.run(&["replay", "door.log", "gate.ward", "missing.ward"]).expect(2);
    assert!(ran.err.contains("missing.ward"), "{}", ran.err);
    folder.run(&["replay", "missing.log", "old.ward", "new.ward"]).expect(2);
    // A log that is there is never written over.
    let ran = folder.pipe(&["decide", "old.ward", "--request", "-", "--log", "door.log"], REQUESTS).expect(2);
    assert!(ran.err.contains("door.log cannot be started"), "{}", ran.err);
    assert_eq!(folder.read("door.log"), log);
    folder.write("empty.log", "");
    assert!(folder.run(&["replay", "empty.log", "old.ward", "new.ward"]).expect(1).err.contains("the log is empty"));
}
