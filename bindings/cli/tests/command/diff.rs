//! `keyward diff`: files, revisions of git, formats, exit codes, and every way it can be called wrongly.

use crate::run::Folder;
use std::process::Command;

/// A policy; the older version lets staff in at any hour.
const OLD: &str = "edition 2026
policy acme.room version 1

input person.role is one of staff, guest
input night is yes or no

decision room
  answer access is the strictest of allowed, refused

if unsure access is refused

normally access is refused
  because \"Nobody has said yes.\"

rule staff_enter
  when person.role is staff
  then access is allowed
  because \"Staff may enter.\"
";

fn new() -> String {
    OLD.replace("when person.role is staff\n", "when person.role is staff and night is no\n")
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("old/room.ward", OLD);
    folder.write("new/room.ward", new());
    folder
}

#[test]
fn the_first_sentence_says_what_a_manager_needs() {
    let folder = folder("diff");
    let ran = folder.run(&["diff", "old/room.ward", "new/room.ward"]).expect(0);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines[0], "acme.room 1, before and after");
    assert_eq!(lines[1], "1 of 4 possible requests changes (25%): stricter 1.");
    assert!(ran.out.contains("when person.role is staff and night is yes"), "{}", ran.out);
    assert!(ran.out.contains("room.access: allowed → refused"), "{}", ran.out);
    assert!(ran.out.contains("before, staff_enter decides: “Staff may enter.”"), "{}", ran.out);
    assert!(ran.out.contains("after, normally decides: “Nobody has said yes.”"), "{}", ran.out);
    assert!(!ran.out.contains("request: {"), "{}", ran.out);
    assert!(ran.err.is_empty(), "{}", ran.err);
}

#[test]
fn the_exit_code_is_asked_for() {
    let folder = folder("diff-code");
    folder.run(&["diff", "--exit-code", "old/room.ward", "new/room.ward"]).expect(1);
    let same = folder.run(&["diff", "--exit-code", "old/room.ward", "old/room.ward"]).expect(0);
    assert!(same.out.contains("No request is decided differently: all 4 possible requests"), "{}", same.out);
    // Other words for the same answers are told, and are no difference.
    folder.write("words/room.ward", OLD.replace("Staff may enter.", "Staff may always enter."));
    let words = folder.run(&["diff", "--exit-code", "old/room.ward", "words/room.ward"]).expect(0);
    let sentence = words.out.replace("\n  ", " ");
    assert!(sentence.contains("2 requests get the same answers for other reasons (50%)."), "{sentence}");
    folder.write("unsure/room.ward", OLD.replace("if unsure access is refused", "if unsure access is allowed"));
    folder.run(&["diff", "--exit-code", "old/room.ward", "unsure/room.ward"]).expect(1);
}

#[test]
fn every_example_runs() {
    let folder = folder("diff-runs");
    let json = folder.run(&["diff", "--format", "json", "old/room.ward", "new/room.ward"]).expect(0).json();
    assert_eq!(json["command"], "diff");
    assert_eq!(json["changed"]["requests"], "1");
    assert_eq!(json["answers"][0]["rows"][0]["from"], "allowed");
    assert_eq!(json["regions"][0]["directions"][0], "stricter");
    assert_eq!(json["regions"][0]["older_request"], serde_json::Value::Null);
    let request = json["regions"][0]["request"].to_string();
    for (file, access) in [("old/room.ward", "allowed"), ("new/room.ward", "refused")] {
        let decided = folder.run(&["decide", file, "--request", &request, "--format", "json"]).expect(0).json();
        assert_eq!(decided["answers"]["access"], access, "{request}");
    }
    let human = folder.run(&["diff", "--requests", "old/room.ward", "new/room.ward"]).expect(0);
    assert!(human.out.contains(r#"   request: {"person.role":"staff","night":true}"#), "{}", human.out);
}

#[test]
fn markdown_is_safe_in_a_pull_request() {
    let folder = folder("diff-markdown");
    folder.write("new/room.ward", new().replace("Nobody has said yes.", "<img src=x> | `a` [b](c) @everybody"));
    let ran = folder.run(&["diff", "--markdown", "old/room.ward", "new/room.ward"]).expect(0);
    assert!(
        ran.out.starts_with("### acme.room 1, before and after\n\n**1 of 4 possible requests changes"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("| 1 | 1 | 25% | stricter | room.access: allowed → refused |"), "{}", ran.out);
    assert!(ran.out.contains("&lt;img src=x&gt; \\| \\`a\\` \\[b\\](c) \\@everybody"), "{}", ran.out);
    assert!(ran.out.contains("<details>") && !ran.out.contains("<img"), "{}", ran.out);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let folder = folder("diff-refused");
    folder.write("other/loan.ward", OLD.replace("decision room", "decision loan"));
    folder.write("words/words.ward", "edition 2026\npolicy acme.words version 1\n\ninput night is yes or no\n");
    folder.write("gap/gap.ward", OLD.replace("normally access is refused\n  because \"Nobody has said yes.\"\n", ""));
    folder.write("m.wasm", "no module");
    let cases = [
        (vec!["diff", "old/room.ward", "other/loan.ward"], 1, "no decision in common: old/room.ward decides room"),
        (vec!["diff", "old/room.ward", "words/words.ward"], 1, "words/words.ward has no decision"),
        (vec!["diff", "old/room.ward", "gap/gap.ward"], 1, "gap/gap.ward cannot be compared: 1 error"),
        (vec!["diff", "m.wasm", "old/room.ward"], 2, "m.wasm is a module; it holds answers and no rules"),
        (vec!["diff", "old/room.ward"], 2, "name two policies, OLD and NEW"),
        (vec!["diff", "--rev", "HEAD", "old/room.ward", "new/room.ward"], 2, "with --rev, name one policy"),
        (vec!["diff", "old/none.ward", "new/room.ward"], 2, "cannot read old/none.ward"),
        (vec!["diff", "--rev", "a...b", "old/room.ward"], 2, "--rev a...b is not A..B"),
    ];
    for (args, code, message) in cases {
        let ran = folder.run(&args).expect(code);
        assert!(ran.err.contains(message), "{args:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{args:?}: {}", ran.out);
    }
}

/// A test that breaks is what a reviewer wants to hear of, not a reason to be silent.
#[test]
fn broken_promises_are_told() {
    let folder = folder("diff-promises");
    let promise =
        "\nassert staff_always \"Staff may always enter\"\n  never person.role is staff and room.access is refused\n";
    folder.write("old/room.ward", format!("{OLD}{promise}"));
    folder.write("new/room.ward", format!("{}{promise}", new()));
    let ran = folder.run(&["diff", "old/room.ward", "new/room.ward"]).expect(0);
    assert!(ran.out.contains("the assert \"staff_always\" no longer holds"), "{}", ran.out);
    folder.write("new/room.ward", new());
    let ran = folder.run(&["diff", "old/room.ward", "new/room.ward"]).expect(0);
    assert!(ran.out.contains("the assert \"staff_always\" is gone"), "{}", ran.out);
}

fn git(folder: &Folder, args: &[&str]) {
    let settings = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let ran = Command::new("git").arg("-C").arg(folder.path()).args(settings).args(args).output().expect("git runs");
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn revisions_are_read_from_git() {
    let folder = Folder::new("diff-git");
    git(&folder, &["init", "-q"]);
    let words = "edition 2026\npolicy acme.words version 1\n\ninput night is yes or no\n";
    let uses = |text: &str| text.replace("input night is yes or no\n", "use acme.words version 1\n");
    folder.write("site/words/words.ward", words);
    folder.write("site/room/room.ward", uses(OLD));
    folder.run(&["lock", "site"]).expect(0);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-q", "-m", "one"]);
    git(&folder, &["tag", "one"]);
    folder.write("site/room/room.ward", uses(&new()).replace("night is no", "night is not yes"));
    folder.run(&["lock", "site"]).expect(0);
    git(&folder, &["commit", "-q", "-a", "-m", "two"]);
    // Only in the folder, in no revision. Neither of the two asks whether it is night.
    folder.write(
        "site/room/room.ward",
        uses(OLD).replace("person.role is staff\n", "person.role is one of staff, guest\n"),
    );
    let one_two = folder.run(&["diff", "--rev", "one..HEAD", "site/room/room.ward"]).expect(0);
    assert!(one_two.out.contains("1 of 4 possible requests changes (25%): stricter 1."), "{}", one_two.out);
    let back = folder.run(&["diff", "--rev", "HEAD..one", "site/room/room.ward"]).expect(0);
    assert!(back.out.contains("looser 1."), "{}", back.out);
    folder.run(&["lock", "site"]).expect(0);
    let now = folder.run(&["diff", "--rev", "HEAD~1", "--exit-code", "site/room/room.ward"]).expect(1);
    assert!(now.out.contains("1 of 2 possible requests changes (50%): looser 1."), "{}{}", now.out, now.err);

    folder.write("site/room/late.ward", OLD);
    let absent = folder.run(&["diff", "--rev", "one..HEAD", "site/room/late.ward"]).expect(2);
    assert!(absent.err.contains("site/room/late.ward does not exist in revision one"), "{}", absent.err);
    let unknown = folder.run(&["diff", "--rev", "nowhere..HEAD", "site/room/room.ward"]).expect(2);
    assert!(unknown.err.contains("git knows no revision nowhere"), "{}", unknown.err);
    // A file that is gone now can still be compared.
    std::fs::remove_dir_all(folder.path().join("site/room")).expect("gone");
    folder.run(&["diff", "--rev", "one..HEAD", "site/room/room.ward"]).expect(0);
}

#[test]
fn without_a_repository_there_are_no_revisions() {
    let folder = folder("diff-no-git");
    let ceiling = folder.path().parent().expect("a parent").to_string_lossy().into_owned();
    let environment = [("GIT_CEILING_DIRECTORIES", ceiling.as_str())];
    let ran = folder.run_with(&["diff", "--rev", "HEAD", "old/room.ward"], b"", &environment).expect(2);
    assert!(ran.err.contains("old/room.ward is not in a git repository"), "{}", ran.err);
}
