//! The rules of the house hold in every file of the repository, and each rule catches a breach that was planted for it (Q1).

use keyward_tests::repository::{self, TextFile};
use keyward_tests::table;
use keyward_tests::tidy::{crates, files, ranks};
use std::collections::BTreeMap;

const TEXTS: [&str; 10] = [".rs", ".md", ".toml", ".ward", ".pest", ".yml", ".json", ".mjs", ".ts", ".ci/run"];

fn architecture() -> String {
    repository::read("engine/ARCHITECTURE.md").expect("the checkout can be read and built")
}

fn clean(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

fn one(findings: &[String], part: &str) {
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains(part), "{findings:?}");
}

#[test]
fn modules_import_lower_ranks_only() {
    let architecture = ranks::read(&architecture());
    assert!(architecture.ranks.len() >= 20 && architecture.denials.len() >= 8, "the tables were not read");
    clean(&ranks::findings(&architecture, &repository::files(&[".rs"])));
}

#[test]
fn every_ranked_module_exists() {
    let stale = ranks::stale(&ranks::read(&architecture()), &repository::files(&[".rs"]));
    assert!(stale.is_empty(), "engine/ARCHITECTURE.md ranks modules that do not exist: {stale:?}");
}

#[test]
fn every_file_opens_with_a_header() {
    clean(&files::headers(&repository::files(&[".rs"])));
}

#[test]
fn files_stay_small() {
    let exceptions: BTreeMap<String, String> = table::under(&architecture(), "Long files")
        .iter()
        .filter_map(|row| Some((table::ticked(row.first()?).into_iter().next()?, row.get(1)?.clone())))
        .collect();
    let sizes = files::Sizes::of(&repository::files(&[".rs"]));
    println!("lines per file without tests: median {}, p90 {}", sizes.percentile(50), sizes.percentile(90));
    for (lines, path) in sizes.lines.iter().rev().take(5) {
        println!("{lines:6} {path}");
    }
    clean(&sizes.findings(&exceptions));
}

#[test]
fn no_debris_and_no_machine_paths() {
    clean(&files::debris(&repository::files(&TEXTS)));
}

#[test]
fn code_blocks_are_closed_and_named() {
    clean(&files::blocks(&repository::files(&[".md"])));
}

#[test]
fn crates_depend_downwards_and_inherit() {
    let allowed = crates::read(&architecture());
    assert!(allowed.len() >= 6, "the table of crates was not read");
    clean(&crates::findings(&allowed, &repository::files(&[".toml"])));
}

#[test]
fn the_evaluator_depends_on_nothing() {
    let manifest = repository::read("engine/evaluator/Cargo.toml").expect("the checkout can be read and built");
    assert_eq!(crates::dependencies(&manifest), Vec::<String>::new());
    let code = repository::read("engine/evaluator/src/lib.rs").expect("the checkout can be read and built");
    assert!(code.contains("#![no_std]") && !code.contains("extern crate alloc"));
}

#[test]
fn both_licences_are_there() {
    assert!(
        repository::read("LICENSE-MIT")
            .expect("the checkout can be read and built")
            .contains("Permission is hereby granted")
    );
    assert!(
        repository::read("LICENSE-APACHE")
            .expect("the checkout can be read and built")
            .contains("Version 2.0, January 2004")
    );
    assert!(
        repository::read("Cargo.toml")
            .expect("the checkout can be read and built")
            .contains("license = \"MIT OR Apache-2.0\"")
    );
}

const TABLES: &str = "## Ranks\n\n| rank | modules |\n|---|---|\n| 0 | `span` |\n| 3 | `ast` |\n| 7 | `check`, `emit`, `eval` |\n| 9 | `lib` |\n\n\
    ## Denials\n\n| module | may not use | because |\n|---|---|---|\n| `*` | `std::fs` | the core is pure |\n| `eval` | `ast` | it reads the typed tree |\n";

fn planted(path: &str, text: &str) -> Vec<String> {
    ranks::findings(&ranks::read(TABLES), &[TextFile::new(path, text)])
}

#[test]
fn an_import_of_an_equal_rank_is_caught() {
    let text = "//! x\nuse crate::{ast::File, span::{self, Span}};\nfn f() { crate::emit::bytes() }";
    one(
        &planted("engine/src/check/names.rs", text),
        "`check` (7) may not use `emit` (7): move the shared type to rank <= 6",
    );
}

#[test]
fn imports_are_caught_however_they_are_written() {
    let bad = "`check` (7) may not use `emit` (7)";
    for text in [
        "use crate::emit;",
        "use crate::{span::Span, emit::{self, Bytes}};",
        "use crate::{\n    ast::{A, B as C},\n    emit as e,\n};",
        "use super::super::emit::Bytes;",
        "fn f(x: super::super::emit::Bytes) {}",
        "fn f() -> Vec<crate::emit::Bytes> { vec![] }",
        "pub(crate) use crate::emit::*;",
    ] {
        one(&planted("engine/src/check/names.rs", text), bad);
    }
    one(&planted("engine/src/check/mod.rs", "use super::emit;"), bad);
    one(&planted("engine/src/span.rs", "use crate::ast::File;"), "`span` (0) may not use `ast` (3)");
}

#[test]
fn what_is_allowed_is_not_caught() {
    for text in [
        "// crate::emit::x\n/* crate::emit */ /// crate::emit::y\nlet s = \"crate::emit::z\"; let r = r#\"crate::emit::q\"#; let c = '\"';",
        "use super::rules::Rule; use crate::check::hints; use crate::span::Span;",
        "use self::emit::local;\nfn f<'a>(x: &'a str) {}",
        "fn f() {}\n#[cfg(test)]\nmod tests {\n use crate::emit::bytes;\n use std::fs;\n}",
    ] {
        assert_eq!(planted("engine/src/check/names.rs", text), Vec::<String>::new(), "{text}");
    }
    assert!(planted("engine/src/check/tests.rs", "use crate::emit;").is_empty());
    assert!(planted("engine/src/lib.rs", "pub use crate::emit::bytes; pub use crate::check;").is_empty());
}

#[test]
fn denials_and_unknown_names_are_caught() {
    one(&planted("engine/src/check/mod.rs", "use std::{fmt, fs::File};"), "the core is pure");
    one(&planted("engine/src/eval.rs", "use crate::ast::File;"), "it reads the typed tree");
    one(&planted("engine/src/eval.rs", "use crate::File;"), "name the module it lives in");
    one(&planted("engine/src/extra.rs", "fn f() {}"), "`extra` (engine/src/extra.rs) has no rank");
    assert_eq!(
        ranks::stale(&ranks::read(TABLES), &[TextFile::new("engine/src/span.rs", "")]),
        ["ast", "check", "emit", "eval", "lib"]
    );
}

#[test]
fn a_missing_header_is_caught() {
    let file = TextFile::new("engine/src/span.rs", "use std::fmt;\n//! too late for a header");
    one(&files::headers(&[file]), "engine/src/span.rs does not open");
}

#[test]
fn a_long_file_is_caught_and_its_tests_do_not_count() {
    let lines = |count: usize| "let x = 1;\n".repeat(count);
    let long = TextFile::new("engine/src/long.rs", &lines(files::LONGEST + 1));
    let tested =
        TextFile::new("engine/src/tested.rs", &format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", lines(599), lines(400)));
    let sizes = files::Sizes::of(&[long, tested]);
    one(&sizes.findings(&BTreeMap::new()), "engine/src/long.rs has 601 lines");
    let listed = |path: &str| BTreeMap::from([(path.to_owned(), "a table".to_owned())]);
    assert!(sizes.findings(&listed("engine/src/long.rs")).is_empty());
    assert_eq!(sizes.findings(&listed("engine/src/tested.rs")).len(), 2);
    assert_eq!((sizes.percentile(50), sizes.percentile(100)), (599, 601));
}

#[test]
fn debris_is_caught() {
    for word in [
        concat!("// TO", "DO: later"),
        concat!("db", "g!(x)"),
        concat!("open(\"/wo", "rk/x\")"),
        concat!("see /ho", "me/me/x"),
        concat!("<<<<", "<<< HEAD"),
    ] {
        one(&files::debris(&[TextFile::new("engine/src/span.rs", word)]), "engine/src/span.rs:1 holds");
    }
    let fine = concat!("a to", "do list; https://x.y/wo", "rk/z; METHO", "DO");
    assert!(files::debris(&[TextFile::new("README.md", fine)]).is_empty());
}

#[test]
fn broken_code_blocks_are_caught() {
    one(&files::blocks(&[TextFile::new("a.md", "```keyward\nx\n")]), "a.md:1 opens a code block that is never closed");
    one(&files::blocks(&[TextFile::new("a.md", "\n```\nx\n```\n")]), "a.md:2 opens a code block without");
    assert!(files::blocks(&[TextFile::new("a.md", "````md\n```\nx\n```\n````\n")]).is_empty());
}

#[test]
fn a_wrong_dependency_or_manifest_is_caught() {
    let table = "## Crates\n\n| crate | may use | why |\n|---|---|---|\n| `core` | | x |\n| `server` | `core` | y |\n";
    let manifest = |name: &str, uses: &str, lints: &str| {
        let text = format!("[package]\nname = \"{name}\"\nlicense.workspace = true\n[dependencies]\n{uses}\n{lints}\n");
        TextFile::new(&format!("{name}/Cargo.toml"), &text)
    };
    let lints = "[lints]\nworkspace = true";
    let fine = [manifest("core", "serde = \"1\"", lints), manifest("server", "core.workspace = true", lints)];
    assert!(crates::findings(&crates::read(table), &fine).is_empty());
    let upwards = [manifest("core", "server = { path = \"x\" }", lints), manifest("server", "", lints)];
    one(&crates::findings(&crates::read(table), &upwards), "`core` may not depend on `server`");
    one(&crates::findings(&crates::read(table), &[manifest("core", "", "")]), "does not inherit the lints");
    one(&crates::findings(&crates::read(table), &[manifest("core", "", "[workspace]")]), "does not name the licence");
    one(
        &crates::findings(&crates::read(table), &[manifest("other", "", lints)]),
        "`other` (other/Cargo.toml) is not in the table",
    );
}
