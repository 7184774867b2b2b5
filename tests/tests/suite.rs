//! Runs every text case in `tests/suite/` and in `tests/README.md`.
//!
//! `cargo xtask bless` runs it with KEYWARD_BLESS=1, which rewrites the expectations. KEYWARD_CASE picks cases by a part of their name.

use keyward_tests::case::{Case, difference, parse, rewrite};
use keyward_tests::repository::{self, TextFile};
use keyward_tests::stages::{Input, STAGES, Stage, outputs};

/// Runs the cases of one file: what is wrong, and the text with the present outputs.
fn run(file: &TextFile, stages: &[Stage], part: &str) -> (Vec<String>, String, usize) {
    let parsed = parse(&file.text);
    let mut wrong: Vec<String> = parsed.mistakes.iter().map(|mistake| format!("{}: {mistake}", file.path)).collect();
    let mut texts = Vec::new();
    let mut count = 0;
    for case in &parsed.cases {
        let chosen = file.path.contains(part) || case.name.contains(part);
        count += usize::from(chosen);
        if chosen {
            run_case(file, case, stages, &mut wrong, &mut texts);
        } else {
            texts.extend(case.expected.iter().map(|expected| expected.text.clone()));
        }
    }
    (wrong, rewrite(&file.text, &parsed, &texts), count)
}

fn run_case(file: &TextFile, case: &Case, stages: &[Stage], wrong: &mut Vec<String>, texts: &mut Vec<String>) {
    for (expected, output) in case.expected.iter().zip(outputs(case, stages)) {
        let place = format!("{}:{} `{}`", file.path, expected.lines.0, case.name);
        match output {
            Err(problem) => {
                wrong.push(format!("{place}: {problem}"));
                texts.push(expected.text.clone());
            }
            Ok(actual) => {
                let difference = difference(&expected.text, &actual);
                if !difference.is_empty() {
                    wrong.push(format!("{place}, block `{}`:\n{difference}", expected.stage));
                }
                texts.push(actual);
            }
        }
    }
}

#[test]
fn suite_cases() {
    let part = std::env::var("KEYWARD_CASE").unwrap_or_default();
    let bless = std::env::var_os("KEYWARD_BLESS").is_some();
    let is_case = |file: &TextFile| file.path.starts_with("tests/suite/") || file.path == "tests/README.md";
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in repository::files(&[".md"]).iter().filter(|file| is_case(file)) {
        let (mistakes, text, cases) = run(file, STAGES, &part);
        count += cases;
        if bless && text != file.text {
            std::fs::write(repository::root().join(&file.path), &text).unwrap();
            println!("rewrote {}", file.path);
            // What a rewrite cannot mend: unknown stages, panics and broken files.
            let again = TextFile { path: file.path.clone(), text };
            wrong.extend(run(&again, STAGES, &part).0);
        } else {
            wrong.extend(mistakes);
        }
    }
    println!("{count} cases");
    assert!(count > 0, "no case was found");
    assert!(wrong.is_empty(), "\n{}\n`cargo xtask bless` rewrites expectations.\n", wrong.join("\n"));
}

const SAMPLE: &str = "# A file\n\n## first\n\nWords.\n\n```keyward\na\nb\n```\n```keyward other.ward\nc\n```\n\n```lines now\ncase.ward 2\n\
    other.ward 1\n```\n\n````text\n```lines\nnot a block\n```\n````\n\n## second\n\n```keyward\n```\n```echo\n> one\nold\n> two\n```\n";

const ECHO: Stage =
    Stage { name: "echo", print: |input: &Input<'_>| input.answered(|question| format!("{question}!")) };

fn planted(text: &str) -> Vec<String> {
    run(&TextFile::new("x.md", text), &[STAGES[0], ECHO], "").0
}

#[test]
fn a_file_is_taken_apart() {
    let file = parse(SAMPLE);
    assert_eq!(file.mistakes, Vec::<String>::new());
    let names: Vec<_> = file.cases.iter().map(|case| (case.name.as_str(), case.line)).collect();
    assert_eq!(names, [("first", 3), ("second", 26)]);
    let first = &file.cases[0];
    let sources = [("case.ward".to_owned(), "a\nb\n".to_owned()), ("other.ward".to_owned(), "c\n".to_owned())];
    assert_eq!(first.sources, sources);
    assert_eq!(first.expected.len(), 1);
    assert_eq!((first.expected[0].stage.as_str(), first.expected[0].words.as_str()), ("lines", "now"));
}

#[test]
fn a_right_file_stays_and_a_wrong_one_is_mended() {
    let (wrong, text, count) = run(&TextFile::new("x.md", SAMPLE), &[STAGES[0], ECHO], "");
    assert_eq!(count, 2);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].contains("second") && wrong[0].contains("- old") && wrong[0].contains("+ one!"), "{wrong:?}");
    assert_eq!(text, SAMPLE.replace("> one\nold\n> two\n", "> one\none!\n> two\ntwo!\n"));
    assert_eq!(planted(&text), Vec::<String>::new());
}

#[test]
fn a_wrong_expectation_is_caught() {
    let bad = SAMPLE.replace("other.ward 1", "other.ward 7").replace("> one\nold\n> two\n", "> one\none!\n");
    let wrong = planted(&bad);
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].contains("- other.ward 7\n+ other.ward 1"), "{wrong:?}");
}

#[test]
fn an_unknown_stage_and_a_panic_are_caught() {
    let text = "## a\n```keyward\n```\n```nonsense\n```\n```panics\n```\n";
    let panics = Stage { name: "panics", print: |_| panic!("on purpose") };
    let (wrong, _, _) = run(&TextFile::new("x.md", text), &[STAGES[0], panics], "");
    assert!(wrong[0].contains("there is no stage `nonsense`, only lines, panics"), "{wrong:?}");
    assert!(wrong[1].contains("the stage `panics` panicked"), "{wrong:?}");
}

#[test]
fn broken_files_are_caught() {
    let mistakes = |text: &str| parse(text).mistakes.join("\n");
    assert!(mistakes("```keyward\n```\n").contains("above the first case"));
    assert!(mistakes("## a\n```keyward\n").contains("never closed"));
    assert!(mistakes("## a\n```keyward\n```\n").contains("expects nothing"));
    assert!(mistakes("## a\n```lines\n```\n").contains("has no source"));
    assert!(mistakes("## a\n```\n```\n").contains("names no stage"));
    assert!(mistakes("## a\n```keyward\n```\n```keyward\n```\n```lines\n```\n").contains("two files"));
    let twice = "## a\n```keyward\n```\n```lines\n```\n".repeat(2);
    assert!(mistakes(&twice).contains("two cases are called `a`"));
}

#[test]
fn differences_show_only_what_differs() {
    assert_eq!(difference("a\nb\n", "a\nb\n"), "");
    assert_eq!(difference("1\n2\n3\nold\n4\n5\n6\n", "1\n2\n3\nnew\n4\n5\n6\n"), "  2\n  3\n- old\n+ new\n  4\n  5\n");
    assert_eq!(difference("a\n", ""), "- a\n");
}
