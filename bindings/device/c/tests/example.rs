//! The example in C, compiled and run: with the header that the compiler writes for the policy, on a right module, on wrong ones,
//! and what the functions say to null.

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::report::types::{Language, types};
use keyward::source::Sources;
use std::path::{Path, PathBuf};
use std::process::Command;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The library, where cargo put it: beside this test, the newest of those that other settings left there.
fn library() -> PathBuf {
    let test = std::env::current_exe().expect("this test is a file");
    let beside = std::fs::read_dir(test.parent().expect("a folder")).expect("it can be read").flatten();
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ours = |path: &PathBuf| name(path).starts_with("libkeyward_device_c-") && name(path).ends_with(".a");
    let found = beside.map(|entry| entry.path()).filter(ours);
    found.max_by_key(|path| path.metadata().and_then(|data| data.modified()).ok()).expect("cargo built the library")
}

fn compiled() -> (Vec<u8>, Vec<u8>, String) {
    let mut sources = Sources::new();
    let mut main = None;
    for name in ["words/words", "after_hours/after_hours"] {
        let path = here().join(format!("../../../policies/{name}.ward"));
        main = Some(sources.add(name, std::fs::read_to_string(path).expect("the policy is there")));
    }
    let compiled = Project::read(sources, None).compile(main.expect("a file"));
    let whole = compiled.module(Options::default()).expect("it builds");
    let bare = compiled.module(Options { strip: true }).expect("it builds");
    let header = types(compiled.model.as_ref().expect("a model"), whole.schema_hash, Language::C);
    (whole.bytes, bare.bytes, header)
}

const EDGES: &str = r#"
#include <stdio.h>
#include "keyward.h"
#define EXPECT(what, wanted) do { uint32_t found = (what); if (found != (wanted)) { printf(#what ": %u\n", found); return 1; } } while (0)
int main(void) {
  kw_policy policy = { 0, 0 };
  uint8_t bytes[64] = "KWD1", out[64];
  EXPECT(kw_open(0, bytes, 64), KW_NO_POINTER);
  EXPECT(kw_open(&policy, 0, 64), KW_NO_POINTER);
  EXPECT(kw_open(&policy, bytes, 0), KW_NOT_A_POLICY);
  EXPECT(kw_open(&policy, bytes, 0xffffffffu >> 1 & 63), KW_DAMAGED);
  EXPECT(kw_schema(&policy), 0);
  EXPECT(kw_schema(0), 0);
  EXPECT(kw_outcome_length(&policy, 0), 0);
  EXPECT(kw_decide(&policy, 0, bytes, 64, out, 64), KW_SCHEMA_MISMATCH);
  EXPECT(kw_decide(0, 0, bytes, 64, out, 64), KW_SCHEMA_MISMATCH);
  EXPECT(kw_decide(&policy, 0, 0, 64, out, 64), KW_SCHEMA_MISMATCH);
  EXPECT(kw_decide(&policy, 0, bytes, 64, 0, 64), KW_SCHEMA_MISMATCH);
  return 0;
}
"#;

#[test]
fn the_example_in_c_opens_the_bin_and_keeps_it_shut() {
    let folder = std::env::temp_dir().join(format!("keyward-c-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (whole, bare, header) = compiled();
    std::fs::write(folder.join("after_hours.h"), header).expect("a file");
    std::fs::write(folder.join("edges.c"), EDGES).expect("a file");
    let build = |source: &Path, name: &str| {
        let program = folder.join(name);
        let cc = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
        let mut command = Command::new(cc);
        command.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-pedantic"]);
        command.arg("-I").arg(here()).arg("-I").arg(&folder).arg(source).arg(library());
        let ran =
            command.args(["-lpthread", "-ldl", "-lm", "-o"]).arg(&program).output().expect("there is a C compiler");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        program
    };
    let example = build(&here().join("example.c"), "example");
    let decided = |module: &[u8]| {
        let path = folder.join("module.wasm");
        std::fs::write(&path, module).expect("a file");
        let ran = Command::new(&example).arg(&path).output().expect("it runs");
        (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let open = "open: status 0, 2 kinds of proof, back within 1440 minutes\n";
    for module in [&whole, &bare] {
        assert_eq!(decided(module), (Some(0), open.to_string()));
    }
    assert_eq!(decided(b"").0, Some(1));
    let mut damaged = bare.clone();
    let table = damaged.windows(4).position(|four| four == b"KWD1").expect("a table");
    damaged[table + 36] ^= 2;
    assert_eq!(decided(&damaged), (Some(1), "shut: the policy cannot be used (2)\n".to_string()));
    let edges = build(&folder.join("edges.c"), "edges");
    let ran = Command::new(edges).output().expect("it runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}
