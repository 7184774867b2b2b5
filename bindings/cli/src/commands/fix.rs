//! `keyward fix`: the edits the compiler is sure of.
//! In: files. Out: the files after the edits, shown before they are made. Refuses edits that are one choice of several, and
//! edits of files that were not named.

use crate::args::Fix;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place, STDIN};
use crate::lines::diff;
use crate::module::compiled;
use crate::report::{self, counted};
use crate::terminal::Terminal;
use crate::write;
use keyward::diagnostic::{Diagnostic, Edit};
use keyward::pipeline::Project;
use keyward::render::json::{array, object, string};
use keyward::render::{Paint, visible};
use keyward::source::Sources;
use keyward::span::FileId;
use std::path::Path;

/// Most rounds: one edit may make the next one possible.
const ROUNDS: usize = 8;

/// What is to be done to one file.
struct Mended {
    name: String,
    before: String,
    after: String,
    edits: usize,
    left: usize,
}

/// Shows and applies the edits.
pub fn run(args: &Fix, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let places = files::load(&args.files)?;
    let mut all = Vec::new();
    for place in &places {
        for main in &place.mains {
            all.push(mend(place, *main, terminal));
        }
    }
    let mut refused = false;
    for mended in all.iter().filter(|mended| mended.before != mended.after || mended.name == STDIN) {
        if mended.name == STDIN {
            terminal.raw_result(&mended.after);
            continue;
        }
        if !json {
            terminal.result(&terminal.look().paint(Paint::Strong, &visible(&mended.name)));
            terminal.raw_result(&diff(&mended.before, &mended.after, terminal.look()));
        }
        if args.yes || terminal.ask(&format!("Write {}?", visible(&mended.name))) {
            write::replace(Path::new(&mended.name), mended.after.as_bytes())?;
        } else {
            refused = true;
        }
    }
    summarize(&all, json, refused, terminal);
    let left = all.iter().any(|mended| mended.left > 0);
    Ok(if refused || left { Exit::Findings } else { Exit::Fine })
}

fn summarize(all: &[Mended], json: bool, refused: bool, terminal: &Terminal) {
    let edits: usize = all.iter().map(|mended| mended.edits).sum();
    let left: usize = all.iter().map(|mended| mended.left).sum();
    if json {
        let files = array(all.iter().map(|mended| {
            let (edits, left) = (mended.edits.to_string(), mended.left.to_string());
            object(&[("file", string(&mended.name)), ("edits", edits), ("errors_left", left)])
        }));
        let fields = vec![("files", files), ("written", (!refused).to_string())];
        terminal.result(&report::document("fix", fields));
        return;
    }
    let done = if refused { "possible; nothing is written without a yes (or --yes)" } else { "made" };
    let rest = if left == 0 { String::new() } else { format!(", {left} left for a person (keyward check)") };
    terminal.talk(&format!("keyward: {} {done}{rest}", counted(edits, "edit")));
}

fn mend(place: &Place, main: FileId, terminal: &Terminal) -> Mended {
    let source = place.project.sources.get(main);
    let before = source.map_or("", |source| source.text()).to_string();
    let name = source.map_or("", |source| source.name()).to_string();
    let mut mended = Mended { name, after: before.clone(), before, edits: 0, left: 0 };
    let first = compiled(place, main, terminal).diagnostics;
    let mut found = if place.broken.is_empty() { first } else { place.broken.clone() };
    for _ in 0..ROUNDS {
        let edits = safe_edits(&found, main);
        if edits.is_empty() || !place.broken.is_empty() {
            break;
        }
        mended.after = apply(&mended.after, &edits);
        mended.edits += edits.len();
        found = with_text(&place.project.sources, main, &mended.after).compile(main).diagnostics;
    }
    mended.left = found.iter().filter(|one| one.is_error()).count();
    mended
}

/// The safe edits of a file, from its end to its start, none touching another.
fn safe_edits(found: &[Diagnostic], file: FileId) -> Vec<Edit> {
    let mut taken: Vec<Edit> = Vec::new();
    for hint in found.iter().filter_map(|one| one.hints.iter().find(|hint| hint.safe)) {
        let own = hint.edits.iter().all(|edit| edit.span.file == file);
        let free = |edit: &Edit| {
            let apart = |other: &Edit| edit.span.end < other.span.start || edit.span.start > other.span.end;
            taken.iter().all(apart)
        };
        if own && hint.edits.iter().all(free) {
            taken.extend(hint.edits.iter().cloned());
        }
    }
    taken.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    taken
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_string();
    for edit in edits {
        let range = edit.span.range();
        if text.get(range.clone()).is_some() {
            text.replace_range(range, &edit.text);
        }
    }
    text
}

/// The same files with another text for one of them.
fn with_text(sources: &Sources, file: FileId, text: &str) -> Project {
    let mut changed = Sources::new();
    for (other, source) in sources.iter().filter(|(_, source)| !source.name().ends_with(crate::search::LOCK)) {
        changed.add(source.name(), if other == file { text } else { source.text() });
    }
    Project::read(changed, None)
}
