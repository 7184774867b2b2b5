//! `keyward replay`: past decisions decided again by another version.
//! In: a decision log, the older and the newer policy. Out: what would turn out otherwise, and which changes nobody has met yet.
//! Refuses a log that was edited or cut off, with the line; memory does not grow with the log.

use crate::args::Replay as Arguments;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::module::compiled;
use crate::report::{self, counted};
use crate::terminal::Terminal;
use keyward::diagnostic::Diagnostic;
use keyward::emit::Emitted;
use keyward::pipeline::{Compiled, NotCompared, replaying};
use keyward::render::text;
use keyward::replay::line::{LONGEST, Mistake};
use keyward::replay::{Decides, Replay};
use keyward::report::replay::{json, text as told};
use keyward_server::{Decider, Policy};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// How often progress is told, in decisions.
const PROGRESS: u64 = 250_000;

/// Replays a log.
pub fn run(args: &Arguments, as_json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let (old, new) = (sound(&args.old, terminal)?, sound(&args.new, terminal)?);
    let ready = replaying(&old, &new).map_err(|why| refused(args, &why))?;
    let (first, second) = ready.modules();
    let sides = (running(first)?, running(second)?);
    let replay = ready.start_with(&old, &new, sides);
    let mut replay = replay.ok_or_else(|| refused(args, &NotCompared::Unsound(true)))?;
    let name = args.log.display().to_string();
    let broken = if args.log == Path::new("-") {
        feed(&mut replay, io::stdin().lock(), &name, terminal)?
    } else {
        let file = File::open(&args.log).map_err(|error| Failure::Usage(format!("{name} cannot be read: {error}")))?;
        feed(&mut replay, BufReader::with_capacity(1 << 20, file), &name, terminal)?
    };
    terminal.end_progress();
    let found = replay.finish();
    // What was read before a cut is sound and told; what follows an edit is not to be trusted.
    let mistake = broken.as_ref().or(found.as_ref().err()).cloned();
    let told_anyway = matches!(mistake, None | Some(Mistake::Truncated(_)));
    if let (Ok(found), true) = (&found, told_anyway) {
        if as_json {
            let mut fields = vec![("log", keyward::render::json::string(&name))];
            fields.extend(json(found, &ready.comparison));
            terminal.result(&report::document("replay", fields));
        } else {
            terminal.result(&told(found, &ready.comparison, terminal.look()));
        }
    }
    if let Some(mistake) = mistake {
        return Err(Failure::Findings(format!("{name}: {mistake}")));
    }
    let changed = found.is_ok_and(|found| found.changed > 0 || !found.statuses.is_empty());
    Ok(if changed && args.exit_code { Exit::Findings } else { Exit::Fine })
}

/// A module under wasmtime: its straight-line form is many times quicker than the table.
fn running(module: &Emitted) -> Result<Box<dyn Decides>, Failure> {
    let failed = |error: String| Failure::Internal(format!("a module that was just made does not run: {error}"));
    let policy = Policy::load(&module.bytes).map_err(|error| failed(error.to_string()))?;
    let mut decider = Decider::new(&policy).map_err(|error| failed(error.to_string()))?;
    Ok(Box::new(move |decision: u32, request: &[u8], out: &mut [u8]| decider.decide_into(decision, request, out).ok()))
}

/// Feeds all lines; gives the mistake that stopped it.
fn feed(
    replay: &mut Replay<'_>,
    mut log: impl BufRead,
    name: &str,
    terminal: &Terminal,
) -> Result<Option<Mistake>, Failure> {
    let mut line = Vec::new();
    let mut number = 0u64;
    let mut next = PROGRESS;
    loop {
        line.clear();
        number += 1;
        let mut limited = io::Read::take(&mut log, LONGEST as u64 + 1);
        let read = limited.read_until(b'\n', &mut line);
        let read = read.map_err(|error| Failure::Usage(format!("{name} cannot be read: {error}")))?;
        if read == 0 {
            return Ok(None);
        }
        if read > LONGEST {
            return Ok(Some(Mistake::Malformed(number, "at most 16 KiB")));
        }
        let whole = line.last() == Some(&b'\n');
        if whole {
            line.pop();
        }
        if let Err(mistake) = replay.feed(&line, whole) {
            return Ok(Some(mistake));
        }
        if replay.rows() >= next {
            next += PROGRESS;
            terminal.progress(&format!("{} decided again", counted(replay.rows() as usize, "decision")));
        }
    }
}

/// Compiles a policy whose rules answer everything.
fn sound(path: &Path, terminal: &Terminal) -> Result<Compiled, Failure> {
    if path.extension().is_some_and(|extension| extension == "wasm") {
        let what = "is a module; a replay tells rules and what has changed, so name the .ward file it was built from";
        return Err(Failure::Usage(format!("{} {what}", path.display())));
    }
    let (place, main): (Place, _) = files::load_one(path)?;
    let compiled = compiled(&place, main, terminal);
    let in_the_way = |one: &&Diagnostic| one.is_error() && !one.code.is_promise();
    let errors: Vec<_> = place.broken.iter().chain(&compiled.diagnostics).filter(in_the_way).cloned().collect();
    if errors.is_empty() {
        return Ok(compiled);
    }
    terminal.talk(text::diagnostics(&place.project.sources, &errors, terminal.talk_look()).trim_end());
    Err(Failure::Findings(format!("{} cannot decide: {}", path.display(), counted(errors.len(), "error"))))
}

fn refused(args: &Arguments, why: &NotCompared) -> Failure {
    let (old, new) = (args.old.display(), args.new.display());
    Failure::Findings(match why {
        NotCompared::Unsound(newer) => format!("{} has no decision", if *newer { new } else { old }),
        NotCompared::Incomparable(_) => format!("{old} and {new} have no decision in common"),
        NotCompared::Entangled(sentence) => sentence.clone(),
    })
}
