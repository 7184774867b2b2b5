//! `keygen`, `sign` and `verify`: a bundle from hand to hand. In: a folder. Out: what the command says and leaves behind.

use crate::run::Folder;

fn ready(name: &str) -> Folder {
    let folder = Folder::with_starter(name);
    folder.run(&["build", "night.ward", "-o", "night.wasm"]).expect(0);
    for key in ["author", "activator", "stranger"] {
        folder.run(&["keygen", key]).expect(0);
    }
    let key = |name: &str| folder.read(&format!("{name}.pub")).trim().to_string();
    let role = |name: &str| format!("{{\"name\":\"{name}\",\"threshold\":1,\"keys\":[\"{}\"]}}", key(name));
    let trust = format!("{{\"organization\":\"acme\",\"roles\":[{},{}]}}", role("author"), role("activator"));
    folder.write("trust.json", trust);
    folder
}

const SIGN: [&str; 7] = ["sign", "acme.kwb", "night.wasm", "--key", "author.key", "--organization", "acme"];

#[test]
fn p8_a_bundle_goes_from_hand_to_hand() {
    let folder = ready("bundle");
    folder.run(&SIGN).expect(0);
    let refused = folder.run(&["verify", "acme.kwb", "--trust", "trust.json"]).expect(1);
    assert!(refused.err.contains("too few trusted keys signed it for the role activator"), "{}", refused.err);
    folder.run(&["sign", "acme.kwb", "--add", "--key", "activator.key"]).expect(0);
    let verified = folder.run(&["verify", "acme.kwb", "--trust", "trust.json", "--format", "json"]).expect(0).json();
    assert_eq!((&verified["verified"], &verified["version"]), (&true.into(), &1.into()));
    assert_eq!(verified["files"][0]["path"], "night.wasm");
    folder.run(&["verify", "acme.kwb", "--key", "author.pub"]).expect(0);
    folder.run(&["verify", "acme.kwb", "--key", "stranger.pub"]).expect(1);
    // The next one follows it, and nothing else does.
    let mut next = SIGN.to_vec();
    next[1] = "next.kwb";
    next.extend(["--previous", "acme.kwb", "--until", "in 3 days", "--zone", "Europe/Vienna"]);
    folder.run(&next).expect(0);
    folder.run(&["sign", "next.kwb", "--add", "--key", "activator.key"]).expect(0);
    let follows = ["verify", "next.kwb", "--trust", "trust.json", "--current", "acme.kwb"];
    let told = folder.run(&follows).expect(0);
    assert!(told.out.contains("version 2 for acme, 2 files") && told.out.contains("site.kwz"), "{}", told.out);
    let back = folder.run(&["verify", "acme.kwb", "--trust", "trust.json", "--current", "next.kwb"]).expect(1);
    assert!(back.err.contains("not newer"), "{}", back.err);
    for (time, why) in [("2020-01-01", "not valid yet"), ("2099-01-01T00:00Z", "expired")] {
        let ran = folder.run(&["verify", "next.kwb", "--trust", "trust.json", "--now", time]).expect(1);
        assert!(ran.err.contains(why), "{}", ran.err);
    }
}

#[test]
fn keys_and_words_that_are_wrong_are_named() {
    let folder = ready("bundle-wrong");
    let wrong = |words: &[&str], code: i32, part: &str| {
        let ran = folder.run(words).expect(code);
        assert!(ran.err.contains(part), "{words:?}: {}", ran.err);
    };
    wrong(&["keygen", "author"], 2, "is there already");
    let with = |at: usize, word: &'static str| {
        let mut words = SIGN.to_vec();
        words[at] = word;
        words
    };
    wrong(&with(4, "author.pub"), 2, "is no secret key");
    wrong(&with(2, "night.ward=night.ward"), 0, "");
    folder.write("bad.wasm", b"\0asm\x01\0\0\0");
    wrong(&with(2, "bad.wasm"), 1, "not made by this version");
    wrong(&with(2, "../x.wasm=night.wasm"), 2, "path that is not allowed");
    wrong(&with(6, ""), 2, "manifest");
    wrong(&[&SIGN[..], &["--zone", "Mars/Olympus"]].concat(), 2, "is not known");
    wrong(&[&SIGN[..], &["--until", "soon"]].concat(), 2, "is no time");
    wrong(&[&SIGN[..], &["--until", "2001-01-01"]].concat(), 2, "expires before");
    wrong(&["sign", "acme.kwb", "--key", "author.key", "--organization", "acme"], 2, "name the modules");
    folder.run(&SIGN).expect(0);
    wrong(&["sign", "acme.kwb", "--add", "--key", "author.key"], 2, "signed the bundle twice");
    wrong(&["verify", "acme.kwb"], 2, "whom you trust");
    wrong(&["verify", "acme.kwb", "--key", "author.key"], 2, "no public key");
    wrong(&["verify", "night.wasm", "--key", "author.pub"], 1, "this is not a bundle");
    for (text, part) in [
        ("{}", "`organization` is missing"),
        ("{\"organization\":\"a\",\"roles\":[]}", "at least one role"),
        (
            "{\"organization\":\"a\",\"roles\":[{\"name\":\"x\",\"threshold\":0,\"keys\":[]}]}",
            "threshold is at least 1",
        ),
        ("{\"organization\":\"a\",\"roles\":[{\"name\":\"x\",\"threshold\":1,\"keys\":[\"00\"]}]}", "64 hexadecimal"),
        ("{\"organization\":\"a\",\"roles\":[],\"more\":1}", "`more` is not known"),
    ] {
        folder.write("trust.json", text);
        wrong(&["verify", "acme.kwb", "--trust", "trust.json"], 2, part);
    }
    // No secret in anything that is shown.
    let secret = folder.read("author.key");
    let shown = folder.run(&["verify", "acme.kwb", "--key", "author.pub", "--format", "json"]).expect(0);
    assert!(!shown.out.contains(secret.trim().trim_start_matches("keyward-secret-")));
}
