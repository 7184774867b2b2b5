//! `keyward diff`: which requests two versions of a policy decide differently.
//! In: two policies, or one and revisions of git. Out: the comparison. Refuses modules: their rules are not in them.

use crate::args::Diff;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::git;
use crate::module::compiled;
use crate::report::{self, counted};
use crate::terminal::Terminal;
use keyward::compare::Incomparable;
use keyward::diagnostic::Diagnostic;
use keyward::pipeline::{Compiled, NotCompared, compared};
use keyward::render::text;
use keyward::report::compare as write;
use keyward::span::FileId;
use std::path::Path;

/// One version: its place, its main file and what it is called.
struct Version {
    place: Place,
    main: FileId,
    name: String,
}

/// Compares two versions.
pub fn run(args: &Diff, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let (old, new) = match (&args.rev, args.files.as_slice()) {
        (None, [old, new]) => (from_file(old)?, from_file(new)?),
        (None, _) => {
            let what = "name two policies, OLD and NEW; or one policy and --rev A..B for revisions of git";
            return Err(Failure::Usage(what.to_string()));
        }
        (Some(rev), [file]) => from_git(rev, file)?,
        (Some(_), _) => return Err(Failure::Usage("with --rev, name one policy".to_string())),
    };
    let (before, after) = (compiled(&old.place, old.main, terminal), compiled(&new.place, new.main, terminal));
    for (version, compiled) in [(&old, &before), (&new, &after)] {
        sound(version, compiled, terminal)?;
    }
    let comparison = compared(&before, &after).map_err(|why| refused(&old, &new, &why))?;
    if json {
        terminal.result(&report::document("diff", write::json(&comparison)));
    } else if args.markdown {
        terminal.raw_result(&write::markdown(&comparison));
    } else {
        terminal.raw_result(&write::text(&comparison, terminal.look(), args.requests));
    }
    let differs = args.exit_code && comparison.decides_differently();
    Ok(if differs { Exit::Findings } else { Exit::Fine })
}

fn from_file(path: &Path) -> Result<Version, Failure> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        let what = "is a module; it holds answers and no rules, so compare the .ward files it was built from";
        return Err(Failure::Usage(format!("{} {what}", path.display())));
    }
    let (place, main) = files::load_one(path)?;
    Ok(Version { place, main, name: path.display().to_string() })
}

fn from_git(rev: &str, file: &Path) -> Result<(Version, Version), Failure> {
    let at = |revision: &str| {
        let (place, main) = git::load(revision, file)?;
        Ok(Version { place, main, name: format!("{revision}:{}", file.display()) })
    };
    match rev.split_once("..") {
        Some((old, new)) if !old.is_empty() && !new.is_empty() && !new.starts_with('.') => Ok((at(old)?, at(new)?)),
        Some(_) => Err(Failure::Usage(format!("--rev {rev} is not A..B, two revisions with two dots between"))),
        None => Ok((at(rev)?, from_file(file)?)),
    }
}

/// Shows what stands in the way of a comparison.
fn sound(version: &Version, compiled: &Compiled, terminal: &Terminal) -> Result<(), Failure> {
    let broken = version.place.broken.iter();
    let in_the_way = |one: &&Diagnostic| one.is_error() && !one.code.is_promise();
    let errors: Vec<_> = broken.chain(&compiled.diagnostics).filter(in_the_way).cloned().collect();
    if errors.is_empty() {
        return Ok(());
    }
    terminal.talk(text::diagnostics(&version.place.project.sources, &errors, terminal.talk_look()).trim_end());
    let count = counted(errors.len(), "error");
    Err(Failure::Findings(format!("{} cannot be compared: {count}", version.name)))
}

fn refused(old: &Version, new: &Version, why: &NotCompared) -> Failure {
    Failure::Findings(match why {
        NotCompared::Unsound(newer) => {
            let name = if *newer { &new.name } else { &old.name };
            format!("{name} has no decision, so there is nothing to compare")
        }
        NotCompared::Incomparable(Incomparable::NothingInCommon(before, after)) => format!(
            "the two versions have no decision in common: {} decides {}, {} decides {}",
            old.name,
            before.join(", "),
            new.name,
            after.join(", ")
        ),
        NotCompared::Incomparable(Incomparable::Entangled(inputs)) => {
            format!("the two versions together entangle {} too much to compare", inputs.join(", "))
        }
        NotCompared::Entangled(sentence) => sentence.clone(),
    })
}
