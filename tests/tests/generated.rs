//! The generator itself: what it writes can be read, and mostly is a policy.

use keyward::parse::parse;
use keyward_tests::generate;

#[test]
fn generated_policies_parse() {
    for seed in 0..500 {
        let text = generate::policy(seed).text();
        let (_, diagnostics) = parse(keyward::span::FileId(0), &text);
        assert!(diagnostics.is_empty(), "seed {seed}: {diagnostics:?}\n{text}");
    }
}
