//! `keyward cases`: what the tests of a policy leave untried, and tests that would try it.
//! In: a policy. Out: coverage in words and the missing tests, printed or appended to the file. Refuses to write a file that
//! would not check.

use crate::args::Cases as Arguments;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::report::{self, counted};
use crate::terminal::Terminal;
use crate::write;
use keyward::pipeline::{Fate, Project};
use keyward::render::{Paint, text};
use keyward::report::cases::{json, mutants_json, mutants_text, text as told, written};
use keyward::source::Sources;
use keyward::span::FileId;

/// Shows what is not tried.
pub fn run(args: &Arguments, as_json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let (place, main) = files::load_one(&args.file)?;
    let name = place.project.sources.get(main).map_or("", |source| source.name()).to_string();
    if args.mutants {
        return mutants(args, &place, main, &name, as_json, terminal);
    }
    terminal.progress(&format!("looking for what is not tried in {}", keyward::render::visible(&name)));
    let found = if place.broken.is_empty() { place.project.cases(main) } else { None };
    terminal.end_progress();
    let Some(cases) = found else {
        return Err(refused(&place, main, &name, terminal));
    };
    let complete = cases.tried.iter().all(|it| it.by.is_some());
    if as_json {
        let mut fields = vec![("file", keyward::render::json::string(&name))];
        fields.extend(json(&cases, &place.project.sources));
        terminal.result(&report::document("cases", fields));
    } else {
        terminal.result(&terminal.look().paint(Paint::Strong, &keyward::render::visible(&name)));
        terminal.result(&told(&cases, &place.project.sources, terminal.look()));
    }
    if args.write && !cases.proposed.is_empty() {
        let old = place.project.sources.get(main).map_or("", |source| source.text());
        let new = spelled(&name, old, format!("{}\n{}", old.trim_end(), written(&cases.proposed)));
        let errors =
            |project: &Project, main| project.compile(main).diagnostics.iter().filter(|one| one.is_error()).count();
        let (changed, meant) = place.project.with_text(main, &new);
        if errors(&changed, meant) > errors(&place.project, main) {
            return Err(Failure::Internal(format!("the new tests do not stand in {name}; the file is as it was")));
        }
        write::replace(&args.file, new.as_bytes())?;
        terminal.talk(&format!("{name}: {} added", counted(cases.proposed.len(), "test")));
        return Ok(Exit::Fine);
    }
    if !as_json && !cases.proposed.is_empty() {
        terminal.result(
            &terminal.look().paint(Paint::Strong, &format!("  {} would try it", counted(cases.proposed.len(), "test"))),
        );
        terminal.result(written(&cases.proposed).trim_end());
        terminal.talk("--write adds them to the file");
    }
    Ok(if complete || !args.exit_code { Exit::Fine } else { Exit::Findings })
}

/// Plants mistakes and shows those that nothing notices.
fn mutants(
    args: &Arguments,
    place: &Place,
    main: FileId,
    name: &str,
    as_json: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let shown = keyward::render::visible(name);
    let told = |done: usize, all: usize| {
        if done.is_multiple_of(20) {
            terminal.progress(&format!("planting mistakes in {shown}: {done} of {all}"));
        }
    };
    let found = if place.broken.is_empty() { place.project.mutants(main, told) } else { None };
    terminal.end_progress();
    let Some(judged) = found else { return Err(refused(place, main, name, terminal)) };
    let sources = &place.project.sources;
    let noticed = !judged.iter().any(|one| matches!(one.fate, Fate::Survives(_) | Fate::Undecided));
    if as_json {
        let mut fields = vec![("file", keyward::render::json::string(name))];
        fields.extend(mutants_json(&judged, sources));
        terminal.result(&report::document("cases", fields));
    } else {
        terminal.result(&terminal.look().paint(Paint::Strong, &shown));
        terminal.result(&mutants_text(&judged, sources, terminal.look()));
    }
    Ok(if noticed || !args.exit_code { Exit::Fine } else { Exit::Findings })
}

/// Says why a policy is not looked at.
fn refused(place: &Place, main: FileId, name: &str, terminal: &Terminal) -> Failure {
    let compiled = place.project.compile(main);
    let errors: Vec<_> =
        place.broken.iter().chain(&compiled.diagnostics).filter(|one| one.is_error()).cloned().collect();
    terminal.talk(text::diagnostics(&place.project.sources, &errors, terminal.talk_look()).trim_end());
    Failure::Findings(format!("{name} has errors, or its rules are too entangled to look at every case"))
}

/// The new text in its one spelling, if the old one was; else as it is.
fn spelled(name: &str, old: &str, new: String) -> String {
    let format = |text: &str| {
        let mut sources = Sources::new();
        let file = sources.add(name, text);
        let project = Project::read(sources, None);
        project.tree(file).and_then(|tree| keyward::format::format(tree, text))
    };
    if format(old).as_deref() == Some(old) { format(&new).unwrap_or(new) } else { new }
}
