//! Colour, help, and what goes to which stream.

use crate::run::Folder;

const BROKEN: &str = "edition 2026\npolicy a.b version 1\n\ninput x is one of y\u{202e}z, w\n";

#[test]
fn colour_follows_the_flag_then_the_environment() {
    let folder = Folder::new("colour");
    folder.write("b.ward", "edition 2026\npolicy a.b version 1\n\nrule x\n");
    let painted = |args: &[&str], environment: &[(&str, &str)]| {
        folder.run_with(args, b"", environment).expect(1).out.contains("\x1b[")
    };
    assert!(!painted(&["check", "b.ward"], &[]), "a pipe has no colour");
    assert!(painted(&["check", "b.ward", "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(painted(&["check", "b.ward"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!painted(&["check", "b.ward"], &[("CLICOLOR_FORCE", "0")]));
    assert!(!painted(&["check", "b.ward"], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!painted(&["--color", "never", "check", "b.ward"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn b11_hidden_characters_never_reach_the_terminal() {
    let folder = Folder::new("hidden");
    folder.write("b.ward", BROKEN);
    let check = folder.run(&["check", "b.ward"]).expect(1);
    assert!(!check.out.contains('\u{202e}') && check.out.contains("\\u{202e}"), "{}", check.out);
    let request = folder.run(&["check", "\x1b[2J.ward"]).expect(2);
    assert!(!request.err.contains("\x1b[2J"), "{:?}", request.err);
}

#[test]
fn help_and_version_are_results() {
    let folder = Folder::new("help");
    assert!(folder.run(&["--help"]).expect(0).out.contains("Exit codes: 0 fine, 1 findings, 2 wrong usage, 70"));
    assert!(folder.run(&["--version"]).expect(0).out.starts_with("keyward "));
    assert!(folder.run(&[]).expect(2).out.is_empty());
    assert!(folder.run(&["chekc"]).expect(2).err.contains("check"));
}
