//! Every command, what it prints and how it ends.

use crate::run::Folder;
use std::collections::BTreeSet;

/// A policy with one conflict and one gap.
const CONFLICT: &str = "edition 2026
policy acme.conflict version 1

input method is one of badge, code, link

decision pickup
  answer factor is one of none, pin

if unsure factor is pin

rule badges
  when method is one of badge, code
  then factor is none
  because \"Badges are checked already.\"

rule codes
  when method is code
  then factor is pin
  because \"Codes can be overheard.\"
";

#[test]
fn starter_passes_everything() {
    let folder = Folder::with_starter("starter");
    let check = folder.run(&["check", "--deny-warnings", "night.ward"]).expect(0);
    assert!(check.out.contains("night.ward: acme.night 1, 5 rules, 88,361,280 valid requests"), "{}", check.out);
    assert!(check.out.contains("2 tests and 2 asserts proved, nothing to complain about"), "{}", check.out);
    folder.run(&["fmt", "--check", "night.ward"]).expect(0);
    let test = folder.run(&["test", "."]).expect(0);
    assert!(test.out.contains("✓ A guard on Christmas night") && test.out.contains("all hold"), "{}", test.out);
    folder.run(&["new", "other.night"]).expect(2);
    assert!(folder.read("night.ward").contains("policy acme.night"));
    for bad in ["Night", "a..b", "rule", "acme.rule", "a-b", "9a", "../x", ""] {
        folder.run(&["new", bad]).expect(2);
    }
}

#[test]
fn check_shows_conflict_and_gap_in_every_format() {
    let folder = Folder::new("check");
    folder.write("c.ward", CONFLICT);
    let human = folder.run(&["check", "c.ward"]).expect(1);
    assert!(human.out.contains("CONFLICT") && human.out.contains("KW201"), "{}", human.out);
    assert!(human.out.contains("GAP") && human.out.contains("KW202"), "{}", human.out);
    assert!(human.out.contains("For example: method is code"), "{}", human.out);
    assert!(human.out.contains("1 of 3 possible requests"), "{}", human.out);
    assert!(human.err.is_empty(), "{}", human.err);

    let json = folder.run(&["check", "--format", "json", "c.ward"]).expect(1).json();
    assert_eq!(json["keyward"], 1);
    assert_eq!(json["files"][0]["policy"], "acme.conflict");
    let codes: BTreeSet<&str> =
        json["diagnostics"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains("KW201") && codes.contains("KW202"), "{codes:?}");

    let sarif = folder.run(&["check", "--format", "sarif", "c.ward"]).expect(1).json();
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "c.ward");
    let rules: Vec<&str> = sarif["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    assert!(rules.contains(&result["ruleId"].as_str().unwrap()));

    let github = folder.run(&["check", "--format", "github", "c.ward"]).expect(1);
    let annotation =
        |line: &str| line.starts_with("::error file=c.ward,line=") || line.starts_with("::warning file=c.ward,");
    assert!(github.out.lines().all(annotation), "{}", github.out);
    folder.run(&["test", "--format", "sarif", "c.ward"]).expect(2);
}

#[test]
fn warnings_fail_only_when_asked() {
    let folder = Folder::with_starter("warnings");
    let text = folder
        .read("night.ward")
        .replace("decision pickup", "group staff of person.job is guard, cleaner\n\ndecision pickup");
    folder.write("night.ward", text);
    let check = folder.run(&["check", "night.ward"]).expect(0);
    assert!(check.out.contains("warning KW301"), "{}", check.out);
    folder.run(&["check", "--deny-warnings", "night.ward"]).expect(1);
}

#[test]
fn a_folder_a_stream_and_files_that_are_not_there() {
    let folder = Folder::with_starter("files");
    folder.write("below/other.ward", folder.read("night.ward").replace("acme.night", "acme.other"));
    folder.write("below/.hidden/x.ward", "nonsense");
    folder.write("target/x.ward", "nonsense");
    let check = folder.run(&["check", "."]).expect(0);
    assert_eq!(check.out.matches("nothing to complain about").count(), 2, "{}", check.out);
    let stdin = folder.pipe(&["check", "-"], folder.read("night.ward")).expect(0);
    assert!(stdin.out.contains("<stdin>: acme.night 1"), "{}", stdin.out);
    folder.run(&["check", "missing.ward"]).expect(2);
    folder.run(&["check"]).expect(2);
    folder.run(&["check", "--nonsense"]).expect(2);
    folder.write("notes.txt", "x");
    folder.run(&["check", "notes.txt"]).expect(2);
    folder.write("empty/readme.txt", "");
    folder.run(&["check", "empty"]).expect(2);
    folder.write("bytes.ward", b"edition 2026\npolicy a.b version 1 \"\xFF\"\n");
    let bytes = folder.run(&["check", "bytes.ward"]).expect(1);
    assert!(bytes.out.contains("KW106") && bytes.out.contains("byte 35"), "{}", bytes.out);
}

#[test]
fn words_of_another_file_are_found_and_locked() {
    let folder = Folder::new("lock");
    let words = "edition 2026\npolicy acme.words version 1\n\ninput method is one of badge, code\n";
    let policy = "edition 2026\npolicy acme.door version 1\n\nuse acme.words version 1\n\ndecision door\n  answer access is the \
                  strictest of allowed, refused\n\nif unsure access is refused\n\nrule everybody\n  when method is one of badge, code\n  \
                  then access is allowed\n  because \"Everybody may.\"\n";
    folder.write("all/words/words.ward", words);
    folder.write("all/door/door.ward", policy);
    folder.run(&["check", "all/door/door.ward"]).expect(0);
    let lock = folder.run(&["lock", "all"]).expect(0);
    assert!(lock.out.contains("2 files"), "{}", lock.out);
    let written = folder.read("all/keyward.lock");
    assert_eq!(written.lines().count(), 2);
    assert!(written.starts_with("acme.door 1 ") && written.lines().all(|line| line.len() > 64));
    folder.run(&["lock", "--check", "all/door"]).expect(0);
    folder.run(&["check", "all/door/door.ward"]).expect(0);
    folder.write("all/words/words.ward", words.replace("badge, code", "badge, code, link"));
    let changed = folder.run(&["check", "all/door/door.ward"]).expect(1);
    assert!(changed.out.contains("KW143"), "{}", changed.out);
    folder.run(&["lock", "--check", "all"]).expect(1);
    folder.write("all/copy.ward", format!("{words}# another text\n"));
    folder.run(&["lock", "all"]).expect(1);
}

#[test]
fn build_inspect_and_foreign_modules() {
    let folder = Folder::with_starter("build");
    let built = folder.run(&["build", "night.ward", "-o", "night.wasm"]).expect(0);
    assert!(built.out.starts_with("night.wasm: "), "{}", built.out);
    folder.run(&["build", "night.ward", "-o", "again.wasm"]).expect(0);
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!(bytes("night.wasm"), bytes("again.wasm"), "the same policy gives the same bytes");
    let json = folder.run(&["build", "night.ward", "--strip", "-o", "small.wasm", "--format", "json"]).expect(0).json();
    assert_eq!(json["bytes"], bytes("small.wasm").len());
    assert!(bytes("small.wasm").len() < bytes("night.wasm").len());

    let shown = folder.run(&["inspect", "night.wasm"]).expect(0);
    for part in
        ["acme.night version 1", "2 tests, 2 asserts", "person.job", "Decision pickup", "keyward.schema", "steps"]
    {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    let json = folder.run(&["inspect", "night.wasm", "--format", "json"]).expect(0).json();
    let sum: u64 = json["sections"].as_array().unwrap().iter().filter_map(|one| one["bytes"].as_u64()).sum();
    assert_eq!(sum, bytes("night.wasm").len() as u64, "the sizes add up");

    folder.write("text.wasm", "not a module");
    folder.write("empty.wasm", b"\0asm\x01\0\0\0");
    let mut cut = bytes("night.wasm");
    cut.truncate(cut.len() / 2);
    folder.write("cut.wasm", cut);
    let mut edited = bytes("night.wasm");
    let table = edited.windows(4).position(|four| four == b"KWD1").unwrap();
    edited[table + 60] ^= 0xFF;
    folder.write("edited.wasm", edited);
    for name in ["text.wasm", "empty.wasm", "cut.wasm", "edited.wasm"] {
        let refused = folder.run(&["inspect", name]).expect(1);
        assert!(refused.err.contains("KW60"), "{name}: {}", refused.err);
        folder.run(&["decide", name, "--request", "{}"]).expect(1);
    }
    folder.write("c.ward", CONFLICT);
    let refused = folder.run(&["build", "c.ward", "-o", "c.wasm"]).expect(1);
    assert!(refused.err.contains("KW201") && !folder.path().join("c.wasm").exists(), "{}", refused.err);
}

#[test]
fn failed_tests_show_a_request_that_runs_and_a_junit_file() {
    let folder = Folder::with_starter("test");
    let text =
        folder.read("night.ward").replace("  expect pickup.access is refused\n", "  expect pickup.access is allowed\n");
    folder.write("night.ward", text);
    let test = folder.run(&["test", "night.ward", "--junit", "junit.xml"]).expect(1);
    assert!(test.out.contains("✗ A cleaner on a Sunday") && test.out.contains("1 failed"), "{}", test.out);
    let line = test.out.lines().find_map(|line| line.trim().strip_prefix("As a request: ")).expect("a request");
    let request = line.trim_matches('\'');
    // The policy with the failed test cannot be built, so the request is asked of one without it.
    folder.write(
        "asked.ward",
        folder
            .read("night.ward")
            .replace("  expect pickup.access is allowed\n", "  expect pickup.access is refused\n")
            .replace("acme.night", "acme.asked"),
    );
    let answer = folder.run(&["decide", "asked.ward", "--request", request, "--format", "json"]).expect(0).json();
    assert_eq!(answer["status"], "ok");
    assert_eq!(answer["answers"]["access"], "refused");
    let junit = folder.read("junit.xml");
    assert!(junit.contains("tests=\"4\" failures=\"1\"") && junit.contains("<failure message="), "{junit}");
    let json = folder.run(&["test", "night.ward", "--format", "json"]).expect(1).json();
    let proofs = json["files"][0]["proofs"].as_array().unwrap();
    assert_eq!(proofs.iter().filter(|proof| proof["holds"] == false).count(), 1);
}

#[test]
fn fmt_and_fix_change_files_only_as_told() {
    let folder = Folder::with_starter("fmt");
    let neat = folder.read("night.ward");
    let rough = neat.replace("  when ", "      when   ");
    folder.write("night.ward", &rough);
    let check = folder.run(&["fmt", "--check", "night.ward"]).expect(1);
    assert_eq!(check.out, "would change: night.ward\n");
    assert_eq!(folder.read("night.ward"), rough);
    assert_eq!(folder.pipe(&["fmt", "-"], &rough).expect(0).out, neat);
    folder.run(&["fmt", "."]).expect(0);
    assert_eq!(folder.read("night.ward"), neat);
    folder.write("broken.ward", "edition 2026\npolicy a.b version 1\nrule x whn y\n");
    folder.run(&["fmt", "broken.ward"]).expect(1);

    folder.write("night.ward", neat.replace("person.job is cleaner\n  then", "person.job = cleaner\n  then"));
    let asked = folder.run(&["fix", "night.ward"]).expect(1);
    assert!(asked.out.contains("  - ") && asked.out.contains("  + "), "{}", asked.out);
    assert!(folder.read("night.ward").contains(" = cleaner"), "nothing is written without a yes");
    folder.run(&["fix", "--yes", "night.ward"]).expect(0);
    assert_eq!(folder.read("night.ward"), neat);
}

#[test]
fn explain_lists_and_shows_every_code() {
    let folder = Folder::new("explain");
    let list = folder.run(&["explain"]).expect(0);
    assert!(list.out.lines().count() > 70);
    for line in list.out.lines() {
        let code = line.split(' ').next().unwrap();
        let page = folder.run(&["explain", code]).expect(0);
        assert!(page.out.starts_with(code), "{code}: {}", page.out);
        assert!(!page.out.contains("```"), "{code}");
    }
    folder.run(&["explain", "KW999"]).expect(2);
    let json = folder.run(&["explain", "201", "--format", "json"]).expect(0).json();
    assert_eq!(json["code"]["name"], "conflict");
}

#[test]
fn schema_describes_requests() {
    let folder = Folder::with_starter("schema");
    let schema = folder.run(&["schema", "night.ward"]).expect(0).json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["properties"]["person.job"]["enum"][0], "guard");
    assert_eq!(schema["properties"]["person"]["properties"]["job"]["enum"][2], "visitor");
    assert_eq!(schema["properties"]["cleaners_at_night"]["default"], false);
    folder.run(&["build", "night.ward", "-o", "n.wasm"]).expect(0);
    assert_eq!(folder.run(&["schema", "n.wasm"]).expect(0).json(), schema);
}

#[test]
fn completions_for_every_shell() {
    let folder = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(folder.run(&["completions", shell]).expect(0).out.contains("keyward"));
    }
    folder.run(&["completions", "cmd"]).expect(2);
}

#[test]
fn p4_a_fault_of_the_command_itself_is_exit_70_and_one_sentence() {
    let folder = Folder::with_starter("panic");
    let ran = folder.run_with(&["check", "night.ward"], b"", &[("KEYWARD_TEST_PANIC", "1")]).expect(70);
    assert!(ran.err.contains("internal error: asked to by the tests") && ran.err.contains("report it"), "{}", ran.err);
    assert!(!ran.err.contains("RUST_BACKTRACE") && ran.err.lines().count() <= 3, "{}", ran.err);
}
