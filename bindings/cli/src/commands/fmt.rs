//! `keyward fmt`: the one spelling of every policy.
//! In: files. Out: the files rewritten, or with `--check` the names of those that would change. Refuses files that cannot be read
//! without errors.

use crate::args::Fmt;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place, STDIN};
use crate::report;
use crate::terminal::Terminal;
use crate::write;
use keyward::diagnostic::Diagnostic;
use keyward::format::format;
use keyward::render::json::{array, object, string};
use keyward::render::{text, visible};
use keyward::span::FileId;
use std::path::Path;

/// What became of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    Same,
    Changed,
    Unreadable,
}

impl Became {
    fn word(self) -> &'static str {
        match self {
            Became::Same => "same",
            Became::Changed => "changed",
            Became::Unreadable => "unreadable",
        }
    }
}

/// Formats files.
pub fn run(args: &Fmt, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for place in files::load(&args.files)? {
        for main in &place.mains {
            let name = place.project.sources.get(*main).map_or("", |source| source.name()).to_string();
            all.push((name, one(&place, *main, args.check, terminal)?));
        }
    }
    if json {
        let files = array(
            all.iter().map(|(name, became)| object(&[("file", string(name)), ("became", string(became.word()))])),
        );
        terminal.result(&report::document("fmt", vec![("files", files)]));
    } else {
        for (name, _) in all.iter().filter(|(name, became)| *became == Became::Changed && name != STDIN) {
            let verb = if args.check { "would change" } else { "formatted" };
            terminal.result(&format!("{verb}: {}", visible(name)));
        }
    }
    let finding = |became: Became| became == Became::Unreadable || (args.check && became == Became::Changed);
    Ok(if all.iter().any(|(_, became)| finding(*became)) { Exit::Findings } else { Exit::Fine })
}

fn one(place: &Place, main: FileId, check: bool, terminal: &Terminal) -> Result<Became, Failure> {
    let project = &place.project;
    let (Some(source), Some(tree)) = (project.sources.get(main), project.tree(main)) else {
        return Ok(Became::Unreadable);
    };
    let broken = place.broken.iter().filter(|one| one.primary.span.file == main);
    let errors: Vec<Diagnostic> =
        broken.chain(project.parse_findings(main)).filter(|one| one.is_error()).cloned().collect();
    if !errors.is_empty() {
        terminal.talk(text::diagnostics(&project.sources, &errors, terminal.talk_look()).trim_end());
        return Ok(Became::Unreadable);
    }
    let Some(formatted) = format(tree, source.text()) else { return Ok(Became::Unreadable) };
    let became = if formatted == source.text() { Became::Same } else { Became::Changed };
    if source.name() == STDIN {
        if !check {
            terminal.raw_result(&formatted);
        }
    } else if became == Became::Changed && !check {
        write::replace(Path::new(source.name()), formatted.as_bytes())?;
    }
    Ok(became)
}
