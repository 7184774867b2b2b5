//! `tests/REQUIREMENTS.md` holds: every row has a test or a reason, no reason is out of date, no ID stands twice.

use keyward_tests::repository::{self, TextFile};
use keyward_tests::requirements::{findings, named, read};

fn planted(list: &str, files: &[TextFile]) -> Vec<String> {
    findings(&read(list), &named(files))
}

#[test]
fn every_requirement_is_proved_or_has_a_reason() {
    let rows = read(&repository::read("tests/REQUIREMENTS.md").unwrap());
    assert!(rows.len() > 200, "the list was read as {} rows only", rows.len());
    let found = findings(&rows, &named(&repository::files(&[".rs", ".ward", ".md", ".test.mjs"])));
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_list_is_complete() {
    let rows = read(&repository::read("tests/REQUIREMENTS.md").unwrap());
    let has = |id: &str| rows.iter().any(|row| row.id == id);
    let mut missing = Vec::new();
    let spans = [
        ("R", 1, 42, 2),
        ("R", 50, 74, 2),
        ("X", 1, 21, 2),
        ("V", 1, 26, 2),
        ("F", 1, 29, 2),
        ("W", 1, 16, 1),
        ("P", 1, 9, 1),
        ("B", 1, 11, 1),
        ("C", 1, 13, 1),
        ("A", 1, 5, 1),
        ("D", 1, 12, 1),
        ("Q", 1, 1, 1),
        ("O", 1, 8, 1),
        ("T", 1, 36, 1),
    ];
    let mut expected = 0;
    for (letter, first, last, width) in spans {
        for number in first..=last {
            expected += 1;
            let id = format!("{letter}{number:0width$}");
            if !has(&id) {
                missing.push(id);
            }
        }
    }
    assert!(missing.is_empty(), "not in the list: {missing:?}");
    assert_eq!(rows.len(), expected, "the list holds rows that no document names");
}

const LIST: &str = "| ID | requirement | proved by |\n|---|---|---|\n";

#[test]
fn an_unproved_row_is_caught() {
    let list = format!("{LIST}| V01 | a code is sent |  |\n");
    assert_eq!(planted(&list, &[]), ["V01 has neither a test that names it nor a written reason"]);
    let policy = TextFile::new("policies/pickup/pickup.ward", "test \"V01 a code is sent\"\n  given x is y");
    assert!(planted(&list, &[policy]).is_empty());
}

#[test]
fn a_stale_reason_is_caught() {
    let list = format!("{LIST}| P5 | no panic | later: host |\n");
    assert!(planted(&list, &[]).is_empty());
    let test = TextFile::new("tests/tests/bytes.rs", "#[test]\nfn p5_no_bytes_panic() {}");
    let found = planted(&list, &[test]);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("stale"), "{found:?}");
}

#[test]
fn a_repeated_or_empty_or_unknown_row_is_caught() {
    let rows = "| T1 | one | later: host |\n| T1 |  | soon |\n| T2 | two | by T9 |\n| T3 | three | by T1 |\n| T4 | four | partly: host |\n";
    let list = format!("{LIST}{rows}");
    let found = planted(&list, &[]).join("\n");
    let parts = [
        "T1 stands in the list twice",
        "T1 says nothing",
        "T1 has the reason `soon`",
        "T2 is proved by T9, which is not",
        "T3 is proved by T1, which has no test",
        "T4 is said to be proved in part",
    ];
    for part in parts {
        assert!(found.contains(part), "{part} is missing in:\n{found}");
    }
}

#[test]
fn an_assert_of_a_policy_can_prove_a_row() {
    let list = format!("{LIST}| X10 | a number proves nothing | by after_hours.no_bare_number |\n");
    assert!(planted(&list, &[])[0].contains("which is not in the list"));
    let text = "assert no_bare_number \"A number opens nothing\"\n  never a is b";
    let policy = |folder: &str| TextFile::new(&format!("policies/{folder}/{folder}.ward"), text);
    assert!(planted(&list, &[policy("after_hours")]).is_empty());
    assert!(!planted(&list, &[policy("pickup")]).is_empty());
}

#[test]
fn only_tests_can_name_an_id() {
    let elsewhere = [
        TextFile::new("engine/src/span.rs", "//! proves nothing of V01\n/// V01\npub fn v01() {}"),
        TextFile::new("README.md", "# V01"),
        TextFile::new("policies/pickup/pickup.ward", "rule plain \"V01\"\n# V01"),
        TextFile::new("tests/tests/x.rs", "#[test]\nfn code_v01_text() { let text = \"V01\"; }"),
    ];
    assert!(named(&elsewhere).is_empty(), "{:?}", named(&elsewhere));
}
