//! The walk in README.md is replayed with the real command: every edit, every line of output.
//!
//! KEYWARD_BLESS=1 writes the real output into README.md.

use keyward_tests::repository;
use keyward_tests::transcript::{Step, compare, copy, parse, replay};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The `keyward` command: the one in KEYWARD_COMMAND, else the one beside this test, built if it is not there. A run of the whole
/// workspace has built it anew; `cargo xtask test` says which one it means.
fn keyward() -> PathBuf {
    if let Some(command) = std::env::var_os("KEYWARD_COMMAND") {
        return PathBuf::from(command);
    }
    let test = std::env::current_exe().expect("a test is a file");
    let folder = test.ancestors().nth(2).expect("tests stand two folders below the target");
    let command = folder.join(format!("keyward{}", std::env::consts::EXE_SUFFIX));
    if !command.is_file() {
        let words = ["build", "--quiet", "--package", "keyward-cli"];
        let status = Command::new(env!("CARGO")).args(words).current_dir(repository::root()).status();
        assert!(status.is_ok_and(|status| status.success()), "the command does not build");
    }
    println!("replayed with {}", command.display());
    command
}

/// A fresh folder with a copy of the policies.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    copy(&repository::root().join("policies"), &folder.join("policies")).expect("the checkout can be read and built");
    folder
}

#[test]
fn the_walk_in_the_readme_is_true() {
    let bless = std::env::var_os("KEYWARD_BLESS").is_some();
    let text = repository::read("README.md").expect("the checkout can be read and built");
    let steps = parse(&text);
    let edits = steps.iter().filter(|step| matches!(step, Step::Edit { .. })).count();
    assert!(edits >= 2 && steps.len() - edits >= 4, "the walk is not there: {edits} edits in {} steps", steps.len());
    let silent = |step: &&Step| matches!(step, Step::Run { line, output, .. } if output.trim().is_empty() && !line.starts_with("cp "));
    assert!(bless || steps.iter().filter(silent).count() <= 1, "the walk shows commands that print nothing");
    let (keyward, folder) = (keyward(), folder("readme"));
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    let mut outputs = Vec::new();
    for step in &steps {
        match (step, replay(step, &folder, &keyward)) {
            (_, Err(problem)) => wrong.push(problem),
            (Step::Edit { .. }, Ok(_)) => {}
            (Step::Run { line, output, lines }, Ok(real)) => {
                if let Err(difference) = compare(output, &real) {
                    if !bless {
                        wrong.push(format!("README.md:{} `{line}`\n{difference}", lines.0));
                    }
                    outputs.push((*lines, real));
                }
            }
        }
    }
    std::fs::remove_dir_all(&folder).expect("the checkout can be read and built");
    if bless {
        for ((first, last), real) in outputs.into_iter().rev() {
            lines.splice(first..last, real.lines().map(str::to_owned));
        }
        std::fs::write(repository::root().join("README.md"), lines.join("\n") + "\n")
            .expect("the checkout can be read and built");
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
}

/// The sample on top of README.md is real.
#[test]
fn every_sample_stands_in_a_policy() {
    let text = repository::read("README.md").expect("the checkout can be read and built");
    let samples: Vec<&str> = text.split("```keyward\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!samples.is_empty(), "README.md shows no policy");
    let policies = repository::files(&[".ward"]);
    for sample in samples {
        assert!(policies.iter().any(|file| file.text.contains(sample)), "no policy holds this text:\n{sample}");
    }
}

#[test]
fn a_walk_is_taken_apart() {
    let text = "x\n```console\n$ cargo kw check 'a b' c\none\n\ntwo\n$ cargo kw fmt\n```\n```diff a.ward\n same\n-old\n+new\n```\n```diff b.ward\n+last\n```\n";
    let steps = parse(text);
    let run = |line: &str, output: &str, lines| Step::Run { line: line.to_owned(), output: output.to_owned(), lines };
    let edit = |path: &str, old: &str, new: &str| Step::Edit { path: path.into(), old: old.into(), new: new.into() };
    assert_eq!(
        steps,
        [
            run("cargo kw check 'a b' c", "one\n\ntwo\n", (3, 6)),
            run("cargo kw fmt", "", (7, 7)),
            edit("a.ward", "same\nold\n", "same\nnew\n"),
            edit("b.ward", "", "last\n"),
        ]
    );
}

#[test]
fn wrong_output_is_caught() {
    assert!(compare("a\nb\n", "a\nb\n\n").is_ok());
    assert!(compare("a\nb\n", "a\nc\n").is_err());
    assert!(compare("a, 12 ms\nb\n", "a, 7 ms\nb\n").is_ok() && compare("a, 12 ms\n", "b, 12 ms\n").is_err());
    assert!(compare("a\n...\nd\n", "a\nb\nc\nd\n").is_ok());
    assert!(compare("...\nd\n", "a\nd\n").is_ok());
    assert!(compare("a\n...\n", "a\nb\n").is_ok());
    for real in ["b\nc\nd\n", "a\nb\nc\n", "a\nd\ne\n"] {
        assert!(compare("a\n...\nd\n", real).is_err(), "{real}");
    }
}

#[test]
fn edits_that_do_not_fit_are_caught() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("edits-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the checkout can be read and built");
    std::fs::write(folder.join("a.ward"), "one\ntwo\ntwo\n").expect("the checkout can be read and built");
    let edit = |old: &str| Step::Edit { path: "a.ward".into(), old: old.into(), new: "new\n".into() };
    let here = |step: &Step| replay(step, &folder, Path::new("no-such-command"));
    assert!(here(&edit("two\n")).is_err() && here(&edit("four\n")).is_err());
    here(&edit("one\n")).expect("the checkout can be read and built");
    here(&edit("")).expect("the checkout can be read and built");
    assert_eq!(
        std::fs::read_to_string(folder.join("a.ward")).expect("the checkout can be read and built"),
        "new\ntwo\ntwo\n\nnew\n"
    );
    let command = |line: &str| Step::Run { line: line.into(), output: String::new(), lines: (0, 0) };
    assert!(here(&command("ls")).is_err() && here(&command("cargo kw check")).is_err());
    std::fs::remove_dir_all(&folder).expect("the checkout can be read and built");
}
