//! Goals of reliability that stand on the whole pipeline: P1, P5 and P9.

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_tests::differential::native::Native;
use keyward_tests::differential::{Answered, build, pack, setting};
use keyward_tests::fuzz;
use keyward_tests::generate::{self, Random, Requests};
use std::path::Path;

/// P1: the oracle is small, and knows nothing of what it is compared with.
#[test]
fn p1_oracle_is_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src/eval");
    let (mut lines, mut files) = (0, 0);
    for entry in std::fs::read_dir(folder).expect("the oracle's folder") {
        let path = entry.expect("a file of the oracle").path();
        let text = std::fs::read_to_string(&path).expect("a text file");
        lines += text.lines().count();
        files += 1;
        for line in text.lines().filter(|line| line.trim_start().starts_with("use ")) {
            let known = ["use crate::schema::", "use crate::typed::", "use crate::value::", "use crate::span::"];
            let own = ["use super::", "use std::collections::", "use answer::"];
            let allowed = known.iter().chain(&own).any(|start| line.trim_start().starts_with(start));
            assert!(allowed, "{}: {line}", path.display());
        }
        for word in ["crate::model", "crate::lower", "crate::diagram", "crate::emit", "crate::space", "crate::analyze"]
        {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
    println!("{lines} lines in {files} files");
    assert!(files >= 7 && lines <= 1_500, "{lines} lines in {files} files");
}

/// P5: no bytes make the pipeline panic. Every target replays its corpus and some thousands of mutated inputs.
#[test]
fn p5_no_panic() {
    let cases = setting("KEYWARD_CASES", 200);
    for target in fuzz::TARGETS {
        let done = fuzz::replay(target, cases).unwrap_or_else(|finding| panic!("{finding}"));
        println!("{}: {done} inputs", target.name);
        assert!(done > cases, "{} has no corpus", target.name);
    }
    assert!(fuzz::TARGETS.len() >= 12);
}

/// P9: the same source gives the same bytes, and the same request the same outcome, again and again, in any order.
#[test]
fn p9_what_lies_beside_a_policy_makes_no_other_bytes() {
    let words = include_str!("../../policies/words/words.ward");
    let swap = include_str!("../../policies/field_swap/field_swap.ward");
    let beside = include_str!("../../policies/login/login.ward");
    let built = |files: &[(&str, &str)]| {
        let mut sources = Sources::new();
        let mut main = None;
        for (name, text) in files {
            let file = sources.add(*name, *text);
            main = main.or((*name == "field_swap.ward").then_some(file));
        }
        let compiled = Project::read(sources, None).compile(main.unwrap());
        compiled.module(Options::default()).unwrap().bytes
    };
    let alone = built(&[("field_swap.ward", swap), ("words.ward", words)]);
    let among = built(&[("login.ward", beside), ("words.ward", words), ("field_swap.ward", swap)]);
    assert_eq!(alone, among);
}

#[test]
fn p9_determinism() {
    let mut repeats = 0;
    for seed in 0..30 {
        let texts = [generate::policy(seed).text()];
        let (Ok(first), Ok(second)) = (build(&texts), build(&texts)) else { continue };
        assert_eq!(first.emitted.bytes, second.emitted.bytes, "seed {seed}");
        assert_eq!(first.report, second.report, "seed {seed}");
        let mut random = Random::new(seed);
        let maker = Requests::new(&first.policy);
        let mut packed: Vec<(Vec<u8>, Option<Answered>)> = Vec::new();
        for _ in 0..20 {
            let request = maker.complete(&mut random);
            packed.extend(pack::pack(&first.model, first.emitted.schema_hash, &request).map(|bytes| (bytes, None)));
        }
        let mut native = Native::new(&first.emitted.table, &first.model.schema);
        for _ in 0..20 {
            random.shuffle(&mut packed);
            for (bytes, known) in &mut packed {
                let outcome = native.decide(0, bytes, true);
                assert_eq!(known.get_or_insert_with(|| outcome.clone()), &outcome, "seed {seed}");
                repeats += 1;
            }
        }
    }
    assert!(repeats >= 10_000, "{repeats} repeats");
}
