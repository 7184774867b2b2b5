//! `keyward test`: tests and asserts, each a proof.
//! In: files. Out: a line for each with counts, a counter-example where one fails, perhaps a JUnit file. Refuses to stop at the
//! first failure.

use crate::args::Test;
use crate::exit::{Exit, Failure};
use crate::files::{self, Place};
use crate::module::{compiled, findings};
use crate::report::junit::{self, Case, Suite};
use crate::report::{self, counted};
use crate::terminal::Terminal;
use crate::write;
use keyward::analyze::Report;
use keyward::diagnostic::{Count, Diagnostic, Example};
use keyward::pipeline::Compiled;
use keyward::render::json::{array, object, string};
use keyward::render::{Look, Paint, grouped, json, text, visible};
use keyward::source::Sources;
use keyward::span::Span;

/// One test or assert and what became of it.
struct Proof {
    kind: &'static str,
    name: String,
    text: String,
    policy: String,
    span: Span,
    holds: bool,
    requests: Count,
    failing: Option<Count>,
    finding: Option<Diagnostic>,
}

/// One file.
struct Tested<'a> {
    place: &'a Place,
    name: String,
    proofs: Vec<Proof>,
    errors: Vec<Diagnostic>,
}

/// Proves the tests and asserts of all files.
pub fn run(args: &Test, as_json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let places = files::load(&args.files)?;
    let mut all = Vec::new();
    for place in &places {
        for main in &place.mains {
            let compiled = compiled(place, *main, terminal);
            let name = place.project.sources.get(*main).map_or("", |source| source.name()).to_string();
            all.push(tested(place, name, &compiled, findings(place, *main, &compiled)));
        }
    }
    if let Some(path) = &args.junit {
        write::replace(path, junit::document(&all.iter().map(suite).collect::<Vec<_>>()).as_bytes())?;
    }
    let failed = |one: &Tested<'_>| !one.errors.is_empty() || one.proofs.iter().any(|proof| !proof.holds);
    if as_json {
        terminal.result(&report::document("test", vec![("files", array(all.iter().map(file)))]));
    } else {
        all.iter().for_each(|one| print(one, terminal));
        terminal.result(&total(&all, terminal.look()));
    }
    Ok(if all.iter().any(failed) { Exit::Findings } else { Exit::Fine })
}

fn tested<'a>(place: &'a Place, name: String, compiled: &Compiled, found: Vec<Diagnostic>) -> Tested<'a> {
    let proofs = match (&compiled.report, &compiled.policy) {
        (Some(report), Some(policy)) => proofs(report, &policy.name, &found),
        _ => Vec::new(),
    };
    // What a proof already tells is not told twice.
    let errors = found.into_iter().filter(|one| one.is_error() && !proofs.iter().any(|proof| proof.is_told_by(one)));
    let errors = errors.collect();
    Tested { place, name, proofs, errors }
}

impl Proof {
    fn is_told_by(&self, finding: &Diagnostic) -> bool {
        self.finding.as_ref() == Some(finding)
    }
}

fn proofs(report: &Report, policy: &str, found: &[Diagnostic]) -> Vec<Proof> {
    let about = |span: Span, holds: bool| {
        let inside = |one: &&Diagnostic| {
            let at = one.primary.span;
            one.is_error() && at.file == span.file && at.start >= span.start && at.end <= span.end
        };
        if holds { None } else { found.iter().find(inside).cloned() }
    };
    let tests = report.tests.iter().map(|test| Proof {
        kind: "test",
        name: test.name.clone(),
        text: test.name.clone(),
        policy: policy.to_string(),
        span: test.span,
        holds: test.holds,
        requests: test.like_it.clone(),
        failing: Some(test.failing.clone()),
        finding: about(test.span, test.holds),
    });
    let asserts = report.asserts.iter().map(|assert| Proof {
        kind: "assert",
        name: assert.name.clone(),
        text: assert.text.clone(),
        policy: assert.policy.clone(),
        span: assert.span,
        holds: assert.holds,
        requests: assert.requests.clone(),
        failing: None,
        finding: about(assert.span, assert.holds),
    });
    tests.chain(asserts).collect()
}

fn print(tested: &Tested<'_>, terminal: &Terminal) {
    let look = terminal.look();
    terminal.result(&look.paint(Paint::Strong, &visible(&tested.name)));
    if !tested.errors.is_empty() {
        terminal.result(text::diagnostics(&tested.place.project.sources, &tested.errors, look).trim_end());
    }
    for proof in &tested.proofs {
        terminal.result(&line(proof, look));
        if let Some(finding) = &proof.finding {
            terminal.result(text::diagnostic(&tested.place.project.sources, finding, look).trim_end());
            if let Some(example) = &finding.example {
                terminal.result(&format!("  As a request: {}", request(example)));
            }
        }
    }
}

/// `  ✓ Night maintenance on a Sunday night   1,230 requests`.
fn line(proof: &Proof, look: Look) -> String {
    let tick = if proof.holds { look.paint(Paint::Good, "✓") } else { look.paint(Paint::Error, "✗") };
    let text = if proof.text.is_empty() || proof.kind == "test" {
        proof.name.clone()
    } else {
        format!("{}: {}", proof.name, proof.text)
    };
    let counts = match (&proof.failing, proof.holds) {
        (Some(failing), false) => {
            format!("{} of {} requests fail", grouped(&failing.requests), grouped(&proof.requests.requests))
        }
        (Some(_), true) if proof.requests.requests == "1" => "1 request".to_string(),
        (Some(_), true) => format!("{} requests", grouped(&proof.requests.requests)),
        (None, false) => format!("fails for {} requests", grouped(&proof.requests.requests)),
        (None, true) => "proved".to_string(),
    };
    format!("  {tick} {}  {}", visible(&text), look.paint(Paint::Faint, &counts))
}

fn total(all: &[Tested<'_>], look: Look) -> String {
    let count = |kind: &str| all.iter().flat_map(|one| &one.proofs).filter(|proof| proof.kind == kind).count();
    let failed = all.iter().flat_map(|one| &one.proofs).filter(|proof| !proof.holds).count();
    let unread = all.iter().filter(|one| !one.errors.is_empty()).count();
    let counts = format!("{}, {}", counted(count("test"), "test"), counted(count("assert"), "assert"));
    let verdict = match (failed, unread) {
        (0, 0) => look.paint(Paint::Good, "all hold"),
        (failed, 0) => look.paint(Paint::Error, &format!("{failed} failed")),
        (failed, files) => {
            look.paint(Paint::Error, &format!("{failed} failed, {} with errors", counted(files, "file")))
        }
    };
    format!("{counts}: {verdict}")
}

/// A counter-example as `keyward decide --request` takes it.
fn request(example: &Example) -> String {
    let fields: Vec<(&str, String)> =
        example.request.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    format!("'{}'", object(&fields).replace('\'', "'\\''"))
}

fn suite(tested: &Tested<'_>) -> Suite {
    let sources: &Sources = &tested.place.project.sources;
    let mut cases: Vec<Case> = tested
        .proofs
        .iter()
        .map(|proof| Case {
            name: if proof.kind == "test" { proof.name.clone() } else { format!("assert {}", proof.name) },
            policy: proof.policy.clone(),
            failure: (!proof.holds).then(|| match &proof.finding {
                Some(finding) => (finding.message.clone(), text::diagnostic(sources, finding, Look::default())),
                None => ("it does not hold".to_string(), String::new()),
            }),
        })
        .collect();
    cases.extend(tested.errors.iter().map(|error| Case {
        name: format!("{} {}", error.code, error.message),
        policy: tested.name.clone(),
        failure: Some((error.message.clone(), text::diagnostic(sources, error, Look::default()))),
    }));
    Suite { name: tested.name.clone(), cases }
}

fn file(tested: &Tested<'_>) -> String {
    let sources = &tested.place.project.sources;
    let proofs = array(tested.proofs.iter().map(|proof| {
        let mut fields = vec![
            ("kind", string(proof.kind)),
            ("name", string(&proof.name)),
            ("policy", string(&proof.policy)),
            ("line", sources.place(proof.span).line.to_string()),
            ("holds", proof.holds.to_string()),
            ("requests", string(&proof.requests.requests.replace(',', ""))),
        ];
        if let Some(failing) = &proof.failing {
            fields.push(("failing", string(&failing.requests.replace(',', ""))));
        }
        if let Some(finding) = &proof.finding {
            fields.push(("diagnostic", json::diagnostic(sources, finding)));
        }
        object(&fields)
    }));
    let errors = json::diagnostics(sources, &tested.errors);
    object(&[("file", string(&tested.name)), ("proofs", proofs), ("errors", errors)])
}
