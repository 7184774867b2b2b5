//! The vocabulary in other languages: the file that the measurements use is what `keyward types --as rust` writes, and what it
//! writes for every policy of the conformance files compiles.

use keyward::report::types::{Language, types};
use keyward_tests::conformance::{File, Policy, names};
use keyward_tests::repository;
use std::io::Write;
use std::process::{Command, Stdio};

fn written(policy: &Policy) -> String {
    let built = policy.build().expect("it builds");
    types(&built.model, built.emitted.schema_hash, Language::Rust)
}

/// In the spelling of the house.
fn formatted(text: &str) -> String {
    let config = repository::root().join("rustfmt.toml");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is there");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("it reads");
    String::from_utf8(child.wait_with_output().expect("it ends").stdout).expect("text")
}

#[test]
fn the_struct_that_is_measured_is_the_one_that_is_written() {
    let files = ["policies/words/words.ward", "policies/after_hours/after_hours.ward"];
    let text = formatted(&written(&Policy::Files(files.map(str::to_owned).to_vec())));
    let path = "tests/bench/src/typed/after_hours.rs";
    if std::env::var_os("KEYWARD_BLESS").is_some() {
        std::fs::write(repository::root().join(path), &text).expect("it can be written");
    }
    assert_eq!(repository::read(path).as_deref(), Ok(text.as_str()), "keyward types --as rust … > {path}");
}

/// Names that are one in other languages, or words of theirs.
const COLLIDING: &str = "edition 2026\npolicy tests.colliding version 1\n\ninput a.b is one of x, y\ninput a_b is one of y, z\n\
    input match is yes or no\ninput double.int is yes or no\ninput int is yes or no\ninput self is yes or no\ninput flags is yes or no\n\
    \ndecision type\n  answer loop is one of self, first, x\n\nif unsure loop is self\n\nnormally loop is x\n  because \"So.\"\n";

#[test]
fn what_is_written_compiles() {
    let folder = std::env::temp_dir().join(format!("keyward-types-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut whole = String::from("//! All of them.\n#![no_std]\n");
    for name in names() {
        let text = written(&File::read(&name).expect("it is read").policy);
        std::fs::write(folder.join(format!("{name}.rs")), text).expect("it can be written");
        whole.push_str(&format!("pub mod {name};\n"));
    }
    std::fs::write(folder.join("colliding.rs"), written(&Policy::Text(COLLIDING.to_owned())))
        .expect("it can be written");
    whole.push_str("pub mod colliding;\n");
    let path = folder.join("whole.rs");
    std::fs::write(&path, whole).expect("it can be written");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-D", "warnings", "--out-dir"]);
    let ran = command.arg(&folder).arg(&path).output().expect("rustc is there");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr).chars().take(3_000).collect::<String>());
    let built = Policy::Text(COLLIDING.to_owned()).build().expect("it builds");
    let header = folder.join("colliding.h");
    std::fs::write(&header, types(&built.model, built.emitted.schema_hash, Language::C)).expect("it can be written");
    let cc = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let mut command = Command::new(cc);
    command.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-x", "c"]);
    let ran = command.arg(&header).output().expect("there is a C compiler");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}
