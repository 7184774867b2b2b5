//! `keyward prove`: what it says of promises kept and broken, and that what it tells to try does what it says.

use crate::run::Folder;

/// Five promises, one of each form; all but the last three hold where `MODE` is `refused`.
const DOOR: &str = "edition 2026
policy acme.door version VERSION \"A door\"
input role is one of guard, visitor
input badge is yes or no
setting open_house is yes or no default no
decision entry
  answer access is the strictest of allowed, refused
if unsure access is refused
normally access is refused
  because \"Nobody has said yes.\"
rule guards when role is guard and badge is yes
  then access is allowed
  because \"Guards may, with a badge.\"
rule all_of_you when open_house is yes and role is visitor
  then access is MODE
  because \"It is a day of open doors.\"
";

const PROMISES: &str = "
assert badges_count never badge is no and role is guard and entry.access is allowed
assert guards_get_in always if role is guard and badge is yes then entry.access is allowed
assert visitors_wait \"Visitors stay out\" never role is visitor and entry.access is allowed
assert opening_opens_nothing if open_house changes from no to yes then entry.access never becomes allowed
assert as_before unchanged since acme.door version 1
assert guards_are_possible possible entry.access is allowed
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("before.ward", DOOR.replace("VERSION", "1").replace("MODE", "refused"));
    folder.write("it's.ward", DOOR.replace("VERSION", "2").replace("MODE", "allowed") + PROMISES);
    folder.write("kept.ward", DOOR.replace("VERSION", "3").replace("MODE", "refused") + PROMISES);
    folder
}

#[test]
fn kept_promises_are_proved_and_a_witness_is_shown() {
    let folder = folder("prove-kept");
    let ran = folder.run(&["prove", "kept.ward"]).expect(0);
    assert!(ran.out.contains("Each of the 8 possible requests has an answer"), "{}", ran.out);
    assert!(ran.out.contains("guards_are_possible  possible for 2 requests"), "{}", ran.out);
    assert!(ran.out.contains("6 asserts: all proved"), "{}", ran.out);
    let json = folder.run(&["--format", "json", "prove", "kept.ward"]).expect(0).json();
    let asserts = json["files"][0]["asserts"].as_array().expect("a list").clone();
    let forms: Vec<&str> = asserts.iter().map(|one| one["form"].as_str().expect("a word")).collect();
    assert_eq!(forms, ["never", "always", "never", "changes", "unchanged", "possible"]);
    assert_eq!(asserts[5]["evidence"]["request"]["role"], "guard");
    let one = folder.run(&["prove", "kept.ward", "--assert", "badges_count"]).expect(0);
    assert!(one.out.contains("1 assert: all proved"), "{}", one.out);
    folder.run(&["prove", "kept.ward", "--assert", "nothing"]).expect(2);
}

/// What stands behind \"Try it\" is run by a shell, and decides what the promise forbids.
#[cfg(unix)]
#[test]
fn what_it_tells_to_try_breaks_the_promise() {
    let folder = folder("prove-broken");
    let ran = folder.run(&["prove", "it's.ward"]).expect(1);
    for said in [
        "visitors_wait: Visitors stay out  broken for 2 requests (25%)",
        "opening_opens_nothing  broken for 2 requests",
        "as_before  broken for 2 requests",
        "by all_of_you",
        "After the change `entry.access` is allowed.",
        "In the older version `entry.access` was refused.",
        "6 asserts: 3 broken",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let tries: Vec<&str> = ran.out.lines().filter_map(|line| line.trim().strip_prefix("Try it: keyward ")).collect();
    assert_eq!(tries.len(), 5, "{}", ran.out);
    let mut answers = Vec::new();
    for line in tries {
        let command = format!("\"{}\" --format json {line}", env!("CARGO_BIN_EXE_keyward"));
        let out = std::process::Command::new("sh").args(["-c", &command]).current_dir(folder.path()).output();
        let out = out.expect("a shell");
        let json: serde_json::Value = serde_json::from_slice(&out.stdout).expect("an answer");
        answers.push(json.to_string().contains("\"access\":\"allowed\""));
        assert!(String::from_utf8_lossy(&out.stderr).contains("3 broken promises"), "{out:?}");
    }
    // The visitor; before and after the change; against the older version; the possible guard.
    assert_eq!(answers, [true, false, true, true, true]);
    folder.run(&["build", "it's.ward", "-o", "never.wasm"]).expect(1);
}

#[test]
fn a_module_is_compared_with_its_source() {
    let folder = folder("prove-module");
    folder.run(&["build", "kept.ward", "-o", "kept.wasm"]).expect(0);
    folder.run(&["build", "kept.ward", "-o", "bare.wasm", "--strip"]).expect(0);
    for module in ["kept.wasm", "bare.wasm"] {
        let ran = folder.run(&["prove", "kept.ward", "--module", module]).expect(0);
        assert!(ran.out.contains("The module is what this source gives, byte for byte."), "{}", ran.out);
    }
    folder.write("kept.ward", folder.read("kept.ward").replace("with a badge.", "with a badge, please."));
    let ran = folder.run(&["prove", "kept.ward", "--module", "kept.wasm"]).expect(1);
    assert!(ran.out.contains("The first difference: the sources: the module says "), "{}", ran.out);
    let json = folder.run(&["--format", "json", "prove", "kept.ward", "--module", "kept.wasm"]).expect(1).json();
    assert_eq!(json["files"][0]["module"]["same"], false);
    folder.run(&["prove", "kept.ward", "before.ward", "--module", "kept.wasm"]).expect(2);
    let inspected = folder.run(&["inspect", "kept.wasm"]).expect(0);
    assert!(inspected.out.contains("1 test") || inspected.out.contains("0 tests, 6 asserts"), "{}", inspected.out);
    assert!(inspected.out.contains("as_before: unchanged"), "{}", inspected.out);
}

/// A test that fails is a promise that is not kept, too.
#[cfg(unix)]
#[test]
fn a_failing_test_is_not_kept_either() {
    let folder = folder("prove-test");
    let text = folder.read("kept.ward")
        + "test \"badges are enough\"\n  given badge is yes\n  expect entry.access is allowed\n";
    folder.write("kept.ward", text);
    let ran = folder.run(&["prove", "kept.ward"]).expect(1);
    assert!(ran.out.contains("test \"badges are enough\"  fails for 2 of 4 requests"), "{}", ran.out);
    assert!(ran.out.contains("6 asserts and 1 test: 1 broken"), "{}", ran.out);
    assert!(ran.out.contains("There `entry.access` is refused"), "{}", ran.out);
    let json = folder.run(&["--format", "json", "prove", "kept.ward"]).expect(1).json();
    assert_eq!(json["files"][0]["tests"][0]["holds"], false);
    assert_eq!(json["files"][0]["tests"][0]["evidence"]["request"]["badge"], true);
    folder.run(&["prove", "kept.ward", "--assert", "badges_count"]).expect(0);
    folder.run(&["build", "kept.ward", "-o", "never.wasm"]).expect(1);
}
