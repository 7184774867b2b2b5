//! `keyward prove`: every assert with its proof, or with a request that breaks it and can be run.
//! In: policies, perhaps a module. Out: a verdict an assert, how long its proof takes, a request to try; whether the module is
//! what its source gives. Refuses to call proved what has not been looked at.

use crate::args::Prove;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::module::{self, compiled, findings};
use crate::report::{self, counted};
use crate::terminal::Terminal;
use keyward::analyze::{AssertResult, Evidence, TestResult, prove_alone};
use keyward::diagnostic::{Diagnostic, Example};
use keyward::emit::Options;
use keyward::pipeline::Compiled;
use keyward::render::json::{array, object, string};
use keyward::render::{Look, Paint, grouped, json, text, visible};
use keyward::report::prove::{self as written, request};
use keyward::span::FileId;
use keyward_server::{Identity, Policy};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// One policy and what became of its promises.
struct Proved<'a> {
    place: &'a Place,
    name: String,
    policy: String,
    /// In decimal; empty if the policy could not be analysed.
    requests: String,
    complete: bool,
    asserts: Vec<(AssertResult, Duration)>,
    /// All tests, unless one assert was asked for.
    tests: Vec<TestResult>,
    /// Asserts that were not looked at.
    open: Vec<String>,
    errors: Vec<Diagnostic>,
    module: Option<Result<(), String>>,
}

/// Proves the asserts of all files.
pub fn run(args: &Prove, as_json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let places = files::load(&args.files)?;
    let mains: usize = places.iter().map(|place| place.mains.len()).sum();
    if args.module.is_some() && mains != 1 {
        return Err(Failure::Usage("--module is the module of one policy: name its file".to_string()));
    }
    let mut all = Vec::new();
    for place in &places {
        for &main in &place.mains {
            all.push(proved(place, main, args, terminal)?);
        }
    }
    if let Some(name) = &args.assert
        && !all.iter().any(|one| !one.asserts.is_empty() || !one.open.is_empty())
    {
        return Err(Failure::Usage(format!("no assert is called `{name}` here; `keyward prove FILE` lists them")));
    }
    if as_json {
        terminal.result(&report::document("prove", vec![("files", array(all.iter().map(file)))]));
    } else {
        all.iter().for_each(|one| print(one, terminal));
        terminal.result(&total(&all, terminal.look()));
    }
    Ok(if all.iter().all(Proved::is_kept) { Exit::Fine } else { Exit::Findings })
}

impl Proved<'_> {
    fn is_kept(&self) -> bool {
        let module = self.module.as_ref().is_none_or(Result::is_ok);
        let asserts = self.asserts.iter().all(|(one, _)| one.holds);
        self.errors.is_empty() && self.open.is_empty() && module && asserts && self.tests.iter().all(|test| test.holds)
    }
}

fn proved<'a>(place: &'a Place, main: FileId, args: &Prove, terminal: &Terminal) -> Result<Proved<'a>, Failure> {
    let mut compiled = compiled(place, main, terminal);
    let wanted = |name: &str| args.assert.as_ref().is_none_or(|only| only == name);
    let mut it = Proved {
        place,
        name: place.project.sources.get(main).map_or("", |source| source.name()).to_string(),
        policy: compiled.policy.as_ref().map_or(String::new(), |policy| policy.name.clone()),
        requests: String::new(),
        complete: compiled.answers_everything() && place.broken.is_empty(),
        asserts: Vec::new(),
        tests: Vec::new(),
        open: Vec::new(),
        errors: Vec::new(),
        module: None,
    };
    if let Some(found) = &compiled.report {
        it.requests.clone_from(&found.valid_requests);
        if args.assert.is_none() {
            it.tests.clone_from(&found.tests);
        }
    }
    // Broken promises are told by the promise; everything else that is wrong stands before.
    let errors = findings(place, main, &compiled).into_iter().filter(Diagnostic::is_error);
    it.errors = errors.filter(|error| !error.code.is_promise()).collect();
    let results = compiled.report.as_ref().map_or(Vec::new(), |found| found.asserts.clone());
    if let (Some(policy), Some(model)) = (&compiled.policy, &mut compiled.model) {
        for (number, assert) in policy.asserts.iter().enumerate().filter(|(_, assert)| wanted(&assert.name)) {
            let Some(result) = results.iter().find(|result| result.span == assert.span) else {
                it.open.push(assert.name.clone());
                continue;
            };
            // A copy, so that no proof lives on what another one has left behind.
            let mut copy = model.clone();
            let start = Instant::now();
            prove_alone(policy, &mut copy, number);
            it.asserts.push((result.clone(), start.elapsed()));
        }
    }
    if let Some(path) = &args.module {
        let bytes = module::load(path, terminal)?;
        it.module = Some(same(&compiled, &bytes.bytes, &bytes.policy));
    }
    Ok(it)
}

/// Whether a module is what the compiler makes of the source, byte for byte; else the first thing that differs.
fn same(compiled: &Compiled, bytes: &[u8], policy: &Policy) -> Result<(), String> {
    let strip = policy.reasons().rules.is_empty() && policy.reasons().normally.is_empty();
    let made = compiled.module(Options { strip }).map_err(|_| "the source cannot be built".to_string())?;
    if made.bytes == bytes {
        return Ok(());
    }
    let other = Policy::load(&made.bytes).map_err(|error| error.to_string())?;
    let (own, wanted) = (policy.identity(), other.identity());
    let pair = |what: &str, own: &str, wanted: &str| {
        (own != wanted)
            .then(|| format!("{what}: the module says {}, the source gives {}", visible(own), visible(wanted)))
    };
    let tests = |it: &Identity| {
        format!("{} and {}", counted(it.tests as usize, "test"), counted(it.asserts as usize, "assert"))
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let differs = [
        pair("the policy", &own.name, &wanted.name),
        pair("the version", &own.version.to_string(), &wanted.version.to_string()),
        pair("the compiler", &own.compiler, &wanted.compiler),
        pair("the sources", &hex(&own.source), &hex(&wanted.source)),
        pair("the possible requests", &grouped(&own.requests), &grouped(&wanted.requests)),
        pair("what was proved", &tests(own), &tests(wanted)),
        pair("the meaning", &hex(&own.fingerprint), &hex(&wanted.fingerprint)),
        (policy.table() != other.table()).then(|| "the decision tables".to_string()),
    ];
    Err(differs.into_iter().flatten().next().unwrap_or_else(|| "the bytes".to_string()))
}

fn print(proved: &Proved<'_>, terminal: &Terminal) {
    let look = terminal.look();
    terminal.result(&look.paint(Paint::Strong, &visible(&proved.name)));
    if !proved.errors.is_empty() {
        terminal.result(text::diagnostics(&proved.place.project.sources, &proved.errors, look).trim_end());
    }
    if proved.complete {
        let requests = grouped(&proved.requests);
        terminal.result(&format!(
            "  {} Each of the {requests} possible requests has an answer, and no two rules contradict each other.",
            tick(true, look)
        ));
    }
    for (assert, time) in &proved.asserts {
        terminal.result(&line(assert, *time, look));
        if let Some(evidence) = &assert.evidence {
            for text in shown(assert.form.word(), evidence, &proved.name) {
                terminal.result(&format!("      {text}"));
            }
        }
    }
    for test in proved.tests.iter().filter(|test| !test.holds) {
        let like_it = &test.like_it.requests;
        let verdict = match like_it.as_str() {
            "0" => "no request is like it".to_string(),
            all => format!("fails for {} of {} requests", grouped(&test.failing.requests), grouped(all)),
        };
        let verdict = look.paint(Paint::Faint, &verdict);
        terminal.result(&format!("  {} test \"{}\"  {verdict}", tick(false, look), visible(&test.name)));
        for text in test.evidence.iter().flat_map(|evidence| shown("test", evidence, &proved.name)) {
            terminal.result(&format!("      {text}"));
        }
    }
    for name in &proved.open {
        terminal.result(&format!("  {} {}: not decided within the budget", tick(false, look), visible(name)));
    }
    match &proved.module {
        Some(Ok(())) => {
            terminal.result(&format!("  {} The module is what this source gives, byte for byte.", tick(true, look)))
        }
        Some(Err(what)) => terminal.result(&format!(
            "  {} The module is not what this source gives. The first difference: {what}.",
            tick(false, look)
        )),
        None => {}
    }
}

fn tick(holds: bool, look: Look) -> String {
    if holds { look.paint(Paint::Good, "✓") } else { look.paint(Paint::Error, "✗") }
}

fn line(assert: &AssertResult, time: Duration, look: Look) -> String {
    let sentence = if assert.text.is_empty() { String::new() } else { format!(": {}", assert.text) };
    let requests = grouped(&assert.requests.requests);
    let verdict = match (assert.holds, assert.form.word()) {
        (true, "possible") => format!("possible for {requests} requests"),
        (true, _) => "proved".to_string(),
        (false, "possible") => "impossible".to_string(),
        (false, _) => format!("broken for {requests} requests ({})", assert.requests.share),
    };
    let verdict = format!("{verdict}, {}", took(time));
    format!(
        "  {} {}{}  {}",
        tick(assert.holds, look),
        visible(&assert.name),
        visible(&sentence),
        look.paint(Paint::Faint, &verdict)
    )
}

/// `0.42 ms`.
fn took(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A request that shows it, in words and as a command.
fn shown(form: &str, evidence: &Evidence, name: &str) -> Vec<String> {
    let mut lines = vec![visible(&format!("For example: {}.", evidence.example.words))];
    if !evidence.outcome.is_empty() {
        let because =
            if evidence.deciders.is_empty() { String::new() } else { format!(", by {}", evidence.deciders.join(", ")) };
        lines.push(visible(&format!("There {}{because}.", evidence.outcome.join(", "))));
    }
    lines.push(format!("Try it: {}", command(name, &evidence.decision, &evidence.example)));
    if let Some(other) = &evidence.other {
        let side = if form == "changes" { "After the change" } else { "In the older version" };
        lines.push(visible(&format!("{side} {}.", other.outcome.join(", "))));
        if let Some(example) = &other.example {
            lines.push(format!("Try it: {}", command(name, &evidence.decision, example)));
        }
    }
    lines
}

/// A command line that decides a request.
fn command(name: &str, decision: &str, example: &Example) -> String {
    format!("keyward decide {} --decision {} --request {}", quoted(name), quoted(decision), quoted(&request(example)))
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,=@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn total(all: &[Proved<'_>], look: Look) -> String {
    let asserts: usize = all.iter().map(|one| one.asserts.len() + one.open.len()).sum();
    let tests: usize = all.iter().map(|one| one.tests.len()).sum();
    let failed = |one: &Proved<'_>| {
        one.asserts.iter().filter(|(one, _)| !one.holds).count() + one.tests.iter().filter(|test| !test.holds).count()
    };
    let broken: usize = all.iter().map(failed).sum();
    let open: usize = all.iter().map(|one| one.open.len()).sum();
    let wrong = all.iter().filter(|one| !one.errors.is_empty()).count();
    let time: Duration = all.iter().flat_map(|one| &one.asserts).map(|(_, time)| *time).sum();
    let mut bad = String::new();
    for (count, word) in [(broken, "broken"), (open, "undecided")] {
        if count > 0 {
            let _ = write!(bad, "{}{count} {word}", if bad.is_empty() { "" } else { ", " });
        }
    }
    if wrong > 0 {
        let _ = write!(bad, "{}{} with errors", if bad.is_empty() { "" } else { ", " }, counted(wrong, "file"));
    }
    let verdict = match (asserts + tests, bad.is_empty()) {
        (_, false) => look.paint(Paint::Error, &bad),
        (0, true) => "nothing more is promised".to_string(),
        _ => look.paint(Paint::Good, "all proved"),
    };
    let tests = if tests == 0 { String::new() } else { format!(" and {}", counted(tests, "test")) };
    format!("{}{tests}: {verdict}; the asserts in {}", counted(asserts, "assert"), took(time))
}

fn file(proved: &Proved<'_>) -> String {
    let sources = &proved.place.project.sources;
    let asserts = array(proved.asserts.iter().map(|(assert, time)| {
        let mut fields = written::assert(sources, assert);
        fields.push(("microseconds", time.as_micros().to_string()));
        object(&fields)
    }));
    let tests = array(proved.tests.iter().map(|test| object(&written::test(sources, test))));
    let mut fields = vec![
        ("file", string(&proved.name)),
        ("policy", string(&proved.policy)),
        ("requests", string(&proved.requests)),
        ("complete", proved.complete.to_string()),
        ("asserts", asserts),
        ("tests", tests),
        ("undecided", array(proved.open.iter().map(|name| string(name)))),
        ("errors", json::diagnostics(sources, &proved.errors)),
    ];
    if let Some(module) = &proved.module {
        let difference = module.as_ref().err().map_or("null".to_string(), |what| string(what));
        fields.push(("module", object(&[("same", module.is_ok().to_string()), ("difference", difference)])));
    }
    object(&fields)
}
