//! `keyward cases`: coverage, new tests written into the file, planted mistakes.

use crate::run::Folder;

#[test]
fn missing_tests_are_shown_written_and_then_complete() {
    let folder = Folder::with_starter("cases");
    let before = folder.read("night.ward");
    let ran = folder.run(&["cases", "night.ward", "--exit-code"]).expect(1);
    for said in ["possible requests are like some test", "situations tried", "Not tried", "would try it", "\ntest \""] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    assert_eq!(folder.read("night.ward"), before, "only --write writes");
    let ran = folder.run(&["cases", "night.ward", "--write"]).expect(0);
    assert!(ran.err.contains("added"), "{}", ran.err);
    let after = folder.read("night.ward");
    assert!(after.starts_with(before.trim_end()), "what was there stays as it was");
    folder.run(&["check", "night.ward"]).expect(0);
    folder.run(&["test", "night.ward"]).expect(0);
    folder.run(&["fmt", "--check", "night.ward"]).expect(0);
    let ran = folder.run(&["cases", "night.ward", "--exit-code"]).expect(0);
    assert!(!ran.out.contains("Not tried"), "{}", ran.out);
    let json = folder.run(&["--format", "json", "cases", "night.ward"]).expect(0).json();
    assert_eq!(json["coverage"]["situations"]["tried"], json["coverage"]["situations"]["all"]);
    assert!(json["proposed"].as_array().expect("a list").is_empty());
}

#[test]
fn planted_mistakes_that_nothing_notices_are_shown() {
    let folder = Folder::with_starter("mutants");
    let ran = folder.run(&["cases", "night.ward", "--mutants"]).expect(0);
    assert!(ran.out.contains("small mistakes planted, one at a time"), "{}", ran.out);
    assert!(ran.out.contains("are noticed by a test or an assert"), "{}", ran.out);
    folder.run(&["cases", "night.ward", "--mutants", "--write"]).expect(2);
    let text = folder.read("night.ward");
    let start = text.find("\ntest \"").expect("the starter has tests");
    folder.write("bare.ward", text[..start].replacen("acme.night", "acme.bare", 1));
    let json = folder.run(&["--format", "json", "cases", "bare.ward", "--mutants"]).expect(0).json();
    let mutants = json["mutants"].as_array().expect("a list");
    let survivor = mutants.iter().find(|one| one["fate"] == "survives").expect("without tests some survive");
    assert!(survivor["request"].is_object(), "{survivor}");
    folder.run(&["cases", "bare.ward", "--mutants", "--exit-code"]).expect(1);
}

#[test]
fn a_policy_with_errors_is_not_looked_at() {
    let folder = Folder::with_starter("cases-errors");
    let text = folder.read("night.ward");
    folder.write("night.ward", text.replacen("rule ", "rule rule ", 1));
    let broken = folder.read("night.ward");
    for more in [&["--write"][..], &["--mutants"], &[]] {
        let args: Vec<&str> = ["cases", "night.ward"].iter().chain(more).copied().collect();
        let ran = folder.run(&args).expect(1);
        assert!(ran.err.contains("has errors"), "{}", ran.err);
    }
    assert_eq!(folder.read("night.ward"), broken);
}
