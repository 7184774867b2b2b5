//! `keyward why`: what it says to whom, what it refuses and how (B3).

use crate::run::Folder;

const NIGHT: &str = "edition 2026
policy acme.night version 1 \"Keys at night\"

input person.id is a user
input giver.id is a user
input role is one of guard, cleaner, visitor
input badge_shown is yes or no
input rank is a number from 1 to 5 fixed
input now is a moment
setting guards_may is yes or no default yes

calendar night is every day from 22:00 until 06:00 next day

assume \"Visitors have no badge.\" never role is visitor and badge_shown is yes

decision entry \"May this key leave?\"
  answer access is the strictest of allowed, refused
  answer notices is a set of desk, manager
if unsure access is refused
normally access is refused
  because \"Nobody has said yes.\"
rule guards when role is guard and badge_shown is yes and guards_may is yes
  then access is allowed
  because \"Guards may, with a badge.\"
rule at_night when now is during night and role is cleaner
  then notices include desk
  because \"The desk hears of it.\"
rule not_to_oneself when person.id is giver.id
  then access is refused
  because \"Nobody hands a key to themselves.\"

decision second
  answer asked is yes or no
if unsure asked is yes
normally asked is no
  because \"Nothing to ask.\"
";

const REQUEST: &str = "{\"person\": {\"id\": \"ann\"}, \"giver\": {\"id\": \"bob\"}, \"role\": \"cleaner\", \"badge_shown\": true, \
                       \"rank\": 2, \"now\": \"2026-11-25T21:00\"}";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("night.ward", NIGHT);
    folder.write("request.json", REQUEST);
    folder
}

#[test]
fn a_refusal_is_explained_and_what_would_have_helped() {
    let ran =
        folder("why-human").run(&["why", "night.ward", "--decision", "entry", "--request", "@request.json"]).expect(0);
    for line in [
        "Nobody has said yes. (normally)",
        "access is refused: role is not guard.",
        "the person: if role were guard.",
        "Until 2026-11-25 22:00 (wednesday) by now; then notices are desk.",
    ] {
        assert!(ran.out.contains(line), "{line} is not in\n{}", ran.out);
    }
}

#[test]
fn json_holds_everything_and_changes_can_be_run() {
    let folder = folder("why-json");
    let args = ["--format", "json", "why", "night.ward", "--decision", "entry", "--request", "@request.json"];
    let found = folder.run(&args).expect(0).json();
    assert_eq!(found["command"], "why");
    assert_eq!(found["status"], "ok");
    let change = &found["changes"][0]["ways"][0]["changes"][0];
    assert_eq!(change["inputs"], serde_json::json!(["role"]));
    let request = change["request"].to_string();
    assert!(request.contains("\"ann\"") && request.contains("\"bob\""), "people keep their names: {request}");
    let decided = ["--format", "json", "decide", "night.ward", "--decision", "entry", "--request", &request];
    assert!(folder.run(&decided).expect(0).out.contains("\"access\":\"allowed\""));
    assert_eq!(found["until"][0]["at"], "2026-11-25T22:00");
}

#[test]
fn the_person_is_not_coached() {
    let folder = folder("why-person");
    let base = ["--format", "json", "why", "night.ward", "--decision", "entry", "--request", "@request.json"];
    let person = folder.run(&[&base[..], &["--audience", "person"]].concat()).expect(0).json();
    assert_eq!(person["rules"][0]["because"], "Nobody has said yes.");
    assert_eq!(person["rules"][0]["rule"], "");
    for field in ["changes", "reasons", "answers", "faults"] {
        assert_eq!(person[field], serde_json::json!([]), "{field}");
    }
    assert_eq!(person["until"][0]["then"], serde_json::json!([]));
    let operator = folder.run(&[&base[..], &["--audience", "operator"]].concat()).expect(0).json();
    assert_eq!(operator["changes"][0]["ways"][0]["who"], "person");
}

#[test]
fn one_answer_and_its_members_can_be_meant() {
    let args = ["why", "night.ward", "--decision", "entry", "--answer", "notices", "--request", "@request.json"];
    let ran = folder("why-answer").run(&args).expect(0);
    assert!(
        ran.out.contains("notices with desk:\n    the person: if now.time were before 06:00 or were at least 22:00."),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("notices with manager:\n    no valid request has this."), "{}", ran.out);
}

#[test]
fn unknown_facts_are_asked_for() {
    let request = "{\"role\": \"guard\", \"person.id\": \"ann\", \"giver.id\": \"bob\"}";
    let args = ["why", "night.ward", "--decision", "entry", "--request", request];
    let ran = folder("why-open").run(&args).expect(0);
    assert!(ran.out.contains("badge_shown: it settles 100% of"), "{}", ran.out);
}

#[test]
fn b3_what_cannot_be_explained_says_why() {
    let folder = folder("why-refused");
    let why = |more: &[&str]| folder.run(&[&["why", "night.ward", "--decision", "entry"][..], more].concat());
    let broken = why(&["--request", "{\"role\": \"visitor\", \"badge_shown\": true}"]).expect(1);
    assert!(broken.out.contains("Visitors have no badge."), "{}", broken.out);
    assert!(why(&["--request", "{\"rank\": 9}"]).expect(1).err.contains("from 1 to 5"));
    assert!(why(&["--request", "{\"color\": 1}"]).expect(1).err.contains("KW501"));
    assert!(why(&["--answer", "notice", "--request", "{}"]).expect(2).err.contains("Did you mean notices?"));
    assert!(why(&["--zone", "Mars/Base", "--request", "{}"]).expect(2).err.contains("zone"));
    assert!(folder.run(&["why", "night.ward", "--request", "{}"]).expect(2).err.contains("entry, second"));
    assert!(folder.run(&["why", "night.wasm", "--request", "{}"]).expect(2).err.contains("no .ward file"));
    assert!(folder.run(&["why", "-", "--request", "-"]).expect(2).err.contains("standard input"));
}
